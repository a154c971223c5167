"""GraphQL types and resolvers. They translate arguments and results; the work is done in `gather`."""

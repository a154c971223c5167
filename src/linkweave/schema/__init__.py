"""GraphQL types and resolvers: arguments and types are translated here, and nothing else happens."""

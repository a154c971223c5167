"""The GraphQL descriptions of the enums and of their values, a module for each kind."""

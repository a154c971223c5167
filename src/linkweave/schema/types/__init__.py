"""The GraphQL object types."""

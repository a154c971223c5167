"""The GraphQL input types and how they are parsed."""

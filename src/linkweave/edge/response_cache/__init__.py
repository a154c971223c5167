"""The cache of whole GraphQL responses."""

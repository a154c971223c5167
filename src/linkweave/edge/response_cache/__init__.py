"""The cache of finished GraphQL responses."""

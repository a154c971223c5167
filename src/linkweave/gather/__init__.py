"""Reads and writes over several accounts, merged into one result. Knows nothing of GraphQL."""

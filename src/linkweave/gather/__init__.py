"""One question to many accounts, one answer back. Knows nothing of GraphQL."""

"""One package per provider, and what providers are made from: record.py says what a provider is."""

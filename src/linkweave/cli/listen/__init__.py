"""`linkweave listen` and `linkweave unlisten`: webhooks of providers."""

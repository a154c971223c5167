"""Linkweave: one GraphQL endpoint over the URL shorteners and upload services you already use."""

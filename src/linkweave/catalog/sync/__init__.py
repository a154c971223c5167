"""Keeps the catalog in step with the vendors, within their limits and behind all callers."""

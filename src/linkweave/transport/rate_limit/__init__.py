"""Vendors' rate limits and quotas."""

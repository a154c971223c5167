"""Paged lists over several accounts."""

"""Repeating reads that failed for a moment."""

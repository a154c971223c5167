"""Writes over several accounts."""

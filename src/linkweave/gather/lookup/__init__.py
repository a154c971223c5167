"""Finds links among several accounts."""

"""Imports links that a vendor cannot list: each is looked up by its short URL."""

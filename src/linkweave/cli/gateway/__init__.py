"""A client of a gateway, for the commands that send operations."""

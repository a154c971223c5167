"""The cache of vendors' answers."""

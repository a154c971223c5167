"""Puts into the catalog what was seen of links and uploads, and tells what has changed."""

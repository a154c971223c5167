"""The HTTP exchange with a vendor."""

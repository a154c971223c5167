"""Work that takes longer than a request: copies between accounts, and imports."""

"""`linkweave query`: runs one operation and prints its answer."""

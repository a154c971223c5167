"""The client stack between an adapter and its vendor: one concern per file, put together in stack.py."""

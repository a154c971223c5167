"""Callers: who they are, what they may do, and how many requests they may send."""

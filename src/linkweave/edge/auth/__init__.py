"""Callers: who they are, what they may do, and how often they may ask."""

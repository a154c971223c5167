"""Finds a document that differs from a known one only by its operation's name, white space, comments or literals.

Such a document is not parsed or validated. Its literals become variables of the known document.
"""

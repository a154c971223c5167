"""Clicks of several links and accounts."""

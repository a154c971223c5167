"""Clicks over several links and accounts."""

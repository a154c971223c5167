"""Copies links from one account to another: first a plan that writes nothing, then a job that follows it."""

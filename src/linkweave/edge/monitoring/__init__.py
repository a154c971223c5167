"""Health, metrics and the observation of requests."""

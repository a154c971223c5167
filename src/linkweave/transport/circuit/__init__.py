"""The circuit breaker of each account."""

"""The estimate of what an operation may cost vendors."""

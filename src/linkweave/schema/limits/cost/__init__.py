"""The estimate of how many vendor calls an operation may need."""

"""What travels with an operation or a call in context variables."""

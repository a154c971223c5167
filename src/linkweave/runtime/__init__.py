"""What one process has one of, below the app: its connections, metrics and limits."""

"""Reading HTTP requests and writing HTTP responses."""

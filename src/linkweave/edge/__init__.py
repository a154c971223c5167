"""Between socket and schema."""

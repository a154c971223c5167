"""What the gateway answers from the catalog."""

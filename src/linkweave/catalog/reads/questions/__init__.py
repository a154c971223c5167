"""What is asked of the catalog. Nothing here imports the database, so that a gateway without one starts as fast."""

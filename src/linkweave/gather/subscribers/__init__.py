"""What is sent to subscribers, where it may go, and who may be told."""

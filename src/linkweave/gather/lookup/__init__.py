"""Finding one link among several accounts."""

"""Running the gateway: sockets, signals, workers, reload and shutdown."""

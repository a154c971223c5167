"""What has just happened to links, told to subscribers: in this process, or in all that share a Valkey server."""

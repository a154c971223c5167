"""Subscriptions over WebSockets, server-sent events and multipart answers."""

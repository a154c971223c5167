"""Webhooks to subscribers: signed messages, tried again until they arrive, to public addresses alone."""

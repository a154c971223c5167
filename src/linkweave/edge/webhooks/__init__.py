"""Webhooks that vendors send to the gateway."""

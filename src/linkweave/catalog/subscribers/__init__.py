"""Subscribers: addresses that the gateway tells of events, and the deliveries that wait for them."""

"""How properties are tested: on enough examples, and however busy the machine is."""

from hypothesis import HealthCheck, settings

# How long an example or its making takes says nothing about what it shows.
without_hurry = settings(deadline=None, max_examples=60, suppress_health_check=[HealthCheck.too_slow])

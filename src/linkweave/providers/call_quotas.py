"""The number of calls that a plan includes, for providers that document it."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class CallQuota:
    """A plan's documented limit: `calls` in `days`. The catalog's syncer makes a small part of them."""

    calls: int
    days: int


def no_call_quotas(_settings: object) -> tuple[CallQuota, ...]:
    """For vendors whose plans have no number of calls in a day, a month or a year, and for those that count it."""
    return ()

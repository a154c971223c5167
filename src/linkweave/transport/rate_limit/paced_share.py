"""Spaces calls so that they take a share of a limit only, even where the limit is one call."""


class PacedShare:
    """The moments at which calls may be sent that take a share of `limit` calls in `seconds`. It makes no burst."""

    def __init__(self, limit: int, seconds: float) -> None:
        self._seconds_a_call = seconds / limit
        self._free_at = float("-inf")

    def wait_seconds(self, now: float) -> float:
        """Seconds from `now` until the next moment for a call."""
        return max(0.0, self._free_at - now)

    def reserve(self, share: float, now: float) -> None:
        """Takes the next moment. The one after it is later by the time that a share of the limit has for one call."""
        self._free_at = max(now, self._free_at) + self._seconds_a_call / share

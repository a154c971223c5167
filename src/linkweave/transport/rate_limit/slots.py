"""The slots of one vendor's limit: how many calls may be under way, or counted by the vendor, in any window.

A call takes a slot when it is sent. The slot is free again one window after its answer has arrived. The vendor counted
the call somewhere in between, so that no jitter of the network can put too many calls into the vendor's own window.
"""

from bisect import bisect_right
from collections import deque
from collections.abc import Iterable
from dataclasses import dataclass, field
from itertools import repeat
from typing import Final, Protocol

from linkweave.clock import Clock


@dataclass(frozen=True, slots=True)
class RateLimit:
    """A vendor's documented limit: `limit` calls in any `seconds`, for one endpoint group."""

    bucket: str
    limit: int
    seconds: float


MAX_TIMES: Final = 500
"""Maximum number of times at which slots are free that a shared count tells: a window of an hour may have thousands."""


def padded_times(first: Iterable[float], total: int) -> deque[float]:
    """`first`, and the last of these for all later ones: good enough to say how long a wait will be."""
    times = deque(first)
    if times:
        times.extend(repeat(times[-1], total - len(times)))
    return times


@dataclass(slots=True)
class SlotCount:
    """The slots of one window, as far as they are known. All times are those of one monotonic clock.

    `free_at` has the moments at which the slots of finished calls are free again, the nearest first.
    """

    limit: int
    seconds: float
    free_at: deque[float] = field(default_factory=deque)
    under_way: int = 0
    closed_until: float = float("-inf")

    def free(self, now: float) -> int:
        """Number of calls that may be sent now."""
        return 0 if now < self.closed_until else max(0, self._idle(now))

    def wait_seconds(self, ahead: int, now: float) -> float:
        """Seconds until a call may be sent that has `ahead` calls before it.

        The end of a call under way is not known: its slot counts as free one window from now.
        """
        full_windows, position = divmod(ahead, self.limit)
        # They are not removed here: a caller that saw no free slot calls `next_change` next, and must find them there.
        free_again = bisect_right(self.free_at, now)
        beyond_idle = position - (self.limit - self.under_way - len(self.free_at) + free_again)
        if beyond_idle < 0:
            at = now
        elif free_again + beyond_idle < len(self.free_at):
            at = self.free_at[free_again + beyond_idle]
        else:
            at = now + self.seconds
        return max(at, self.closed_until) - now + full_windows * self.seconds

    def next_change(self, now: float) -> float | None:
        """Seconds until a slot is free by the passing of time; None if that depends on calls under way."""
        if now < self.closed_until:
            return self.closed_until - now
        return max(0.0, self.free_at[0] - now) if self.free_at else None

    def close_until(self, moment: float) -> None:
        """Closes the window until `moment`; it never opens it earlier than before."""
        self.closed_until = max(self.closed_until, moment)

    def _idle(self, now: float) -> int:
        """Number of slots that no call of the current window has."""
        while self.free_at and self.free_at[0] <= now:
            self.free_at.popleft()
        return self.limit - self.under_way - len(self.free_at)


class EndSlot(Protocol):
    """Ends one slot where it is counted."""

    def __call__(self, *, used: bool) -> None:
        """Frees the slot one window from now if it was `used`, otherwise now."""
        ...


@dataclass(slots=True, eq=False)
class Slot:
    """One slot that a call holds. Only the first call of a method has an effect."""

    end: EndSlot
    _held: bool = True

    def finish(self) -> None:
        """Frees the slot one window from now, because the call was answered or has failed."""
        self._end(used=True)

    def release_unused(self) -> None:
        """Frees the slot now, because the call has not been sent."""
        self._end(used=False)

    def _end(self, *, used: bool) -> None:
        if self._held:
            self._held = False
            self.end(used=used)


class Slots(Protocol):
    """The slots of one limit, counted in this process, in a file or in a server."""

    @property
    def count(self) -> SlotCount:
        """What this process knows of them."""
        ...

    async def acquire(self, reserved: int, max_seconds: float) -> Slot | None:
        """Returns a slot if more than `reserved` are free. The call is under way for at most `max_seconds`."""
        ...

    def next_check_in(self) -> float | None:
        """Seconds after which to try again; None if a call of this process has to end first."""
        ...

    def close_for(self, seconds: float) -> None:
        """Closes the window for `seconds`."""
        ...


class LocalSlots:
    """Slots that only this process uses."""

    def __init__(self, rate: RateLimit, clock: Clock) -> None:
        self._clock = clock
        self._count = SlotCount(rate.limit, rate.seconds)

    @property
    def count(self) -> SlotCount:
        """The slots, of which this process knows everything."""
        return self._count

    async def acquire(self, reserved: int, max_seconds: float) -> Slot | None:  # noqa: ARG002 - the protocol's signature
        """Returns a slot if more than `reserved` are free."""
        if self._count.free(self._clock.monotonic()) <= reserved:
            return None
        self._count.under_way += 1
        return Slot(self._end)

    def next_check_in(self) -> float | None:
        """Seconds until a slot is free by the passing of time."""
        return self._count.next_change(self._clock.monotonic())

    def close_for(self, seconds: float) -> None:
        """Closes the window for `seconds`."""
        self._count.close_until(self._clock.monotonic() + seconds)

    def _end(self, *, used: bool) -> None:
        self._count.under_way -= 1
        if used:
            self._count.free_at.append(self._clock.monotonic() + self._count.seconds)

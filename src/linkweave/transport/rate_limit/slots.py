"""The slots of one vendor's limit: how many calls may be under way or counted by the vendor in any window.

A slot is taken when the call leaves and is free again a whole window after its answer has arrived. The vendor
counted the call somewhere in between, so no jitter on the way can put one call too many into its window.
"""

from bisect import bisect_right
from collections import deque
from dataclasses import dataclass, field
from typing import Protocol

from linkweave.clock import Clock


@dataclass(frozen=True, slots=True)
class RateLimit:
    """A vendor's documented limit: `limit` calls in any `seconds`, for one endpoint group."""

    bucket: str
    limit: int
    seconds: float


@dataclass(slots=True)
class Count:
    """What is known of a window. All times are those of the clock that `now` is read from.

    `reopen` are the moments at which the slots of finished calls are free again, the nearest first.
    """

    limit: int
    seconds: float
    reopen: deque[float] = field(default_factory=deque)
    under_way: int = 0
    closed_until: float = float("-inf")

    def free(self, now: float) -> int:
        """Calls that may leave now without waiting."""
        return 0 if now < self.closed_until else max(0, self._idle(now))

    def wait_for(self, ahead: int, now: float) -> float:
        """Seconds until a call with `ahead` others before it may leave, as far as can be told now.

        When a call that is under way will be answered cannot be told; its slot counts as free after one window.
        """
        full_turns, place = divmod(ahead, self.limit)
        # They stay there: who was told that none is free has not seen them yet, and looks at `next_change` next.
        free_again = bisect_right(self.reopen, now)
        behind_idle = place - (self.limit - self.under_way - len(self.reopen) + free_again)
        if behind_idle < 0:
            at = now
        elif free_again + behind_idle < len(self.reopen):
            at = self.reopen[free_again + behind_idle]
        else:
            at = now + self.seconds
        return max(at, self.closed_until) - now + full_turns * self.seconds

    def next_change(self, now: float) -> float | None:
        """Seconds until a slot is free again without anybody's doing; None when that depends on calls under way."""
        if now < self.closed_until:
            return self.closed_until - now
        return max(0.0, self.reopen[0] - now) if self.reopen else None

    def close_until(self, moment: float) -> None:
        """Let nothing leave until `moment`; never opens earlier than before."""
        self.closed_until = max(self.closed_until, moment)

    def _idle(self, now: float) -> int:
        """Slots that no call of the current window has taken."""
        while self.reopen and self.reopen[0] <= now:
            self.reopen.popleft()
        return self.limit - self.under_way - len(self.reopen)


class EndSlot(Protocol):
    """Ends one slot where it is counted."""

    def __call__(self, *, used: bool) -> None:
        """Free the slot one window from now if it was `used`, otherwise now."""
        ...


@dataclass(slots=True, eq=False)
class Slot:
    """One slot that a call holds. Only the first call of a method has an effect."""

    end: EndSlot
    _held: bool = True

    def finish(self) -> None:
        """Free the slot one window from now, because the call was answered or has failed."""
        self._end(used=True)

    def release_unused(self) -> None:
        """Free the slot now, because the call has not been sent."""
        self._end(used=False)

    def _end(self, *, used: bool) -> None:
        if self._held:
            self._held = False
            self.end(used=used)


class Slots(Protocol):
    """The slots of one limit, wherever they are counted."""

    @property
    def count(self) -> Count:
        """What is known of them without asking anybody."""
        ...

    async def take(self, spare: int, longest: float) -> Slot | None:
        """A slot, if more than `spare` are free; the call will be under way for `longest` seconds at most."""
        ...

    def next_check_in(self) -> float | None:
        """Seconds after which it makes sense to ask again; None when a call of this process has to end first."""
        ...

    def close_for(self, seconds: float) -> None:
        """Let nothing leave for `seconds`, after the vendor said 429 all the same."""
        ...


class LocalSlots:
    """Slots that this process has for itself."""

    def __init__(self, rate: RateLimit, clock: Clock) -> None:
        self._clock = clock
        self._count = Count(rate.limit, rate.seconds)

    @property
    def count(self) -> Count:
        """What is known of them, which is everything."""
        return self._count

    async def take(self, spare: int, longest: float) -> Slot | None:  # noqa: ARG002 - the protocol's signature
        """A slot, if more than `spare` are free."""
        if self._count.free(self._clock.monotonic()) <= spare:
            return None
        self._count.under_way += 1
        return Slot(self._end)

    def next_check_in(self) -> float | None:
        """Seconds until a slot is free again by itself."""
        return self._count.next_change(self._clock.monotonic())

    def close_for(self, seconds: float) -> None:
        """Let nothing leave for `seconds`."""
        self._count.close_until(self._clock.monotonic() + seconds)

    def _end(self, *, used: bool) -> None:
        self._count.under_way -= 1
        if used:
            self._count.reopen.append(self._clock.monotonic() + self._count.seconds)

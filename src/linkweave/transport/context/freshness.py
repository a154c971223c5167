"""How old an answer is, gathered while it is put together.

Everything that is read from a vendor or from a cache is noted with the moment until which it is fresh. A gathering
hears of all that is read inside of it, and so does every gathering around it: the one around a loader's question
tells a source's `fetchedAt` and STALE, the one around the whole operation how long its answer may be kept.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Final

from linkweave.errors import VendorError


@dataclass(slots=True)
class Freshness:
    """What was read so far.

    `oldest` is when the oldest part was got from its vendor, `fresh_until` when the first part ends to be fresh (None
    while nothing was read), `accounts` whose parts there are. `stale` has, for each account of which something older
    than fresh had to be shown, why. `kept` is false once anything was read that must not be kept.
    """

    oldest: datetime | None = None
    fresh_until: datetime | None = None
    accounts: set[str] = field(default_factory=set)
    stale: dict[str, VendorError] = field(default_factory=dict)
    kept: bool = True
    around: "Freshness | None" = field(default=None, repr=False)

    def note(
        self, account: str, at: datetime, fresh_until: datetime | None, stale_because: VendorError | None = None
    ) -> None:
        """Something of `account` was read that its vendor told at `at`; None for what must not be kept at all."""
        self.accounts.add(account)
        self.oldest = at if self.oldest is None else min(self.oldest, at)
        if fresh_until is None:
            self.kept = False
        else:
            self.fresh_until = fresh_until if self.fresh_until is None else min(self.fresh_until, fresh_until)
        if stale_because is not None:
            self.stale.setdefault(account, stale_because)
        if self.around is not None:
            self.around.note(account, at, fresh_until, stale_because)

    def do_not_keep(self) -> None:
        """Something was told that is only true now."""
        self.kept = False
        if self.around is not None:
            self.around.do_not_keep()


_FRESHNESS: Final[ContextVar[Freshness | None]] = ContextVar("freshness", default=None)
_MUST_ASK: Final[ContextVar[bool]] = ContextVar("must ask", default=False)
_AHEAD: Final[ContextVar[timedelta]] = ContextVar("ahead", default=timedelta(0))


@contextmanager
def gathering() -> Iterator[Freshness]:
    """Gather what is read inside, in tasks that are started inside too."""
    inner = Freshness(around=_FRESHNESS.get())
    token = _FRESHNESS.set(inner)
    try:
        yield inner
    finally:
        _FRESHNESS.reset(token)


def note(account: str, at: datetime, fresh_until: datetime | None, stale_because: VendorError | None = None) -> None:
    """Tell whoever gathers; see Freshness.note."""
    around = _FRESHNESS.get()
    if around is not None:
        around.note(account, at, fresh_until, stale_because)


def do_not_keep() -> None:
    """Tell whoever gathers that the answer is only true now."""
    around = _FRESHNESS.get()
    if around is not None:
        around.do_not_keep()


@contextmanager
def bypass_cache() -> Iterator[None]:
    """What is read inside is asked of the vendor now: a write depends on it, so that no older answer will do."""
    token = _MUST_ASK.set(True)
    try:
        yield
    finally:
        _MUST_ASK.reset(token)


def bypasses_cache() -> bool:
    """Whether nothing that is remembered will do."""
    return _MUST_ASK.get()


@contextmanager
def require_fresh_for(seconds: float) -> Iterator[None]:
    """What will not be fresh any more in `seconds` is asked for anew inside, and waited for."""
    token = _AHEAD.set(timedelta(seconds=seconds))
    try:
        yield
    finally:
        _AHEAD.reset(token)


def min_freshness() -> timedelta:
    """How long something must be fresh yet so that it is not asked for anew."""
    return _AHEAD.get()

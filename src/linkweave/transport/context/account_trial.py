"""What one operation has seen of each account, so that no operation asks a broken vendor for everything it wants.

Until the first usable answer of an account has come in this operation, `MAX_UNPROVEN` calls to it may be under way or
have failed; one list of a hundred links with statistics is then not a hundred calls to a vendor that is down.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from typing import Final

MAX_UNPROVEN: Final = 6


@dataclass(slots=True)
class AccountTrial:
    """Calls of one operation to one account."""

    under_way: int = 0
    failed: int = 0
    succeeded: bool = False

    @property
    def may_call(self) -> bool:
        """Whether one more may leave now."""
        return self.succeeded or self.under_way + self.failed < MAX_UNPROVEN

    @property
    def exhausted(self) -> bool:
        """Whether none may leave any more."""
        return not self.succeeded and self.failed >= MAX_UNPROVEN


_TRIALS: Final[ContextVar[dict[str, AccountTrial] | None]] = ContextVar("trials", default=None)


@contextmanager
def trials() -> Iterator[None]:
    """Everything inside is one operation."""
    token = _TRIALS.set({})
    try:
        yield
    finally:
        _TRIALS.reset(token)


def current_trial(account: str) -> AccountTrial:
    """What the operation at hand has seen of `account`; outside of operations, nothing that would hold a call up."""
    known = _TRIALS.get()
    return AccountTrial(succeeded=True) if known is None else known.setdefault(account, AccountTrial())

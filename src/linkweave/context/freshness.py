"""How old an answer is, recorded while its parts are read.

Every answer that is read from a vendor or from a cache is recorded with the moment until which it is fresh. Scopes are
nested: that of a source reports `fetchedAt` and STALE, that of the operation how long the response may be stored.
"""

from dataclasses import dataclass, field
from datetime import datetime

from linkweave.errors import VendorError
from linkweave.models.left_out import NOTHING_LEFT_OUT, LeftOut


@dataclass(slots=True)
class Freshness:
    """How old the answers are that were read so far.

    Attributes:
        oldest: when the vendor gave the oldest answer; None while nothing was read.
        fresh_until: when the first answer expires; None while nothing was read.
        accounts: the keys of the accounts that were read.
        stale: why an expired answer had to be used, by the key of its account.
        storable: whether a response that is made of these answers may be stored.
        left_out: the parts of the answers that could not be read, by the key of the account; not in outer scopes.
        outer: the scope around this one, which records the same.
    """

    oldest: datetime | None = None
    fresh_until: datetime | None = None
    accounts: set[str] = field(default_factory=set)
    stale: dict[str, VendorError] = field(default_factory=dict)
    storable: bool = True
    left_out: dict[str, LeftOut] = field(default_factory=dict)
    outer: "Freshness | None" = field(default=None, repr=False)

    def record(
        self, account: str, at: datetime, fresh_until: datetime | None, stale_because: VendorError | None = None
    ) -> None:
        """Records an answer that `account` gave at `at`; `fresh_until` is None if it must not be stored."""
        self.accounts.add(account)
        self.oldest = at if self.oldest is None else min(self.oldest, at)
        if fresh_until is None:
            self.storable = False
        else:
            self.fresh_until = fresh_until if self.fresh_until is None else min(self.fresh_until, fresh_until)
        if stale_because is not None:
            self.stale.setdefault(account, stale_because)
        if self.outer is not None:
            self.outer.record(account, at, fresh_until, stale_because)

    def record_left_out(self, account: str, left_out: LeftOut) -> None:
        """Records what could not be read of an answer of `account`."""
        self.left_out[account] = self.left_out.get(account, NOTHING_LEFT_OUT) + left_out

    def forbid_storing(self) -> None:
        """Records that something was read that is true only now."""
        self.storable = False
        if self.outer is not None:
            self.outer.forbid_storing()

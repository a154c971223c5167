"""What one account contributed to a merged answer."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from enum import Enum
from typing import Final

from linkweave.accounts import Account
from linkweave.context.operation_context import current_operation
from linkweave.errors import ErrorCode, VendorError
from linkweave.gather.capabilities import unsupported_capability
from linkweave.models import Capability


class SourceStatus(Enum):
    """How much of an account is in the answer."""

    OK = "OK"
    STALE = "STALE"
    PARTIAL = "PARTIAL"
    FAILED = "FAILED"
    UNSUPPORTED = "UNSUPPORTED"


@dataclass(frozen=True, slots=True)
class Source:
    """One account's part of one page. `exhausted` is true when it has nothing after this page.

    `lost_rows` are entries that could not be read. They make it PARTIAL, and the rest of the account can still be read.
    """

    account: Account
    status: SourceStatus = SourceStatus.OK
    error: VendorError | None = None
    fetched_at: datetime | None = None
    returned: int = 0
    exhausted: bool = True
    notice: str | None = None
    lost_rows: int = 0


def unsupported_source(account: Account, capability: Capability) -> Source:
    """The source of an account that cannot be asked this at all; it is not called."""
    return Source(account, SourceStatus.UNSUPPORTED, unsupported_capability(account, capability))


def is_unsupported(error: VendorError | None) -> bool:
    """True for the one failure that asking again cannot mend."""
    return error is not None and error.code is ErrorCode.UNSUPPORTED


# The worst goes into the log, where an account contributed several times to one operation.
_GRAVITY: Final = {
    status.value: gravity
    for gravity, status in enumerate(
        (SourceStatus.UNSUPPORTED, SourceStatus.OK, SourceStatus.STALE, SourceStatus.PARTIAL, SourceStatus.FAILED)
    )
}


_BEST: Final = SourceStatus.UNSUPPORTED.value


def record_sources(sources: Iterable[Source]) -> tuple[Source, ...]:
    """`sources`, told to the operation's tally."""
    told = tuple(sources)
    for source in told:
        record_status(source.account, source.status)
    return told


def record_status(account: Account, status: SourceStatus) -> None:
    """Tell the operation's tally how `account` did in a part of it."""
    notes = current_operation().record
    if notes is not None and _GRAVITY[status.value] >= _GRAVITY[notes.sources.get(account.key, _BEST)]:
        notes.sources[account.key] = status.value


def record_partial_sources(parts: Iterable[tuple[Account, SourceStatus]]) -> None:
    """Tell how each account did by several parts of its own: where some failed and others did not, it is PARTIAL."""
    told: dict[str, tuple[Account, set[SourceStatus]]] = {}
    for account, status in parts:
        told.setdefault(account.key, (account, set()))[1].add(status)
    for account, statuses in told.values():
        mixed = SourceStatus.FAILED in statuses and len(statuses) > 1
        for status in {SourceStatus.PARTIAL} if mixed else statuses:
            record_status(account, status)

"""What one account contributed to a merged result."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime
from enum import Enum
from typing import Final

from linkweave.accounts import Account
from linkweave.context.operation_context import current_operation
from linkweave.errors import ErrorCode, VendorError
from linkweave.gather.capabilities import unsupported_capability
from linkweave.models import Capability, LeftOut


class SourceStatus(Enum):
    """How much of an account is in the result."""

    OK = "OK"
    STALE = "STALE"
    PARTIAL = "PARTIAL"
    FAILED = "FAILED"
    UNSUPPORTED = "UNSUPPORTED"


class ReadFrom(Enum):
    """Where data is read. AUTO is a caller's choice only: live where the vendor can, else from the catalog."""

    AUTO = "AUTO"
    LIVE = "LIVE"
    CATALOG = "CATALOG"


@dataclass(frozen=True, slots=True)
class Source:
    """One account's part of one page. `exhausted` is True where the account has nothing after this page.

    `lost_rows` is the number of entries that could not be read. They make the source PARTIAL; the other entries are in
    the page. `as_of` is when the catalog was last in step with the whole account.
    """

    account: Account
    status: SourceStatus = SourceStatus.OK
    error: VendorError | None = None
    fetched_at: datetime | None = None
    returned: int = 0
    exhausted: bool = True
    notice: str | None = None
    lost_rows: int = 0
    read: ReadFrom = ReadFrom.LIVE
    as_of: datetime | None = None


def unsupported_source(account: Account, capability: Capability) -> Source:
    """Returns the source of an account whose provider lacks `capability`. Makes no call."""
    return Source(account, SourceStatus.UNSUPPORTED, unsupported_capability(account, capability))


def add_lost_rows(source: Source, left_out: LeftOut) -> Source:
    """Returns `source` with the entries that could not be read."""
    if left_out.notice is None:
        return source
    return replace(add_loss(source, left_out.notice), lost_rows=left_out.row_count)


def add_loss(source: Source, notice: str) -> Source:
    """Returns `source` as PARTIAL, with `notice` about what is missing; a failed source stays failed."""
    status = SourceStatus.PARTIAL if source.status in {SourceStatus.OK, SourceStatus.STALE} else source.status
    return replace(source, status=status, notice=" ".join(filter(None, (source.notice, notice))))


def is_unsupported(error: VendorError | None) -> bool:
    """Returns whether the provider lacks the capability, so that a retry cannot help."""
    return error is not None and error.code is ErrorCode.UNSUPPORTED


# From good to bad. An account may contribute several times to one operation: the log shows the worst.
_SEVERITY: Final = {
    status.value: severity
    for severity, status in enumerate(
        (SourceStatus.UNSUPPORTED, SourceStatus.OK, SourceStatus.STALE, SourceStatus.PARTIAL, SourceStatus.FAILED)
    )
}


_BEST: Final = SourceStatus.UNSUPPORTED.value


def record_sources(sources: Iterable[Source]) -> tuple[Source, ...]:
    """Records the status of each source in the operation's record, and returns the sources."""
    recorded = tuple(sources)
    for source in recorded:
        record_status(source.account, source.status)
    return recorded


def record_status(account: Account, status: SourceStatus) -> None:
    """Records the status of one contribution of `account` in the operation's record."""
    record = current_operation().record
    if record is not None and _SEVERITY[status.value] >= _SEVERITY[record.sources.get(account.key, _BEST)]:
        record.sources[account.key] = status.value


def record_partial_sources(parts: Iterable[tuple[Account, SourceStatus]]) -> None:
    """Records each account by the statuses of its parts: PARTIAL where some of them failed and others did not."""
    by_account: dict[str, tuple[Account, set[SourceStatus]]] = {}
    for account, status in parts:
        by_account.setdefault(account.key, (account, set()))[1].add(status)
    for account, statuses in by_account.values():
        mixed = SourceStatus.FAILED in statuses and len(statuses) > 1
        for status in {SourceStatus.PARTIAL} if mixed else statuses:
            record_status(account, status)

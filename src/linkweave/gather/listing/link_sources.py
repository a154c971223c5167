"""The source of each account in a page of links: how much of the account is in it, and why not all."""

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Final

from linkweave.errors import BadResponseError, VendorError
from linkweave.gather.listing.account_reader import AccountReader
from linkweave.gather.listing.known_lane import KNOWN_NOTICE
from linkweave.gather.listing.lane_position import StuckListError
from linkweave.gather.listing.lane_reader import MAX_SCANNED, ScanLimitError
from linkweave.gather.listing.link_query import AccountQuery, LinkQuery
from linkweave.gather.listing.merge import Merge, MergedLink
from linkweave.gather.sources import ReadFrom, Source, SourceStatus, add_loss, add_lost_rows, unsupported_source
from linkweave.models import Capability

SCAN_NOTICE: Final = (
    f"Stopped after {MAX_SCANNED} links that do not match, because the provider cannot filter by this itself. "
    "Continue with endCursor."
)
SKIPPED_NOTICE: Final = (
    "Links may be missing or repeated: the list may have become shorter while it was paged, and the provider does not "
    "tell where."
)


@dataclass(frozen=True, slots=True)
class PreparedAccount:
    """An account whose lanes are planned. `reader` is None where there is nothing to read.

    `stale_because` is why the answers from which the lanes were planned are stale.
    """

    query: AccountQuery
    reader: AccountReader | None
    notice: str | None = None
    error: VendorError | None = None
    stale_because: VendorError | None = None


def sources_of(
    query: LinkQuery, prepared: Sequence[PreparedAccount], merge: Merge, merged: Sequence[MergedLink]
) -> Iterator[Source]:
    """Yields the source of each account of the query, in order. `merged` are the links of the page."""
    by_key = {each.query.loaders.key: each for each in prepared}
    returned = Counter(each.key for each in merged)
    for each in query.accounts:
        key = each.loaders.key
        if key in by_key:
            source, reader = _source(by_key[key], merge, returned[key]), by_key[key].reader
            if reader is not None:
                source = add_lost_rows(source, reader.left_out)
                source = add_loss(source, SKIPPED_NOTICE) if reader.may_have_skipped else source
            if query.known(each) is not None:
                source = replace(add_loss(source, KNOWN_NOTICE), read=ReadFrom.CATALOG)
            yield source
        else:
            yield unsupported_source(each.loaders.account, Capability.LIST_LINKS)


def _source(prepared: PreparedAccount, merge: Merge, returned: int) -> Source:
    account, reader, notice = prepared.query.loaders.account, prepared.reader, prepared.notice
    if prepared.error is not None:
        return Source(account, SourceStatus.FAILED, prepared.error, exhausted=False)
    if reader is None:
        return Source(account, notice=notice)
    failure = merge.failures.get(account.key)
    if failure is None:
        reason = reader.stale_because
        stale_because = reason if isinstance(reason, VendorError) else prepared.stale_because
        status = SourceStatus.OK if stale_because is None else SourceStatus.STALE
        return Source(account, status, stale_because, reader.fetched_at, returned, reader.at_end(), notice)
    partial = Source(account, SourceStatus.PARTIAL, None, reader.fetched_at, returned, exhausted=False, notice=notice)
    if isinstance(failure, ScanLimitError):
        return replace(partial, notice=SCAN_NOTICE)
    status = SourceStatus.PARTIAL if returned else SourceStatus.FAILED
    return replace(partial, status=status, error=_vendor_error(account.key, failure))


def _vendor_error(key: str, failure: Exception) -> VendorError:
    """Returns `failure` as a vendor's error. Raises it where it is an error of the gateway's own."""
    if isinstance(failure, StuckListError):
        problem = f"{key}: the list leads back to a page that was read before (list links)"
        return BadResponseError(problem, account=key, operation="list links")
    if not isinstance(failure, VendorError):
        raise failure
    return failure

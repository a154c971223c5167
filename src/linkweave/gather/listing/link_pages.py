"""Pages of links over many accounts."""

import asyncio
from collections.abc import Container, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field, replace
from typing import Any, Final, TypeAlias, cast

from linkweave.context.cache_control import forbid_storing
from linkweave.context.operation_context import track_freshness
from linkweave.errors import BadResponseError, InvalidInputError, VendorError
from linkweave.gather.account_loaders import AccountLoaders
from linkweave.gather.listing.account_reader import AccountPosition, AccountReader
from linkweave.gather.listing.cursor import CursorCodec
from linkweave.gather.listing.lane_reader import (
    START,
    LanePosition,
    LaneReader,
    ScanBudget,
    ScanLimitError,
    StuckListError,
)
from linkweave.gather.listing.merge import Merge, MergedLink
from linkweave.gather.listing.residual_filters import cannot_match, residual_predicates, stop_predicate
from linkweave.gather.sources import Source, SourceStatus, record_sources, unsupported_source
from linkweave.models import NOTHING_LEFT_OUT, Capability, Link, LinkFilter
from linkweave.providers.read_capabilities import CanListLinks, Lane, LinkOrder, ListPlan

MAX_FIRST: Final = 100

_Sealed: TypeAlias = tuple[int, dict[str, dict[str, list[Any] | None] | None]]

SCAN_NOTICE: Final = (
    "Stopped after looking at 2000 links that do not match, because the provider cannot filter by this itself. "
    "Continue with endCursor."
)


@dataclass(frozen=True, slots=True)
class AccountQuery:
    """One account and what is wanted of it. `budget` is for all pages that are read of this query."""

    loaders: AccountLoaders
    filter: LinkFilter
    budget: ScanBudget = field(default_factory=ScanBudget, repr=False, compare=False)


@dataclass(frozen=True, slots=True)
class LinkQuery:
    """Which links, of whom."""

    accounts: tuple[AccountQuery, ...]

    @property
    def cursor_key(self) -> str:
        """What tells this query from others: a cursor opens only for the one it came from."""
        return "links " + "; ".join(f"{asked.loaders.key}: {asked.filter}" for asked in self.accounts)

    def without(self, keys: Container[str]) -> "LinkQuery":
        """The same query to all but the accounts called `keys`."""
        return LinkQuery(tuple(asked for asked in self.accounts if asked.loaders.key not in keys))


@dataclass(frozen=True, slots=True)
class LinkEdge:
    """A link and everybody's place after it."""

    loaders: AccountLoaders
    link: Link
    position: "ListPosition"


@dataclass(frozen=True, slots=True)
class ListPosition:
    """Everybody's place in a merged list, and whose turn is next. An account that is not in it is at its start."""

    turn: int = 0
    places: Mapping[str, AccountPosition] = field(default_factory=dict)

    def seal(self, cursors: CursorCodec, words: str) -> str:
        """As a cursor."""
        return cursors.seal(words, [self.turn, self.places])

    @classmethod
    def open(cls, cursors: CursorCodec, words: str, cursor: str | None) -> "ListPosition":
        """From a cursor; from the start for None.

        Raises:
            InvalidInputError: it is not a cursor of this query.
        """
        if cursor is None:
            return cls()
        # What opens was signed by us, so it is what seal() wrote.
        turn, accounts = cast("_Sealed", cursors.open(words, cursor))
        return cls(turn, {key: _places(lanes) for key, lanes in accounts.items()})


@dataclass(frozen=True, slots=True)
class LinkPage:
    """One merged page. `end` is where the next one starts."""

    edges: tuple[LinkEdge, ...]
    sources: tuple[Source, ...]
    end: ListPosition
    has_next: bool


@dataclass(frozen=True, slots=True)
class _Prepared:
    """An account whose lists are known. `stale_because` is why what they were planned by is older than it should be."""

    asked: AccountQuery
    reader: AccountReader | None
    notice: str | None = None
    error: VendorError | None = None
    stale_because: VendorError | None = None


def _places(sealed: dict[str, list[Any] | None] | None) -> AccountPosition:
    if sealed is None:
        return None
    return {lane: None if at is None else (at[0], at[1], at[2]) for lane, at in sealed.items()}


async def list_links(query: LinkQuery, first: int, start: ListPosition) -> LinkPage:
    """The next `first` links of `query` after `start`. A failing account never fails the others."""
    able = [asked for asked in query.accounts if isinstance(asked.loaders.account.adapter, CanListLinks)]
    prepared = await asyncio.gather(*(_prepare(asked, start) for asked in able))
    readers = [each.reader for each in prepared if each.reader is not None]
    merge = Merge(readers, [asked.loaders.key for asked in able if _is_undated(asked)], start.turn)
    taken = await merge.run(first)
    sources = record_sources(_sources(query, {each.asked.loaders.key: each for each in prepared}, merge, taken))
    if any(source.status in {SourceStatus.PARTIAL, SourceStatus.FAILED} for source in sources):
        forbid_storing()
    end = ListPosition(merge.turn, {**start.places, **merge.places()})
    by_key = {asked.loaders.key: asked.loaders for asked in able}
    edges = tuple(
        LinkEdge(by_key[each.key], each.link, ListPosition(each.turn, {**start.places, **each.places}))
        for each in taken
    )
    return LinkPage(edges, sources, end, _has_next(sources, moved=bool(taken) or end.places != start.places))


def check_first(first: int, field_name: str = "first") -> int:
    """`first`, if it is a page size.

    Raises:
        InvalidInputError: it is not from 1 to 100.
    """
    if not 1 <= first <= MAX_FIRST:
        raise InvalidInputError(field_name, f"{first} is not allowed; it must be from 1 to {MAX_FIRST}")
    return first


def _is_undated(asked: AccountQuery) -> bool:
    adapter = asked.loaders.account.adapter
    return isinstance(adapter, CanListLinks) and adapter.link_order is LinkOrder.AS_LISTED


async def _prepare(asked: AccountQuery, start: ListPosition) -> _Prepared:
    """Plan an account's lanes, put its reader where it stood, and let it find its first link."""
    adapter, key = asked.loaders.account.adapter, asked.loaders.key
    before = start.places.get(key, {})
    if not isinstance(adapter, CanListLinks) or before is None or cannot_match(asked.filter):
        return _Prepared(asked, None)
    try:
        with track_freshness() as read:
            plan = await adapter.plan_links(asked.filter)
    except VendorError as error:
        return _Prepared(asked, None, error=error)
    reader = AccountReader(key, adapter.link_order, _lanes(asked, plan, adapter.link_order, before), before)
    # Read on at once: an account that has its plan must not wait until another one's comes, perhaps at the deadline.
    # What goes wrong is told to the merge, when it asks for the same head.
    with suppress(Exception):
        await reader.head()
    return _Prepared(asked, reader, plan.notice, stale_because=read.stale.get(key))


def _lanes(
    asked: AccountQuery, plan: ListPlan, order: LinkOrder, before: Mapping[str, LanePosition]
) -> dict[str, LaneReader]:
    tests = residual_predicates(asked.filter, plan.handled)
    ends_at = stop_predicate(asked.filter.created_after) if order is LinkOrder.NEWEST_FIRST else None

    def reader(lane: Lane) -> LaneReader:
        place = before.get(lane.name, START)
        return LaneReader(lambda token: asked.loaders.page(lane, token), tests, asked.budget, ends_at, place)

    return {lane.name: reader(lane) for lane in plan.lanes}


def _sources(
    query: LinkQuery,
    prepared: Mapping[str, _Prepared],
    merge: Merge,
    taken: Sequence[MergedLink],
) -> tuple[Source, ...]:
    returned: dict[str, int] = {}
    for each in taken:
        returned[each.key] = returned.get(each.key, 0) + 1
    return tuple(
        _source(asked, prepared.get(asked.loaders.key), merge, returned.get(asked.loaders.key, 0))
        for asked in query.accounts
    )


def _source(asked: AccountQuery, prepared: _Prepared | None, merge: Merge, returned: int) -> Source:
    source = _read_source(asked, prepared, merge, returned)
    left_out = prepared.reader.left_out if prepared is not None and prepared.reader is not None else NOTHING_LEFT_OUT
    if not left_out.rows:
        return source
    notice = " ".join(filter(None, (source.notice, left_out.notice)))
    if source.status in {SourceStatus.OK, SourceStatus.STALE}:
        return replace(source, status=SourceStatus.PARTIAL, notice=notice, lost_rows=left_out.row_count)
    return replace(source, notice=notice)


def _read_source(asked: AccountQuery, prepared: _Prepared | None, merge: Merge, returned: int) -> Source:
    account = asked.loaders.account
    if prepared is None:
        return unsupported_source(account, Capability.LIST_LINKS)
    if prepared.error is not None:
        return Source(account, SourceStatus.FAILED, prepared.error, exhausted=False)
    reader, failure = prepared.reader, merge.failures.get(account.key)
    if reader is None:
        return Source(account, notice=prepared.notice)
    if failure is None:
        stale = reader.stale_because
        because = stale if isinstance(stale, VendorError) else prepared.stale_because
        status = SourceStatus.OK if because is None else SourceStatus.STALE
        return Source(account, status, because, reader.fetched_at, returned, reader.at_end(), prepared.notice)
    if isinstance(failure, ScanLimitError):
        return Source(
            account, SourceStatus.PARTIAL, None, reader.fetched_at, returned, exhausted=False, notice=SCAN_NOTICE
        )
    error = _as_vendor_error(account.key, failure)
    status = SourceStatus.PARTIAL if returned else SourceStatus.FAILED
    return Source(account, status, error, reader.fetched_at, returned, exhausted=False, notice=prepared.notice)


def _as_vendor_error(key: str, failure: Exception) -> VendorError:
    """`failure` as what a vendor did; raises it where that is not what it is."""
    if isinstance(failure, StuckListError):
        problem = f"{key}: the list comes back to a page that was read already (list links)"
        return BadResponseError(problem, account=key, operation="list links")
    if not isinstance(failure, VendorError):
        raise failure
    return failure


def _has_next(sources: Sequence[Source], *, moved: bool) -> bool:
    """Whether the cursor is worth following.

    A page that moved nobody ends the loop of a client that reads until there is no next page, though failed
    accounts may still have links: their cursor is given all the same, for asking again later.
    """
    return moved and any(not source.exhausted for source in sources)

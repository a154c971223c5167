"""Pages of links over several accounts."""

from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from functools import cached_property
from typing import NamedTuple

from linkweave.catalog.addresses import path_and_query
from linkweave.concurrency.eager_tasks import gather_eagerly
from linkweave.context.cache_control import forbid_storing
from linkweave.context.operation_context import track_freshness
from linkweave.errors import VendorError
from linkweave.gather.account_loaders import AccountLoaders
from linkweave.gather.known.known_account import KnownAccount
from linkweave.gather.listing.account_reader import AccountPosition, AccountReader
from linkweave.gather.listing.known_lane import known_reader, unknown_condition
from linkweave.gather.listing.lane_position import START, LanePosition
from linkweave.gather.listing.lane_reader import LaneReader
from linkweave.gather.listing.link_query import AccountQuery, LinkQuery, ListPosition
from linkweave.gather.listing.link_sources import PreparedAccount, sources_of
from linkweave.gather.listing.merge import Merge, MergedLink
from linkweave.gather.listing.named_tuples import make_all
from linkweave.gather.listing.residual_filters import cannot_match, residual_predicates, stop_predicate
from linkweave.gather.sources import Source, SourceStatus, record_sources
from linkweave.models import Link, LinkFilter
from linkweave.providers.read_capabilities import CanListLinks, Lane, LinkOrder, ListPlan


@dataclass(frozen=True)
class Trail:
    """How the links of a page move the list's position, one after the other, from the `start` of a `merge`."""

    start: ListPosition
    merge: Merge
    links: Sequence[MergedLink]

    @cached_property
    def first(self) -> Mapping[str, AccountPosition]:
        """The position of each account before the page: read late, as most requests want the end of the page alone."""
        return {**self.start.accounts, **self.merge.first_positions}

    def after(self, index: int) -> ListPosition:
        """Returns the position after the link at `index`."""
        latest = {each.key: each for each in self.links[: index + 1]}
        moved = {key: each.position for key, each in latest.items()}
        return ListPosition(self.links[index].turn, {**self.first, **moved})


class LinkEdge(NamedTuple):
    """A link, and its `place` in the `trail` of its page."""

    loaders: AccountLoaders
    link: Link
    trail: Trail
    place: int

    @property
    def position(self) -> ListPosition:
        """The position of the list after the link. It is not stored: most requests ask for the last one alone."""
        return self.trail.after(self.place)


@dataclass(frozen=True, slots=True)
class LinkPage:
    """One page of a merged list. The next page starts at `end`."""

    edges: tuple[LinkEdge, ...]
    sources: tuple[Source, ...]
    end: ListPosition
    has_next: bool


async def list_links(query: LinkQuery, first: int, start: ListPosition) -> LinkPage:
    """Returns the next `first` links of `query` after `start`. An account that fails does not fail the others."""
    listing = [each for each in query.accounts if _can_list(each) or query.known(each) is not None]
    prepared = await gather_eagerly([_prepare(each, query.known(each), first, start) for each in listing])
    readers = [each.reader for each in prepared if each.reader is not None]
    merge = Merge(readers, [each.loaders.key for each in listing if _is_undated(each)], start.turn)
    merged = await merge.run(first)
    sources = record_sources(sources_of(query, prepared, merge, merged))
    if any(source.status in {SourceStatus.PARTIAL, SourceStatus.FAILED} for source in sources):
        forbid_storing()
    end = ListPosition(merge.turn, {**start.accounts, **merge.positions()})
    by_key = {each.loaders.key: each.loaders for each in listing}
    trail = Trail(start, merge, merged)
    rows = ((by_key[each.key], each.link, trail, index) for index, each in enumerate(merged))
    edges = tuple(make_all(LinkEdge, rows))
    # A page without progress ends the loop of a client that reads while there is a next page. Accounts that failed may
    # still have links: the cursor leads to them when the client asks again later.
    progress = bool(merged) or end.accounts != start.accounts
    return LinkPage(edges, sources, end, progress and any(not source.exhausted for source in sources))


def _can_list(query: AccountQuery) -> bool:
    return isinstance(query.loaders.account.adapter, CanListLinks)


def _is_undated(query: AccountQuery) -> bool:
    adapter = query.loaders.account.adapter
    return isinstance(adapter, CanListLinks) and adapter.link_order is LinkOrder.AS_LISTED


async def _prepare(query: AccountQuery, known: KnownAccount | None, first: int, start: ListPosition) -> PreparedAccount:
    """Plans an account's lanes, sets its reader to `start`, and reads its first link."""
    adapter, key = query.loaders.account.adapter, query.loaders.key
    position = start.accounts.get(key, {})
    if position is None or cannot_match(query.filter):
        return PreparedAccount(query, None)
    if known is not None and unknown_condition(query.filter) is None:
        return PreparedAccount(query, known_reader(query, known, position, first))
    if not isinstance(adapter, CanListLinks):
        return PreparedAccount(query, None)
    try:
        with track_freshness() as freshness:
            plan = await adapter.plan_links(_planned(query.filter, adapter))
    except VendorError as error:
        return PreparedAccount(query, None, error=error)
    lanes = _lanes(query, plan, adapter.link_order, position)
    reader = AccountReader(key, adapter.link_order, lanes, position, first)
    # Reading starts here: an account with a plan must not wait for the plan of another account, which may come at the
    # deadline only. The merge reads the same head again, and gets its error.
    with suppress(Exception):
        await reader.head()
    return PreparedAccount(query, reader, plan.notice, stale_because=freshness.stale.get(key))


def _planned(wanted: LinkFilter, adapter: CanListLinks) -> LinkFilter:
    """Returns the filter that lanes are planned for: a vendor that searches destinations is asked to search.

    The search is for path and query, which every spelling of a URL has. The gateway checks the found links.
    """
    if wanted.destination is None or wanted.search is not None or not adapter.searches_destinations:
        return wanted
    place = path_and_query(wanted.destination)
    return wanted if place == "/" else replace(wanted, search=place)


def _lanes(
    query: AccountQuery, plan: ListPlan, order: LinkOrder, positions: Mapping[str, LanePosition]
) -> dict[str, LaneReader]:
    predicates = residual_predicates(query.filter, plan.handled)
    stops_at = stop_predicate(query.filter.created_after) if order is LinkOrder.NEWEST_FIRST else None

    def reader(lane: Lane) -> LaneReader:
        position = positions.get(lane.name, START)
        loaders = query.loaders
        return LaneReader(
            lambda token: loaders.page(lane, token),
            predicates,
            query.budget,
            stops_at,
            position,
            lambda token: loaders.begin_page(lane, token),
            loaders.links_on_first_page(lane),
            fetch_again=lambda token: loaders.page_again(lane, token),
        )

    return {lane.name: reader(lane) for lane in plan.lanes}

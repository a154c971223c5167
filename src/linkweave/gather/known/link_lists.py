"""Lists of links from the catalog: in any order, over all accounts, without a call to a vendor."""

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from types import MappingProxyType
from typing import TYPE_CHECKING, Final

from linkweave.accounts import Account
from linkweave.catalog.reads.questions.links import (
    AccountScope,
    AccountState,
    DestinationKey,
    KnownLink,
    KnownPage,
    LinkOrder,
    LinkQuestion,
    Position,
)
from linkweave.context.cache_control import forbid_storing
from linkweave.gather.account_loaders import AccountLoaders
from linkweave.gather.listing.cursor import CursorCodec
from linkweave.gather.listing.known_lane import KNOWN_NOTICE, check_conditions
from linkweave.gather.listing.link_query import LinkQuery
from linkweave.gather.sources import ReadFrom, Source, SourceStatus, add_loss, record_sources, unsupported_source
from linkweave.models import Capability, Link, StatsReport
from linkweave.providers.read_capabilities import CanListLinks

if TYPE_CHECKING:
    from linkweave.catalog.reads.reads import CatalogReads

UNREAD_NOTICE: Final = "The links of this account have not all been read yet: the catalog does not know some of them."


@dataclass(frozen=True, slots=True)
class KnownPosition:
    """The place of a link in a list of the catalog."""

    position: Position

    def seal(self, cursors: CursorCodec, cursor_key: str) -> str:
        """Returns the position as a cursor."""
        return cursors.seal(cursor_key, self.position.as_json())


@dataclass(frozen=True, slots=True)
class KnownEdge:
    """A link of the catalog, and its place in its list. `clicks_in_range` are those that it is ordered by."""

    loaders: AccountLoaders
    link: Link
    position: KnownPosition
    clicks_in_range: int | None = None


@dataclass(frozen=True, slots=True)
class KnownLinkPage:
    """One page of a list of the catalog."""

    edges: tuple[KnownEdge, ...]
    sources: tuple[Source, ...]
    has_next: bool


@dataclass(frozen=True, slots=True)
class KnownLinks:
    """The links of a query as the catalog knows them. `destination` leaves only those to it."""

    reads: "CatalogReads"
    query: LinkQuery
    destination: DestinationKey | None = None

    @property
    def question(self) -> LinkQuestion:
        """The question to the catalog."""
        scopes = (AccountScope(each.loaders.key, each.filter) for each in self.query.accounts)
        return LinkQuestion(tuple(scopes), self.destination)

    def check(self, prefix: str = "filter") -> None:
        """Checks that the catalog can check all conditions of the query.

        Raises:
            InvalidInputError: it cannot.
        """
        for each in self.query.accounts:
            check_conditions(each.filter, prefix)

    async def page(self, order: LinkOrder, first: int, after: Position | None) -> KnownLinkPage:
        """Returns the next `first` links after `after`.

        Raises:
            CatalogUnavailableError: the database cannot be used.
        """
        forbid_storing()
        loaders = {each.loaders.key: each.loaders for each in self.query.accounts}
        page = await self.reads.links(self.question, order, first, after)
        states = await self.reads.states(list(loaders))
        in_range = order.days is not None
        edges = tuple(
            KnownEdge(
                loaders[each.account],
                _counted(each),
                KnownPosition(each.position),
                each.position.value if in_range and isinstance(each.position.value, int) else None,
            )
            for each in page.links
        )
        return KnownLinkPage(edges, record_sources(_sources(self.query, page, states)), page.has_next)

    async def count(self) -> int | None:
        """Returns the number of links; None while an account was never read whole, or no condition can be checked.

        Raises:
            CatalogUnavailableError: the database cannot be used.
        """
        forbid_storing()
        listing = [each.loaders.key for each in self.query.accounts if _can_list(each.loaders.account)]
        states = await self.reads.states(listing)
        if any(key not in states or states[key].walked_at is None for key in listing):
            return None
        return await self.reads.count(self.question)


def known_sources(
    query: LinkQuery,
    states: Mapping[str, AccountState],
    returned: Mapping[str, int],
    seen: Mapping[str, datetime] = MappingProxyType({}),
    *,
    has_next: bool,
) -> Iterator[Source]:
    """Yields the source of each account of a page from the catalog. `seen` is when the oldest of its links was seen."""
    for each in query.accounts:
        account = each.loaders.account
        if not each.loaders.may_hold_links:
            yield unsupported_source(account, Capability.LIST_LINKS)
            continue
        state = states.get(account.key, AccountState())
        source = Source(
            account,
            fetched_at=seen.get(account.key),
            returned=returned.get(account.key, 0),
            exhausted=not has_next,
            read=ReadFrom.CATALOG,
            as_of=state.walked_at,
        )
        yield with_state(source, state)


def knows_all(account: Account, states: Mapping[str, AccountState]) -> bool:
    """Returns whether the catalog has read all links of an account."""
    return _can_list(account) and account.key in states and states[account.key].walked_at is not None


def with_state(source: Source, state: AccountState) -> Source:
    """Returns `source`, and what `state` says about how much of the account the catalog knows."""
    if not _can_list(source.account):
        return add_loss(source, KNOWN_NOTICE)
    if state.walked_at is None:
        return add_loss(source, UNREAD_NOTICE)
    if state.error is None:
        return source
    notice = f"The catalog could not be brought up to date: {state.error}"
    return replace(source, status=SourceStatus.STALE, notice=notice)


def _sources(query: LinkQuery, page: KnownPage, states: Mapping[str, AccountState]) -> Iterator[Source]:
    seen: dict[str, datetime] = {}
    for each in page.links:
        seen[each.account] = min(each.seen_at, seen.get(each.account, each.seen_at))
    returned = Counter(each.account for each in page.links)
    return known_sources(query, states, returned, seen, has_next=page.has_next)


def _counted(known: KnownLink) -> Link:
    """The link with a report of its clicks, also where they are not known: its vendor must not be asked for them."""
    link = known.link
    return link if link.included is not None else replace(link, included=StatsReport(frozenset(), known.seen_at))


def _can_list(account: Account) -> bool:
    return isinstance(account.adapter, CanListLinks)

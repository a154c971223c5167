"""Destinations of links, from the catalog."""

import strawberry

from linkweave.catalog.reads.questions.destinations import DestinationOrder, KnownDestination
from linkweave.catalog.reads.questions.links import NEWEST_FIRST
from linkweave.gather.known.destinations import KnownDestinations, counted_links
from linkweave.gather.statistics.statistics import Statistics
from linkweave.schema.context import Info
from linkweave.schema.inputs.filters import DateRangeInput, StatsRange
from linkweave.schema.lazy_types import LazyAccount
from linkweave.schema.scalars import URL, Long
from linkweave.schema.types.link_connection import LinkConnection, read_known_links
from linkweave.schema.types.pagination import After, First, PageInfo, Source, build_page, page_size
from linkweave.schema.types.statistics import MergedStats
from linkweave.schema.types.stats_group import open_position

_DEFAULT_PAGE = 20


@strawberry.type(
    description=(
        "A URL and the links that redirect to it. URLs are the same if they differ only by the case of scheme and "
        "host, by a default port or by the fragment."
    )
)
class Destination:
    known: strawberry.Private[KnownDestination]
    among: strawberry.Private[KnownDestinations]

    @strawberry.field(description="The URL, as one of the links writes it.")
    def url(self) -> URL:
        return URL(self.known.url)

    @strawberry.field(description="The number of links.")
    def link_count(self) -> int:
        return self.known.links

    @strawberry.field(description="The accounts of the links.")
    def accounts(self, info: Info) -> list[LazyAccount]:
        accounts = info.context.session.accounts
        return [info.context.nodes.account(accounts[key]) for key in self.known.accounts]

    @strawberry.field(
        graphql_type=Long | None,
        description=(
            "The clicks since the links were created, of the links whose clicks are known: `complete` says whether "
            "these are all. Null if those of no link are known."
        ),
    )
    def clicks(self) -> int | None:
        return self.known.clicks

    @strawberry.field(
        graphql_type=Long | None,
        description=(
            "The unique clicks since the links were created, of the links whose unique clicks are known. Null if those "
            "of no link are known."
        ),
    )
    def unique_clicks(self) -> int | None:
        return self.known.unique_clicks

    @strawberry.field(
        description=(
            "Whether `clicks` and `uniqueClicks` have the clicks of all links, as far as their providers count them. "
            "False also while an account may have links that the catalog does not know."
        )
    )
    def complete(self) -> bool:
        return self.known.complete

    @strawberry.field(description="The links, newest first.")
    async def links(self, info: Info, first: First = _DEFAULT_PAGE, after: After = None) -> LinkConnection:
        links = self.among.to(self.known.key)
        cursor_key = f"links to {self.known.key} {links.query.cursor_key}"
        return await read_known_links(info, links, NEWEST_FIRST, cursor_key, page_size(first, _DEFAULT_PAGE), after)

    @strawberry.field(description="Click statistics of at most 1000 of the links over some days.")
    async def stats(
        self,
        info: Info,
        range: StatsRange = None,  # noqa: A002 - the contract's name
    ) -> MergedStats:
        within = DateRangeInput.parse(range).check(info.context.session.clock.now().date())
        counted, incomplete = await counted_links(self.among.to(self.known.key))
        return MergedStats(statistics=Statistics.of_links(counted, within, incomplete))


@strawberry.type(description="A destination in a list, with its cursor.")
class DestinationEdge:
    cursor: str = strawberry.field(
        description="The cursor of this destination. Pass it as `after` to continue behind it."
    )
    node: Destination = strawberry.field(description="The destination.")


@strawberry.type(description="A page of destinations.")
class DestinationConnection:
    among: strawberry.Private[KnownDestinations]
    edges: list[DestinationEdge] = strawberry.field(description="The destinations, each with its cursor.")
    nodes: list[Destination] = strawberry.field(description="The destinations.")
    page_info: PageInfo = strawberry.field(description="Information about this page.")
    sources: list[Source] = strawberry.field(description="What each account contributed to this page.")

    @strawberry.field(description="The number of destinations that match, as the catalog knows them.")
    async def total_count(self) -> int:
        return await self.among.count()


async def read_destinations(
    info: Info, among: KnownDestinations, order: DestinationOrder, first: int, after: str | None
) -> DestinationConnection:
    """Reads one page of destinations."""
    cursors, cursor_key = info.context.session.cursors, f"destinations {order} {among.question}"
    page, sources = await among.page(order, first, open_position(info, cursor_key, after))
    items = (
        (cursors.seal(cursor_key, each.position), Destination(known=each, among=among)) for each in page.destinations
    )
    built = build_page(DestinationEdge, items, has_next=page.has_next, after=after)
    return DestinationConnection(
        among=among,
        edges=built.edges,
        nodes=built.nodes,
        page_info=built.info,
        sources=[Source.of(source, info) for source in sources],
    )

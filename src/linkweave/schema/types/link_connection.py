"""Pages of links."""

from collections.abc import Callable, Sequence

import strawberry

from linkweave.catalog.reads.questions.links import LinkOrder, Position
from linkweave.gather.known.link_lists import KnownEdge, KnownLinks
from linkweave.gather.listing.known_lane import unknown_condition
from linkweave.gather.listing.link_pages import LinkEdge as MergedEdge
from linkweave.gather.listing.link_pages import list_links
from linkweave.gather.listing.link_query import LinkQuery, ListPosition
from linkweave.schema.context import Info
from linkweave.schema.scalars import Long
from linkweave.schema.types.link import Link
from linkweave.schema.types.pagination import PageInfo, Source


@strawberry.type(description="A link in a list, with its cursor.")
class LinkEdge:
    merged: strawberry.Private[MergedEdge | KnownEdge]
    cursor_key: strawberry.Private[str]

    @strawberry.field(description="The cursor of this link. Pass it as `after` to continue behind it.")
    def cursor(self, info: Info) -> str:
        return self.merged.position.seal(info.context.session.cursors, self.cursor_key)

    @strawberry.field(description="The link.")
    def node(self) -> Link:
        return Link.of(self.merged.loaders, self.merged.link)

    @strawberry.field(
        graphql_type=Long | None,
        description=(
            "The clicks that the order `CLICKS_IN_RANGE` compares. Null in other orders, and if the catalog does not "
            "know the clicks of all days of the range."
        ),
    )
    def clicks_in_range(self) -> int | None:
        return self.merged.clicks_in_range if isinstance(self.merged, KnownEdge) else None


def _edges(root: "LinkConnection") -> list[LinkEdge]:
    return [LinkEdge(merged=edge, cursor_key=root.cursor_key) for edge in root.merged]


@strawberry.type(
    description=(
        "A page of links of one or more accounts. Without `orderBy`, links with a known creation time are sorted "
        "newest first. An account whose links have none keeps its own order and takes turns with the others."
    ),
)
class LinkConnection:
    known: strawberry.Private[KnownLinks | None]
    merged: strawberry.Private[Sequence[MergedEdge | KnownEdge]]
    cursor_key: strawberry.Private[str]
    # Called for documents that select these fields: to seal cursors takes as long as to write ten links.
    make_page_info: strawberry.Private[Callable[[], PageInfo]]
    make_sources: strawberry.Private[Callable[[], list[Source]]]
    edges: list[LinkEdge] = strawberry.field(resolver=_edges, description="The links, each with its cursor.")

    @strawberry.field(description="Information about this page.")
    def page_info(self) -> PageInfo:
        return self.make_page_info()

    @strawberry.field(description="What each account contributed to this page.")
    def sources(self) -> list[Source]:
        return self.make_sources()

    @strawberry.field(
        description=(
            "The number of links that match, as the catalog knows them. Null if there is no catalog, if an account has "
            "never been read whole, or if the catalog cannot check a condition. Links of a provider that lists none "
            "are counted as far as they are known."
        )
    )
    async def total_count(self) -> int | None:
        return None if self.known is None else await self.known.count()

    @strawberry.field(description="The links.")
    def nodes(self) -> list[Link]:
        return [Link.of(edge.loaders, edge.link) for edge in self.merged]


async def read_links(info: Info, query: LinkQuery, first: int, after: str | None) -> LinkConnection:
    """Reads one page of the links of `query`, from the providers."""
    cursors, cursor_key = info.context.session.cursors, query.cursor_key
    page = await list_links(query, first, ListPosition.open(cursors, cursor_key, after))

    def page_info() -> PageInfo:
        return PageInfo(
            has_next_page=page.has_next,
            has_previous_page=after is not None,
            start_cursor=page.edges[0].position.seal(cursors, cursor_key) if page.edges else None,
            end_cursor=page.end.seal(cursors, cursor_key),
        )

    return LinkConnection(
        known=known_links(info, query),
        merged=page.edges,
        cursor_key=cursor_key,
        make_page_info=page_info,
        make_sources=lambda: [Source.of(source, info) for source in page.sources],
    )


async def read_known_links(
    info: Info, known: KnownLinks, order: LinkOrder, cursor_key: str, first: int, after: str | None
) -> LinkConnection:
    """Reads one page of `known` from the catalog. `cursor_key` is different for different lists."""
    cursors = info.context.session.cursors
    start = None if after is None else Position.of(cursors.open(cursor_key, after))
    page = await known.page(order, first, start)

    def page_info() -> PageInfo:
        edges = page.edges
        ends = [edges[index].position.seal(cursors, cursor_key) for index in (0, -1)] if edges else [None, after]
        return PageInfo(
            has_next_page=page.has_next,
            has_previous_page=after is not None,
            start_cursor=ends[0],
            end_cursor=ends[1],
        )

    return LinkConnection(
        known=known,
        merged=page.edges,
        cursor_key=cursor_key,
        make_page_info=page_info,
        make_sources=lambda: [Source.of(source, info) for source in page.sources],
    )


def known_links(info: Info, query: LinkQuery) -> KnownLinks | None:
    """Returns the links of `query` as the catalog knows them; None if there is none, or if it cannot filter so."""
    catalog = info.context.session.catalog
    filters = (each.filter for each in query.accounts)
    if catalog is None or any(unknown_condition(each) is not None for each in filters):
        return None
    return KnownLinks(catalog.reads, query)

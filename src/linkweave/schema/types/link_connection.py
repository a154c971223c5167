"""Pages of links."""

import strawberry

from linkweave.gather.listing.link_pages import LinkEdge as MergedEdge
from linkweave.gather.listing.link_pages import list_links
from linkweave.gather.listing.link_query import LinkQuery, ListPosition
from linkweave.schema.context import Info
from linkweave.schema.types.link import Link
from linkweave.schema.types.pagination import PageInfo, Source


@strawberry.type(description="A link in a list, with its cursor.")
class LinkEdge:
    merged: strawberry.Private[MergedEdge]
    cursor_key: strawberry.Private[str]

    @strawberry.field(description="The cursor of this link. Pass it as `after` to continue behind it.")
    def cursor(self, info: Info) -> str:
        return self.merged.position.seal(info.context.session.cursors, self.cursor_key)

    @strawberry.field(description="The link.")
    def node(self) -> Link:
        return Link.of(self.merged.loaders, self.merged.link)


@strawberry.type(
    description=(
        "A page of links of one or more accounts. Links with a known creation time are sorted newest "
        "first. An account whose links have none keeps its own order and takes turns with the others."
    ),
)
class LinkConnection:
    edges: list[LinkEdge] = strawberry.field(description="The links, each with its cursor.")
    page_info: PageInfo = strawberry.field(description="Information about this page.")
    sources: list[Source] = strawberry.field(description="What each account contributed to this page.")

    @strawberry.field(description="The links.")
    def nodes(self) -> list[Link]:
        return [Link.of(edge.merged.loaders, edge.merged.link) for edge in self.edges]


async def read_links(info: Info, query: LinkQuery, first: int, after: str | None) -> LinkConnection:
    """Reads one page of the links of `query`."""
    cursors, cursor_key = info.context.session.cursors, query.cursor_key
    page = await list_links(query, first, ListPosition.open(cursors, cursor_key, after))
    edges = [LinkEdge(merged=edge, cursor_key=cursor_key) for edge in page.edges]
    return LinkConnection(
        edges=edges,
        page_info=PageInfo(
            has_next_page=page.has_next,
            has_previous_page=after is not None,
            start_cursor=page.edges[0].position.seal(cursors, cursor_key) if page.edges else None,
            end_cursor=page.end.seal(cursors, cursor_key),
        ),
        sources=[Source.of(source, info) for source in page.sources],
    )

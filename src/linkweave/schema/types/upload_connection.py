"""Pages of uploads, from the catalog."""

import strawberry

from linkweave.catalog.reads.questions.uploads import UploadQuestion
from linkweave.context.cache_control import forbid_storing
from linkweave.gather.session import catalog_of
from linkweave.schema.context import Info
from linkweave.schema.types.pagination import PageInfo, build_page
from linkweave.schema.types.upload import Upload


@strawberry.type(description="An upload in a list, with its cursor.")
class UploadEdge:
    cursor: str = strawberry.field(description="The cursor of this upload. Pass it as `after` to continue behind it.")
    node: Upload = strawberry.field(description="The upload.")


@strawberry.type(description="A page of uploads. Their `deleteUrl` is null: the catalog does not store it.")
class UploadConnection:
    edges: list[UploadEdge] = strawberry.field(description="The uploads, each with its cursor.")
    nodes: list[Upload] = strawberry.field(description="The uploads.")
    page_info: PageInfo = strawberry.field(description="Information about this page.")


async def read_uploads(info: Info, question: UploadQuestion, first: int, after: str | None) -> UploadConnection:
    """Reads one page of uploads, newest first."""
    forbid_storing()
    session = info.context.session
    reads, cursor_key = catalog_of(session, "uploads").reads, f"uploads {question}"
    start = None if after is None else session.cursors.open(cursor_key, after)
    page = await reads.uploads(question, first, start)  # type: ignore[arg-type] # the position that was sealed
    items = (
        (session.cursors.seal(cursor_key, each.position), Upload.of(session.accounts[each.account], each.upload))
        for each in page.uploads
    )
    built = build_page(UploadEdge, items, has_next=page.has_next, after=after)
    return UploadConnection(edges=built.edges, nodes=built.nodes, page_info=built.info)

"""Tags, merged over accounts."""

from typing import Annotated

import strawberry

from linkweave import models
from linkweave.gather.account_loaders import AccountLoaders
from linkweave.gather.listing.link_query import AccountQuery, LinkQuery
from linkweave.gather.listing.tags_and_domains import find_tag, list_tags
from linkweave.schema.context import Info
from linkweave.schema.global_ids import encode_id
from linkweave.schema.inputs.filters import account_keys
from linkweave.schema.lazy_types import LazyAccount, LazyLinkConnection
from linkweave.schema.types.node import Node
from linkweave.schema.types.pagination import After, First, PageInfo, Source, build_page


@strawberry.type(
    description=("A tag. Tags of several accounts are the same tag if their names differ only in upper and lower case.")
)
class Tag(Node):
    known_accounts: strawberry.Private[tuple[AccountLoaders, ...]]
    name: str = strawberry.field(description="The name of the tag, as the first account with this tag writes it.")

    @classmethod
    def of(cls, name: str, known_accounts: tuple[AccountLoaders, ...]) -> "Tag":
        return cls(id=encode_id("Tag", name.casefold()), known_accounts=known_accounts, name=name)

    @classmethod
    def of_account(cls, name: str, loaders: AccountLoaders) -> "Tag":
        known: Tag | None = loaders.made.get(("Tag", name))
        if known is None:
            known = loaders.made["Tag", name] = cls.of(name, (loaders,))
        return known

    @strawberry.field(
        description=(
            "The accounts that have this tag. If you read the tag from a link, the link's account is one of them."
        ),
    )
    async def accounts(self, info: Info) -> list[LazyAccount]:
        session = info.context.session
        listed = await find_tag(tuple(session.accounts.values()), self.name)
        accounts = {*(listed.accounts if listed else ()), *self.known_accounts}
        return [info.context.nodes.account(loaders) for loaders in session.accounts.values() if loaders in accounts]

    @strawberry.field(description="The links with this tag.")
    async def links(
        self,
        info: Info,
        first: First = 20,
        after: After = None,
        accounts: Annotated[
            list[strawberry.ID] | None,
            strawberry.argument(description="Only links of these accounts. Each is an account key or an account ID."),
        ] = None,
    ) -> LazyLinkConnection:
        session = info.context.session
        selected = session.choose("accounts", account_keys(session, "accounts", accounts))
        link_filter = models.LinkFilter(tags_any=(self.name,))
        query = LinkQuery(tuple(AccountQuery(loaders, link_filter) for loaders in selected))
        return await info.context.nodes.link_page(info, query, first, after)


@strawberry.type(description="A tag in a list, with its cursor.")
class TagEdge:
    cursor: str = strawberry.field(description="The cursor of this tag. Pass it as `after` to continue behind it.")
    node: Tag = strawberry.field(description="The tag.")


@strawberry.type(description="A page of tags.")
class TagConnection:
    edges: list[TagEdge] = strawberry.field(description="The tags, each with its cursor.")
    nodes: list[Tag] = strawberry.field(description="The tags.")
    page_info: PageInfo = strawberry.field(description="Information about this page.")
    sources: list[Source] = strawberry.field(description="What each account contributed to this page.")


async def read_tags(
    info: Info, accounts: tuple[AccountLoaders, ...], search: str | None, first: int, after: str | None
) -> TagConnection:
    """Reads one page of the tags of `accounts`."""
    cursors = info.context.session.cursors
    cursor_key = f"tags {[loaders.key for loaders in accounts]} {search!r}"
    start = None if after is None else cursors.open(cursor_key, after)
    page = await list_tags(accounts, search, first, start)  # type: ignore[arg-type] # the position that was sealed
    items = (
        (cursors.seal(cursor_key, position), Tag.of(tag.name, tag.accounts))
        for tag, position in zip(page.items, page.positions, strict=True)
    )
    built = build_page(TagEdge, items, has_next=page.has_next, after=after)
    return TagConnection(
        edges=built.edges,
        nodes=built.nodes,
        page_info=built.info,
        sources=[Source.of(source, info) for source in page.sources],
    )

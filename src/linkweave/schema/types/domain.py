"""Short domains."""

import strawberry

from linkweave import models
from linkweave.gather.account_loaders import AccountLoaders
from linkweave.gather.listing.link_pages import AccountQuery, LinkQuery
from linkweave.gather.listing.tags_and_domains import list_domains
from linkweave.models import DomainKind
from linkweave.schema.context import Info
from linkweave.schema.global_ids import encode_id
from linkweave.schema.lazy_types import LazyLinkConnection
from linkweave.schema.scalars import URL, as_url
from linkweave.schema.types.nullable import none_if_unsupported
from linkweave.schema.types.owned import Owned
from linkweave.schema.types.pagination import After, First, PageInfo, Source, build_page
from linkweave.schema.types.teams import Team


@strawberry.type(
    description="A short domain that an account may use. Its name is known; the rest is asked when it is read.",
)
class Domain(Owned):
    name: str = strawberry.field(description="The host name, in lower case.")

    @classmethod
    def of(cls, loaders: AccountLoaders, name: str) -> "Domain":
        return cls(id=encode_id("Domain", loaders.key, name), loaders=loaders, name=name)

    @strawberry.field(description="Whose the domain is.")
    async def kind(self) -> DomainKind | None:
        known = await self._known()
        return None if known is None else known.kind

    @strawberry.field(description="Whether links get this domain where none is named.")
    async def is_default(self) -> bool | None:
        known = await self._known()
        return None if known is None else known.is_default

    @strawberry.field(description="Whether short URLs on it use https.")
    async def https(self) -> bool | None:
        known = await self._known()
        return None if known is None else known.https

    @strawberry.field(description="Whether it can be used now.")
    async def active(self) -> bool | None:
        known = await self._known()
        return None if known is None else known.active

    @strawberry.field(description="The team that subscribed to it.")
    async def team(self) -> Team | None:
        known = await self._known()
        return None if known is None or known.team_id is None else Team.of(self.loaders, known.team_id)

    @strawberry.field(description="The HTTP status with which it redirects.")
    async def redirect_status(self) -> int | None:
        known = await self._known()
        return None if known is None else known.redirect_status

    @strawberry.field(description="Where the bare domain leads.")
    async def root_redirect(self) -> URL | None:
        known = await self._known()
        return None if known is None else as_url(known.root_redirect)

    @strawberry.field(description="Where unknown short URLs on it lead.")
    async def not_found_redirect(self) -> URL | None:
        known = await self._known()
        return None if known is None else as_url(known.not_found_redirect)

    @strawberry.field(description="The account's links on this domain.")
    async def links(self, info: Info, first: First = 20, after: After = None) -> LazyLinkConnection:
        query = LinkQuery((AccountQuery(self.loaders, models.LinkFilter(domains=(self.name,))),))
        return await info.context.nodes.link_page(info, query, first, after)

    async def _known(self) -> models.Domain | None:
        domains = await none_if_unsupported(self.loaders.domains())
        return next((domain for domain in domains or () if domain.name == self.name), None)


@strawberry.type(description="A domain in its place in a list.")
class DomainEdge:
    cursor: str = strawberry.field(description="Reads on after this domain.")
    node: Domain = strawberry.field(description="The domain.")


@strawberry.type(description="A page of domains.")
class DomainConnection:
    edges: list[DomainEdge] = strawberry.field(description="The domains with their cursors.")
    nodes: list[Domain] = strawberry.field(description="The domains.")
    page_info: PageInfo = strawberry.field(description="Where this page stands.")
    sources: list[Source] = strawberry.field(description="What each account contributed.")


async def read_domains(
    info: Info, accounts: tuple[AccountLoaders, ...], first: int, after: str | None
) -> DomainConnection:
    """One page of the domains of `accounts`."""
    cursors = info.context.session.cursors
    words = "domains " + " ".join(loaders.key for loaders in accounts)
    start = None if after is None else cursors.open(words, after)
    page = await list_domains(accounts, first, start)  # type: ignore[arg-type] # what we sealed
    items = (
        (cursors.seal(words, place), Domain.of(owned.loaders, owned.domain.name))
        for owned, place in zip(page.items, page.places, strict=True)
    )
    built = build_page(DomainEdge, items, has_next=page.has_next, after=after)
    return DomainConnection(
        edges=built.edges,
        nodes=built.nodes,
        page_info=built.info,
        sources=[Source.of(source, info) for source in page.sources],
    )

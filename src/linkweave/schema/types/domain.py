"""Short domains."""

import strawberry

from linkweave import models
from linkweave.gather.account_loaders import AccountLoaders
from linkweave.gather.listing.link_query import AccountQuery, LinkQuery
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
    description="A short domain that an account can use.",
)
class Domain(Owned):
    name: str = strawberry.field(description="The host name in lower case.")

    @classmethod
    def of(cls, loaders: AccountLoaders, name: str) -> "Domain":
        known: Domain | None = loaders.made.get(("Domain", name))
        if known is None:
            known = cls(id=encode_id("Domain", loaders.key, name), loaders=loaders, name=name)
            loaders.made["Domain", name] = known
        return known

    @strawberry.field(description="The kind of the domain: the account's own, a subdomain, shared or rented.")
    async def kind(self) -> DomainKind | None:
        domain = await self._domain()
        return None if domain is None else domain.kind

    @strawberry.field(description="Whether the account uses this domain for new links by default.")
    async def is_default(self) -> bool | None:
        domain = await self._domain()
        return None if domain is None else domain.is_default

    @strawberry.field(description="Whether short URLs on this domain use https.")
    async def https(self) -> bool | None:
        domain = await self._domain()
        return None if domain is None else domain.https

    @strawberry.field(description="Whether the domain can be used for links now.")
    async def active(self) -> bool | None:
        domain = await self._domain()
        return None if domain is None else domain.active

    @strawberry.field(description="The team that subscribed to the domain.")
    async def team(self) -> Team | None:
        domain = await self._domain()
        return None if domain is None or domain.team_id is None else Team.of(self.loaders, domain.team_id)

    @strawberry.field(description="The HTTP status code of redirects on this domain.")
    async def redirect_status(self) -> int | None:
        domain = await self._domain()
        return None if domain is None else domain.redirect_status

    @strawberry.field(description="Where the domain redirects if the URL has no slug.")
    async def root_redirect(self) -> URL | None:
        domain = await self._domain()
        return None if domain is None else as_url(domain.root_redirect)

    @strawberry.field(description="Where the domain redirects if it does not know the slug.")
    async def not_found_redirect(self) -> URL | None:
        domain = await self._domain()
        return None if domain is None else as_url(domain.not_found_redirect)

    @strawberry.field(
        description="The provider's word for the characters of new slugs on this domain, for example `restricted`."
    )
    async def slug_characters(self) -> str | None:
        domain = await self._domain()
        return None if domain is None else domain.slug_characters

    @strawberry.field(
        description="The provider's word for how it chooses new slugs: `incremental` or `random` at tiny.cc."
    )
    async def slug_generation(self) -> str | None:
        domain = await self._domain()
        return None if domain is None else domain.slug_generation

    @strawberry.field(description="The links of the account on this domain.")
    async def links(self, info: Info, first: First = 20, after: After = None) -> LazyLinkConnection:
        query = LinkQuery((AccountQuery(self.loaders, models.LinkFilter(domains=(self.name,))),))
        return await info.context.nodes.link_page(info, query, first, after)

    async def _domain(self) -> models.Domain | None:
        domains = await none_if_unsupported(self.loaders.domains())
        return next((domain for domain in domains or () if domain.name == self.name), None)


@strawberry.type(description="A domain in a list, with its cursor.")
class DomainEdge:
    cursor: str = strawberry.field(description="The cursor of this domain. Pass it as `after` to continue behind it.")
    node: Domain = strawberry.field(description="The domain.")


@strawberry.type(description="A page of domains.")
class DomainConnection:
    edges: list[DomainEdge] = strawberry.field(description="The domains, each with its cursor.")
    nodes: list[Domain] = strawberry.field(description="The domains.")
    page_info: PageInfo = strawberry.field(description="Information about this page.")
    sources: list[Source] = strawberry.field(description="What each account contributed to this page.")


async def read_domains(
    info: Info, accounts: tuple[AccountLoaders, ...], first: int, after: str | None
) -> DomainConnection:
    """Reads one page of the domains of `accounts`."""
    cursors = info.context.session.cursors
    cursor_key = "domains " + " ".join(loaders.key for loaders in accounts)
    start = None if after is None else cursors.open(cursor_key, after)
    page = await list_domains(accounts, first, start)  # type: ignore[arg-type] # the position that was sealed
    items = (
        (cursors.seal(cursor_key, position), Domain.of(owned.loaders, owned.domain.name))
        for owned, position in zip(page.items, page.positions, strict=True)
    )
    built = build_page(DomainEdge, items, has_next=page.has_next, after=after)
    return DomainConnection(
        edges=built.edges,
        nodes=built.nodes,
        page_info=built.info,
        sources=[Source.of(source, info) for source in page.sources],
    )

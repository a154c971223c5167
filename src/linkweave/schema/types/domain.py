"""Short domains."""

from collections.abc import Awaitable, Callable, Iterable
from typing import TypeVar

import strawberry

from linkweave import models
from linkweave.concurrency.late_value import NOT_KNOWN, LateValue
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

T = TypeVar("T")


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

    @strawberry.field(
        graphql_type=DomainKind | None,
        description="The kind of the domain: the account's own, a subdomain, shared or rented.",
    )
    def kind(self) -> Awaitable[DomainKind | None]:
        return self._told(lambda domain: domain.kind)

    @strawberry.field(
        graphql_type=bool | None,
        description="Whether the account uses this domain for new links by default.",
    )
    def is_default(self) -> Awaitable[bool | None]:
        return self._told(lambda domain: domain.is_default)

    @strawberry.field(
        graphql_type=bool | None,
        description="Whether short URLs on this domain use https.",
    )
    def https(self) -> Awaitable[bool | None]:
        return self._told(lambda domain: domain.https)

    @strawberry.field(
        graphql_type=bool | None,
        description="Whether the domain can be used for links now.",
    )
    def active(self) -> Awaitable[bool | None]:
        return self._told(lambda domain: domain.active)

    @strawberry.field(
        graphql_type=Team | None,
        description="The team that subscribed to the domain.",
    )
    def team(self) -> Awaitable[Team | None]:
        return self._told(lambda domain: None if domain.team_id is None else Team.of(self.loaders, domain.team_id))

    @strawberry.field(
        graphql_type=int | None,
        description="The HTTP status code of redirects on this domain.",
    )
    def redirect_status(self) -> Awaitable[int | None]:
        return self._told(lambda domain: domain.redirect_status)

    @strawberry.field(
        graphql_type=URL | None,
        description="Where the domain redirects if the URL has no slug.",
    )
    def root_redirect(self) -> Awaitable[URL | None]:
        return self._told(lambda domain: as_url(domain.root_redirect))

    @strawberry.field(
        graphql_type=URL | None,
        description="Where the domain redirects if it does not know the slug.",
    )
    def not_found_redirect(self) -> Awaitable[URL | None]:
        return self._told(lambda domain: as_url(domain.not_found_redirect))

    @strawberry.field(
        graphql_type=str | None,
        description="The provider's word for the characters of new slugs on this domain, for example `restricted`.",
    )
    def slug_characters(self) -> Awaitable[str | None]:
        return self._told(lambda domain: domain.slug_characters)

    @strawberry.field(
        graphql_type=str | None,
        description="The provider's word for how it chooses new slugs: `incremental` or `random` at tiny.cc.",
    )
    def slug_generation(self) -> Awaitable[str | None]:
        return self._told(lambda domain: domain.slug_generation)

    @strawberry.field(description="The links of the account on this domain.")
    async def links(self, info: Info, first: First = 20, after: After = None) -> LazyLinkConnection:
        query = LinkQuery((AccountQuery(self.loaders, models.LinkFilter(domains=(self.name,))),))
        return await info.context.nodes.link_page(info, query, first, after)

    def _told(self, read: Callable[[models.Domain], T | None]) -> LateValue[T | None]:
        """Returns what `read` returns of what the provider tells about the domain."""

        def find(domains: Iterable[models.Domain] | None) -> T | None:
            domain = next((domain for domain in domains or () if domain.name == self.name), None)
            return None if domain is None else read(domain)

        def now() -> object:
            known = self.loaders.known_domains()
            return NOT_KNOWN if known is None else find(known)

        async def later() -> T | None:
            return find(await none_if_unsupported(self.loaders.domains()))

        return LateValue(now, later)


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

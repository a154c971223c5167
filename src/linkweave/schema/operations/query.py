"""The type Query."""

import asyncio
from dataclasses import replace
from typing import Annotated, Final, cast

import strawberry

from linkweave.catalog.reads.questions.links import NEWEST_FIRST
from linkweave.context.cache_control import forbid_storing
from linkweave.errors import InvalidInputError
from linkweave.gather.known.account_sums import known_sums
from linkweave.gather.known.link_lists import KnownLinks
from linkweave.gather.listing.link_query import AccountQuery, LinkQuery
from linkweave.gather.lookup.find_links import find_by_short_url, find_targets
from linkweave.gather.session import catalog_of
from linkweave.gather.sources import ReadFrom
from linkweave.gather.statistics.counted_links import CountedLink
from linkweave.gather.statistics.statistics import Statistics
from linkweave.schema.context import Info, selected_fields
from linkweave.schema.global_ids import decode_id
from linkweave.schema.inputs.filters import (
    DateRangeInput,
    LinkFilterInput,
    LinksFilter,
    StatsRange,
    account_keys,
    check_providers,
    filters_by_account,
)
from linkweave.schema.inputs.orders import LinkOrderInput, OrderBy, Read
from linkweave.schema.inputs.parsing import find_owner
from linkweave.schema.operations.copying import JobQueries
from linkweave.schema.operations.known_queries import KnownQueries
from linkweave.schema.operations.node_lookup import find_link, find_node, find_node_or_error
from linkweave.schema.operations.subscribers import SubscriberQueries
from linkweave.schema.scalars import URL
from linkweave.schema.types.account import Account
from linkweave.schema.types.catalog import Catalog, CatalogAccount
from linkweave.schema.types.domain import DomainConnection, read_domains
from linkweave.schema.types.link import Link
from linkweave.schema.types.link_connection import LinkConnection, read_known_links, read_links
from linkweave.schema.types.node import Node
from linkweave.schema.types.pagination import After, First, page_size
from linkweave.schema.types.provider import Provider
from linkweave.schema.types.statistics import MergedStats
from linkweave.schema.types.tag import TagConnection, read_tags
from linkweave.schema.types.viewer import Gateway, Viewer

MAX_COUNTED: Final = 1_000
MAX_NODES: Final = 1_000
_DEFAULT_PAGE: Final = 20
_DEFAULT_LABELS: Final = 50

AccountIds = Annotated[
    list[strawberry.ID] | None,
    strawberry.argument(
        description="Only these accounts. Each is an account key or an account ID. The default is all accounts."
    ),
]


@strawberry.type(
    description=(
        "All operations that read data. The gateway calls the accounts in parallel, and only for the "
        "fields that you select."
    )
)
class Query(KnownQueries, JobQueries, SubscriberQueries):
    @strawberry.field(description="The caller, and what it may do. Makes no calls.")
    def viewer(self, info: Info) -> Viewer:
        # Callers with equal rights get the same stored answers, and this one names its caller.
        forbid_storing()
        return Viewer.of(info.context.session)

    @strawberry.field(description="The gateway itself, and what is turned on. Makes no calls.")
    def gateway(self, info: Info) -> Gateway:
        return Gateway.of(info.context.session)

    @strawberry.field(description="The object with this ID. Null if there is none, or if the caller must not see it.")
    async def node(
        self,
        info: Info,
        id: Annotated[strawberry.ID, strawberry.argument(description="An ID that this API returned.")],  # noqa: A002 - the contract's name
    ) -> Node | None:
        return await find_node(info, id, "id")

    @strawberry.field(
        description="The objects with these IDs, in the order of the IDs. "
        "Null stands for an object that does not exist. A malformed ID is an error at its own place."
    )
    async def nodes(
        self,
        info: Info,
        ids: Annotated[
            list[strawberry.ID], strawberry.argument(description="Different IDs that this API returned, at most 1000.")
        ],
    ) -> list[Node | None]:
        if len(ids) > MAX_NODES:
            raise InvalidInputError("ids", f"{len(ids)} ids are too many; at most {MAX_NODES} are allowed")
        first_index: dict[str, int] = {}
        for index, node_id in enumerate(ids):
            if (first := first_index.setdefault(node_id, index)) != index:
                raise InvalidInputError(f"ids[{index}]", f"is the same as ids[{first}]; send each ID once")
        nodes = await asyncio.gather(*(find_node_or_error(info, each, f"ids[{i}]") for i, each in enumerate(ids)))
        # graphql-core answers an exception in a list with null and an error at its index.
        return cast("list[Node | None]", list(nodes))

    @strawberry.field(description="All providers that this gateway supports, with or without configured accounts.")
    def providers(self, info: Info) -> list[Provider]:
        return [Provider.of(record) for record in info.context.session.providers.values()]

    @strawberry.field(description="The configured accounts, in the order of the configuration.")
    def accounts(
        self,
        info: Info,
        providers: Annotated[
            list[strawberry.ID] | None,
            strawberry.argument(description='Only accounts at these providers, for example "picsee".'),
        ] = None,
    ) -> list[Account]:
        session = info.context.session
        selected = check_providers(session, "providers", providers)
        return [
            Account.of(loaders)
            for loaders in session.accounts.values()
            if selected is None or loaders.account.provider.id in selected
        ]

    @strawberry.field(
        description=(
            "The gateway's catalog of links, and how far it is in step with the accounts. Makes no calls. Null with "
            "the error UNSUPPORTED if the gateway has no catalog."
        )
    )
    async def catalog(self, info: Info) -> Catalog | None:
        session = info.context.session
        database = catalog_of(session, "catalog").database
        # A gateway without a catalog does not load its database.
        from linkweave.catalog.sync.read_progress import read_progress  # noqa: PLC0415

        forbid_storing()
        accounts = [loaders.account for loaders in session.accounts.values()]
        found = await read_progress(database, accounts, session.clock.now())
        return Catalog(accounts=[CatalogAccount.of(session.accounts[each.account], each) for each in found])

    @strawberry.field(description="The account with this key. Null if there is none.")
    def account(
        self,
        info: Info,
        key: Annotated[str, strawberry.argument(description="The key of the account in the configuration.")],
    ) -> Account | None:
        loaders = info.context.session.accounts.get(key)
        return None if loaders is None else Account.of(loaders)

    @strawberry.field(
        description="One link, by its ID or by its short URL. Null if there is none. Give exactly one argument.",
    )
    async def link(
        self,
        info: Info,
        id: Annotated[strawberry.ID | None, strawberry.argument(description="The ID of the link.")] = None,  # noqa: A002 - the contract's name
        short_url: Annotated[
            URL | None,
            strawberry.argument(description="The short URL of the link. It may begin with http or https."),
        ] = None,
    ) -> Link | None:
        if (id is None) == (short_url is None):
            raise InvalidInputError("link", "takes exactly one of the arguments id and shortUrl")
        if id is not None:
            return await find_link(info, decode_id(id, "id", "Link"))
        accounts = tuple(info.context.session.accounts.values())
        found = await find_by_short_url(accounts, str(short_url), selected_fields(info))
        return None if found is None else Link.of(*found)

    @strawberry.field(
        description="The links of all accounts that match the filter, newest first or in the order `orderBy`."
    )
    async def links(
        self,
        info: Info,
        first: First = _DEFAULT_PAGE,
        after: After = None,
        filter: LinksFilter = None,  # noqa: A002 - the contract's name
        order_by: OrderBy = None,
        read: Read = ReadFrom.AUTO,
    ) -> LinkConnection:
        size, query = page_size(first, _DEFAULT_PAGE), _link_query(info, filter)
        if order_by is None and read is not ReadFrom.CATALOG:
            return await read_links(info, replace(query, live_only=read is ReadFrom.LIVE), size, after)
        if read is ReadFrom.LIVE:
            raise InvalidInputError("read", "must not be LIVE with orderBy, because only the catalog has other orders")
        return await _ordered_links(info, query, order_by, size, after)

    @strawberry.field(description="Tags in alphabetical order. A tag that several accounts have is listed once.")
    async def tags(
        self,
        info: Info,
        first: First = _DEFAULT_LABELS,
        after: After = None,
        accounts: AccountIds = None,
        search: Annotated[
            str | None,
            strawberry.argument(
                description="Only tags whose name contains this text. Upper and lower case make no difference."
            ),
        ] = None,
    ) -> TagConnection:
        session = info.context.session
        selected = session.choose("accounts", account_keys(session, "accounts", accounts))
        return await read_tags(info, selected, search, page_size(first, _DEFAULT_LABELS), after)

    @strawberry.field(description="Short domains, sorted by account and then by name.")
    async def domains(
        self,
        info: Info,
        first: First = _DEFAULT_LABELS,
        after: After = None,
        accounts: AccountIds = None,
    ) -> DomainConnection:
        session = info.context.session
        selected = session.choose("accounts", account_keys(session, "accounts", accounts))
        return await read_domains(info, selected, page_size(first, _DEFAULT_LABELS), after)

    @strawberry.field(
        description=(
            "Total clicks of at most 1000 links. Give the links or a filter. The default is all links. Of an account "
            "with more links, totals and days are those of the catalog, where it knows the clicks of all of them."
        ),
    )
    async def stats(
        self,
        info: Info,
        links: Annotated[
            list[strawberry.ID] | None,
            strawberry.argument(
                description="The IDs of the links to count, at most 1000. You cannot combine it with `filter`."
            ),
        ] = None,
        filter: Annotated[  # noqa: A002 - the contract's name
            LinkFilterInput | None,
            strawberry.argument(description="Selects the links to count. You cannot combine it with `links`."),
        ] = None,
        range: StatsRange = None,  # noqa: A002 - the contract's name
        allow_incomplete: Annotated[
            bool,
            strawberry.argument(
                description=(
                    "Whether a sum may lack a part because an account failed, was too slow or was cut short. Without "
                    "it, such a sum is null, and an error names the account."
                )
            ),
        ] = False,
    ) -> MergedStats:
        within = DateRangeInput.parse(range).check(info.context.session.clock.now().date())
        if links is not None and filter is not None:
            raise InvalidInputError("stats", "takes one of the arguments links and filter, not both")
        if links is not None:
            counted = _counted_links(info, links)
            return MergedStats(statistics=Statistics.of_links(counted, within, allow_incomplete=allow_incomplete))
        query = _link_query(info, filter)
        counted, incomplete = await find_targets(query, MAX_COUNTED)
        cut, catalog = {key for key, each in incomplete.items() if each.is_cut}, info.context.session.catalog
        now = info.context.session.clock.now()
        sums = await known_sums(catalog.reads, query, cut, within, now) if cut and catalog is not None else {}
        return MergedStats(
            statistics=Statistics.of_links(
                counted,
                within,
                incomplete,
                allow_incomplete=allow_incomplete,
                whole_accounts=query.whole_accounts - incomplete.keys(),
                sums=sums,
            )
        )


async def _ordered_links(
    info: Info, query: LinkQuery, order_by: LinkOrderInput | None, first: int, after: str | None
) -> LinkConnection:
    session = info.context.session
    known = KnownLinks(catalog_of(session, "read: CATALOG" if order_by is None else "orderBy").reads, query)
    known.check()
    order = NEWEST_FIRST if order_by is None else order_by.parse(session, query)
    return await read_known_links(info, known, order, f"known {order_by} {query.cursor_key}", first, after)


def _link_query(info: Info, filter_input: LinkFilterInput | None) -> LinkQuery:
    filters = filters_by_account(info.context.session, filter_input)
    return LinkQuery(tuple(AccountQuery(loaders, link_filter) for loaders, link_filter in filters))


def _counted_links(info: Info, ids: list[strawberry.ID]) -> list[CountedLink]:
    if len(ids) > MAX_COUNTED:
        raise InvalidInputError("links", f"{len(ids)} links are too many; at most {MAX_COUNTED} are allowed")
    links: dict[tuple[str, str], CountedLink] = {}
    for index, link_id in enumerate(ids):
        loaders, (handle,) = find_owner(info.context.session, f"links[{index}]", link_id, "Link")
        links[loaders.key, handle] = CountedLink(loaders, handle)
    return list(links.values())

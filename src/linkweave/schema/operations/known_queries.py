"""The fields of Query that only the catalog can answer."""

from typing import Annotated, Final

import strawberry

from linkweave.catalog.reads.questions.groups import StatsGroup
from linkweave.gather.known.counted_days import counted_days
from linkweave.gather.known.destinations import KnownDestinations
from linkweave.gather.known.groups import KnownGroups
from linkweave.gather.known.link_lists import KnownLinks
from linkweave.gather.listing.link_query import AccountQuery, LinkQuery
from linkweave.gather.session import catalog_of
from linkweave.schema.context import Info
from linkweave.schema.inputs.filters import DateRangeInput, LinkFilterInput, StatsRange, filters_by_account
from linkweave.schema.inputs.known_filters import DestinationFilterInput, UploadFilterInput
from linkweave.schema.inputs.orders import DestinationOrderInput, StatsGroupOrderInput
from linkweave.schema.types.destination import DestinationConnection, read_destinations
from linkweave.schema.types.pagination import After, First, page_size
from linkweave.schema.types.stats_group import StatsGroupConnection, read_stats_groups
from linkweave.schema.types.upload_connection import UploadConnection, read_uploads

_DEFAULT_PAGE: Final = 20


@strawberry.type
class KnownQueries:
    """The questions to the catalog."""

    @strawberry.field(
        description="The destinations of links, from the catalog. The default order is the most links first."
    )
    async def destinations(
        self,
        info: Info,
        first: First = _DEFAULT_PAGE,
        after: After = None,
        filter: Annotated[  # noqa: A002 - the contract's name
            DestinationFilterInput | None,
            strawberry.argument(description="Selects the destinations. The default is all destinations."),
        ] = None,
        order_by: Annotated[DestinationOrderInput | None, strawberry.argument(description="The order.")] = None,
    ) -> DestinationConnection:
        size, conditions = page_size(first, _DEFAULT_PAGE), filter or DestinationFilterInput()
        links = _known_links(info, "destinations", conditions.links, "filter.links")
        among = KnownDestinations.of(links, conditions.parse())
        return await read_destinations(info, among, DestinationOrderInput.parse(order_by), size, after)

    @strawberry.field(
        description=(
            "Clicks by group over some days, from the catalog, without a limit to the number of links. The default "
            "order is the most clicks first."
        )
    )
    async def stats_by(
        self,
        info: Info,
        group: Annotated[StatsGroup, strawberry.argument(description="What the clicks are grouped by.")],
        filter: Annotated[  # noqa: A002 - the contract's name
            LinkFilterInput | None,
            strawberry.argument(description="Selects the links to count. The default is all links."),
        ] = None,
        range: StatsRange = None,  # noqa: A002 - the contract's name
        first: First = _DEFAULT_PAGE,
        after: After = None,
        order_by: Annotated[StatsGroupOrderInput | None, strawberry.argument(description="The order.")] = None,
    ) -> StatsGroupConnection:
        size, now = page_size(first, _DEFAULT_PAGE), info.context.session.clock.now()
        links = _known_links(info, "statsBy", filter, "filter")
        within = DateRangeInput.parse(range).check(now.date())
        days = counted_days([each.loaders.account for each in links.query.accounts], within, now)
        groups, order = KnownGroups(links, group, days, now), StatsGroupOrderInput.parse(order_by)
        cursor_key = f"groups {group} {within} {order} {links.query.cursor_key}"
        return await read_stats_groups(info, groups, order, cursor_key, size, after)

    @strawberry.field(description="The files that were uploaded through this gateway, newest first, from the catalog.")
    async def uploads(
        self,
        info: Info,
        first: First = _DEFAULT_PAGE,
        after: After = None,
        filter: Annotated[  # noqa: A002 - the contract's name
            UploadFilterInput | None,
            strawberry.argument(description="Selects the uploads. The default is all uploads."),
        ] = None,
    ) -> UploadConnection:
        question = (filter or UploadFilterInput()).parse(info.context.session)
        return await read_uploads(info, question, page_size(first, _DEFAULT_PAGE), after)


def _known_links(info: Info, field: str, conditions: LinkFilterInput | None, prefix: str) -> KnownLinks:
    session = info.context.session
    reads = catalog_of(session, field).reads
    filters = filters_by_account(session, conditions, prefix=prefix)
    links = KnownLinks(reads, LinkQuery(tuple(AccountQuery(*each) for each in filters)))
    links.check(prefix)
    return links

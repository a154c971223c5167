"""Clicks by group, from the catalog."""

from collections.abc import Sequence
from typing import Annotated, Any, cast

import strawberry

from linkweave.catalog.reads.group_names import OWNER_SEPARATOR
from linkweave.catalog.reads.questions.groups import GroupOrder, StatsGroup
from linkweave.catalog.reads.questions.orders import OrderValue
from linkweave.gather.known.group_names import name_of_owned
from linkweave.gather.known.groups import CountedGroup, KnownGroups, KnownNumbers
from linkweave.gather.known.points import Interval
from linkweave.schema.context import Info
from linkweave.schema.global_ids import encode_id
from linkweave.schema.scalars import Long
from linkweave.schema.types.pagination import PageInfo, build_page
from linkweave.schema.types.statistics import AccountStats, ClickPoint, StatsSource

_OWNED = {StatsGroup.TEAM: "Team", StatsGroup.CAMPAIGN: "Campaign"}


@strawberry.type(
    name="StatsGroupNode",
    description=(
        "The clicks of the links of one group, over the days of the range. A sum is of the links whose clicks are "
        "known on all days; `complete` says whether these are all. It is null if the clicks of no link are known."
    ),
)
class StatsGroupNode:
    group: strawberry.Private[CountedGroup]
    kind: strawberry.Private[StatsGroup]

    @strawberry.field(
        description=(
            "The value that the links share: a tag or a campaign parameter, an account key, a provider ID, a domain, a "
            "URL, a host, a month, or the ID of a team or a campaign."
        )
    )
    def key(self) -> str:
        owned = _OWNED.get(self.kind)
        return self.group.known.key if owned is None else encode_id(owned, *self.group.known.key.split(OWNER_SEPARATOR))

    @strawberry.field(
        description=(
            "The display name of the group. The provider is asked for that of a team or a campaign; where it does not "
            "answer, this is the provider's own ID."
        )
    )
    async def label(self, info: Info) -> str:
        session, label = info.context.session, self.group.known.label
        if self.kind in _OWNED:
            return await name_of_owned(self.kind, self.group.known, session.accounts)
        if self.kind is StatsGroup.ACCOUNT:
            return session.accounts[label].account.settings.label or label
        return session.providers[label].name if self.kind is StatsGroup.PROVIDER else label

    @strawberry.field(description="The number of links in the group.")
    def links(self) -> int:
        return self.group.known.numbers.links

    @strawberry.field(graphql_type=Long | None, description="The number of clicks.")
    def clicks(self) -> int | None:
        return self.group.known.numbers.clicks

    @strawberry.field(
        graphql_type=Long | None, description="The number of unique clicks, added up over links and days."
    )
    def unique_clicks(self) -> int | None:
        return self.group.known.numbers.unique_clicks

    @strawberry.field(
        description=(
            "Whether the numbers are of all matching links on all days. False also if an account may have links that "
            "the catalog does not know."
        )
    )
    def complete(self) -> bool:
        return self.group.complete

    @strawberry.field(
        description=(
            "Clicks per day, week or month, oldest first. Null if no clicks are known. A number is null if the gateway "
            "measured it together with other days."
        )
    )
    async def series(
        self,
        interval: Annotated[Interval, strawberry.argument(description="The length of time of a point.")] = Interval.DAY,
    ) -> list[ClickPoint] | None:
        points = await self.group.series(interval)
        if points is None:
            return None
        return [ClickPoint(day=each.day, clicks=each.clicks, unique_clicks=each.unique_clicks) for each in points]

    @strawberry.field(description="The numbers of each account by itself.")
    def by_account(self, info: Info) -> list[AccountStats]:
        nodes, accounts = info.context.nodes, info.context.session.accounts
        return [
            AccountStats(
                statistics=KnownNumbers(self.group, key, numbers),
                account=nodes.account(accounts[key]),
                links=numbers.links,
            )
            for key, numbers in self.group.known.by_account
        ]


@strawberry.type(description="A group in a list, with its cursor.")
class StatsGroupEdge:
    cursor: str = strawberry.field(description="The cursor of this group. Pass it as `after` to continue behind it.")
    node: StatsGroupNode = strawberry.field(description="The group.")


@strawberry.type(description="A page of groups.")
class StatsGroupConnection:
    edges: list[StatsGroupEdge] = strawberry.field(description="The groups, each with its cursor.")
    nodes: list[StatsGroupNode] = strawberry.field(description="The groups.")
    page_info: PageInfo = strawberry.field(description="Information about this page.")
    sources: list[StatsSource] = strawberry.field(description="How to read the numbers of each account on this page.")


async def read_stats_groups(
    info: Info, groups: KnownGroups, order: GroupOrder, cursor_key: str, first: int, after: str | None
) -> StatsGroupConnection:
    """Reads one page of groups."""
    cursors = info.context.session.cursors
    page = await groups.page(order, first, open_position(info, cursor_key, after))
    items = (
        (cursors.seal(cursor_key, each.known.position), StatsGroupNode(group=each, kind=groups.group))
        for each in page.groups
    )
    built = build_page(StatsGroupEdge, items, has_next=page.has_next, after=after)
    return StatsGroupConnection(
        edges=built.edges,
        nodes=built.nodes,
        page_info=built.info,
        sources=[StatsSource.of(source, info) for source in page.sources],
    )


def open_position(info: Info, cursor_key: str, after: str | None) -> tuple[OrderValue, str] | None:
    """Returns the value and the key in a cursor; None for the start.

    Raises:
        InvalidInputError: It is not a cursor of this list.
    """
    if after is None:
        return None
    # The codec checks the signature, so that the content is a position that was sealed.
    value, key = cast("Sequence[Any]", info.context.session.cursors.open(cursor_key, after))
    return value, key

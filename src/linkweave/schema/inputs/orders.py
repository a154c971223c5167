"""The order arguments of lists from the catalog."""

from typing import Annotated

import strawberry

from linkweave.catalog.reads.questions.destinations import DestinationOrder, DestinationOrderField
from linkweave.catalog.reads.questions.groups import GroupOrder, StatsGroupOrderField
from linkweave.catalog.reads.questions.links import LinkOrder, LinkOrderField
from linkweave.catalog.reads.questions.orders import OrderDirection
from linkweave.errors import InvalidInputError
from linkweave.gather.known.counted_days import counted_days
from linkweave.gather.listing.link_query import LinkQuery
from linkweave.gather.session import Session
from linkweave.gather.sources import ReadFrom
from linkweave.schema.inputs.filters import DateRangeInput

Read = Annotated[
    ReadFrom,
    strawberry.argument(description="Where the links are read: from the providers, or from the catalog."),
]


@strawberry.input(
    name="LinkOrder",
    description=(
        "An order of links. Links without the value come last. Text is compared by its first 250 characters. Upper and "
        "lower case make no difference in titles and slugs."
    ),
)
class LinkOrderInput:
    field: LinkOrderField = strawberry.field(description="What the links are ordered by.")
    direction: OrderDirection = strawberry.field(
        default=OrderDirection.DESC, description="The direction. The default is the largest or newest first."
    )
    range: DateRangeInput | None = strawberry.field(
        default=None,
        description="The days of `CLICKS_IN_RANGE`. The default is the last 30 days. Other orders have none.",
    )

    def parse(self, session: Session, query: LinkQuery) -> LinkOrder:
        """Returns the order of the links of `query`.

        Raises:
            InvalidInputError: The range is wrong, or has no meaning here.
        """
        if self.field is not LinkOrderField.CLICKS_IN_RANGE:
            if self.range is not None:
                raise InvalidInputError("orderBy.range", "belongs to the order CLICKS_IN_RANGE alone; leave it out")
            return LinkOrder(self.field, self.direction)
        now = session.clock.now()
        date_range = DateRangeInput.parse(self.range).check(now.date(), "orderBy.range")
        accounts = [each.loaders.account for each in query.accounts]
        return LinkOrder(self.field, self.direction, counted_days(accounts, date_range, now))


OrderBy = Annotated[
    LinkOrderInput | None,
    strawberry.argument(
        description=(
            "The order. It needs the catalog, which is then read in place of the providers. The default is the newest "
            "links first."
        )
    ),
]


@strawberry.input(name="StatsGroupOrder", description="An order of groups. Groups without the value come last.")
class StatsGroupOrderInput:
    field: StatsGroupOrderField = strawberry.field(description="What the groups are ordered by.")
    direction: OrderDirection = strawberry.field(
        default=OrderDirection.DESC, description="The direction. The default is the largest first."
    )

    @staticmethod
    def parse(value: "StatsGroupOrderInput | None") -> GroupOrder:
        return GroupOrder() if value is None else GroupOrder(value.field, value.direction)


@strawberry.input(name="DestinationOrder", description="An order of destinations. Those without the value come last.")
class DestinationOrderInput:
    field: DestinationOrderField = strawberry.field(description="What the destinations are ordered by.")
    direction: OrderDirection = strawberry.field(
        default=OrderDirection.DESC, description="The direction. The default is the largest first."
    )

    @staticmethod
    def parse(value: "DestinationOrderInput | None") -> DestinationOrder:
        return DestinationOrder() if value is None else DestinationOrder(value.field, value.direction)

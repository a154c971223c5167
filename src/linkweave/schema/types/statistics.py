"""Click statistics of one link and of many."""

from collections.abc import Sequence
from datetime import date, datetime
from typing import Annotated

import strawberry

from linkweave.gather.sources import SourceStatus
from linkweave.gather.statistics import statistics
from linkweave.gather.statistics.buckets import Breakdown as MergedBreakdown
from linkweave.gather.statistics.buckets import Bucket as MergedBucket
from linkweave.models import DayClicks, Dimension, Measure
from linkweave.schema.context import Info
from linkweave.schema.lazy_types import LazyAccount
from linkweave.schema.scalars import Long
from linkweave.schema.types.pagination import SourceError

DEFAULT_BUCKETS = 10

By = Annotated[Dimension, strawberry.argument(description="The dimension to group the clicks by.")]
Largest = Annotated[
    int | None,
    strawberry.argument(
        description=("The maximum number of buckets, from 1 to 1000. The largest come first; `remainder` has the rest.")
    ),
]


@strawberry.type(description="The clicks of one day.")
class ClickPoint:
    day: date = strawberry.field(name="date", description="The day, in the `timeZone` of the source.")
    clicks: int | None = strawberry.field(graphql_type=Long | None, description="The number of clicks.")
    unique_clicks: int | None = strawberry.field(graphql_type=Long | None, description="The number of unique clicks.")


@strawberry.type(description="A group of clicks in a breakdown.")
class Bucket:
    key: str = strawberry.field(
        description=(
            "The key of the group. It is the same for all providers. Countries are ISO 3166-1 alpha-2 "
            "codes, languages are BCP 47 tags, devices are in lower case and referrers are host names. "
            "There are also `direct`, `other` and `unknown`. A value that the gateway does not know keeps "
            "the provider's name."
        ),
    )
    label: str = strawberry.field(description="The display name of the group.")
    clicks: int | None = strawberry.field(graphql_type=Long | None, description="The number of clicks.")
    unique_clicks: int | None = strawberry.field(graphql_type=Long | None, description="The number of unique clicks.")

    @classmethod
    def of(cls, bucket: MergedBucket) -> "Bucket":
        return cls(key=bucket.key, label=bucket.label, clicks=bucket.clicks, unique_clicks=bucket.unique_clicks)


@strawberry.type(description="Clicks grouped by one dimension, the largest group first.")
class Breakdown:
    by: Dimension = strawberry.field(description="The dimension.")
    buckets: list[Bucket] = strawberry.field(description="The largest groups.")
    remainder: Bucket | None = strawberry.field(description="The sum of all other groups. Null if there are none.")

    @classmethod
    def of(cls, breakdown: MergedBreakdown) -> "Breakdown":
        rest = breakdown.remainder
        return cls(
            by=breakdown.dimension,
            buckets=[Bucket.of(bucket) for bucket in breakdown.buckets],
            remainder=None if rest is None else Bucket.of(rest),
        )


@strawberry.type(description="How to read the numbers of one account.")
class StatsSource:
    account: LazyAccount = strawberry.field(description="The account.")
    status: SourceStatus = strawberry.field(
        description="Whether the account reported all statistics that you selected."
    )
    error: SourceError | None = strawberry.field(description="Why data is missing or old. Null if nothing is wrong.")
    counts: list[Measure] = strawberry.field(description="What this provider counts.")
    bots_excluded: bool | None = strawberry.field(
        description="Whether the clicks leave out bots. Null if the provider does not say.",
    )
    time_zone: str | None = strawberry.field(
        description="The time zone of the days. Null if the provider does not say."
    )
    start: date | None = strawberry.field(
        name="from",
        description="The first day that the numbers cover. Null means since the link was created.",
    )
    end: date | None = strawberry.field(
        name="to", description="The last day that the numbers cover. Null means until now."
    )
    truncated: bool = strawberry.field(description="Whether the numbers cover fewer days than you requested.")
    fetched_at: datetime | None = strawberry.field(description="When the gateway read the numbers from the provider.")
    notice: str | None = strawberry.field(description="What else affects the numbers, such as links that are left out.")

    @classmethod
    def of(cls, source: statistics.StatsSource, info: Info) -> "StatsSource":
        covered = source.covered
        return cls(
            account=info.context.nodes.account(info.context.session.accounts[source.account.key]),
            status=source.status,
            error=SourceError.of(source.error),
            counts=[measure for measure in Measure if measure in source.measures],
            bots_excluded=source.bots_excluded,
            time_zone=source.time_zone,
            start=None if covered is None else covered.start,
            end=None if covered is None else covered.end,
            truncated=source.truncated,
            fetched_at=source.fetched_at,
            notice=source.notice,
        )


@strawberry.type(
    description=(
        "Click statistics of one link. A provider that counts only unique clicks fills only "
        "`uniqueClicks`. The gateway reads only the fields that you select."
    ),
)
class Stats:
    statistics: strawberry.Private[statistics.Statistics]

    @strawberry.field(graphql_type=Long | None, description="The number of clicks.")
    async def clicks(self) -> int | None:
        return await self.statistics.clicks()

    @strawberry.field(graphql_type=Long | None, description="The number of unique clicks.")
    async def unique_clicks(self) -> int | None:
        return await self.statistics.unique_clicks()

    @strawberry.field(graphql_type=Long | None, description="The number of clicks by bots.")
    async def bot_clicks(self) -> int | None:
        return await self.statistics.bot_clicks()

    @strawberry.field(description="Clicks per day, oldest first. Null if the provider does not report days.")
    async def series(self) -> list[ClickPoint] | None:
        return _points(await self.statistics.series())

    @strawberry.field(description="Clicks grouped by one dimension. Null if the provider does not report it.")
    async def breakdown(self, by: By, first: Largest = DEFAULT_BUCKETS) -> Breakdown | None:
        return _breakdown(await self.statistics.breakdown(by, DEFAULT_BUCKETS if first is None else first))

    @strawberry.field(description="How to read the statistics that you selected.")
    async def sources(self, info: Info) -> list[StatsSource]:
        return [StatsSource.of(source, info) for source in await self.statistics.sources()]


@strawberry.type(description="The part of one account in merged totals.")
class AccountStats:
    account: LazyAccount = strawberry.field(description="The account.")
    clicks: int | None = strawberry.field(graphql_type=Long | None, description="The number of clicks.")
    unique_clicks: int | None = strawberry.field(graphql_type=Long | None, description="The number of unique clicks.")
    bot_clicks: int | None = strawberry.field(graphql_type=Long | None, description="The number of clicks by bots.")
    links: int = strawberry.field(description="The number of links that were counted.")


@strawberry.type(
    description=(
        "Click statistics summed over many links. Clicks and unique clicks are never added to each "
        "other. If an account fails for some links, the sums contain its other links and its source "
        "is `PARTIAL`."
    ),
)
class MergedStats:
    statistics: strawberry.Private[statistics.Statistics]

    @strawberry.field(graphql_type=Long | None, description="The number of clicks.")
    async def clicks(self) -> int | None:
        return await self.statistics.clicks()

    @strawberry.field(
        graphql_type=Long | None,
        description="The sum of the unique clicks of each link. A visitor of two links counts twice.",
    )
    async def unique_clicks(self) -> int | None:
        return await self.statistics.unique_clicks()

    @strawberry.field(graphql_type=Long | None, description="The number of clicks by bots.")
    async def bot_clicks(self) -> int | None:
        return await self.statistics.bot_clicks()

    @strawberry.field(description="Clicks per day, oldest first. Only accounts that report days are included.")
    async def series(self) -> list[ClickPoint] | None:
        return _points(await self.statistics.series())

    @strawberry.field(description="Clicks grouped by one dimension. Only accounts that report it are included.")
    async def breakdown(self, by: By, first: Largest = DEFAULT_BUCKETS) -> Breakdown | None:
        return _breakdown(await self.statistics.breakdown(by, DEFAULT_BUCKETS if first is None else first))

    @strawberry.field(description="The part of each account in the totals.")
    async def by_account(self, info: Info) -> list[AccountStats]:
        accounts = info.context.session.accounts
        return [
            AccountStats(
                account=info.context.nodes.account(accounts[totals.account.key]),
                clicks=totals.clicks,
                unique_clicks=totals.unique_clicks,
                bot_clicks=totals.bot_clicks,
                links=totals.links,
            )
            for totals in await self.statistics.by_account()
        ]

    @strawberry.field(description="The number of links that were counted.")
    def links(self) -> int:
        return len(self.statistics.links)

    @strawberry.field(description="How to read the statistics that you selected, for each account.")
    async def sources(self, info: Info) -> list[StatsSource]:
        return [StatsSource.of(source, info) for source in await self.statistics.sources()]


def _points(series: Sequence[DayClicks] | None) -> list[ClickPoint] | None:
    if series is None:
        return None
    return [ClickPoint(day=day.day, clicks=day.clicks, unique_clicks=day.unique_clicks) for day in series]


def _breakdown(breakdown: MergedBreakdown | None) -> Breakdown | None:
    return None if breakdown is None else Breakdown.of(breakdown)

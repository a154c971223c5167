"""Statistics of one link and of many."""

from collections.abc import Sequence
from datetime import date, datetime
from typing import Annotated

import strawberry

from linkweave.gather.sources import SourceStatus
from linkweave.gather.statistics import statistics
from linkweave.gather.statistics.buckets import Breakdown as GatheredBreakdown
from linkweave.gather.statistics.buckets import Bucket as GatheredBucket
from linkweave.models import DayClicks, Dimension, Measure
from linkweave.schema.context import Info
from linkweave.schema.lazy_types import LazyAccount
from linkweave.schema.types.pagination import SourceError

DEFAULT_BUCKETS = 10

By = Annotated[Dimension, strawberry.argument(description="What to break down by.")]
Largest = Annotated[
    int | None,
    strawberry.argument(description="So many of the largest buckets, from 1 to 1000; the rest is in `remainder`."),
]


@strawberry.type(description="Clicks of one day.")
class ClickPoint:
    day: date = strawberry.field(name="date", description="The day, in the time zone that the source names.")
    clicks: int | None = strawberry.field(description="All clicks.")
    unique_clicks: int | None = strawberry.field(description="Unique clicks.")


@strawberry.type(description="One row of a breakdown.")
class Bucket:
    key: str = strawberry.field(
        description="The same for every provider: ISO 3166-1 alpha-2 country, BCP 47 language, lower-case device, host "
        "name of a referrer, `direct`, `other`, `unknown`; what is not recognised keeps its own name.",
    )
    label: str = strawberry.field(description="For people.")
    clicks: int | None = strawberry.field(description="All clicks.")
    unique_clicks: int | None = strawberry.field(description="Unique clicks.")

    @classmethod
    def of(cls, bucket: GatheredBucket) -> "Bucket":
        return cls(key=bucket.key, label=bucket.label, clicks=bucket.clicks, unique_clicks=bucket.unique_clicks)


@strawberry.type(description="Clicks by one dimension, the largest first.")
class Breakdown:
    by: Dimension = strawberry.field(description="What it is broken down by.")
    buckets: list[Bucket] = strawberry.field(description="The largest buckets.")
    remainder: Bucket | None = strawberry.field(description="All other buckets together; null where there are none.")

    @classmethod
    def of(cls, breakdown: GatheredBreakdown) -> "Breakdown":
        rest = breakdown.remainder
        return cls(
            by=breakdown.dimension,
            buckets=[Bucket.of(bucket) for bucket in breakdown.buckets],
            remainder=None if rest is None else Bucket.of(rest),
        )


@strawberry.type(description="What the numbers of one account mean.")
class StatsSource:
    account: LazyAccount = strawberry.field(description="The account that was asked.")
    status: SourceStatus = strawberry.field(description="How much of what was selected beside this it could tell.")
    error: SourceError | None = strawberry.field(description="Why something is missing.")
    counts: list[Measure] = strawberry.field(description="What this provider counts at all.")
    bots_excluded: bool | None = strawberry.field(
        description="Whether bots are left out of the clicks; null where the provider does not say.",
    )
    time_zone: str | None = strawberry.field(description="The zone of its days; null where the provider does not say.")
    start: date | None = strawberry.field(
        name="from",
        description="The first day really covered. Null: since the link exists.",
    )
    end: date | None = strawberry.field(name="to", description="The last day really covered. Null: until now.")
    truncated: bool = strawberry.field(description="True where less is covered than was asked for.")
    fetched_at: datetime | None = strawberry.field(description="When the provider was really asked.")
    notice: str | None = strawberry.field(description="What else the reader should know, such as links left out.")

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
    description="Clicks of one link. The measures are never mixed: a provider that counts only unique clicks fills "
    "only `uniqueClicks`. Only what is selected is asked of the provider.",
)
class Stats:
    numbers: strawberry.Private[statistics.Statistics]

    @strawberry.field(description="All clicks.")
    async def clicks(self) -> int | None:
        return await self.numbers.clicks()

    @strawberry.field(description="Unique clicks.")
    async def unique_clicks(self) -> int | None:
        return await self.numbers.unique_clicks()

    @strawberry.field(description="Clicks of bots.")
    async def bot_clicks(self) -> int | None:
        return await self.numbers.bot_clicks()

    @strawberry.field(description="Clicks per day, oldest first; null where the provider tells no days.")
    async def series(self) -> list[ClickPoint] | None:
        return _points(await self.numbers.series())

    @strawberry.field(description="Clicks by one dimension; null where the provider cannot tell it.")
    async def breakdown(self, by: By, first: Largest = DEFAULT_BUCKETS) -> Breakdown | None:
        return _breakdown(await self.numbers.breakdown(by, DEFAULT_BUCKETS if first is None else first))

    @strawberry.field(description="What the numbers mean, for what is selected beside this field.")
    async def sources(self, info: Info) -> list[StatsSource]:
        return [StatsSource.of(source, info) for source in await self.numbers.sources()]


@strawberry.type(description="One account's part of merged totals.")
class AccountStats:
    account: LazyAccount = strawberry.field(description="The account.")
    clicks: int | None = strawberry.field(description="All clicks.")
    unique_clicks: int | None = strawberry.field(description="Unique clicks.")
    bot_clicks: int | None = strawberry.field(description="Clicks of bots.")
    links: int = strawberry.field(description="How many links were counted.")


@strawberry.type(
    description="Sums over many links, kept apart per measure, with each account's part beside them. Where an account "
    "failed for some links, the sums hold what it told and its source is PARTIAL.",
)
class MergedStats:
    numbers: strawberry.Private[statistics.Statistics]

    @strawberry.field(description="All clicks.")
    async def clicks(self) -> int | None:
        return await self.numbers.clicks()

    @strawberry.field(description="Unique clicks, added up over links: a visitor of two links counts twice.")
    async def unique_clicks(self) -> int | None:
        return await self.numbers.unique_clicks()

    @strawberry.field(description="Clicks of bots.")
    async def bot_clicks(self) -> int | None:
        return await self.numbers.bot_clicks()

    @strawberry.field(description="Clicks per day, oldest first, of the accounts that tell days.")
    async def series(self) -> list[ClickPoint] | None:
        return _points(await self.numbers.series())

    @strawberry.field(description="Clicks by one dimension, of the accounts that can tell it.")
    async def breakdown(self, by: By, first: Largest = DEFAULT_BUCKETS) -> Breakdown | None:
        return _breakdown(await self.numbers.breakdown(by, DEFAULT_BUCKETS if first is None else first))

    @strawberry.field(description="Each account's part of the totals.")
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
            for totals in await self.numbers.by_account()
        ]

    @strawberry.field(description="How many links were counted.")
    def links(self) -> int:
        return len(self.numbers.targets)

    @strawberry.field(description="What each account's numbers mean, for what is selected beside this field.")
    async def sources(self, info: Info) -> list[StatsSource]:
        return [StatsSource.of(source, info) for source in await self.numbers.sources()]


def _points(series: Sequence[DayClicks] | None) -> list[ClickPoint] | None:
    if series is None:
        return None
    return [ClickPoint(day=day.day, clicks=day.clicks, unique_clicks=day.unique_clicks) for day in series]


def _breakdown(breakdown: GatheredBreakdown | None) -> Breakdown | None:
    return None if breakdown is None else Breakdown.of(breakdown)

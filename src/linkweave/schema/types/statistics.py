"""Click statistics of one link and of many."""

from collections.abc import Awaitable, Mapping, Sequence
from datetime import date, datetime
from typing import Annotated, TypeVar

import strawberry

from linkweave.gather.sources import SourceStatus
from linkweave.gather.statistics import sources
from linkweave.gather.statistics.breakdowns import Breakdown as MergedBreakdown
from linkweave.gather.statistics.breakdowns import Counts, MergedBucket
from linkweave.gather.statistics.sources import MeasuredBy
from linkweave.gather.statistics.statistics import Numbered, Statistics, Told
from linkweave.models import DayClicks, Dimension, Measure
from linkweave.schema.context import Info, add_error
from linkweave.schema.lazy_types import LazyAccount
from linkweave.schema.scalars import Long
from linkweave.schema.types.pagination import SourceError

T = TypeVar("T")

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


@strawberry.type(description="The part of one account in a bucket.")
class AccountCount:
    account: LazyAccount = strawberry.field(description="The account.")
    clicks: int | None = strawberry.field(
        graphql_type=Long | None, description="The number of clicks. Null if the account does not count them here."
    )
    unique_clicks: int | None = strawberry.field(
        graphql_type=Long | None,
        description="The number of unique clicks. Null if the account does not count them here.",
    )


@strawberry.type(description="A group of clicks in a breakdown.")
class Bucket:
    parts: strawberry.Private[Mapping[str, Counts]]
    key: str = strawberry.field(
        description=(
            "The key of the group. It is the same for all providers. Countries are ISO 3166-1 alpha-2 "
            "codes, languages are BCP 47 tags and referrers are host names. Devices are `mobile`, `tablet`, "
            "`desktop`, `console`, `tv`, `bot` or `other`; a system that a provider names as the device counts as "
            "its kind of device. There are also `direct`, `other` and `unknown`. A value that the gateway does not "
            "know keeps the provider's name."
        ),
    )
    label: str = strawberry.field(description="The display name of the group.")
    clicks: int | None = strawberry.field(
        graphql_type=Long | None, description="The number of clicks, of the accounts that count clicks by this."
    )
    unique_clicks: int | None = strawberry.field(
        graphql_type=Long | None,
        description="The number of unique clicks, of the accounts that count unique clicks by this.",
    )

    @classmethod
    def of(cls, bucket: MergedBucket) -> "Bucket":
        return cls(
            parts=bucket.counts,
            key=bucket.key,
            label=bucket.label,
            clicks=bucket.clicks,
            unique_clicks=bucket.unique_clicks,
        )

    @strawberry.field(description="The part of each account. One account may count clicks, and another unique clicks.")
    def counts(self, info: Info) -> list[AccountCount]:
        return [
            AccountCount(account=_account(info, key), clicks=each.clicks, unique_clicks=each.unique_clicks)
            for key, each in self.parts.items()
        ]


@strawberry.type(description="Clicks grouped by one dimension, the largest group first.")
class Breakdown:
    keys: strawberry.Private[Sequence[str]]
    by: Dimension = strawberry.field(description="The dimension.")
    measures: list[Measure] = strawberry.field(
        description="What the groups count. With several measures, `counts` of a group says which account counts what."
    )
    buckets: list[Bucket] = strawberry.field(description="The largest groups.")
    remainder: Bucket | None = strawberry.field(description="The sum of all other groups. Null if there are none.")

    @classmethod
    def of(cls, breakdown: MergedBreakdown) -> "Breakdown":
        rest = breakdown.remainder
        return cls(
            keys=breakdown.accounts,
            by=breakdown.dimension,
            measures=[measure for measure in Measure if measure in breakdown.measures],
            buckets=[Bucket.of(bucket) for bucket in breakdown.buckets],
            remainder=None if rest is None else Bucket.of(rest),
        )

    @strawberry.field(description="The accounts whose clicks are in the groups.")
    def accounts(self, info: Info) -> list[LazyAccount]:
        return [_account(info, key) for key in self.keys]


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
        description="The first day that the numbers cover. Null if there are no numbers.",
    )
    end: date | None = strawberry.field(
        name="to", description="The last day that the numbers cover. Null if there are no numbers."
    )
    truncated: bool = strawberry.field(description="Whether the provider counts fewer days than you requested.")
    fetched_at: datetime | None = strawberry.field(description="When the gateway read the numbers from the provider.")
    notice: str | None = strawberry.field(description="What else affects the numbers, such as links that are left out.")
    measured_by: MeasuredBy | None = strawberry.field(
        description=(
            "Who measured the clicks. `GATEWAY` if the gateway itself measured some of them, by reading totals. Null "
            "if there are no numbers."
        )
    )
    as_of: datetime | None = strawberry.field(
        description="When the catalog had read the numbers. Null if they were read live."
    )

    @classmethod
    def of(cls, source: sources.StatsSource, info: Info) -> "StatsSource":
        covered = source.covered
        return cls(
            account=_account(info, source.account.key),
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
            measured_by=source.measured_by,
            as_of=source.as_of,
        )


@strawberry.type(description="The numbers of one link or of several.")
class Numbers:
    statistics: strawberry.Private[Numbered]

    # These resolvers are no coroutines: all that a query selects is known before the first part is read.
    @strawberry.field(graphql_type=Long | None, description="The number of clicks.")
    def clicks(self, info: Info) -> Awaitable[int | None]:
        return _told(info, self.statistics.total(Measure.CLICKS))

    @strawberry.field(
        graphql_type=Long | None,
        description=(
            "The number of unique clicks, added up over links: a visitor of two links counts twice. Where a provider "
            "counts them per day, a visitor of two days counts twice, too."
        ),
    )
    def unique_clicks(self, info: Info) -> Awaitable[int | None]:
        return _told(info, self.statistics.total(Measure.UNIQUE_CLICKS))

    @strawberry.field(graphql_type=Long | None, description="The number of clicks by bots.")
    def bot_clicks(self, info: Info) -> Awaitable[int | None]:
        return _told(info, self.statistics.total(Measure.BOT_CLICKS))

    @strawberry.field(
        graphql_type=list[ClickPoint] | None,
        description=(
            "Clicks per day, oldest first, of the accounts that report days. Null if none does. A number of a day is "
            "null if an account that counts it does not cover this day."
        ),
    )
    def series(self, info: Info) -> Awaitable[list[ClickPoint] | None]:
        return _points(info, self.statistics.series())

    @strawberry.field(
        graphql_type=Breakdown | None,
        description="Clicks grouped by one dimension, of the accounts that report it. Null if none does.",
    )
    def breakdown(self, info: Info, by: By, first: Largest = DEFAULT_BUCKETS) -> Awaitable[Breakdown | None]:
        return _breakdown(info, self.statistics.breakdown(by, DEFAULT_BUCKETS if first is None else first))


@strawberry.type(
    description=(
        "Click statistics of one link over the days of a range, and of no other days. A number is null if the provider "
        "does not count it over these days: `sources` says why. The gateway reads only the fields that you select."
    ),
)
class Stats(Numbers):
    statistics: strawberry.Private[Statistics]

    @strawberry.field(description="How to read the statistics that you selected.")
    async def sources(self, info: Info) -> list[StatsSource]:
        return [StatsSource.of(source, info) for source in await self.statistics.sources()]


@strawberry.type(description="The part of one account in merged statistics.")
class AccountStats(Numbers):
    account: LazyAccount = strawberry.field(description="The account.")
    links: int = strawberry.field(description="The number of links that were counted.")


@strawberry.type(
    description=(
        "Click statistics summed over many links. Clicks and unique clicks are never added to each other. If an "
        "account that counts a number failed, was too slow or was cut short, the sum is null, and an error names the "
        "account; `allowIncomplete` gives the sum of the others. Accounts that do not count a number at all are left "
        "out of it: see `complete` and `sources`."
    ),
)
class MergedStats(Numbers):
    statistics: strawberry.Private[Statistics]

    @strawberry.field(
        description=(
            "Whether every account that may hold matching links is in all numbers that you selected. False also if an "
            "account cannot list its links, or does not count this."
        )
    )
    async def complete(self) -> bool:
        return await self.statistics.complete()

    @strawberry.field(description="The numbers of each account by itself.")
    def by_account(self, info: Info) -> list[AccountStats]:
        return [
            AccountStats(statistics=numbers, account=_account(info, account.key), links=numbers.links)
            for account, numbers in self.statistics.by_account()
        ]

    @strawberry.field(description="The number of links that were counted.")
    def links(self) -> int:
        return self.statistics.links

    @strawberry.field(description="How to read the statistics that you selected, for each account.")
    async def sources(self, info: Info) -> list[StatsSource]:
        return [StatsSource.of(source, info) for source in await self.statistics.sources()]


async def _told(info: Info, told: Awaitable[Told[T]]) -> T | None:
    """Returns what was told, with its errors at the path of the field."""
    result = await told
    for error in result.errors:
        add_error(info, error)
    return result.value


async def _points(info: Info, told: Awaitable[Told[tuple[DayClicks, ...]]]) -> list[ClickPoint] | None:
    series = await _told(info, told)
    if series is None:
        return None
    return [ClickPoint(day=day.day, clicks=day.clicks, unique_clicks=day.unique_clicks) for day in series]


async def _breakdown(info: Info, told: Awaitable[Told[MergedBreakdown]]) -> Breakdown | None:
    breakdown = await _told(info, told)
    return None if breakdown is None else Breakdown.of(breakdown)


def _account(info: Info, key: str) -> LazyAccount:
    return info.context.nodes.account(info.context.session.accounts[key])

"""PicSee's detail endpoints: what each tells of one link over some days."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from types import MappingProxyType
from typing import Final

from linkweave.errors import PlanRequiredError
from linkweave.models import SERIES, TOTALS, DayClicks, Dimension, Period, RawBucket, StatsPart
from linkweave.providers.base import Adapter
from linkweave.providers.picsee.times import range_query
from linkweave.providers.picsee.wire import AudienceAnswer, BreakdownAnswer, BreakdownRow, DailyClicksAnswer, LabelRow
from linkweave.transport.call import Call
from linkweave.transport.lifetimes import Resource

# The endpoint of each dimension that is counted over days.
BREAKDOWNS: Final[Mapping[Dimension, str]] = MappingProxyType(
    {Dimension.COUNTRY: "regions", Dimension.REFERRER: "referrers", Dimension.DEVICE: "platform"}
)


@dataclass(frozen=True, slots=True)
class Told:
    """What one call brought."""

    at: datetime
    clicks: int | None = None
    unique_clicks: int | None = None
    series: tuple[DayClicks, ...] | None = None
    breakdowns: Mapping[Dimension, tuple[RawBucket, ...]] = field(default_factory=lambda: MappingProxyType({}))


@dataclass(frozen=True, slots=True)
class Details:
    """The details of one link; `slug` is percent-encoded."""

    adapter: Adapter
    slug: str
    days: Period
    advanced: bool

    async def daily(self, parts: frozenset[StatsPart]) -> Told:
        """Clicks per day, or their sums, or both. A visitor who comes on two days is two unique clicks in the sum."""
        call = self._call("dailyClicks", "read daily clicks")
        told, _ = await self.adapter.fetch_as(DailyClicksAnswer, call, _Days(self.days))
        totals = TOTALS in parts
        return replace(
            told,
            clicks=told.clicks if totals else None,
            unique_clicks=told.unique_clicks if totals else None,
            series=told.series if SERIES in parts else None,
        )

    async def breakdown(self, dimension: Dimension) -> Told:
        """Unique clicks by one of BREAKDOWNS."""
        endpoint = BREAKDOWNS[dimension]
        call = self._call(endpoint, f"read clicks by {dimension.value.lower()}")
        rows, fetched = await self.adapter.fetch_as(BreakdownAnswer, call, _buckets)
        return Told(fetched.at, breakdowns={dimension: rows})

    async def audience(self, parts: frozenset[StatsPart]) -> Told:
        """Labels of the visitors since the link exists.

        Raises:
            PlanRequiredError: not on the advanced plan (DOC); no call was made.
        """
        path = f"/v4/links/{self.slug}/details/audienceLabels"
        call = Call("read audience labels", "GET", path, bucket="audienceLabels", reads=Resource.STATISTICS_DETAILS)
        if not self.advanced:
            account = self.adapter.account
            message = f"{account}: audience labels need PicSee's advanced plan ({call.operation})"
            raise PlanRequiredError(message, account=account, operation=call.operation)
        answer, fetched = await self.adapter.fetch(AudienceAnswer, call)
        groups = {Dimension.INTEREST: answer.data.interest, Dimension.BRAND_AFFINITY: answer.data.brand}
        wanted = {group: rows for group, rows in groups.items() if StatsPart.of(group) in parts}
        return Told(fetched.at, breakdowns={group: tuple(map(_label, rows)) for group, rows in wanted.items()})

    def _call(self, endpoint: str, operation: str) -> Call:
        return Call(
            operation=operation,
            method="GET",
            path=f"/v4/links/{self.slug}/details/{endpoint}",
            query=range_query(self.days, self.adapter.clock.now()),
            bucket="details",
            reads=Resource.STATISTICS_DETAILS,
            # The query ends at the second of asking, where the days include today.
            known_as=str(self.days),
        )


@dataclass(frozen=True, slots=True)
class _Days:
    """Makes sums and series of those rows that are within `days`."""

    days: Period

    def __call__(self, answer: DailyClicksAnswer, at: datetime) -> Told:
        rows = [row for row in answer.data if self.days.start <= row.day <= self.days.end]
        series = (DayClicks(row.day, row.clicks, row.unique_clicks) for row in sorted(rows, key=lambda row: row.day))
        return Told(at, sum(row.clicks for row in rows), sum(row.unique_clicks for row in rows), tuple(series))


def _buckets(answer: BreakdownAnswer, _: datetime) -> tuple[RawBucket, ...]:
    return tuple(map(_bucket, answer.data))


def _bucket(row: BreakdownRow) -> RawBucket:
    # "others" stands where a country's code would (FOUND) and is none.
    code = None if row.code is None or row.code.lower() == "others" else row.code
    return RawBucket(row.name, code, unique_clicks=row.count)


def _label(row: LabelRow) -> RawBucket:
    return RawBucket(row.label, unique_clicks=row.count)

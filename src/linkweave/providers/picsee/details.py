"""PicSee's detail endpoints: statistics of one link over some days, one call for each."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from types import MappingProxyType
from typing import Final

from linkweave.errors import PlanRequiredError
from linkweave.models import SERIES, TOTALS, DayClicks, Dimension, Period, RawBucket, StatsPart, StatsReport
from linkweave.providers.base import Adapter
from linkweave.providers.picsee.links import MEASURES
from linkweave.providers.picsee.times import range_query
from linkweave.providers.picsee.wire import (
    AudienceAnswer,
    BreakdownAnswer,
    BreakdownRow,
    DailyClicksAnswer,
    DayRow,
    LabelRow,
)
from linkweave.providers.wire import TolerantWire
from linkweave.transport.call import Call
from linkweave.transport.lifetimes import Resource

# The endpoint of each dimension that is counted over days. A platform is a system, which also says the kind of device:
# iphone, ipad, android, windows, macintosh (FOUND).
BREAKDOWNS: Final[Mapping[Dimension, str]] = MappingProxyType(
    {
        Dimension.COUNTRY: "regions",
        Dimension.REFERRER: "referrers",
        Dimension.DEVICE: "platform",
        Dimension.OS: "platform",
    }
)
_NAMES: Final[Mapping[str, str]] = MappingProxyType(
    {"regions": "country", "referrers": "referrer", "platform": "platform"}
)


@dataclass(frozen=True, slots=True)
class LinkDetails:
    """The detail endpoints of one link. `slug` is percent-encoded."""

    adapter: Adapter
    slug: str
    days: Period
    advanced: bool

    async def daily_clicks(self, parts: frozenset[StatsPart]) -> StatsReport:
        """Clicks per day, or their sums, or both. A visitor who comes on two days is two unique clicks in the sum."""
        call = self._call("dailyClicks", "read daily clicks")
        make_report = _ReportOfDays(self.days)
        report, _ = await self.adapter.fetch_as(DailyClicksAnswer, call, make_report, self._check_rows(call))
        if SERIES not in parts:
            report = replace(report, series=None)
        if TOTALS not in parts:
            return replace(report, clicks=None, unique_clicks=None)
        if report.clicks is None:
            # A day that cannot be read would make the sum too small.
            failure = self.adapter.bad_response(call, "the clicks of a day have an unexpected shape")
            return replace(report, unique_clicks=None, failures={TOTALS: failure})
        return report

    async def breakdown(self, endpoint: str, dimensions: Iterable[Dimension]) -> StatsReport:
        """Unique clicks by those of BREAKDOWNS that `endpoint` counts."""
        call = self._call(endpoint, f"read clicks by {_NAMES[endpoint]}")
        rows, fetched = await self.adapter.fetch_as(BreakdownAnswer, call, _buckets, self._check_rows(call))
        return StatsReport(MEASURES, fetched.at, breakdowns=dict.fromkeys(dimensions, rows))

    async def audience_labels(self, parts: frozenset[StatsPart]) -> StatsReport:
        """Labels of the visitors since the link exists.

        Raises:
            PlanRequiredError: the account is not on the advanced plan (DOC); no call was made.
        """
        path = f"/v4/links/{self.slug}/details/audienceLabels"
        call = Call("read audience labels", "GET", path, bucket="audienceLabels", reads=Resource.STATISTICS_DETAILS)
        if not self.advanced:
            problem = "audience labels need PicSee's advanced plan"
            raise self.adapter.error(PlanRequiredError, problem, call.operation)
        answer, fetched = await self.adapter.fetch(AudienceAnswer, call, self._check_rows(call))
        groups = {Dimension.INTEREST: answer.data.interest, Dimension.BRAND_AFFINITY: answer.data.brand}
        wanted = {group: tuple(map(_label, rows)) for group, rows in groups.items() if StatsPart.of(group) in parts}
        return StatsReport(MEASURES, fetched.at, breakdowns=wanted)

    def _check_rows(self, call: Call) -> Callable[[TolerantWire], None]:
        """Raises for an answer that lost a row: the remaining rows would look complete."""

        def check(answer: TolerantWire) -> None:
            if answer.left_out.rows:
                raise self.adapter.bad_response(call, f"{min(answer.left_out.rows)} has an unexpected shape")

        return check

    def _call(self, endpoint: str, operation: str) -> Call:
        return Call(
            operation=operation,
            method="GET",
            path=f"/v4/links/{self.slug}/details/{endpoint}",
            query=range_query(self.days, self.adapter.clock.now()),
            bucket="details",
            reads=Resource.STATISTICS_DETAILS,
            # Where the days include today, the query ends at the second of the call.
            cache_name=str(self.days),
        )


@dataclass(frozen=True, slots=True)
class _ReportOfDays:
    """Makes the series and the sums of the rows within `days`. A sum is None where a day lacks its number."""

    days: Period

    def __call__(self, answer: DailyClicksAnswer, at: datetime) -> StatsReport:
        rows = sorted((row for row in answer.data if self.days.start <= row.day <= self.days.end), key=_day)
        return StatsReport(
            MEASURES,
            at,
            clicks=_sum([row.clicks for row in rows]),
            unique_clicks=_sum([row.unique_clicks for row in rows]),
            series=tuple(DayClicks(row.day, row.clicks, row.unique_clicks) for row in rows),
        )


def _sum(numbers: Sequence[int | None]) -> int | None:
    known = [number for number in numbers if number is not None]
    return sum(known) if len(known) == len(numbers) else None


def _day(row: DayRow) -> date:
    return row.day


def _buckets(answer: BreakdownAnswer, _: datetime) -> tuple[RawBucket, ...]:
    return tuple(map(_bucket, answer.data))


def _bucket(row: BreakdownRow) -> RawBucket:
    # "others" stands where a country's code would (FOUND) and is none.
    code = None if row.code is None or row.code.lower() == "others" else row.code
    return RawBucket(row.name, code, unique_clicks=row.count)


def _label(row: LabelRow) -> RawBucket:
    return RawBucket(row.label, unique_clicks=row.count)

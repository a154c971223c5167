"""Reads the numbers of clicks: the ranking of the group's links, and totals, days and breakdowns of one name."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime
from types import MappingProxyType
from typing import Any, Final

from linkweave.models import Dimension, Period
from linkweave.providers.bitly.inferred import DEFAULT_SIZE, END_OF_DAY, MARGIN_DAYS, PAGE_SIZE
from linkweave.providers.bitly.link_reader import LinkReader
from linkweave.providers.bitly.settings import CLICKS, COUNTRIES, DEVICES, GROUP_CLICKS, RANKING, REFERRERS
from linkweave.providers.bitly.wire import MetricsAnswer, RankingAnswer, SeriesAnswer, SummaryAnswer
from linkweave.providers.wire import TolerantWire, parse_count, parse_moment
from linkweave.transport.call import MEGABYTE, Call, Pairs
from linkweave.transport.lifetimes import Resource

OPERATION: Final = "read statistics"
ALL_UNITS: Final = "-1"

# The end of the path, the keys of a row that may name it, and the limit of calls.
BREAKDOWNS: Final[Mapping[Dimension, tuple[str, tuple[str, ...], str]]] = MappingProxyType(
    {
        Dimension.COUNTRY: ("/countries", ("value",), COUNTRIES),
        Dimension.REFERRER: ("/referring_domains", ("value", "key"), REFERRERS),
        Dimension.DEVICE: ("/devices", ("device_type",), DEVICES),
    }
)
_MAX_BYTES: Final = 4 * MEGABYTE


@dataclass(frozen=True, slots=True)
class Ranking:
    """The links of the group with the most clicks. One that is missing has none, where `has_all`."""

    clicks: Mapping[str, int]
    at: datetime
    has_all: bool

    def clicks_of(self, name: str) -> int | None:
        """The clicks of a link that is not archived; None where the ranking does not tell."""
        return self.clicks.get(name, 0 if self.has_all else None)


class ClickReader(LinkReader):
    """One method for each kind of call. `days` None is the whole life."""

    async def ranking(self, days: Period | None) -> Ranking:
        """The ranking of the group's links, by one call for all of them.

        Raises:
            VendorError: it could not be read.
        """
        path = await self.group_path(OPERATION, "/bitlinks/clicks")
        call = self._call(path, RANKING, days, (("size", str(PAGE_SIZE)),))
        return (await self.fetch_as(RankingAnswer, call, _to_ranking))[0]

    async def life_clicks(self, name: str, *, is_custom: bool) -> tuple[int, datetime]:
        """All clicks of one name. There is no summary for custom back-halves, so that their months are added up.

        Raises:
            VendorError: they could not be read.
        """
        if is_custom:
            call = self._call(
                self.link_path(name, OPERATION, "/custom_bitlinks") + "/clicks", CLICKS, None, (), "month"
            )
            by_month, at = await self._dated(call)
            return by_month.total(), at
        answer, fetched = await self.fetch_of_link(
            SummaryAnswer, self._call(self.link_path(name, OPERATION) + "/clicks/summary", CLICKS, None)
        )
        return answer.total_clicks, fetched.at

    async def daily_clicks(self, name: str, days: Period, *, is_custom: bool) -> tuple[Counter[date], datetime]:
        """The clicks of one name on each of `days` that had some.

        Raises:
            VendorError: they could not be read.
        """
        resource = "/custom_bitlinks" if is_custom else "/bitlinks"
        path = self.link_path(name, OPERATION, resource) + "/clicks"
        counted, at = await self._dated(self._call(path, CLICKS, days, margin=MARGIN_DAYS))
        within = {day: clicks for day, clicks in counted.items() if clicks and days.start <= day <= days.end}
        return Counter(within), at

    async def breakdown(self, name: str, days: Period, dimension: Dimension) -> tuple[Counter[str], datetime]:
        """The clicks of one name by the values of a dimension.

        Raises:
            PlanRequiredError: the plan does not have this dimension.
            VendorError: they could not be read.
        """
        end, _, bucket = BREAKDOWNS[dimension]
        path = self.link_path(name, OPERATION) + end
        call = self._call(path, bucket, days, (("size", str(PAGE_SIZE)),))
        answer, fetched = await self.fetch_of_link(MetricsAnswer, call)
        return self._by_value(answer, call, dimension), fetched.at

    async def group_breakdown(self, days: Period, dimension: Dimension) -> tuple[Counter[str], datetime]:
        """The clicks of all links of the group by the values of a dimension.

        Raises:
            PlanRequiredError: the plan does not have this dimension.
            VendorError: they could not be read.
        """
        call = await self.group_call(BREAKDOWNS[dimension][0], days, (("size", str(PAGE_SIZE)),))
        answer, fetched = await self.fetch(MetricsAnswer, call)
        return self._by_value(answer, call, dimension), fetched.at

    async def group_call(self, end: str, days: Period, others: Pairs = ()) -> Call:
        """A call for the clicks of all links of the group.

        Raises:
            VendorError: the group could not be read.
        """
        path = await self.group_path(OPERATION, end)
        return self._call(path, GROUP_CLICKS, days, others, margin=0 if others else MARGIN_DAYS)

    def _by_value(self, answer: MetricsAnswer, call: Call, dimension: Dimension) -> Counter[str]:
        _, keys, _ = BREAKDOWNS[dimension]
        counted: Counter[str] = Counter()
        try:
            for row in answer.metrics:
                counted[_value(row, keys)] += _clicks(row)
        except ValueError:
            raise self.bad_response(call, "a row has an unexpected shape") from None
        self.require_all_rows(answer, call)
        return counted

    async def _dated(self, call: Call) -> tuple[Counter[date], datetime]:
        answer, fetched = await self.fetch_of_link(SeriesAnswer, call)
        counted: Counter[date] = Counter()
        try:
            for row in answer.link_clicks:
                counted[parse_moment(row.get("date")).astimezone(UTC).date()] += parse_count(row.get("clicks"))
        except ValueError:
            raise self.bad_response(call, "a row has an unexpected shape") from None
        self.require_all_rows(answer, call)
        return counted, fetched.at

    def require_all_rows(self, answer: TolerantWire, call: Call) -> None:
        """Refuse an answer with lost rows: the sum of the others is too small."""
        if answer.left_out:
            raise self.bad_response(call, "a row has an unexpected shape")

    def _call(
        self, path: str, bucket: str, days: Period | None, others: Pairs = (), unit: str = "day", margin: int = 0
    ) -> Call:
        """A call for days of UTC: so many units back from the end (DOC). The end of today is the current time."""
        call = Call(OPERATION, "GET", path, bucket=bucket, reads=Resource.STATISTICS, max_bytes=_MAX_BYTES)
        if days is None:
            return replace(call, query=(("unit", unit), ("units", ALL_UNITS), *others))
        units = str((days.end - days.start).days + 1 + margin)
        now = self.clock.now().astimezone(UTC)
        end = f"{days.end.isoformat()}{END_OF_DAY}"
        if days.end >= now.date():
            end = now.strftime("%Y-%m-%dT%H:%M:%S+0000")
        query = (("unit", unit), ("units", units), ("unit_reference", end), *others)
        return replace(call, query=query, cache_name=f"{units} days to {days.end}")


def _to_ranking(answer: RankingAnswer, at: datetime) -> Ranking:
    """The ranking. A number of rows that may be a limit of Bitly's does not say that there are no more."""
    rows = answer.sorted_links
    has_all = not rows or (len(rows) < PAGE_SIZE and len(rows) % DEFAULT_SIZE != 0)
    return Ranking({row.id: row.clicks for row in rows}, at, has_all and not answer.left_out)


def _value(row: Mapping[str, Any], keys: tuple[str, ...]) -> str:
    """What a row is about. Older answers have it under `key`, and the clicks under `value` (FOUND)."""
    for key in keys:
        if isinstance(row.get(key), str):
            return str(row[key])
    raise ValueError("has no name")


def _clicks(row: Mapping[str, Any]) -> int:
    return parse_count(row["clicks"] if "clicks" in row else row.get("value"))

"""Statistics of one link: its visits are read within bounds, and counted here."""

from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, time, timedelta
from typing import Final

from linkweave.models import BOT_TOTALS, SERIES, TOTALS, Link, Period, StatsPart, StatsReport
from linkweave.providers.shlink.handles import LinkName
from linkweave.providers.shlink.inferred import END_DATE, START_DATE
from linkweave.providers.shlink.link_reader import LinkReader
from linkweave.providers.shlink.visit_counts import DIMENSIONS, count_by, count_days
from linkweave.providers.shlink.wire import MEASURES, VisitRow, VisitsAnswer
from linkweave.providers.single_reads import read_each
from linkweave.transport.call import MEGABYTE, Call
from linkweave.transport.lifetimes import Resource

VISITS_A_PAGE: Final = 1_000
MAX_PAGES: Final = 5
"""Maximum number of pages of visits that are read of one link, the newest visits first."""

_MAX_BYTES: Final = 4 * MEGABYTE
_PARTS: Final = frozenset({TOTALS, BOT_TOTALS, SERIES, *map(StatsPart.of, DIMENSIONS)})
_OPERATION: Final = "read statistics"


@dataclass(frozen=True, slots=True)
class Visits:
    """The newest visits of a period; `complete` says whether they are all."""

    rows: tuple[VisitRow, ...]
    complete: bool
    at: datetime


def stats_call(part: StatsPart, known: bool) -> str | None:  # noqa: ARG001 - the same for all links
    """One call for all parts, where the visits fit a page."""
    return "visits" if part in _PARTS else None


class StatisticsReader(LinkReader):
    """LINK_STATS."""

    async def read_stats(
        self, handle: str, link: Link | None, period: Period | None, parts: frozenset[StatsPart]
    ) -> StatsReport:
        """The visits of the period, counted here; none are read where the link tells enough.

        Of more than 5,000 visits, the series has the days whose visits were all read; there is nothing else.

        Raises:
            NotFoundError: the server has no such link.
            VendorError: the visits could not be read.
        """
        parts &= _PARTS
        known = None if link is None else self.known_stats(link, period, parts)
        if known is not None:
            return known
        name = LinkName.parse(handle)
        if name is None:
            raise self.not_found(_OPERATION)
        if period is None:
            return await self._read_life(name)
        visits = await self._read_visits(name, period)
        return _report(visits, period, parts)

    def known_stats(self, link: Link, period: Period | None, parts: frozenset[StatsPart]) -> StatsReport | None:
        """The visits that came with `link`, where they are those of the period."""
        parts &= _PARTS
        if not parts:
            return StatsReport(MEASURES, self.clock.now())
        lacks_bots = BOT_TOTALS in parts and (link.included is None or link.included.bot_clicks is None)
        if not parts <= {TOTALS, BOT_TOTALS} or link.included is None or lacks_bots:
            return None
        if period is None:
            return link.included
        today, created = self.today(), link.created_at
        whole = created is not None and period.start <= created.date() <= today <= period.end
        return replace(link.included, covered=Period(period.start, today)) if whole else None

    async def _read_life(self, name: LinkName) -> StatsReport:
        link = await self.read_link(name)
        if link is None:
            raise self.not_found(_OPERATION)
        return link.included or StatsReport(MEASURES, link.fetched_at)

    async def _read_visits(self, name: LinkName, period: Period) -> Visits:
        """The visits of the days of UTC in `period`, until now: visits that come meanwhile would shift the pages."""
        start = datetime.combine(period.start, time(0), UTC)
        end = datetime.combine(period.end, time(0), UTC) + timedelta(days=1, seconds=-1)
        until = min(end, self.clock.now().replace(microsecond=0))
        first, at = await self._read_page(name, start, until, 1)
        total = first.page.pagination.total
        pages = min(-(-total // VISITS_A_PAGE), MAX_PAGES)
        others = await read_each(range(2, pages + 1), lambda page: self._read_page(name, start, until, page))
        rows = [*first.page.data, *(row for answer, _ in others for row in answer.page.data)]
        return Visits(tuple(rows), len(rows) >= total, at)

    async def _read_page(
        self, name: LinkName, start: datetime, until: datetime, page: int
    ) -> tuple[VisitsAnswer, datetime]:
        path = f"{self.path_to('/short-urls', name.code, _OPERATION)}/visits"
        days = ((START_DATE, start.isoformat()), (END_DATE, until.isoformat()))
        paging = (("page", str(page)), ("itemsPerPage", str(VISITS_A_PAGE)))
        call = Call(
            _OPERATION,
            "GET",
            path,
            (*name.query, *days, *paging),
            reads=Resource.STATISTICS,
            max_bytes=_MAX_BYTES,
            # The time of the call is in the query.
            cache_name=f"{name.domain} {start.date()} {until.date()} {page}",
        )
        answer, fetched = await self.fetch(VisitsAnswer, call)
        if answer.left_out:
            # A sum of the other visits would be too small.
            raise self.bad_response(call, "a visit cannot be read")
        return answer, fetched.at


def _report(visits: Visits, period: Period, parts: frozenset[StatsPart]) -> StatsReport:
    people = [visit for visit in visits.rows if not visit.is_bot]
    last = min(period.end, visits.at.date())
    if not visits.complete:
        return _whole_days(visits, last, parts)
    return StatsReport(
        MEASURES,
        visits.at,
        covered=Period(period.start, last) if last >= period.start else None,
        clicks=len(people) if TOTALS in parts else None,
        bot_clicks=len(visits.rows) - len(people) if BOT_TOTALS in parts else None,
        series=count_days(people) if SERIES in parts else None,
        breakdowns={part.dimension: count_by(part.dimension, people) for part in parts if part.dimension is not None},
    )


def _whole_days(visits: Visits, last: date, parts: frozenset[StatsPart]) -> StatsReport:
    """The days after that of the oldest visit that was read, which is not whole."""
    oldest = min((visit.date.date() for visit in visits.rows), default=last)
    report = StatsReport(MEASURES, visits.at, truncated=True)
    if oldest >= last:
        return report
    people = [visit for visit in visits.rows if not visit.is_bot and visit.date.date() > oldest]
    covered = Period(oldest + timedelta(days=1), last)
    return replace(report, covered=covered, series=count_days(people) if SERIES in parts else None)

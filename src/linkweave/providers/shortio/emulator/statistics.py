"""The endpoints of statistics.short.io."""

from collections import Counter
from collections.abc import Mapping, Sequence
from datetime import UTC, date, datetime, timedelta
from typing import Any, Final

from starlette.requests import Request

from linkweave.providers.emulator_kit import RefusedError, json_object
from linkweave.providers.emulator_seed import BROWSERS, COUNTRIES, REFERRERS, SYSTEMS, share
from linkweave.providers.shortio.emulator.store import Store, StoredLink, refused

_NAMES: Final = {
    "TW": "Taiwan",
    "US": "United States",
    "JP": "Japan",
    "DE": "Germany",
    "GB": "United Kingdom",
    "PL": "Poland",
    "IN": "India",
    "BR": "Brazil",
    "FR": "France",
}
_SOCIAL: Final = {"instagram.com": "Instagram", "facebook.com": "Facebook", "linkedin.com": "LinkedIn"}
_MAX_IDS: Final = 100
# The days that a period ends before today, and those that it begins before.
_PERIODS: Final = {"today": (0, 0), "yesterday": (1, 1), "last7": (0, 6), "last30": (0, 29)}


class StatisticsEndpoints:
    """Clicks of people; those of bots are only in `totalClicks`."""

    def __init__(self, store: Store) -> None:
        self._store = store

    async def report(self, request: Request) -> object:
        """GET /statistics/link/{id}."""
        link = self._store.link(request, request.path_params["id"])
        return self._report([link], request.query_params)

    async def domain_report(self, request: Request) -> object:
        """GET and POST /statistics/domain/{id}: the clicks of all links that the domain has, or had.

        A POST has everything in its body. `include.paths` has the slugs to count, with a slash before each (FOUND).
        """
        domain = self._store.domain(request, request.path_params["id"])
        body = await json_object(request) if request.method == "POST" else {}
        if body is None:
            raise refused(400, "the body must be an object")
        paths = (body.get("include") or {}).get("paths")
        links = [
            link
            for link in (*self._store.links, *self._store.deleted)
            if link.domain is domain and (paths is None or f"/{link.path}" in paths)
        ]
        told = self._report(links, {**request.query_params, **body})
        return {**told, "links": len(links), "clicks": told["totalClicks"]}

    def _report(self, links: Sequence[StoredLink], query: Mapping[str, Any]) -> dict[str, object]:
        days, interval = self._period(query), query.get("clicksChartInterval", "day")
        each = [_between(link.humans, days) for link in links]
        humans = sum(each, Counter[date]())
        bots = sum((_between(link.bots, days).total() for link in links), 0)
        points = [{"x": f"{day}T00:00:00.000Z", "y": clicks} for day, clicks in sorted(_by(interval, humans).items())]
        start, end = (None, None) if days is None else (f"{days[0]}T00:00:00.000Z", f"{days[1]}T23:59:59.999Z")
        return {
            "totalClicks": humans.total() + bots,
            "humanClicks": humans.total(),
            "totalClicksChange": "0",
            "humanClicksChange": None,
            "clickStatistics": {"datasets": [{"data": points}]},
            "interval": {"startDate": start, "endDate": end, "prevStartDate": None, "prevEndDate": None, "tz": "UTC"},
            **({} if query.get("skipTops") == "true" else _tops([clicks.total() for clicks in each])),
        }

    async def link_clicks(self, request: Request) -> object:
        """GET /statistics/domain/{id}/link_clicks: without dates, whole lives; clicks of people (INFERRED both)."""
        domain = self._store.domain(request, request.path_params["id"])
        ids = [each for each in request.query_params.get("ids", "").split(",") if each]
        if not 1 <= len(ids) <= _MAX_IDS:
            raise refused(400, "ids must have from 1 to 100 items")
        days = _custom(request.query_params) if "startDate" in request.query_params else None
        links = {link.id: link for link in self._store.links if link.domain is domain}
        return {each: _clicks(links.get(each), days) for each in ids}

    def _period(self, query: Mapping[str, Any]) -> tuple[date, date] | None:
        period = query.get("period", "last30")
        if period == "total":
            return None
        if period == "custom":
            return _custom(query)
        if period not in _PERIODS:
            raise refused(400, "period is not allowed")
        today = self._store.clock.now().astimezone(UTC).date()
        end, start = (today - timedelta(days=days) for days in _PERIODS[period])
        return start, end


def _custom(query: Mapping[str, Any]) -> tuple[date, date]:
    return _day(query.get("startDate")), _day(query.get("endDate"))


def _day(text: str | None) -> date:
    """The day of a full moment with its zone; one without a zone is refused (FOUND)."""
    try:
        moment = datetime.fromisoformat(text or "")
    except ValueError:
        moment = None
    if moment is None or (moment.tzinfo is None and len(text or "") > len("2026-09-01")):
        raise refused(400, "startDate and endDate must be date-times with a zone")
    return moment.date() if moment.tzinfo is None else moment.astimezone(UTC).date()


def _between(days: Counter[date], period: tuple[date, date] | None) -> Counter[date]:
    return days if period is None else Counter({day: n for day, n in days.items() if period[0] <= day <= period[1]})


def _by(interval: str, days: Counter[date]) -> Counter[date]:
    if interval not in {"hour", "day", "week", "month"}:
        raise RefusedError(400, {"error": "clicksChartInterval is not allowed"})
    if interval in {"hour", "day"}:
        return +days
    counted: Counter[date] = Counter()
    for day, clicks in days.items():
        start = day.replace(day=1) if interval == "month" else day - timedelta(days=day.weekday())
        counted[start] += clicks
    return counted


def _clicks(link: StoredLink | None, days: tuple[date, date] | None) -> int:
    return 0 if link is None else _between(link.humans, days).total()


def _tops(totals: Sequence[int]) -> dict[str, object]:
    referrers = _shares(totals, REFERRERS)
    hosts = {name: clicks for name, clicks in referrers.items() if name != "direct"}
    social = {_SOCIAL[name]: clicks for name, clicks in hosts.items() if name in _SOCIAL}
    countries = [
        {**row, "countryName": _NAMES[str(row["country"])]} for row in _rows("country", _shares(totals, COUNTRIES))
    ]
    return {
        "browser": _rows("browser", _shares(totals, BROWSERS)),
        "os": _rows("os", _shares(totals, SYSTEMS)),
        "country": countries,
        "city": [],
        "referer": _rows("referer", hosts),
        "social": _rows("social", social),
    }


def _shares(totals: Sequence[int], weights: Mapping[str, int]) -> Counter[str]:
    """The clicks of several links by a dimension."""
    return sum((Counter(share(total, weights)) for total in totals), Counter[str]())


def _rows(name: str, counted: Mapping[str, int]) -> list[dict[str, object]]:
    ranked = sorted(counted.items(), key=lambda row: (-row[1], row[0]))
    return [{"score": clicks, name: value} for value, clicks in ranked]

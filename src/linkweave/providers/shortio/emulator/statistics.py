"""The endpoints of statistics.short.io."""

from collections import Counter
from datetime import UTC, date, datetime, timedelta
from typing import Final

from starlette.requests import Request

from linkweave.providers.emulator_kit import RefusedError
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
        days = self._period(request)
        humans, bots = _between(link.humans, days), _between(link.bots, days)
        total, interval = humans.total(), request.query_params.get("clicksChartInterval", "day")
        points = [{"x": f"{day}T00:00:00.000Z", "y": clicks} for day, clicks in sorted(_by(interval, humans).items())]
        start, end = (None, None) if days is None else (f"{days[0]}T00:00:00.000Z", f"{days[1]}T23:59:59.999Z")
        return {
            "totalClicks": total + bots.total(),
            "humanClicks": total,
            "totalClicksChange": "0",
            "humanClicksChange": None,
            "clickStatistics": {"datasets": [{"data": points}]},
            "interval": {"startDate": start, "endDate": end, "prevStartDate": None, "prevEndDate": None, "tz": "UTC"},
            **({} if request.query_params.get("skipTops") == "true" else _tops(total)),
        }

    async def link_clicks(self, request: Request) -> object:
        """GET /statistics/domain/{id}/link_clicks: without dates, whole lives; clicks of people (INFERRED both)."""
        domain = self._store.domain(request, request.path_params["id"])
        ids = [each for each in request.query_params.get("ids", "").split(",") if each]
        if not 1 <= len(ids) <= _MAX_IDS:
            raise refused(400, "ids must have from 1 to 100 items")
        days = self._custom(request) if "startDate" in request.query_params else None
        links = {link.id: link for link in self._store.links if link.domain is domain}
        return {each: _clicks(links.get(each), days) for each in ids}

    def _period(self, request: Request) -> tuple[date, date] | None:
        period = request.query_params.get("period", "last30")
        if period == "total":
            return None
        if period == "custom":
            return self._custom(request)
        if period not in _PERIODS:
            raise refused(400, "period is not allowed")
        today = self._store.clock.now().astimezone(UTC).date()
        end, start = (today - timedelta(days=days) for days in _PERIODS[period])
        return start, end

    def _custom(self, request: Request) -> tuple[date, date]:
        query = request.query_params
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


def _tops(total: int) -> dict[str, object]:
    referrers = share(total, REFERRERS)
    hosts = {name: clicks for name, clicks in referrers.items() if name != "direct"}
    social = {_SOCIAL[name]: clicks for name, clicks in hosts.items() if name in _SOCIAL}
    countries = [
        {**row, "countryName": _NAMES[str(row["country"])]} for row in _rows("country", share(total, COUNTRIES))
    ]
    return {
        "browser": _rows("browser", share(total, BROWSERS)),
        "os": _rows("os", share(total, SYSTEMS)),
        "country": countries,
        "city": [],
        "referer": _rows("referer", hosts),
        "social": _rows("social", social),
    }


def _rows(name: str, counted: dict[str, int]) -> list[dict[str, object]]:
    ranked = sorted(counted.items(), key=lambda row: (-row[1], row[0]))
    return [{"score": clicks, name: value} for value, clicks in ranked]

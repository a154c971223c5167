"""Counts clicks: GET /analytics."""

from collections import Counter
from collections.abc import Mapping
from datetime import UTC, date, datetime, time, timedelta
from typing import Final

from starlette.requests import Request

from linkweave.providers.dub.emulator.workspace import StoredLink, Workspace, refused
from linkweave.providers.emulator_seed import BROWSERS, COUNTRIES, DEVICES, REFERRERS, SYSTEMS, share

_FIRST_DAY: Final = date(2022, 9, 22)
_NO_SALES: Final = {"leads": 0, "sales": 0, "saleAmount": 0}
_HOURLY_DAYS: Final = 2
_DAILY_DAYS: Final = 180

# The key of a row, what else it has, and the weights of the made-up values.
_GROUPS: Final[Mapping[str, tuple[str, Mapping[str, object], Mapping[str, int]]]] = {
    "countries": ("country", {"region": "*", "city": "*"}, {**COUNTRIES, "Unknown": 2}),
    "referers": ("referer", {}, {"(direct)" if name == "direct" else name: part for name, part in REFERRERS.items()}),
    "devices": ("device", {}, DEVICES),
    "browsers": ("browser", {}, BROWSERS),
    "os": ("os", {}, {"Mac OS" if name == "macOS" else name: part for name, part in SYSTEMS.items()}),
}


async def read(workspace: Workspace, request: Request) -> object:
    """The clicks of links in whole days, by what `groupBy` asks for."""
    if not workspace.has_statistics:
        raise refused("forbidden", "Analytics API is only available on paid plans.")
    query = request.query_params
    links = _links(workspace, query.get("linkId"))
    days, start, end = _days(workspace, request, links)
    group = query.get("groupBy", "count")
    total = days.total()
    if group == "count":
        return {"clicks": total, **_NO_SALES}
    if group == "timeseries":
        return _series(days, start, end)
    if group not in _GROUPS:
        raise refused("unprocessable_entity", "invalid_enum_value: groupBy")
    key, others, weights = _GROUPS[group]
    ranked = sorted(share(total, weights).items(), key=lambda row: (-row[1], row[0]))
    return [{key: name, **others, "clicks": clicks, **_NO_SALES} for name, clicks in ranked]


def _links(workspace: Workspace, names: str | None) -> list[StoredLink]:
    return workspace.links if names is None else [workspace.find(name) for name in names.split(",")]


def _days(workspace: Workspace, request: Request, links: list[StoredLink]) -> tuple[Counter[date], date, date]:
    """The clicks of each day from start to end. A bare date is noon, and days count whole all the same (FOUND)."""
    query = request.query_params
    today = workspace.clock.now().date()
    if query.get("interval") == "all":
        start, end = _FIRST_DAY, today
    elif query.get("start"):
        start, end = _day(query["start"]), _day(query.get("end", today.isoformat()))
    else:
        start, end = today - timedelta(days=30), today
    if start < _FIRST_DAY:
        raise refused("unprocessable_entity", "start: The start date cannot be earlier than September 22, 2022.")
    start, end = min(start, end), max(start, end)
    counted: Counter[date] = Counter()
    for link in links:
        counted.update({day: clicks for day, clicks in link.days.items() if start <= day <= end})
    return counted, start, end


def _day(text: str) -> date:
    try:
        return datetime.fromisoformat(text).date()
    except ValueError:
        raise refused("unprocessable_entity", "invalid_date: start") from None


def _series(days: Counter[date], start: date, end: date) -> list[dict[str, object]]:
    """Hours, days or months by the length of the range; gaps are filled (FOUND)."""
    length = (end - start).days + 1
    every = [start + timedelta(days=offset) for offset in range(length)]
    if length <= _HOURLY_DAYS:
        return [_row(day, hour, days[day] if hour == 12 else 0) for day in every for hour in range(24)]  # noqa: PLR2004 - all at noon
    if length <= _DAILY_DAYS:
        return [_row(day, 0, days[day]) for day in every]
    months: Counter[date] = Counter()
    for day in every:
        months[day.replace(day=1)] += days[day]
    return [_row(month, 0, clicks) for month, clicks in sorted(months.items())]


def _row(day: date, hour: int, clicks: int) -> dict[str, object]:
    start = datetime.combine(day, time(hour), UTC).strftime("%Y-%m-%dT%H:%M:%S.000+0000")
    return {"start": start, "clicks": clicks, **_NO_SALES}

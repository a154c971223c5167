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
_MAX_ROWS: Final = 5_000

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
    start, end = _range(workspace, request)
    group = query.get("groupBy", "count")
    if group == "top_links":
        return _top_links(links, start, end)
    days = _counted(links, start, end)
    if group == "count":
        return {"clicks": days.total(), **_NO_SALES}
    if group == "timeseries":
        return _series(days, start, end)
    if group not in _GROUPS:
        raise refused("unprocessable_entity", "invalid_enum_value: groupBy")
    key, others, weights = _GROUPS[group]
    # Each link has shares of its own, so that several links have the sum of each.
    shares: Counter[str] = Counter()
    for link in links:
        shares.update(share(_counted([link], start, end).total(), weights))
    ranked = sorted(shares.items(), key=lambda row: (-row[1], row[0]))
    return [{key: name, **others, "clicks": clicks, **_NO_SALES} for name, clicks in ranked]


def _links(workspace: Workspace, names: str | None) -> list[StoredLink]:
    return workspace.links if names is None else [workspace.find(name) for name in names.split(",")]


def _range(workspace: Workspace, request: Request) -> tuple[date, date]:
    """The first and the last day. A bare date is noon, and days count whole all the same (FOUND)."""
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
    return min(start, end), max(start, end)


def _counted(links: list[StoredLink], start: date, end: date) -> Counter[date]:
    """The clicks of each day."""
    counted: Counter[date] = Counter()
    for link in links:
        counted.update({day: clicks for day, clicks in link.days.items() if start <= day <= end})
    return counted


def _top_links(links: list[StoredLink], start: date, end: date) -> list[dict[str, object]]:
    """The links that were clicked, the most clicked first (FOUND)."""
    counted = [(link, _counted([link], start, end).total()) for link in links]
    ranked = sorted(((link, clicks) for link, clicks in counted if clicks), key=lambda each: (-each[1], each[0].id))
    return [
        {
            "link": link.id,
            "id": link.id,
            "domain": link.domain,
            "key": link.key,
            "shortLink": f"https://{link.domain}/{link.key}",
            "url": link.url,
            "createdAt": link.created_at.isoformat(),
            "clicks": clicks,
            **_NO_SALES,
        }
        for link, clicks in ranked[:_MAX_ROWS]
    ]


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

"""Reports on the clicks of a link, of a tag, or of the whole account."""

from collections import Counter
from collections.abc import Iterable, Mapping
from datetime import UTC, datetime, time, timedelta
from typing import Final

from starlette.requests import Request

from linkweave.providers.emulator_seed import BROWSERS, COUNTRIES, DEVICES, LANGUAGES, REFERRERS, SYSTEMS, share
from linkweave.providers.tinyurl.emulator.account import Account, Clicks, StoredLink, good, moment_of, refused

_REGIONS: Final = {"Berlin": 40, "Bavaria": 35, "Hamburg": 25}
_UNKNOWN: Final = "unknown"
_FORMAT: Final = "%Y-%m-%d %H:%M:%S"


async def timeline(account: Account, request: Request) -> object:
    """GET /analytics/timeline. Times without clicks are left out."""
    interval = request.query_params.get("interval", "day")
    if interval not in {"minute", "hour", "day", "week", "month"}:
        raise refused(5, "The selected interval is invalid.")
    totals: dict[datetime, Clicks] = {}
    for moment, clicks in _clicks(account, request):
        start = _start_of(moment, interval)
        known = totals.get(start, Clicks(0, 0, 0))
        totals[start] = Clicks(known.total + clicks.total, known.unique + clicks.unique, known.human + clicks.human)
    rows = [
        {"datetime": start.strftime(_FORMAT), "total": each.total, "unique": each.unique, "human": each.human}
        for start, each in sorted(totals.items())
    ]
    zone = f"{moment_of(request.query_params['from'], 'from'):%z}"
    return good({"dataset": rows, "interval": interval, "timezone": f"{zone[:3]}:{zone[3:]}"})


async def general(account: Account, request: Request) -> object:
    """GET /analytics/general. The only set is in an array."""
    total = _total(account, request)
    browsers = [{**row, "children": [{"name": "1", "value": row["value"]}]} for row in _rows(total, BROWSERS)]
    systems = [{**row, "children": []} for row in _rows(total, SYSTEMS)]
    return good({"dataset": [{"browser": browsers, "os": systems, "device": _rows(total, DEVICES)}], "total": total})


async def sources(account: Account, request: Request) -> object:
    """GET /analytics/sources/top."""
    total = _total(account, request)
    counted = share(total, REFERRERS)
    direct = counted.pop("direct", 0)
    rows = [{"source": name, "hits": hits} for name, hits in _ranked(counted)]
    return good({"dataset": rows, "direct": direct, "total": total})


async def languages(account: Account, request: Request) -> object:
    """GET /analytics/languages/top."""
    total = _total(account, request)
    counted = share(total, {**LANGUAGES, _UNKNOWN: 2})
    none = counted.pop(_UNKNOWN, 0)
    rows = [{"language": name, "hits": hits} for name, hits in _ranked(counted)]
    return good({"dataset": rows, "none": none, "total": total})


async def location(account: Account, request: Request) -> object:
    """GET /analytics/location/{region}: countries of the world, or regions of a country."""
    total = _total(account, request)
    weights = COUNTRIES if request.path_params["region"] == "world" else _REGIONS
    counted = share(total, {**weights, _UNKNOWN: 3})
    none = counted.pop(_UNKNOWN, 0)
    rows = [{"name": name, "value": value} for name, value in _ranked(counted)]
    return good({"dataset": rows, "none": none, "total": total})


async def weekdays(account: Account, request: Request) -> object:
    """GET /analytics/popularity/weekday, from Sunday (INFERRED)."""
    counted: Counter[int] = Counter()
    for moment, clicks in _clicks(account, request):
        counted[moment.isoweekday() % 7] += clicks.total
    return good({"dataset": [counted[day] for day in range(7)]})


async def hours(account: Account, request: Request) -> object:
    """GET /analytics/popularity/hour."""
    counted: Counter[int] = Counter()
    for moment, clicks in _clicks(account, request):
        counted[moment.hour] += clicks.total
    return good({"dataset": [counted[hour] for hour in range(24)]})


def _clicks(account: Account, request: Request) -> Iterable[tuple[datetime, Clicks]]:
    """The clicks of each link and day between `from` and `to`, in the zone of `from`."""
    query = request.query_params
    if not query.get("from"):
        raise refused(5, "The from field is required.")
    start = moment_of(query["from"], "from")
    end = moment_of(query["to"], "to") if query.get("to") else account.clock.now()
    for link in _links(account, query):
        for day, clicks in link.days.items():
            moment = datetime.combine(day, time(12), UTC)
            if link.counts_clicks and start <= moment <= end and clicks.total:
                yield moment.astimezone(start.tzinfo), clicks


def _links(account: Account, query: Mapping[str, str]) -> Iterable[StoredLink]:
    if query.get("alias"):
        domain, _, alias = query["alias"].partition("/")
        return (account.find(domain, alias),)
    tag = query.get("tag")
    return [link for link in account.links.values() if tag is None or tag in link.tags]


def _total(account: Account, request: Request) -> int:
    return sum(clicks.total for _, clicks in _clicks(account, request))


def _rows(total: int, weights: Mapping[str, int]) -> list[dict[str, object]]:
    return [{"name": name, "value": value} for name, value in _ranked(share(total, weights))]


def _ranked(counted: Mapping[str, int]) -> list[tuple[str, int]]:
    return sorted(counted.items(), key=lambda row: (-row[1], row[0]))


def _start_of(moment: datetime, interval: str) -> datetime:
    if interval in {"minute", "hour"}:
        return moment.replace(minute=0, second=0, microsecond=0)
    day = moment.replace(hour=0, minute=0, second=0, microsecond=0)
    if interval == "week":
        return day - timedelta(days=day.weekday())
    return day.replace(day=1) if interval == "month" else day

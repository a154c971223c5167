"""The endpoints that count clicks."""

from collections import Counter
from collections.abc import Mapping
from datetime import UTC, date, datetime, timedelta
from typing import Final

from starlette.requests import Request

from linkweave.providers.bitly.emulator.link_reads import links_of
from linkweave.providers.bitly.emulator.refusals import invalid, refused
from linkweave.providers.bitly.emulator.store import StoredLink, User, iso
from linkweave.providers.emulator_kit import number_in
from linkweave.providers.emulator_seed import COUNTRIES, DEVICES, REFERRERS, share

_SIZE: Final = 50
_DAYS: Final[Mapping[str, int]] = {"day": 1, "week": 7, "month": 30}
_ALL: Final = -1
# Links of the sandbox are at most 90 days old.
_LIFE: Final = timedelta(days=120)
_WEIGHTS: Final[Mapping[str, Mapping[str, int]]] = {
    "countries": {**COUNTRIES, "": 2},
    "devices": DEVICES,
    "referrers": REFERRERS,
    "referring_domains": REFERRERS,
}
_PAID: Final = frozenset({"devices", "cities"})


class Span:
    """The days that a question is about: so many units back from its reference."""

    def __init__(self, user: User, request: Request) -> None:
        query = request.query_params
        self.unit = query.get("unit", "day")
        self.units = _whole(query.get("units", "-1"))
        if self.unit not in _DAYS:
            raise invalid("unit")
        if self.units != _ALL and self.units < 1:
            raise invalid("units")
        self.reference = _reference(query.get("unit_reference"), user.clock.now())
        self.last = self.reference.astimezone(UTC).date()
        if self.units == _ALL:
            self.first = self.last - _LIFE
        else:
            # A range that is too long is cut, and the answer does not say so.
            days = min(self.units * _DAYS[self.unit], user.plan.lookback_days)
            self.first = self.last - timedelta(days=days - 1)

    def of(self, counted: Counter[date]) -> Counter[date]:
        """The clicks of these days."""
        return Counter({day: clicks for day, clicks in counted.items() if self.first <= day <= self.last})

    def echo(self) -> dict[str, object]:
        """What every answer repeats."""
        return {"unit": self.unit, "units": self.units, "unit_reference": iso(self.reference)}

    def rows(self, counted: Counter[date]) -> list[dict[str, object]]:
        """The clicks of each unit, newest first, also where there are none."""
        length, starts = _DAYS[self.unit], list[date]()
        day = self.last
        while day >= self.first:
            starts.append(day - timedelta(days=length - 1))
            day -= timedelta(days=length)
        return [
            {
                "date": f"{start.isoformat()}T00:00:00+0000",
                "clicks": sum(counted[start + timedelta(days=offset)] for offset in range(length)),
            }
            for start in starts
        ]


async def read_series(user: User, request: Request) -> object:
    """GET /bitlinks/{bitlink}/clicks and GET /custom_bitlinks/{custom_bitlink}/clicks."""
    span = Span(user, request)
    return {**span.echo(), "link_clicks": span.rows(span.of(_days(user, request)))}


async def read_summary(user: User, request: Request) -> object:
    """GET /bitlinks/{bitlink}/clicks/summary."""
    span = Span(user, request)
    return {**span.echo(), "total_clicks": span.of(_days(user, request)).total()}


async def read_breakdown(user: User, request: Request) -> object:
    """GET /bitlinks/{bitlink}/countries, devices, referrers and referring_domains."""
    return _metrics(user, request, _days(user, request))


async def read_group_breakdown(user: User, request: Request) -> object:
    """GET /groups/{group_guid}/countries and devices."""
    group = user.group(request.path_params["group"])
    return _metrics(user, request, sum((_all_days(link) for link in group.links), Counter[date]()))


async def read_group_clicks(user: User, request: Request) -> object:
    """GET /groups/{group_guid}/clicks, which small plans do not have."""
    user.require_paid()
    group, span = user.group(request.path_params["group"]), Span(user, request)
    counted = span.of(sum((_all_days(link) for link in group.links), Counter[date]()))
    return {**span.echo(), "data": [{"ts": row["date"], "count": row["clicks"]} for row in span.rows(counted)]}


async def rank_links(user: User, request: Request) -> object:
    """GET /groups/{group_guid}/bitlinks/clicks: the links with the most clicks of their hash. There are no pages."""
    group, span = user.group(request.path_params["group"]), Span(user, request)
    size = number_in(request, "size", _SIZE)
    if not size:
        raise invalid("size")
    counted = [(span.of(link.days).total(), link) for link in links_of(group)]
    ranked = sorted((row for row in counted if row[0]), key=lambda row: -row[0])[: min(size, 100)]
    return {
        "sorted_links": [{"id": link.id, "clicks": clicks} for clicks, link in ranked],
        "links": [user.shown(group, link) for _, link in reversed(ranked)],
    }


def _metrics(user: User, request: Request, counted: Counter[date]) -> object:
    facet, span = request.url.path.rpartition("/")[2], Span(user, request)
    if facet not in _WEIGHTS:
        raise refused("NOT_FOUND")
    if facet in _PAID:
        user.require_paid()
    size = number_in(request, "size", _SIZE) or _SIZE
    parts = sorted(share(span.of(counted).total(), _WEIGHTS[facet]).items(), key=lambda row: (-row[1], row[0]))
    key = "device_type" if facet == "devices" else "value"
    return {
        **span.echo(),
        "facet": facet,
        "metrics": [{key: name, "clicks": clicks} for name, clicks in parts[:size]],
    }


def _days(user: User, request: Request) -> Counter[date]:
    name = request.path_params["name"]
    return user.find(name)[1].days_of(name)


def _all_days(link: StoredLink) -> Counter[date]:
    return sum((each.days for each in link.back_halves), Counter(link.days))


def _whole(text: str) -> int:
    digits = text.removeprefix("-")
    if not digits.isdecimal() or len(digits) > 6:  # noqa: PLR2004 - more than any range
        raise invalid("units")
    return int(text)


def _reference(text: str | None, now: datetime) -> datetime:
    if text is None:
        return now
    try:
        moment = datetime.fromisoformat(text)
    except ValueError:
        raise invalid("unit_reference") from None
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)

"""Analytics of one link."""

from collections.abc import Mapping, Sequence
from datetime import timedelta
from typing import Final

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from linkweave.clock import Clock
from linkweave.providers.emulator_seed import COUNTRIES, REFERRERS, SeedDay, share, total_unique
from linkweave.providers.picsee.emulator.answers import (
    NO_SUCH_LINK,
    PLAN_NEEDED,
    RefusedError,
    success,
    table,
    wants_csv,
)
from linkweave.providers.picsee.emulator.gate import Gate
from linkweave.providers.picsee.emulator.ranges import time_range
from linkweave.providers.picsee.emulator.state import VendorAccount, VendorLink, now_in_taipei

DEVICES: Final = {"iphone": 35, "android": 29, "windows": 21, "macintosh": 11, "ipad": 4}
REGIONS: Final = {**COUNTRIES, "others": 4}
NAMES: Final = {
    "TW": "Taiwan",
    "US": "United States",
    "JP": "Japan",
    "DE": "Germany",
    "GB": "United Kingdom",
    "PL": "Poland",
    "IN": "India",
    "BR": "Brazil",
    "FR": "France",
    "others": "Others",
}
INTERESTS: Final = {"12": 40, "7": 31, "101": 18, "55": 11}
BRANDS: Final = {"PICSEE": 52, "EXAMPLE": 30, "ACME": 18}
PRIVATE_UNTIL: Final = 100

Rows = Sequence[Mapping[str, object]]


class AnalyticsApi:
    """Endpoints under one link."""

    def __init__(self, gate: Gate, clock: Clock) -> None:
        self._gate = gate
        self._clock = clock

    def routes(self) -> list[Route]:
        """Where they are."""
        return [
            Route("/v1/links/{encode_id}/overview", self.overview),
            Route("/v4/links/{encode_id}/details/audienceLabels", self.audience_labels),
            Route("/v4/links/{encode_id}/details/{kind}", self.details),
        ]

    async def overview(self, request: Request) -> Response:
        """One link and its totals; the only endpoint without a limit (DOC)."""
        link = _link(self._gate.admit(request, None), request)
        data: dict[str, object] = {
            "url": link.url,
            "picseeUrl": link.short_url,
            "createTime": link.created_at.isoformat(timespec="seconds"),
            "externalId": link.external_id,
            "totalClicks": link.clicks,
            "uniqueClicks": link.unique_clicks,
        }
        return table(tuple(data), [data]) if wants_csv(request) else success(request, data)

    async def details(self, request: Request) -> Response:
        """Clicks by day, device, referrer or country; unique ones but for the days."""
        kind = request.path_params["kind"]
        if kind not in _TELLERS:
            raise RefusedError(404, "Not found")
        account = self._gate.admit(request, "details")
        link = _link(account, request)
        columns, tell = _TELLERS[kind]
        rows = tell(self._days(request, account, link))
        return table(columns, rows) if wants_csv(request) else success(request, {kind: rows})

    async def audience_labels(self, request: Request) -> Response:
        """Both groups, or neither while too few people have clicked."""
        account = self._gate.admit(request, "audienceLabels")
        if not account.advanced:
            raise RefusedError(403, "Audience labels are available on the Advanced Plan", PLAN_NEEDED)
        link = _link(account, request)
        people = link.unique_clicks if link.unique_clicks > PRIVATE_UNTIL else 0
        groups = {"interest": _labels(people, INTERESTS), "brand": _labels(people, BRANDS)}
        if wants_csv(request):
            rows = [{"type": group, **row} for group, labels in groups.items() for row in labels]
            return table(("type", "label", "count"), rows)
        return success(request, groups)

    def _days(self, request: Request, account: VendorAccount, link: VendorLink) -> tuple[SeedDay, ...]:
        now = now_in_taipei(self._clock)
        within = time_range(request, now, timedelta(minutes=10) if account.advanced else timedelta(hours=1))
        lookback = 365 if account.advanced else 30
        # The default range starts before an end that is floored: the vendor's own choice is never too far back.
        if "startTime" in request.query_params and within.start < now - timedelta(days=lookback):
            raise RefusedError(400, f"the maximum lookback is {lookback} days")
        return link.between(within.start, within.end)


def _link(account: VendorAccount, request: Request) -> VendorLink:
    link = account.find(request.path_params["encode_id"])
    if link is None:
        raise RefusedError(404, "Link not found", NO_SUCH_LINK)
    return link


def _labels(people: int, weights: Mapping[str, int]) -> Rows:
    return [{"label": label, "count": count} for label, count in share(people, weights).items()]


def _daily(days: Sequence[SeedDay]) -> Rows:
    return [
        {"date": entry.day.isoformat(), "totalClicks": entry.clicks, "uniqueClicks": entry.unique_clicks}
        for entry in days
    ]


def _platforms(days: Sequence[SeedDay]) -> Rows:
    return [{"platform": name, "count": count} for name, count in share(total_unique(days), DEVICES).items()]


def _referrers(days: Sequence[SeedDay]) -> Rows:
    return [{"referer": name, "count": count} for name, count in share(total_unique(days), REFERRERS).items()]


def _regions(days: Sequence[SeedDay]) -> Rows:
    counts = share(total_unique(days), REGIONS)
    return [{"name": NAMES[code], "code": code, "count": count} for code, count in counts.items()]


# Each kind's columns, which are the keys of its rows too (DOC), and what fills them.
_TELLERS: Final = {
    "dailyClicks": (("date", "totalClicks", "uniqueClicks"), _daily),
    "platform": (("platform", "count"), _platforms),
    "referrers": (("referer", "count"), _referrers),
    "regions": (("name", "code", "count"), _regions),
}

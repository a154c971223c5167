"""Analytics of one link."""

from collections.abc import Mapping, Sequence
from datetime import timedelta
from typing import Final

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from linkweave.clock import Clock
from linkweave.providers.emulator_seed import COUNTRIES, REFERRERS, SeedDay, share, total_unique
from linkweave.providers.picsee.emulator.access import Access
from linkweave.providers.picsee.emulator.query import time_range
from linkweave.providers.picsee.emulator.responses import (
    NO_SUCH_LINK,
    PLAN_NEEDED,
    RefusedError,
    success,
    table,
    wants_csv,
)
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
PRIVATE_UNTIL: Final = 100  # DOC: unique clicks up to which a link has no labels

Rows = Sequence[Mapping[str, object]]


class AnalyticsApi:
    """Endpoints about one link."""

    def __init__(self, access: Access, clock: Clock) -> None:
        self._access = access
        self._clock = clock

    def routes(self) -> list[Route]:
        """The paths of the endpoints."""
        return [
            Route("/v1/links/{encode_id}/overview", self.overview),
            Route("/v4/links/{encode_id}/details/audienceLabels", self.audience_labels),
            Route("/v4/links/{encode_id}/details/{kind}", self.details),
        ]

    async def overview(self, request: Request) -> Response:
        """One link and its totals; the only endpoint without a limit (DOC)."""
        link = _link(self._access.admit(request, None), request)
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
        """Clicks by day, device, referrer or country. Only the days have all clicks; the others have unique clicks."""
        kind = request.path_params["kind"]
        if kind not in _KINDS:
            raise RefusedError(404, "Not found")
        account = self._access.admit(request, "details")
        link = _link(account, request)
        columns, make_rows = _KINDS[kind]
        rows = make_rows(self._days(request, account, link))
        return table(columns, rows) if wants_csv(request) else success(request, {kind: rows})

    async def audience_labels(self, request: Request) -> Response:
        """Both groups of labels; empty while too few people have clicked."""
        account = self._access.admit(request, "audienceLabels")
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
        # The default range ends at a floored time and so starts earlier. It is never too far back.
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


# The columns of each kind, which are the keys of its rows too (DOC), and the function that makes the rows.
_KINDS: Final = {
    "dailyClicks": (("date", "totalClicks", "uniqueClicks"), _daily),
    "platform": (("platform", "count"), _platforms),
    "referrers": (("referer", "count"), _referrers),
    "regions": (("name", "code", "count"), _regions),
}

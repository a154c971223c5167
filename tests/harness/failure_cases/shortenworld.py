"""ShortenWorld's refusals and unreadable answers."""

from collections.abc import Awaitable, Callable
from datetime import date
from typing import Any

from harness.failure_cases import SECRET, Refusal, VendorCall, VendorTable
from harness.shortenworld_vendor import (
    ADD_TRACKERS,
    CREATE,
    DELETE,
    DOMAINS,
    EXPIRATION,
    LINK_TRACKERS,
    LINKS,
    LOGIN,
    MOBILE,
    OK,
    PASSWORD,
    REDIRECT,
    REMOVE_TRACKER,
    STATISTICS,
    TEAMS,
    TESTING,
    UPDATE,
    adapter_over,
    link_row,
    update,
)
from linkweave.errors import (
    ConflictError,
    ForbiddenError,
    NotFoundError,
    PlanRequiredError,
    QuotaExhaustedError,
    RateLimitedError,
    RejectedError,
    VendorError,
)
from linkweave.models import TOTALS, DeviceTarget, Dimension, Expiry, Period, Platform, StatsPart, Variant
from linkweave.models.changes import LinkPatch, NewLink, NewTrackers
from linkweave.providers.read_capabilities import Lane
from linkweave.providers.shortenworld.adapter import ShortenWorldAdapter

SHOWN = Lane("shown", {"hidden": "false"})
DAY = Period(date(2026, 11, 20), date(2026, 11, 20))
NEW = NewLink("https://www.example.com/new", domain="go.example.com", team="t1")
COUNTRY = StatsPart.of(Dimension.COUNTRY)
ROW = link_row(
    1,
    title="A",
    tags=["sale"],
    clicks=3,
    teamId="t1",
    campaignId="c1",
    utmSource="a",
    clickType=1,
    uniqueTime=15,
    hasPassword=False,
    redirectMobile={"ios": "https://a.example/"},
    expiration={"date": "31/12/2026", "click": 7},
    testing=[{"link": "https://b.example/", "percentage": 40}],
)
VARIANTS = (Variant("https://a.example/", 60), Variant("https://b.example/", 40))


def change(path: str, **changes: Any) -> VendorCall:
    def run(adapter: ShortenWorldAdapter) -> Awaitable[object]:
        return update(adapter, "id-1", LinkPatch(**changes))

    return VendorCall(run, path)


def read(
    path: str, run: Callable[[ShortenWorldAdapter], Awaitable[object]], key: str, documented: object
) -> VendorCall:
    values: tuple[object, ...] = (None, 7, SECRET)
    unreadable = ({"status": OK}, *({"status": OK, key: value} for value in values))
    return VendorCall(run, path, unreadable, {"status": OK, key: documented})


def refusal(
    code: object, message: object, error: type[VendorError], field: str | None = None, *, http: int = 200
) -> Refusal:
    return Refusal(http, {"status": {**OK, "code": code, "message": message}}, error, str(code), field)


TABLE = VendorTable(
    open=adapter_over,
    reads={
        "list links": read(LINKS, lambda adapter: adapter.list_links(SHOWN, None), "links", [ROW, link_row(2)]),
        "list teams": read(
            TEAMS, lambda adapter: adapter.list_teams(), "teams", [{"id": "a", "name": "A"}, {"id": "b", "name": "B"}]
        ),
        "read statistics": read(
            STATISTICS,
            lambda adapter: adapter.read_stats("id-1", None, DAY, frozenset({TOTALS, COUNTRY})),
            "metricsMap",
            {"7": [{"name": "TW", "value": 3}], "8": {"Googlebot": 1}, "9": [{"name": "20/11/2026", "value": 3}]},
        ),
    },
    writes={
        "create a link": VendorCall(
            lambda adapter: adapter.create_link(NEW),
            CREATE,
            (
                {"status": OK},
                {"status": None, "linkShort": "https://go.example.com/abc"},
                *(
                    {"status": OK, "linkId": "id-1", "linkShort": short}
                    for short in (None, SECRET, f"javascript://x/{SECRET}", f"https://{SECRET}.example/", [SECRET])
                ),
            ),
        ),
        "update a link": change(UPDATE, title="Changed"),
        "redirect a link": change(REDIRECT, destination="https://www.example.com/changed"),
        "redirect a link on mobiles": change(
            MOBILE, device_targets=(DeviceTarget(Platform.IOS, "https://www.example.com/ios"),)
        ),
        "let a link expire": change(EXPIRATION, expiry=Expiry(at=date(2026, 12, 31))),
        "set a link's password": change(PASSWORD, password="correct-horse"),
        "set a link's variants": change(TESTING, variants=VARIANTS),
        "delete a link": VendorCall(lambda adapter: adapter.delete_link("id-1"), DELETE),
        "add trackers": VendorCall(lambda adapter: adapter.add_trackers(NewTrackers("id-1", ("tt-1",))), ADD_TRACKERS),
        "remove a tracker": VendorCall(lambda adapter: adapter.remove_tracker("lt-1"), REMOVE_TRACKER),
    },
    refused_calls=("list teams", "delete a link"),
    refusals=(
        refusal(403, "permission denied", ForbiddenError),
        refusal(403, "permission denied", ForbiddenError, http=403),
        Refusal(403, b"", ForbiddenError),
        refusal(429, "", RateLimitedError),
        refusal(7, "", RateLimitedError, http=429),
        Refusal(429, b"", RateLimitedError),
        refusal(1, "Domain not found", NotFoundError, "domain"),
        refusal(1, "Campaign not found", NotFoundError, "campaign"),
        refusal(1, "Team was not found", NotFoundError, "team"),
        refusal(1, "LINK NOT FOUND", NotFoundError, http=404),
        refusal(1, "Domain is taken", RejectedError),
        refusal(1, "Code already exists", ConflictError, "slug"),
        refusal(1, "The code has been taken", ConflictError, "slug"),
        refusal(1, "Your explanation is too long", RejectedError),
        refusal(1, "Please upgrade", PlanRequiredError),
        refusal(1, "Not available on free plan", PlanRequiredError),
        refusal(1, "You have reached the limit of your plan", QuotaExhaustedError),
        refusal(1, None, RejectedError),
        refusal("12", "no", RejectedError),
        refusal(-3, "no", RejectedError),
        refusal(5, "no", RejectedError, http=400),
        Refusal(404, b"<html>Not Found</html>", RejectedError, "404"),
    ),
    unreadable=(
        {"status": None},
        {"status": {}},
        {"status": {"code": None}},
        {"status": {"code": True}},
        {"status": {"code": [1]}},
        {"status": {"code": 0.5}},
        b'{"status": {"code": NaN}}',
        b"\xff\xfe",
    ),
    answers={
        LOGIN: {"status": OK, "token": {"access_token": "a", "refresh_token": "r", "expires_in": 3600}},
        DOMAINS: {"status": OK, "domains": [{"id": "d1", "domain": "go.example.com"}]},
        LINK_TRACKERS: {"status": OK, "linkTrackers": []},
    },
)

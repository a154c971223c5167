"""The refusals and unreadable answers of Shlink."""

from datetime import date

from harness.failure_cases import SECRET, Refusal, VendorCall, VendorTable
from harness.shlink_vendor import adapter_over
from linkweave.errors import (
    AmbiguousError,
    ConflictError,
    ForbiddenError,
    NotFoundError,
    RateLimitedError,
    RejectedError,
    UnauthenticatedError,
    UnavailableError,
    VendorError,
)
from linkweave.models import SERIES, Period
from linkweave.models.changes import LinkPatch, NewLink
from linkweave.providers.batches import or_raise
from linkweave.providers.read_capabilities import Lane
from linkweave.providers.shlink.adapter import ShlinkAdapter

READ, WRITE = "list links", "create link"
HANDLE = "/12C18"
DAYS = Period(date(2026, 11, 1), date(2026, 11, 20))

SHORT_URL = {
    "shortCode": "12C18",
    "shortUrl": "https://s.test/12C18",
    "longUrl": "https://store.steampowered.com",
    "dateCreated": "2026-08-21T20:34:16+02:00",
    "visitsSummary": {"total": 328, "nonBots": 328, "bots": 0},
    "tags": ["games", "tech"],
    "meta": {"validSince": None, "validUntil": "2027-01-31T23:59:59+00:00", "maxVisits": 100},
    "domain": None,
    "title": None,
    "crawlable": False,
    "forwardQuery": True,
    "hasRedirectRules": False,
}
ALONE = {"currentPage": 1, "pagesCount": 1, "itemsPerPage": 100, "itemsInCurrentPage": 2, "totalItems": 2}
SHORT_URLS = {"shortUrls": {"data": [SHORT_URL, {**SHORT_URL, "domain": "a.test"}], "pagination": ALONE}}
VISIT = {
    "referer": "https://t.co",
    "date": "2026-11-12T21:34:01+01:00",
    "userAgent": "Mozilla/5.0 (iPhone) Mobile",
    "visitLocation": {"countryCode": "ES", "countryName": "Spain", "cityName": "", "regionName": ""},
    "potentialBot": False,
    "visitedUrl": "https://s.test/12C18",
    "redirectUrl": None,
}
ONE = {"pagination": ALONE}
VISITS = {"visits": {"data": [VISIT, {**VISIT, "visitLocation": None}], "pagination": ALONE}}
TAGS = {"tags": {"data": ["games", "tech"], "pagination": ALONE}}
DOMAINS = {"domains": {"data": [{"domain": "s.test", "isDefault": True, "redirects": {}}], "defaultRedirects": {}}}


def problem(name: str, **more: object) -> dict[str, object]:
    kind = f"https://shlink.io/api/error/{name}"
    return {"type": kind, "title": SECRET, "detail": SECRET, "status": 400, **more}


def wrong(*names: str) -> dict[str, object]:
    return problem("invalid-data", invalidElements=list(names))


MEANINGS: dict[str, tuple[type[VendorError], str | None]] = {
    "missing-authentication": (UnauthenticatedError, None),
    "invalid-api-key": (UnauthenticatedError, None),
    "short-url-not-found": (NotFoundError, None),
    "non-unique-slug": (ConflictError, "slug"),
    "invalid-data": (RejectedError, None),
    "invalid-short-url-deletion": (RejectedError, None),
    "domain-not-found": (NotFoundError, "domain"),
    "tag-not-found": (NotFoundError, None),
    "forbidden-tag-operation": (ForbiddenError, None),
    "tag-conflict": (ConflictError, None),
}


async def get_link(adapter: ShlinkAdapter) -> object:
    return or_raise((await adapter.get_links([HANDLE], frozenset()))[HANDLE])


async def rename_tag(adapter: ShlinkAdapter) -> object:
    return await adapter.rename_tag("games", "play")


TABLE = VendorTable(
    open=adapter_over,
    reads={
        READ: VendorCall(
            lambda adapter: adapter.list_links(Lane("links"), None),
            unreadable=({"shortUrls": []}, {"shortUrls": {"data": SECRET}}),
            documented=SHORT_URLS,
        ),
        "get link": VendorCall(
            get_link,
            unreadable=({**SHORT_URL, "shortUrl": SECRET}, {**SHORT_URL, "domain": []}, {"shortCode": SECRET}),
            documented=SHORT_URL,
        ),
        "read statistics": VendorCall(
            lambda adapter: adapter.read_stats(HANDLE, None, DAYS, frozenset({SERIES})),
            unreadable=({"visits": {"data": []}}, {"visits": {**ONE, "data": [{**VISIT, "date": SECRET}]}}),
            documented=VISITS,
        ),
        "list tags": VendorCall(lambda adapter: adapter.list_tags(), unreadable=({"tags": 5},), documented=TAGS),
        "list domains": VendorCall(
            lambda adapter: adapter.list_domains(), unreadable=({"domains": []},), documented=DOMAINS
        ),
        "check the account": VendorCall(lambda adapter: adapter.probe(), unreadable=({"domains": None},)),
    },
    writes={
        WRITE: VendorCall(
            lambda adapter: adapter.create_link(NewLink("https://e.com")), unreadable=({**SHORT_URL, "shortUrl": ""},)
        ),
        "update link": VendorCall(lambda adapter: adapter.plan_update(LinkPatch(title="n"))[0].run(HANDLE)),
        "delete link": VendorCall(lambda adapter: adapter.delete_link(HANDLE), unreadable=(SHORT_URL,)),
    },
    refused_calls=(READ, WRITE),
    refusals=(
        # The type decides, whatever the HTTP status is.
        *(
            Refusal(status, problem(name), error, name, field)
            for name, (error, field) in MEANINGS.items()
            for status in (400, 422)
        ),
        Refusal(400, wrong("longUrl"), RejectedError, "invalid-data", "destination"),
        Refusal(400, wrong("validUntil", "maxVisits"), RejectedError, "invalid-data", "expiry"),
        *(
            Refusal(400, problem("invalid-data", invalidElements=names), RejectedError, "invalid-data")
            for names in (["longUrl", "title"], [SECRET], [5], "longUrl", None)
        ),
        # Without a known type, the HTTP status does.
        Refusal(400, {"type": "about:blank", "detail": SECRET}, RejectedError),
        Refusal(400, {"type": f"https://shlink.io/api/error/{SECRET} x"}, RejectedError),
        Refusal(404, problem("not-found"), NotFoundError),
        Refusal(429, b"", RateLimitedError),
        Refusal(503, SECRET.encode(), UnavailableError, calls=(READ,)),
        Refusal(503, SECRET.encode(), AmbiguousError, calls=(WRITE,)),
    ),
)

"""The refusals and unreadable answers of Short.io."""

from datetime import date

from harness.failure_cases import SECRET, Refusal, VendorCall, VendorTable
from harness.shortio_vendor import adapter_over
from linkweave.errors import (
    AmbiguousError,
    ConflictError,
    ForbiddenError,
    NotFoundError,
    PlanRequiredError,
    QuotaExhaustedError,
    RateLimitedError,
    RejectedError,
    UnauthenticatedError,
    UnavailableError,
)
from linkweave.models import BOT_TOTALS, SERIES, TOTALS, Dimension, Period, StatsPart
from linkweave.models.changes import LinkPatch, NewLink
from linkweave.providers.batches import or_raise
from linkweave.providers.read_capabilities import Lane
from linkweave.providers.shortio.adapter import ShortioAdapter

READ, WRITE = "list links", "create link"
HANDLE = "lnk_4sGe_aBcDeF12"
DAYS = Period(date(2026, 9, 24), date(2026, 9, 25))
PARTS = frozenset({TOTALS, BOT_TOTALS, SERIES, StatsPart.of(Dimension.COUNTRY), StatsPart.of(Dimension.SOCIAL)})

LINK = {
    "idString": HANDLE,
    "id": HANDLE,
    "path": "promo",
    "originalURL": "https://example.com/a",
    "shortURL": "http://go.example.com/promo",
    "secureShortURL": "https://go.example.com/promo",
    "DomainId": 123456,
    "title": "Example",
    "tags": ["x"],
    "archived": False,
    "createdAt": "2026-09-25T10:00:00.000Z",
    "hasPassword": True,
    "password": SECRET,
    "expiresAt": 1_798_761_599_000,
    "expiredURL": "https://example.com/over",
    "ttl": None,
    "clicksLimit": 100,
    "androidURL": None,
    "iphoneURL": "https://apps.example.com/ios",
    "splitURL": "https://example.com/b",
    "splitPercent": 30,
    "utmSource": "x",
    "User": {"id": 4242, "name": SECRET, "email": SECRET},
}
OTHER = {**LINK, "idString": HANDLE[::-1]}
DOMAIN = {"id": 123456, "hostname": "go.example.com", "state": "configured", "linkType": "random", "httpsLinks": True}
REPORT = {
    "totalClicks": 42,
    "humanClicks": 8,
    "totalClicksChange": "0",
    "clickStatistics": {"datasets": [{"data": [{"x": "2026-09-25T00:00:00.000Z", "y": 8}]}]},
    "interval": {"startDate": None, "endDate": None, "tz": "UTC"},
    "country": [{"score": 4, "country": "US", "countryName": "United States"}],
    "social": [{"score": 1, "social": "Twitter"}],
}


async def get_link(adapter: ShortioAdapter) -> object:
    found = (await adapter.get_links([HANDLE], frozenset())).get(HANDLE)
    return None if found is None else or_raise(found)


async def create_two(adapter: ShortioAdapter) -> object:
    new = [NewLink(f"https://{name}.com", domain="go.example.com") for name in ("e", "f")]
    return [or_raise(each) for each in await adapter.create_links(new)]


TABLE = VendorTable(
    open=adapter_over,
    reads={
        READ: VendorCall(
            lambda adapter: adapter.list_links(Lane("go.example.com", {"domain_id": "123456"}), None),
            unreadable=({"links": SECRET}, {"links": None}),
            documented={"count": 2, "links": [LINK, OTHER], "nextPageToken": None},
        ),
        "get link": VendorCall(get_link, unreadable=({**LINK, "shortURL": SECRET},), documented=LINK),
        "read statistics": VendorCall(
            lambda adapter: adapter.read_stats(HANDLE, None, DAYS, PARTS),
            unreadable=({**REPORT, "humanClicks": SECRET},),
            documented=REPORT,
        ),
        "list domains": VendorCall(lambda adapter: adapter.list_domains(), documented=[DOMAIN], is_list=True),
        "check the account": VendorCall(lambda adapter: adapter.probe(), is_list=True),
    },
    writes={
        WRITE: VendorCall(
            lambda adapter: adapter.create_link(NewLink("https://e.com", domain="go.example.com")),
            unreadable=({**LINK, "shortURL": SECRET},),
        ),
        "create links": VendorCall(create_two, unreadable=([LINK], {"links": [LINK, SECRET]}, [LINK, {"path": 5}])),
        "update link": VendorCall(lambda adapter: adapter.plan_update(LinkPatch(title="t"))[0].run(HANDLE)),
        "delete link": VendorCall(lambda adapter: adapter.delete_link(HANDLE), unreadable=({"idString": HANDLE},)),
    },
    refused_calls=(READ, WRITE),
    refusals=(
        Refusal(400, {"message": SECRET, "statusCode": 400, "success": False}, RejectedError),
        Refusal(400, {"message": SECRET, "field": "originalURL"}, RejectedError, field="destination"),
        Refusal(400, {"error": [SECRET], "code": "E_1"}, RejectedError, "E_1"),
        Refusal(401, {"error": SECRET}, UnauthenticatedError),
        Refusal(402, {"message": "You have reached the links limit of your plan"}, QuotaExhaustedError),
        Refusal(402, {"message": "This feature is not available"}, PlanRequiredError),
        Refusal(403, {"error": SECRET, "type": "accessDenied"}, ForbiddenError),
        Refusal(404, {"error": SECRET}, NotFoundError, calls=(READ,)),
        Refusal(404, {"error": SECRET}, RejectedError, field="domain", calls=(WRITE,)),
        Refusal(409, {"message": SECRET, "field": "path", "linkId": HANDLE}, ConflictError, field="slug"),
        Refusal(200, {"success": False, "error": SECRET}, RejectedError),
        Refusal(200, {"success": False, "message": "Link already exists"}, ConflictError, field="slug"),
        Refusal(429, {"error": SECRET}, RateLimitedError),
        Refusal(500, {"error": SECRET}, UnavailableError, calls=(READ,)),
        Refusal(500, {"error": SECRET}, AmbiguousError, calls=(WRITE,)),
        Refusal(502, SECRET.encode(), AmbiguousError, calls=(WRITE,)),
    ),
)

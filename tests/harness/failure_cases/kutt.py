"""The refusals and unreadable answers of Kutt."""

from harness.failure_cases import SECRET, Refusal, VendorCall, VendorTable
from harness.kutt_vendor import adapter_over
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
from linkweave.models import TOTALS
from linkweave.models.changes import LinkPatch, NewLink
from linkweave.providers.batches import or_raise
from linkweave.providers.kutt.adapter import KuttAdapter
from linkweave.providers.read_capabilities import Lane

READ, WRITE = "list links", "create link"
HANDLE = "7fdf9634-2cc8-4852-a7eb-bb8683ac2d34"

LINK = {
    "id": HANDLE,
    "address": "first",
    "banned": False,
    "created_at": "2026-11-20T06:49:27.000Z",
    "updated_at": "2026-11-20T06:49:27.000Z",
    "password": True,
    "description": "First link",
    "expire_in": "2026-12-02 06:49:27",
    "target": "https://example.com/page?a=1",
    "visit_count": 4,
    "domain": None,
    "link": "https://kutt.example/first",
}
SPAN = {
    "stats": {
        "browser": [{"name": "chrome", "value": 3}, {"name": "ie", "value": 1}],
        "os": [{"name": "windows", "value": 4}],
        "country": [{"name": "tw", "value": 4}],
        "referrer": [{"name": "google[dot]com", "value": 4}],
    },
    "views": [*[0] * 23, 4],
    "total": 4,
}
LAST_YEAR = {**SPAN, "views": [*[0] * 11, 4]}
STATS = {**LINK, "lastDay": SPAN, "lastYear": LAST_YEAR, "updatedAt": "2026-11-20T10:30:00.000Z"}
DOMAIN = {"id": "1", "address": "go.example.com", "homepage": "https://example.com", "banned": False}

MEANINGS: dict[str, tuple[type[VendorError], str | None]] = {
    "Unauthorized.": (UnauthenticatedError, None),
    "Unauthorized": (ForbiddenError, None),
    "You're banned from using this website.": (ForbiddenError, None),
    "Link was not found.": (NotFoundError, None),
    "Custom URL is already in use.": (ConflictError, "slug"),
    "Should at least update one field.": (RejectedError, None),
    "You can't use this custom URL.": (RejectedError, "slug"),
    "Custom URL is not valid.": (RejectedError, "slug"),
    "URL is not valid.": (RejectedError, "destination"),
    "Maximum URL length is 2040.": (RejectedError, "destination"),
    "HOST URLs are not allowed.": (RejectedError, "destination"),
    "You can't use this domain.": (RejectedError, "domain"),
    "Domain is banned.": (RejectedError, "destination"),
    "URL is containing malware/scam.": (RejectedError, "destination"),
    "Expire time should be more than 1 minute.": (RejectedError, "expiry"),
    "Password length must be between 3 and 64.": (RejectedError, "password"),
    "Invalid value": (RejectedError, None),
}


async def get_link(adapter: KuttAdapter) -> object:
    return or_raise((await adapter.get_links([HANDLE], frozenset()))[HANDLE])


TABLE = VendorTable(
    open=adapter_over,
    reads={
        READ: VendorCall(
            lambda adapter: adapter.list_links(Lane("links"), None),
            unreadable=({"data": 5}, {"data": None}),
            documented={"total": 2, "limit": 50, "skip": 0, "data": [LINK, {**LINK, "id": HANDLE[::-1]}]},
        ),
        "get link": VendorCall(get_link, unreadable=({**LINK, "link": SECRET}, {**LINK, "id": ""}), documented=STATS),
        "read statistics": VendorCall(
            lambda adapter: adapter.read_stats(HANDLE, None, None, frozenset({TOTALS})), documented=STATS
        ),
        "list domains": VendorCall(
            lambda adapter: adapter.list_domains(),
            unreadable=({"domains": SECRET},),
            documented={"apikey": SECRET, "email": SECRET, "domains": [DOMAIN]},
        ),
        "check the account": VendorCall(lambda adapter: adapter.probe()),
    },
    writes={
        WRITE: VendorCall(
            lambda adapter: adapter.create_link(NewLink("https://e.com")), unreadable=({"id": HANDLE, "link": SECRET},)
        ),
        "update link": VendorCall(lambda adapter: adapter.plan_update(LinkPatch(note="n"))[0].run(HANDLE)),
        "delete link": VendorCall(lambda adapter: adapter.delete_link(HANDLE), unreadable=({"message": ""},)),
    },
    refused_calls=(READ, WRITE),
    refusals=(
        # The sentence decides, whatever the HTTP status is: a 500 with one of these changed nothing.
        *(
            Refusal(status, {"error": words}, error, words, field)
            for words, (error, field) in MEANINGS.items()
            for status in (400, 500)
        ),
        Refusal(400, {"error": "An error occurred."}, RejectedError),
        Refusal(400, {"error": [SECRET]}, RejectedError),
        Refusal(401, {"error": SECRET}, UnauthenticatedError),
        Refusal(429, {"error": SECRET}, RateLimitedError),
        # Another 500 may have changed anything.
        Refusal(500, {"error": "An error occurred."}, UnavailableError, calls=(READ,)),
        Refusal(500, {"error": "An error occurred."}, AmbiguousError, calls=(WRITE,)),
        Refusal(502, SECRET.encode(), AmbiguousError, calls=(WRITE,)),
    ),
)

"""The refusals and unreadable answers of TinyURL."""

from datetime import date

from harness.failure_cases import SECRET, Refusal, VendorCall, VendorTable
from harness.tinyurl_vendor import adapter_over
from linkweave.errors import (
    AmbiguousError,
    ConflictError,
    ForbiddenError,
    NotFoundError,
    QuotaExhaustedError,
    RateLimitedError,
    RejectedError,
    UnauthenticatedError,
    UnavailableError,
)
from linkweave.models import SERIES, TOTALS, Period
from linkweave.models.changes import LinkPatch, NewLink
from linkweave.providers.batches import or_raise
from linkweave.providers.read_capabilities import Lane
from linkweave.providers.tinyurl.adapter import TinyUrlAdapter

READ, WRITE = "list links", "create link"
HANDLE = "tinyurl.com/y926fh2b"
DAYS = Period(date(2026, 11, 1), date(2026, 11, 19))

# The real keys of an answer (FOUND), with a description (DOC-2.4.2).
LINK = {
    "domain": "tinyurl.com",
    "alias": "y926fh2b",
    "deleted": False,
    "archived": False,
    "analytics": {"enabled": True, "public": False},
    "tags": ["sale"],
    "created_at": "2022-04-25T08:27:11.000000Z",
    "expires_at": None,
    "description": "A note",
    "tiny_url": "https://tinyurl.com/y926fh2b",
    "url": "https://example.com/a",
}
SECOND = {**LINK, "alias": "promo-1", "tiny_url": "https://tinyurl.com/promo-1", "analytics": [{"enabled": True}]}
FULL = {**LINK, "hits": 12, "user": {"name": SECRET, "email": SECRET}, "team": {"name": SECRET, "slug": SECRET}}
UPDATED = {key: value for key, value in LINK.items() if key != "url"}
TIMELINE = {
    "dataset": [{"datetime": "2026-11-18 00:00:00", "total": 3, "unique": 2, "human": 3}],
    "interval": "day",
    "timezone": "+00:00",
}


def good(data: object) -> dict[str, object]:
    return {"data": data, "code": 0, "errors": []}


def bad(code: object, *errors: object) -> dict[str, object]:
    return {"data": [], "code": code, "errors": list(errors)}


async def get_link(adapter: TinyUrlAdapter) -> object:
    return or_raise((await adapter.get_links([HANDLE], frozenset()))[HANDLE])


async def read_stats(adapter: TinyUrlAdapter) -> object:
    return await adapter.read_stats(HANDLE, None, DAYS, frozenset({TOTALS, SERIES}))


async def update(adapter: TinyUrlAdapter, patch: LinkPatch) -> object:
    return await adapter.plan_update(patch)[0].run(HANDLE)


TABLE = VendorTable(
    open=adapter_over,
    reads={
        READ: VendorCall(
            lambda adapter: adapter.list_links(Lane("available"), None),
            "/available",
            unreadable=(good(LINK), good(None)),
            documented=good([LINK, SECOND]),
        ),
        "get link": VendorCall(get_link, unreadable=(good(UPDATED), good([])), documented=good(FULL)),
        # Tags are those of the links: one odd value there may be several tags here.
        "list tags": VendorCall(lambda adapter: adapter.list_tags()),
        "check the account": VendorCall(lambda adapter: adapter.probe()),
        "read statistics": VendorCall(read_stats, documented=good(TIMELINE)),
    },
    writes={
        WRITE: VendorCall(
            lambda adapter: adapter.create_link(NewLink("https://e.com")), unreadable=(good(UPDATED), good([]))
        ),
        "update link": VendorCall(lambda adapter: update(adapter, LinkPatch(slug="other")), unreadable=(good([]),)),
        "delete link": VendorCall(lambda adapter: adapter.delete_link(HANDLE), unreadable=(good([]),)),
    },
    # A list may lack destinations; then each link is read.
    answers={"/y926fh2b": good(FULL), "/promo-1": good({**SECOND, "hits": 3})},
    refused_calls=(READ, WRITE),
    refusals=(
        Refusal(401, bad(1, "Unauthenticated."), UnauthenticatedError, "1"),
        Refusal(403, bad(3, SECRET), ForbiddenError, "3"),
        Refusal(405, bad(4, "Method not allowed"), ForbiddenError, "4"),
        Refusal(405, f"<html>{SECRET}".encode(), ForbiddenError),
        Refusal(405, bad(4, "Upgrade your plan"), QuotaExhaustedError, "4"),
        Refusal(422, bad(5, "Alias is not available."), ConflictError, "5", "slug"),
        Refusal(422, bad("5", SECRET, "The url is invalid."), RejectedError, "5", "destination"),
        Refusal(422, bad(5, "Invalid URL", "Alias field is too long"), RejectedError, "5", "destination"),
        Refusal(422, bad(5, 7, "Alias field is too long"), RejectedError, "5", "slug"),
        Refusal(422, bad(5, "Alias has a limit of 30 characters"), RejectedError, "5", "slug"),
        Refusal(422, {"code": 5, "errors": SECRET}, RejectedError, "5"),
        Refusal(422, bad(6), NotFoundError, "6", calls=("delete link",)),
        Refusal(422, bad(5, "The alias does not exist."), NotFoundError, calls=("delete link",)),
        Refusal(404, bad(6, "Not found"), NotFoundError, "6", calls=("delete link",)),
        Refusal(200, bad(5, SECRET), RejectedError, "5"),
        Refusal(200, bad(99, SECRET), RejectedError, "99"),
        Refusal(200, bad(7, "Something went wrong"), UnavailableError, "7", calls=(READ,)),
        Refusal(200, bad(7, "Something went wrong"), AmbiguousError, "7", calls=(WRITE,)),
        Refusal(429, bad(4), RateLimitedError),
        Refusal(503, f"<html>{SECRET}</html>".encode(), UnavailableError, calls=(READ,)),
        Refusal(503, f"<html>{SECRET}</html>".encode(), AmbiguousError, calls=(WRITE,)),
    ),
)

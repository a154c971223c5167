"""The refusals and unreadable answers of YOURLS."""

from harness.failure_cases import SECRET, Refusal, VendorCall, VendorTable
from harness.yourls_vendor import adapter_over
from linkweave.errors import (
    AmbiguousError,
    ConflictError,
    RateLimitedError,
    RejectedError,
    UnauthenticatedError,
    UnavailableError,
    VendorError,
)
from linkweave.models.changes import NewLink
from linkweave.providers.batches import or_raise
from linkweave.providers.read_capabilities import Lane
from linkweave.providers.yourls.adapter import YourlsAdapter

READ, WRITE = "list links", "create link"

LINK = {
    "shorturl": "https://sho.example/first",
    "url": "https://example.com/",
    "title": "First",
    "timestamp": "2026-11-30 06:52:45",
    "ip": "192.0.2.1",
    "clicks": 5,
}
LINKS = {
    "links": {"link_1": LINK, "link_2": {**LINK, "shorturl": "https://sho.example/second"}},
    "stats": {"total_links": 2, "total_clicks": 10},
    "statusCode": "200",
    "message": "success",
}

MEANINGS: dict[str, tuple[type[VendorError], str | None]] = {
    "error:keyword": (ConflictError, "slug"),
    "error:url": (ConflictError, "destination"),
    "error:nourl": (RejectedError, "destination"),
    "error:noloop": (RejectedError, "destination"),
    "error:blacklist": (RejectedError, None),
}


def failed(code: str) -> dict[str, object]:
    return {"status": "fail", "code": code, "message": SECRET, "errorCode": "400", "statusCode": "400"}


def denied(code: object) -> dict[str, object]:
    return {"message": SECRET, "errorCode": code, "callback": ""}


async def get_link(adapter: YourlsAdapter) -> object:
    return or_raise((await adapter.get_links(["first"], frozenset()))["first"])


TABLE = VendorTable(
    open=adapter_over,
    reads={
        READ: VendorCall(
            lambda adapter: adapter.list_links(Lane("links"), None),
            unreadable=({**LINKS, "links": 5}, {**LINKS, "stats": None}),
            documented=LINKS,
        ),
        "get link": VendorCall(
            get_link,
            unreadable=({"link": []}, {"link": {**LINK, "shorturl": SECRET}}),
            documented={"statusCode": "200", "message": "success", "link": LINK},
        ),
        "check the account": VendorCall(lambda adapter: adapter.probe(), unreadable=({"version": ""},)),
    },
    writes={
        WRITE: VendorCall(
            lambda adapter: adapter.create_link(NewLink("https://e.com")),
            unreadable=({"shorturl": "https://sho.example/a", "url": {"keyword": "a"}}, {"shorturl": SECRET}),
        )
    },
    refused_calls=(READ, WRITE),
    refusals=(
        # The code decides, also under the HTTP 200 of version 1.8.
        *(
            Refusal(status, failed(code), error, code, field)
            for code, (error, field) in MEANINGS.items()
            for status in (200, 400)
        ),
        *(Refusal(status, denied(code), UnauthenticatedError, "403") for status in (200, 403) for code in ("403", 403)),
        Refusal(403, SECRET.encode(), UnauthenticatedError),
        Refusal(400, denied("400"), RejectedError, "400"),
        Refusal(400, {"code": [SECRET], "errorCode": None}, RejectedError),
        Refusal(429, f"<html>{SECRET}".encode(), RateLimitedError),
        Refusal(500, b"", UnavailableError, calls=(READ,)),
        Refusal(500, b"", AmbiguousError, calls=(WRITE,)),
        Refusal(503, failed("error:concurrency"), AmbiguousError, calls=(WRITE,)),
        Refusal(200, failed("error:db"), UnavailableError, "error:db", calls=(READ,)),
        Refusal(200, failed("error:db"), AmbiguousError, "error:db", calls=(WRITE,)),
    ),
)

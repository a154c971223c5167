"""The refusals and unreadable answers of Bitly."""

from datetime import date

from harness.bitly_vendor import adapter_over
from harness.failure_cases import SECRET, Refusal, VendorCall, VendorTable
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
from linkweave.models import SERIES, Period
from linkweave.models.changes import LinkPatch, NewLink
from linkweave.providers.batches import or_raise
from linkweave.providers.bitly.adapter import BitlyAdapter
from linkweave.providers.read_capabilities import Lane

READ, WRITE, GET, DELETE = "list links", "create link", "get link", "delete link"
HANDLE = "bit.ly/2Qj2niP"
GROUP = "Bmain000001"
DAYS = Period(date(2026, 11, 19), date(2026, 11, 20))

LINK = {
    "created_at": "2026-11-01T23:51:47+0000",
    "id": HANDLE,
    "link": f"https://{HANDLE}",
    "custom_bitlinks": [],
    "long_url": "https://example.com/",
    "title": "Example",
    "archived": False,
    "created_by": "login",
    "client_id": "a1b2",
    "tags": ["x"],
    "launchpad_ids": [],
    "deeplinks": [],
    "references": {"group": f"https://api-ssl.bitly.com/v4/groups/{GROUP}"},
}
PAGE = {"links": [LINK], "pagination": {"prev": "", "next": "", "size": 50, "page": 1, "total": 1}}
ELSEWHERE = {**PAGE, "pagination": {"next": f"https://elsewhere.example/?x={SECRET}"}}
CLICKS = {"unit": "day", "units": 2, "link_clicks": [{"date": "2026-11-20T00:00:00+0000", "clicks": 3}]}
ORGANIZATIONS = {"organizations": [{"guid": "O1", "tier_display_name": "Premium"}]}
GROUPS = {"groups": [{"guid": GROUP, "organization_guid": "O1", "bsds": ["go.example.com"]}]}
LIMITS = {"platform_limits": [{"endpoint": "/user", "methods": [{"name": "GET", "limit": 1_000, "count": 2}]}]}


async def get_link(adapter: BitlyAdapter) -> object:
    return or_raise((await adapter.get_links([HANDLE], frozenset()))[HANDLE])


async def read_series(adapter: BitlyAdapter) -> object:
    return await adapter.read_stats(HANDLE, None, DAYS, frozenset({SERIES}))


def problem(code: str) -> dict[str, object]:
    return {"message": code, "resource": "bitlinks", "description": SECRET, "errors": [{"message": SECRET}]}


TABLE = VendorTable(
    open=adapter_over,
    reads={
        READ: VendorCall(
            lambda adapter: adapter.list_links(Lane("links"), None),
            path="/bitlinks",
            unreadable=({"links": [LINK]}, ELSEWHERE),
            documented=PAGE,
        ),
        GET: VendorCall(get_link, path=HANDLE, unreadable=({**LINK, "id": SECRET}, {**LINK, "link": SECRET})),
        "read statistics": VendorCall(
            read_series,
            path="/clicks",
            unreadable=({"link_clicks": [{"date": SECRET, "clicks": 1}]}, {"link_clicks": [{"clicks": 1}, SECRET]}),
            documented=CLICKS,
        ),
        "list tags": VendorCall(lambda adapter: adapter.list_tags(), path="/tags", documented={"tags": ["a", "b"]}),
        "list domains": VendorCall(lambda adapter: adapter.list_domains(), path="/groups", documented=GROUPS),
        "read usage": VendorCall(
            lambda adapter: adapter.usage(), path="/platform_limits", unreadable=(GROUPS,), documented=LIMITS
        ),
        "check the account": VendorCall(lambda adapter: adapter.probe(), path="/groups"),
    },
    writes={
        WRITE: VendorCall(
            lambda adapter: adapter.create_link(NewLink("https://e.com")), unreadable=({**LINK, "link": SECRET},)
        ),
        "update link": VendorCall(
            lambda adapter: adapter.plan_update(LinkPatch(archived=True))[0].run(HANDLE), path=HANDLE
        ),
        "update links": VendorCall(
            lambda adapter: adapter.mark_links([HANDLE], LinkPatch(archived=True)), path="/bitlinks"
        ),
        DELETE: VendorCall(lambda adapter: adapter.delete_link(HANDLE), path=HANDLE),
    },
    refused_calls=(READ, WRITE),
    refusals=(
        Refusal(401, problem("UNAUTHORIZED"), UnauthenticatedError, "UNAUTHORIZED"),
        Refusal(402, problem("UPGRADE_REQUIRED"), PlanRequiredError, "UPGRADE_REQUIRED"),
        Refusal(403, problem("FORBIDDEN"), ForbiddenError, "FORBIDDEN"),
        Refusal(403, SECRET.encode(), ForbiddenError),
        Refusal(403, problem("FORBIDDEN"), UnauthenticatedError, "FORBIDDEN", calls=("check the account",)),
        Refusal(403, problem("RATE_LIMIT_EXCEEDED"), RateLimitedError, "RATE_LIMIT_EXCEEDED"),
        Refusal(429, problem("RATE_LIMIT_EXCEEDED"), RateLimitedError, "RATE_LIMIT_EXCEEDED"),
        Refusal(429, SECRET.encode(), RateLimitedError),
        *(
            Refusal(status, problem(code), QuotaExhaustedError, code)
            for status in (403, 429)
            for code in ("BRANDED_LINK_MONTHLY_LIMIT_EXCEEDED", "MONTHLY_ENCODE_LIMIT_EXCEEDED")
        ),
        Refusal(404, problem("NOT_FOUND"), NotFoundError, "NOT_FOUND"),
        Refusal(410, problem("GONE"), NotFoundError, "GONE"),
        Refusal(409, problem("CONFLICT"), ConflictError, "CONFLICT", "slug"),
        Refusal(409, problem("KEYWORD_ALREADY_EXISTS"), ConflictError, "KEYWORD_ALREADY_EXISTS", "slug"),
        Refusal(400, problem("INVALID_ARG_LONG_URL"), RejectedError, "INVALID_ARG_LONG_URL", "destination"),
        Refusal(400, problem("INVALID_ARG_DOMAIN"), RejectedError, "INVALID_ARG_DOMAIN", "domain"),
        Refusal(400, problem("MISSING_ARG_GROUP"), RejectedError, "MISSING_ARG_GROUP"),
        Refusal(400, problem("ALREADY_A_BITLY_LINK"), RejectedError, "ALREADY_A_BITLY_LINK", "destination"),
        Refusal(417, problem("EXPECTATION_FAILED"), RejectedError, "EXPECTATION_FAILED", "destination"),
        Refusal(422, problem("UNPROCESSABLE_ENTITY"), RejectedError, "UNPROCESSABLE_ENTITY"),
        Refusal(403, problem("FORBIDDEN"), RejectedError, "FORBIDDEN", calls=(DELETE,)),
        Refusal(410, problem("GONE"), NotFoundError, "GONE", calls=(DELETE,)),
        Refusal(500, problem("INTERNAL_ERROR"), UnavailableError, calls=(READ,)),
        Refusal(503, problem("TEMPORARILY_UNAVAILABLE"), AmbiguousError, calls=(WRITE,)),
    ),
    answers={
        HANDLE: LINK,
        "/organizations": ORGANIZATIONS,
        "/groups": GROUPS,
        "/bsds": {"bsds": []},
        "/plan_limits": {"plan_limits": []},
    },
)

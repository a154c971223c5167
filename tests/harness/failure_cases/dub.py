"""The refusals and unreadable answers of Dub."""

from datetime import date

from harness.dub_vendor import adapter_over
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
    VendorError,
)
from linkweave.models import TOTALS, Period
from linkweave.models.changes import LinkPatch, NewLink
from linkweave.providers.batches import or_raise
from linkweave.providers.dub.adapter import DubAdapter
from linkweave.providers.read_capabilities import Lane

READ, WRITE = "list links", "create link"
HANDLE = "link_1KAP4CDP"
DAYS = Period(date(2026, 11, 1), date(2026, 11, 20))

LINK = {
    "id": HANDLE,
    "domain": "dub.sh",
    "key": "try",
    "shortLink": "https://dub.sh/try",
    "url": "https://example.com/a?utm_source=x",
    "externalId": "crm-1",
    "archived": False,
    "expiresAt": "2026-12-02T06:49:27.000Z",
    "expiredUrl": "https://example.com/over",
    "password": SECRET,
    "title": "Try",
    "comments": "A note",
    "ios": "https://apps.example.com/ios",
    "android": None,
    "tags": [{"id": "tag_1", "name": "sale", "color": "red"}],
    "testVariants": [
        {"url": "https://example.com/a", "percentage": 60},
        {"url": "https://example.com/b", "percentage": 40},
    ],
    "utm_source": "x",
    "clicks": 4,
    "lastClicked": "2026-11-19T06:49:27.000Z",
    "createdAt": "2026-11-01T06:49:27.000Z",
}
OTHER = {**LINK, "id": HANDLE[::-1]}
DOMAIN = {"id": "dom_1", "slug": "go.example.com", "verified": True, "primary": True, "archived": False}
WORKSPACE = {"plan": "pro", "usage": 3, "usageLimit": 50_000, "linksUsage": 2, "linksLimit": 1_000, "totalLinks": 2}

MEANINGS: dict[str, tuple[int, str, type[VendorError], str | None]] = {
    "bad_request": (400, SECRET, RejectedError, None),
    "unauthorized": (401, SECRET, UnauthenticatedError, None),
    "forbidden": (403, SECRET, ForbiddenError, None),
    "exceeded_limit": (403, SECRET, QuotaExhaustedError, None),
    "not_found": (404, SECRET, NotFoundError, None),
    "conflict": (409, "Duplicate key: This short link already exists.", ConflictError, "slug"),
    "unprocessable_entity": (422, "Invalid destination URL", RejectedError, "destination"),
}


def body(code: str, message: object) -> dict[str, object]:
    return {"error": {"code": code, "message": message, "doc_url": SECRET}}


async def get_link(adapter: DubAdapter) -> object:
    found = (await adapter.get_links([HANDLE], frozenset())).get(HANDLE)
    return None if found is None else or_raise(found)


async def create_two(adapter: DubAdapter) -> object:
    return [or_raise(each) for each in await adapter.create_links([NewLink("https://e.com"), NewLink("https://f.com")])]


async def update_two(adapter: DubAdapter) -> object:
    patches = [(handle, LinkPatch(note="n")) for handle in ("link_1", "link_2")]
    return [or_raise(each) for each in await adapter.update_links(patches)]


TABLE = VendorTable(
    open=adapter_over,
    reads={
        READ: VendorCall(
            lambda adapter: adapter.list_links(Lane("unsorted"), None),
            unreadable=({"rows": []},),
            documented=[LINK, OTHER],
            is_list=True,
        ),
        "get links": VendorCall(get_link, documented=[LINK], is_list=True),
        "read statistics": VendorCall(
            lambda adapter: adapter.read_stats(HANDLE, None, DAYS, frozenset({TOTALS})),
            unreadable=({"clicks": SECRET},),
            documented={"clicks": 4, "leads": 0},
        ),
        "list tags": VendorCall(
            lambda adapter: adapter.list_tags(),
            documented=[{"id": "1", "name": "a"}, {"id": "2", "name": "b"}],
            is_list=True,
        ),
        "list domains": VendorCall(lambda adapter: adapter.list_domains(), documented=[DOMAIN], is_list=True),
        "read account": VendorCall(lambda adapter: adapter.usage(), documented=WORKSPACE),
        "check the account": VendorCall(lambda adapter: adapter.probe(), is_list=True),
    },
    writes={
        WRITE: VendorCall(
            lambda adapter: adapter.create_link(NewLink("https://e.com")), unreadable=({**LINK, "shortLink": SECRET},)
        ),
        "create links": VendorCall(create_two, unreadable=([LINK], "No links")),
        "update link": VendorCall(lambda adapter: adapter.plan_update(LinkPatch(note="n"))[0].run(HANDLE)),
        "update links": VendorCall(update_two, unreadable=("No links to update", [LINK])),
        "delete link": VendorCall(lambda adapter: adapter.delete_link(HANDLE), unreadable=({"id": ""},)),
        "create tag": VendorCall(lambda adapter: adapter.create_tag("pear"), unreadable=({"id": "tag_1"},)),
    },
    refused_calls=(READ, WRITE),
    refusals=(
        *(
            Refusal(status, body(code, words), error, code, field)
            for code, (status, words, error, field) in MEANINGS.items()
        ),
        Refusal(
            403, body("forbidden", "Analytics API is only available on paid plans."), PlanRequiredError, "forbidden"
        ),
        Refusal(
            403, body("forbidden", "You've reached your monthly limit of 25 links."), QuotaExhaustedError, "forbidden"
        ),
        Refusal(422, body("unprocessable_entity", [SECRET]), RejectedError, "unprocessable_entity"),
        Refusal(422, {"error": SECRET}, RejectedError),
        Refusal(429, body("rate_limit_exceeded", SECRET), RateLimitedError),
        Refusal(500, body("internal_server_error", SECRET), UnavailableError, calls=(READ,)),
        Refusal(500, body("internal_server_error", SECRET), AmbiguousError, calls=(WRITE,)),
        Refusal(502, SECRET.encode(), AmbiguousError, calls=(WRITE,)),
    ),
)

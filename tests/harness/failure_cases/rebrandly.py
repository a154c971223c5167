"""The refusals and unreadable answers of Rebrandly."""

from harness.failure_cases import SECRET, Refusal, VendorCall, VendorTable
from harness.rebrandly_vendor import adapter_over
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
from linkweave.models.changes import NewLink
from linkweave.providers.batches import or_raise
from linkweave.providers.read_capabilities import Lane
from linkweave.providers.rebrandly.adapter import RebrandlyAdapter

READ, WRITE = "list links", "create link"
HANDLE = "ffs24cc5b6ee4a5aa7897b06ac2d16d4"

LINK = {
    "id": HANDLE,
    "title": "Example",
    "slashtag": "promo",
    "destination": "https://example.com/a",
    "createdAt": "2020-03-07T13:42:20.000Z",
    "updatedAt": "2020-03-07T13:42:29.000Z",
    "status": "active",
    "clicks": 3,
    "sessions": 2,
    "lastClickAt": "2020-03-07T13:42:35Z",
    "isPublic": False,
    "shortUrl": "rebrand.ly/promo",
    "domainId": "8f10",
    "domainName": "rebrand.ly",
    "domain": {"id": "8f10", "ref": "/domains/8f10", "fullName": "rebrand.ly", "active": True},
    "https": True,
    "favourite": False,
    "forwardParameters": False,
    "tags": [{"id": "t1", "name": "sale", "color": "4f5f6f"}],
    "integrated": False,
}
ACCOUNT = {
    "id": "3aeh",
    "username": "u",
    "email": SECRET,
    "fullName": SECRET,
    "subscription": {
        "category": "pro",
        "limits": {"links": {"used": 75, "max": 1000}, "tags": {"used": 1, "included": 50}},
        "cycle": {"clicks": {"used": 5, "included": 100}},
    },
}


async def get_link(adapter: RebrandlyAdapter) -> object:
    return or_raise((await adapter.get_links([HANDLE], frozenset()))[HANDLE])


def problem(code: str, name: str | None = None) -> dict[str, object]:
    return {"code": code, "message": SECRET, **({} if name is None else {"property": name})}


TABLE = VendorTable(
    open=adapter_over,
    reads={
        READ: VendorCall(
            lambda adapter: adapter.list_links(Lane("links"), None),
            unreadable=({"links": [LINK]}, [{}] * 25),
            documented=[LINK],
            is_list=True,
        ),
        "get link": VendorCall(
            get_link, unreadable=({**LINK, "shortUrl": SECRET}, {**LINK, "id": ""}), documented=LINK
        ),
        "list tags": VendorCall(
            lambda adapter: adapter.list_tags(), documented=[{"id": "t", "name": "sale"}], is_list=True
        ),
        "list domains": VendorCall(
            lambda adapter: adapter.list_domains(),
            documented=[{"id": "8f10", "fullName": "rebrand.ly"}],
            is_list=True,
        ),
        "read usage": VendorCall(lambda adapter: adapter.usage(), documented=ACCOUNT),
        "check the account": VendorCall(lambda adapter: adapter.probe(), is_list=True),
    },
    writes={
        WRITE: VendorCall(lambda adapter: adapter.create_link(NewLink("https://e.com")), unreadable=({"id": HANDLE},)),
        "delete link": VendorCall(lambda adapter: adapter.delete_link(HANDLE), unreadable=({"id": ""},)),
    },
    refused_calls=(READ, WRITE),
    refusals=(
        Refusal(401, problem("Unauthorized"), UnauthenticatedError, "Unauthorized"),
        Refusal(401, SECRET.encode(), UnauthenticatedError),
        Refusal(403, problem("AlreadyExists", "slashtag"), ConflictError, "AlreadyExists", "slug"),
        Refusal(403, {"errors": [problem("AlreadyExists", "slashtag")]}, ConflictError, "AlreadyExists", "slug"),
        Refusal(403, problem("AlreadyExists", "name"), ConflictError, "AlreadyExists"),
        Refusal(403, problem("InvalidFormat", "destination"), RejectedError, "InvalidFormat", "destination"),
        Refusal(403, problem("RequiredField", "title"), RejectedError, "RequiredField", "title"),
        Refusal(403, problem("InvalidMinLength", "description"), RejectedError, "InvalidMinLength", "note"),
        Refusal(403, problem("OutOfRange", SECRET), RejectedError, "OutOfRange"),
        Refusal(403, problem("LimitReached"), QuotaExhaustedError, "LimitReached"),
        Refusal(403, problem("NotAllowed"), ForbiddenError, "NotAllowed"),
        Refusal(403, SECRET.encode(), ForbiddenError),
        Refusal(400, problem("BadRequest"), RejectedError, "BadRequest"),
        Refusal(404, problem("NotFound", "domain.id"), RejectedError, "NotFound", "domain", calls=(WRITE,)),
        Refusal(404, problem("NotFound", "id"), NotFoundError, "NotFound", calls=("delete link",)),
        Refusal(429, {"message": SECRET}, RateLimitedError),
        Refusal(500, problem("NotFound"), UnavailableError, calls=(READ,)),
        Refusal(500, problem("AlreadyExists"), AmbiguousError, calls=(WRITE,)),
        Refusal(502, SECRET.encode(), AmbiguousError, calls=(WRITE,)),
    ),
)

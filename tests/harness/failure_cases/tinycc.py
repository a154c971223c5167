"""The refusals and unreadable answers of tiny.cc."""

from collections.abc import Awaitable
from datetime import date

from harness.failure_cases import SECRET, Refusal, VendorCall, VendorTable
from harness.tinycc_vendor import adapter_over
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
    VendorError,
)
from linkweave.models import SERIES, Period
from linkweave.models.changes import LinkPatch, NewLink, NewWebhook, WebhookPatch
from linkweave.providers.batches import or_raise
from linkweave.providers.read_capabilities import Lane
from linkweave.providers.tinycc.adapter import TinyccAdapter

HANDLE = "m.tiny.cc/h"
LANE = Lane("m.tiny.cc", {"domain": "m.tiny.cc"})
DAYS = Period(date(2026, 11, 1), date(2026, 11, 20))

MEANINGS: dict[int, tuple[type[VendorError], str | None]] = {
    101: (RejectedError, None),
    1102: (UnauthenticatedError, None),
    1204: (NotFoundError, None),
    1206: (RejectedError, "destination"),
    1215: (ConflictError, "slug"),
    1216: (RejectedError, "destination"),
    1217: (ForbiddenError, None),
    1218: (RejectedError, "slug"),
    1219: (RateLimitedError, None),
    1220: (QuotaExhaustedError, None),
    1221: (RejectedError, None),
    1300: (UnauthenticatedError, None),
    1301: (NotFoundError, None),
    1302: (RejectedError, None),
    1303: (QuotaExhaustedError, None),
    1305: (RejectedError, None),
    1306: (NotFoundError, None),
    1307: (RejectedError, None),
    1308: (RejectedError, None),
    1309: (NotFoundError, None),
    1310: (RejectedError, None),
    1311: (RejectedError, None),
    1312: (RejectedError, "expiry"),
    1313: (NotFoundError, "domain"),
    1314: (RejectedError, None),
    4711: (RejectedError, None),
}
STATUSES: dict[int, type[VendorError]] = {
    401: UnauthenticatedError,
    403: ForbiddenError,
    404: NotFoundError,
    422: RejectedError,
    429: RateLimitedError,
}
NO_CODES: tuple[object, ...] = (0, "0", True, None, "9" * 5_000, [1300], SECRET + " with blanks")
READ, WRITE = "list domains", "create links"


def body(code: object) -> dict[str, object]:
    return {"error": {"code": code, "message": SECRET}}


async def reset_stats(adapter: TinyccAdapter) -> None:
    or_raise((await adapter.reset_stats([HANDLE]))[HANDLE])


async def delete_webhooks(adapter: TinyccAdapter) -> None:
    or_raise((await adapter.delete_webhooks(["2"]))["2"])


def read_series(adapter: TinyccAdapter) -> Awaitable[object]:
    return adapter.read_stats(HANDLE, None, DAYS, frozenset({SERIES}))


TABLE = VendorTable(
    open=adapter_over,
    reads={
        "list links": VendorCall(lambda adapter: adapter.list_links(LANE, None), unreadable=({"urls": 5},)),
        "get links": VendorCall(lambda adapter: adapter.get_links([HANDLE], frozenset())),
        "read statistics": VendorCall(read_series, unreadable=({"stats": []}, {"stats": [{"hash": "other"}]})),
        "list tags": VendorCall(lambda adapter: adapter.list_tags(), unreadable=({"tags": None},)),
        READ: VendorCall(lambda adapter: adapter.list_domains(), unreadable=({"domains": SECRET},)),
        "list webhooks": VendorCall(lambda adapter: adapter.list_webhooks(0, 10), unreadable=({"webhooks": {}},)),
        "read account": VendorCall(lambda adapter: adapter.usage(), unreadable=({"account": None}, {"account": []})),
    },
    writes={
        WRITE: VendorCall(
            lambda adapter: adapter.create_link(NewLink("https://e.com")),
            unreadable=({"urls": None}, {"urls": []}, {"urls": [None]}, {"urls": [{"hash": SECRET}]}),
        ),
        "update links": VendorCall(
            lambda adapter: adapter.plan_update(LinkPatch(note="n"))[0].run(HANDLE), unreadable=({"urls": [{}, {}]},)
        ),
        "delete links": VendorCall(lambda adapter: adapter.delete_link(HANDLE)),
        "reset statistics": VendorCall(reset_stats),
        "create tag": VendorCall(lambda adapter: adapter.create_tag("pear")),
        "rename tag": VendorCall(lambda adapter: adapter.rename_tag("print", "pear")),
        "delete tag": VendorCall(lambda adapter: adapter.delete_tag("print")),
        "create webhook": VendorCall(
            lambda adapter: adapter.create_webhook(NewWebhook("https://e.com", tag="print")),
            unreadable=({"webhooks": []}, {"webhooks": [{}]}, {"webhooks": [{"id": SECRET}]}),
        ),
        "update webhook": VendorCall(lambda adapter: adapter.update_webhook("2", WebhookPatch(method="get"))),
        "delete webhooks": VendorCall(delete_webhooks),
    },
    refused_calls=(READ, WRITE),
    refusals=(
        # The code decides, as a number or as text, whatever the HTTP status is.
        *(
            Refusal(status, body(kind(code)), error, str(code), field)
            for code, (error, field) in MEANINGS.items()
            for status, kind in ((200, int), (400, str), (404, int), (429, int))
        ),
        # Without a code, the HTTP status does.
        *(Refusal(status, body(0), error) for status, error in STATUSES.items()),
        *(Refusal(422, body(code), RejectedError) for code in NO_CODES),
        Refusal(422, {"error": SECRET}, RejectedError),
        Refusal(502, body(0), UnavailableError, calls=(READ,)),
        Refusal(502, body(0), AmbiguousError, calls=(WRITE,)),
        # A breakdown with a server error is the vendor's own.
        *(Refusal(500, body(code), UnavailableError, str(code), calls=(READ,)) for code in (101, 1308)),
        *(Refusal(500, body(code), AmbiguousError, str(code), calls=(WRITE,)) for code in (101, 1308)),
    ),
)

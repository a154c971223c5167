"""PicSee's refusals and unreadable answers."""

from collections.abc import Awaitable, Callable
from datetime import date

from harness.emulators import NOW
from harness.failure_cases import SECRET, Refusal, VendorCall, VendorTable
from harness.picsee_vendor import DAYS, OVERVIEW, adapter_over
from linkweave.errors import (
    ConflictError,
    ForbiddenError,
    NotFoundError,
    PlanRequiredError,
    QuotaExhaustedError,
    RateLimitedError,
    RejectedError,
    UnauthenticatedError,
    VendorError,
)
from linkweave.models import TOTALS, Dimension, Link, Period, StatsPart
from linkweave.models.changes import AbuseReport, LinkPatch, NewLink
from linkweave.providers.picsee.adapter import PicseeAdapter
from linkweave.providers.read_capabilities import Lane

LANE = Lane("api", {"isAPI": "true", "isStar": "false"})
DAY = Period(date(2026, 11, 20), date(2026, 11, 20))
# Made today, so that DAY holds its whole life.
KNOWN = Link("5b93x9", "https://pse.is/5b93x9", "5b93x9", "https://example.com/", NOW, created_at=NOW)

OTHER_LISTS: tuple[object, ...] = (
    {"data": [[SECRET]]},
    {"data": [SECRET]},
    {"data": {"first": SECRET}},
    {"data": {"interest": None, "brand": None}},
)
OTHER_ROWS: tuple[object, ...] = (*OTHER_LISTS, {"data": {"first": [SECRET, 1, None]}})
OTHER_OBJECTS: tuple[object, ...] = (
    *OTHER_ROWS,
    {"data": {"result": SECRET, "picseeUrl": SECRET}},
    {"data": {"result": True, "picseeUrl": None}},
)

# Answers to a create that name no link.
NO_LINKS: tuple[object, ...] = tuple(
    {"data": data}
    for data in (
        *({"picseeUrl": url} for url in ("5b93x9", "https://pse.is", "https://pse.is/", "https://pse.is/..")),
        *({"picseeUrl": "https://pse.is/5b93x9", "encodeId": slug} for slug in ("", ["5b93x9"], "..")),
    )
)

ITEM = {
    "mapId": 22198535,
    "domain": "pse.is",
    "encodeId": "5b93x9",
    "url": "https://example.com/a",
    "title": "A",
    "totalClicks": 100,
    "uniqueClicks": 50,
    "createTime": "2023-11-20T13:00:00+08:00",
    "externalId": None,
    "tags": [{"value": "sale"}],
}
LINKS = [ITEM, {**ITEM, "encodeId": "other", "mapId": 7}]
LINK = {**OVERVIEW, "externalId": "crm", "totalClicks": 3, "uniqueClicks": 2}
COUNTRIES = {"regions": [{"name": "Taiwan", "code": "TW", "count": 9}]}
LABELS = {name: [{"label": "12", "count": 40}, {"label": "7", "count": 31}] for name in ("interest", "brand")}
TAGS = {"tags": [{"id": 1, "value": "a"}, {"id": 2, "value": "b"}]}
DOMAINS = {"domains": [{"domain": name, "type": "bsd", "https": True, "isDefault": False} for name in ("a.io", "b.io")]}
PRESETS = {
    "utmSources": ["a"],
    "utmMediums": ["b"],
    "fbPixels": [{"id": "1", "name": "c"}],
    "gTags": [{"id": "G"}],
}
STATUS = {"planName": "basic", "quota": 9, "usage": 1, "endTime": "2027-03-23 23:59:59"}
USAGE = {"usage": [{"externalId": None, "count": 8}, {"externalId": "crm", "count": 1}]}


def statistics(part: StatsPart, documented: object, link: Link | None = None) -> VendorCall:
    return call(lambda adapter: adapter.read_stats("5b93x9", link, DAY, frozenset({part})), OTHER_ROWS, documented)


def call(
    run: Callable[[PicseeAdapter], Awaitable[object]], unreadable: tuple[object, ...], documented: object = None
) -> VendorCall:
    return VendorCall(run, unreadable=unreadable, documented=None if documented is None else {"data": documented})


def refusal(status: int, code: str, error: type[VendorError], field: str | None = None) -> Refusal:
    body = {"error": {"status": status, "code": code, "message": SECRET}}
    return Refusal(status, body, error, code, field)


TABLE = VendorTable(
    open=adapter_over,
    reads={
        "list links": call(lambda adapter: adapter.list_links(LANE, None), ({"data": {"first": SECRET}},), LINKS),
        "get link": call(lambda adapter: adapter.find_link("pse.is", "5b93x9", frozenset()), OTHER_OBJECTS, LINK),
        "read daily clicks": statistics(TOTALS, {"dailyClicks": [DAYS]}),
        "read clicks by country": statistics(StatsPart.of(Dimension.COUNTRY), COUNTRIES),
        "read audience labels": statistics(StatsPart.of(Dimension.INTEREST), LABELS, KNOWN),
        "list tags": call(lambda adapter: adapter.list_tags(), OTHER_LISTS, TAGS),
        "list domains": call(lambda adapter: adapter.list_domains(), OTHER_LISTS, DOMAINS),
        "read tracking presets": call(lambda adapter: adapter.tracking_presets(), ({"data": [SECRET]},), PRESETS),
        "read usage": call(lambda adapter: adapter.usage(), ({"data": [SECRET]},), STATUS),
        "count links by external id": call(lambda adapter: adapter.external_id_usage(DAY), OTHER_LISTS, USAGE),
    },
    writes={
        "create link": call(
            lambda adapter: adapter.create_link(NewLink("https://example.com/")), (*OTHER_OBJECTS, *NO_LINKS)
        ),
        "update link": call(
            lambda adapter: adapter.plan_update(LinkPatch(title="New title"))[0].run("5b93x9"), OTHER_OBJECTS
        ),
        "delete link": call(lambda adapter: adapter.delete_link("5b93x9"), OTHER_OBJECTS),
        "restore link": call(lambda adapter: adapter.restore_link("5b93x9"), OTHER_OBJECTS),
        # An abuse report may be answered with any object.
        "report abuse": call(
            lambda adapter: adapter.report_abuse(AbuseReport("https://pse.is/5b93x9")), ({"data": [SECRET]},)
        ),
    },
    refused_calls=("list tags", "create link"),
    refusals=(
        refusal(403, "PUB00201", PlanRequiredError),
        refusal(400, "PUB00503", ConflictError, "slug"),
        refusal(409, "PUB00503", ConflictError, "slug"),
        refusal(400, "PUB00510", RejectedError, "destination"),
        refusal(400, "PUB00704", RejectedError),
        refusal(400, "PUB00706", RejectedError),
        refusal(400, "PUB00002", RejectedError),
        refusal(429, "PUB00005", RateLimitedError),
        refusal(404, "PUB00006", NotFoundError),
        refusal(403, "PUB00007", QuotaExhaustedError),
        refusal(400, "PUB00202", RejectedError, "destination"),
        refusal(404, "PUB00301", NotFoundError),
        refusal(400, "PUB00504", NotFoundError),
        refusal(400, "PUB00508", PlanRequiredError, "expiry"),
        refusal(400, "PUB00509", RejectedError, "expiry"),
        refusal(400, "PUB00511", ForbiddenError),
        refusal(400, "PUB00512", RejectedError, "preview"),
        refusal(400, "PUB00513", RejectedError, "tags"),
        refusal(400, "PUB00701", NotFoundError),
        refusal(400, "PUB01001", RejectedError, "destination"),
        refusal(422, "PUB99999", RejectedError),
        # An unknown code goes with what the status says.
        refusal(401, "PUB99999", UnauthenticatedError),
        refusal(403, "PUB99999", ForbiddenError),
        refusal(409, "PUB99999", ConflictError),
        # Bodies without a code that can be shown.
        *(
            Refusal(status, body, error)
            for status, error in ((400, RejectedError), (401, UnauthenticatedError), (429, RateLimitedError))
            for body in (
                b"gone wrong",
                "text",
                {"error": "text"},
                {"error": {"code": ["PUB00503"]}},
                {"error": {"code": f"a code with spaces, {SECRET}"}},
            )
        ),
    ),
    unreadable=({"data": SECRET}, {"data": None}),
)

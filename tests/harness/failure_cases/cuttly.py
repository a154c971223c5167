"""Cutt.ly's refusals and unreadable answers."""

from datetime import date

from harness.cuttly_vendor import SPRING_SALE, adapter_over
from harness.failure_cases import SECRET, Refusal, VendorCall, VendorTable
from linkweave.errors import (
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

DAY = Period(date(2026, 11, 20), date(2026, 11, 20))

PLAN = "Insufficient subscription level"
# What the vendor says in words, and the field that it is about.
TEXTS: tuple[tuple[str, type[VendorError], str | None], ...] = (
    ("Unauthorized", UnauthenticatedError, None),
    ("Subscription has expired", PlanRequiredError, None),
    (PLAN, PlanRequiredError, None),
    ("Incorrect action", RejectedError, None),
    ("Url parameter is null", RejectedError, None),
    ("Incorrect date format", RejectedError, None),
    ("This domain is not owned by the team", RejectedError, "domain"),
    ("Provided link is already shortened", RejectedError, "destination"),
    ("Provided link is incorrect", RejectedError, "destination"),
    ("Provided alias contains illegal characters", RejectedError, "slug"),
    ("Provided alias is unavailable", ConflictError, "slug"),
    ("Unique time must be between 15 - 1440 minutes", RejectedError, "unique_window_minutes"),
    ("You do not own provided domain", RejectedError, "domain"),
    ("You do not own any domain", RejectedError, None),
)
# The statuses of the Regular API.
NUMBERS: tuple[tuple[int, type[VendorError], str | None], ...] = (
    (0, RejectedError, None),
    (1, RejectedError, "destination"),
    (2, RejectedError, "destination"),
    (3, ConflictError, "slug"),
    (4, UnauthenticatedError, None),
    (5, RejectedError, "destination"),
    (6, RejectedError, "destination"),
    (8, QuotaExhaustedError, None),
)
STATS = {
    "status": 1,
    "clicks": "12",
    "date": "2024-05-01",
    "title": "Example",
    "fullLink": "https://example.com",
    "shortLink": "https://cutt.ly/abc123",
    "facebook": 1,
    "twitter": 0,
    "linkedin": 0,
    "rest": 11,
    "refs": {"ref": {"0": {"link": "google.com", "clicks": "3"}}},
    "devices": {name: [{"tag": "PL", "clicks": "8"}] for name in ("geo", "dev", "sys", "bro", "brand", "lang")},
    "bots": {"bots": [{"name": "Googlebot", "clicks": "1"}]},
}
EDITS = ("update link", "delete link")


def shapes_of(text: str) -> tuple[tuple[int, object], ...]:
    """The ways in which a text arrives."""
    return (
        (409, {"code": 409, "error": text}),
        (200, text),
        (400, f" {text.upper()}.\n".encode()),
        (200, {"error": f"{text}, and so on: {SECRET}"}),
    )


TABLE = VendorTable(
    open=adapter_over,
    reads={
        "get link": VendorCall(
            lambda adapter: adapter.find_link("cutt.ly", "spring-sale", frozenset()), documented={"stats": STATS}
        ),
        "read statistics": VendorCall(
            lambda adapter: adapter.read_stats(SPRING_SALE, None, DAY, frozenset({TOTALS})),
            documented={"stats": STATS},
            unreadable=({"url": {"status": 7}}, {"stats": 1}, {"stats": {"status": 3}}, {"stats": {"status": True}}),
        ),
    },
    writes={
        "create link": VendorCall(
            lambda adapter: adapter.create_link(NewLink("https://example.com/")),
            unreadable=(
                {"status": 7},
                {"shortLink": None},
                {"shortLink": [SECRET]},
                {"shortLink": f"javascript:{SECRET}"},
                {"shortLink": f"https://{SECRET}"},
                {"shortLink": f"https://user@cutt.ly/{SECRET}"},
            ),
        ),
        "update link": VendorCall(lambda adapter: adapter.plan_update(LinkPatch(slug="new"))[0].run(SPRING_SALE)),
        "delete link": VendorCall(
            lambda adapter: adapter.delete_link(SPRING_SALE),
            unreadable=({"status": 7}, {"status": [1]}, "OK"),
        ),
    },
    refused_calls=("read statistics", "create link"),
    refusals=(
        *(
            Refusal(status, body, error, text, field)
            for text, error, field in TEXTS
            for status, body in shapes_of(text)
        ),
        *(
            Refusal(200, body, error, str(number), field)
            for number, error, field in NUMBERS
            for body in ({"url": {"status": number}}, {"status": str(number)})
        ),
        Refusal(401, {"auth": False}, UnauthenticatedError, "auth:false"),
        Refusal(200, {"auth": False}, UnauthenticatedError, "auth:false"),
        Refusal(200, {"stats": {"status": 2}}, UnauthenticatedError, "2"),
        Refusal(200, {"stats": {"status": "2"}}, UnauthenticatedError, "2"),
        Refusal(401, {"code": 401, "error": SECRET}, UnauthenticatedError, "401"),
        Refusal(200, {"code": 403, "error": SECRET}, ForbiddenError, "403"),
        Refusal(200, {"code": "429"}, RateLimitedError, "429"),
        Refusal(409, {"code": 409, "error": SECRET}, RejectedError, "409"),
        Refusal(409, SECRET.encode(), RejectedError, "409"),
        Refusal(409, {"error": None}, RejectedError, "409"),
        Refusal(400, SECRET.encode(), RejectedError),
        Refusal(429, {"auth": False}, RateLimitedError),
        Refusal(503, {"auth": False}, UnavailableError, calls=("read statistics",)),
        # An edit uses some of the numbers of the Regular API for other meanings.
        Refusal(200, {"status": 2}, RejectedError, "2", calls=EDITS),
        Refusal(200, {"url": {"status": "2"}}, RejectedError, "2", calls=EDITS),
        Refusal(200, {"status": 3}, NotFoundError, "3", calls=EDITS),
        Refusal(200, {"url": {"status": 4}}, RejectedError, "4", "slug", calls=("update link",)),
        Refusal(200, {"status": "4"}, RejectedError, "4", calls=("delete link",)),
        *(Refusal(status, body, PlanRequiredError, PLAN, calls=EDITS) for status, body in shapes_of(PLAN)),
    ),
    unreadable=({"status": 9}, {"url": SECRET}, {"status": True}),
)

"""PicSee: changes that fail. Nothing is sent twice, and what may have happened is said to be unsure."""

import json
from collections.abc import Awaitable, Callable, Mapping

import httpx2
import pytest

from harness.picsee_vendor import SEEDED, meddled
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
    VendorError,
)
from linkweave.models.changes import AbuseReport, LinkPatch, NewLink
from linkweave.providers.picsee.adapter import PicseeAdapter

SLUG = SEEDED[0].encode_id
SECRET = "s3cret-in-the-body"


async def _update(adapter: PicseeAdapter, patch: LinkPatch) -> None:
    for step in adapter.plan_update(patch):
        await step.run(SLUG)


WRITES: Mapping[str, Callable[[PicseeAdapter], Awaitable[object]]] = {
    "create link": lambda adapter: adapter.create_link(NewLink("https://example.com/", slug="mine")),
    "update link": lambda adapter: _update(adapter, LinkPatch(title="New title", add_tags=("new",))),
    "delete link": lambda adapter: adapter.delete_link(SLUG),
    "restore link": lambda adapter: adapter.restore_link(SLUG),
    "report abuse": lambda adapter: adapter.report_abuse(AbuseReport(f"https://go.example.com/{SLUG}")),
}


def breaking(error: type[httpx2.TransportError]) -> Callable[[httpx2.Request], httpx2.Response]:
    def respond(request: httpx2.Request) -> httpx2.Response:
        raise error(SECRET, request=request)

    return respond


def answering(status: int, body: str) -> Callable[[httpx2.Request], httpx2.Response]:
    def respond(request: httpx2.Request) -> httpx2.Response:
        return httpx2.Response(status, stream=httpx2.ByteStream(body.encode()), request=request)

    return respond


async def fails(operation: str, instead: Callable[[httpx2.Request], httpx2.Response]) -> VendorError:
    """What one change raises; it was sent exactly once."""
    adapter, wire = meddled(instead)
    with pytest.raises(VendorError) as caught:
        await WRITES[operation](adapter)
    assert len(wire.writes) == 1
    assert caught.value.operation == operation
    assert SECRET not in str(caught.value)
    return caught.value


@pytest.mark.parametrize("operation", WRITES)
@pytest.mark.parametrize(
    "error", [httpx2.ReadError, httpx2.WriteError, httpx2.ReadTimeout, httpx2.WriteTimeout, httpx2.RemoteProtocolError]
)
async def test_a_connection_that_breaks_leaves_it_open(operation: str, error: type[httpx2.TransportError]) -> None:
    assert type(await fails(operation, breaking(error))) is AmbiguousError


@pytest.mark.parametrize("operation", WRITES)
@pytest.mark.parametrize(
    ("status", "body"),
    [
        (500, ""),
        (503, "<html>down</html>"),
        (500, '{"error": {"status": 500, "code": "PUB00001"}}'),
        (302, ""),
        (200, ""),
        (200, f"<html>{SECRET}</html>"),
        (200, "null"),
        (200, f'["{SECRET}"]'),
        (200, "{}"),
        (200, '{"data": null}'),
        (200, f'{{"data": "{SECRET}"}}'),
        (200, f'{{"data": ["{SECRET}"]}}'),
        (200, '{"data": {"result": "succ'),
    ],
)
async def test_an_answer_that_says_neither_yes_nor_no_leaves_it_open(operation: str, status: int, body: str) -> None:
    assert type(await fails(operation, answering(status, body))) is AmbiguousError


@pytest.mark.parametrize("operation", ["update link", "delete link", "restore link"])
@pytest.mark.parametrize("data", ["{}", f'{{"result": "{SECRET}"}}', '{"result": null}', '{"result": true}'])
async def test_a_change_is_made_when_picsee_says_so(operation: str, data: str) -> None:
    assert type(await fails(operation, answering(200, f'{{"data": {data}}}'))) is AmbiguousError


@pytest.mark.parametrize("operation", WRITES)
@pytest.mark.parametrize(
    ("status", "code", "kind", "field"),
    [
        (429, None, RateLimitedError, None),
        (401, None, UnauthenticatedError, None),
        (403, None, ForbiddenError, None),
        (404, None, NotFoundError, None),
        (409, None, ConflictError, None),
        (400, None, RejectedError, None),
        (400, "PUB99999", RejectedError, None),
        (403, "PUB00201", PlanRequiredError, None),
        (400, "PUB00503", ConflictError, "slug"),
        (409, "PUB00503", ConflictError, "slug"),
        (400, "PUB00510", RejectedError, "destination"),
        (400, "PUB00704", RejectedError, None),
        (400, "PUB00706", RejectedError, None),
        (400, "PUB00002", RejectedError, None),
        (429, "PUB00005", RateLimitedError, None),
        (404, "PUB00006", NotFoundError, None),
        (403, "PUB00007", QuotaExhaustedError, None),
        (400, "PUB00202", RejectedError, "destination"),
        (404, "PUB00301", NotFoundError, None),
        (400, "PUB00504", NotFoundError, None),
        (400, "PUB00508", PlanRequiredError, "expiry"),
        (400, "PUB00509", RejectedError, "expiry"),
        (400, "PUB00511", ForbiddenError, None),
        (400, "PUB00512", RejectedError, "preview"),
        (400, "PUB00513", RejectedError, None),
        (400, "PUB00701", NotFoundError, None),
        (400, "PUB01001", RejectedError, None),
    ],
)
async def test_a_refusal_is_certain(
    operation: str, status: int, code: str | None, kind: type[VendorError], field: str | None
) -> None:
    body = "" if code is None else json.dumps({"error": {"status": status, "code": code, "message": SECRET}})
    error = await fails(operation, answering(status, body))
    assert (type(error), error.field) == (kind, field)


async def test_what_cannot_be_sent_is_refused_before_anything_leaves() -> None:
    adapter, wire = meddled(answering(200, ""))
    with pytest.raises(RejectedError):
        await adapter.create_link(NewLink("https://example.com/", title="\ud800"))
    assert wire.writes == []


async def test_a_broken_create_may_have_happened() -> None:
    adapter, _ = meddled(breaking(httpx2.ReadError))
    with pytest.raises(AmbiguousError, match="may have been made"):
        await WRITES["create link"](adapter)
    assert await adapter.find_link("go.example.com", "mine", frozenset()) is not None

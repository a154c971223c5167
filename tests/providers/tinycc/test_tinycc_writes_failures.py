"""What becomes of each write of tiny.cc when something breaks: it is sent once, whatever happens."""

from collections.abc import Awaitable, Callable, Mapping, Sequence
from typing import TypeAlias

import httpx2
import orjson
import pytest

from harness.tinycc_vendor import DEFAULT, OTHER, cut_off, refusal, server
from linkweave.context.deadline import use_deadline
from linkweave.errors import (
    AmbiguousError,
    ForbiddenError,
    QuotaExhaustedError,
    RateLimitedError,
    RejectedError,
    UnauthenticatedError,
    VendorError,
    VendorTimeoutError,
)
from linkweave.models.changes import LinkPatch, NewLink, NewWebhook, WebhookPatch
from linkweave.providers.tinycc.adapter import TinyccAdapter

Write: TypeAlias = Callable[[TinyccAdapter], Awaitable[object]]
Fate: TypeAlias = Callable[[httpx2.Request], httpx2.Response]

CARD = f"{DEFAULT}/card"
TWO = (f"{OTHER}/card", f"{OTHER}/nope")
NEW = NewLink("https://www.example.com/x")
NOTE = LinkPatch(note="n")

WRITES: dict[str, Write] = {
    "create one": lambda adapter: adapter.create_link(NEW),
    "create many": lambda adapter: adapter.create_links((NEW, NEW)),
    "update one": lambda adapter: adapter.plan_update(NOTE)[0].run(CARD),
    "update many alike": lambda adapter: adapter.update_links([(handle, NOTE) for handle in TWO]),
    "update many": lambda adapter: adapter.update_links([(handle, LinkPatch(note=handle)) for handle in TWO]),
    "delete one": lambda adapter: adapter.delete_link(TWO[0]),
    "delete many": lambda adapter: adapter.delete_links(TWO),
    "reset one": lambda adapter: adapter.reset_stats(TWO[:1]),
    "reset many": lambda adapter: adapter.reset_stats(TWO),
    "create tag": lambda adapter: adapter.create_tag("pear"),
    "rename tag": lambda adapter: adapter.rename_tag("print", "pear"),
    "delete tag": lambda adapter: adapter.delete_tag("print"),
    "create webhook": lambda adapter: adapter.create_webhook(NewWebhook("https://e.com", tag="print")),
    "update webhook": lambda adapter: adapter.update_webhook("2", WebhookPatch(url="https://e.com")),
    "delete webhook": lambda adapter: adapter.delete_webhooks(["2"]),
    "delete webhooks": lambda adapter: adapter.delete_webhooks(["2", "3"]),
}


async def errors_of(write: Awaitable[object]) -> list[object]:
    """The errors that a write raises or gives, one for each thing that it was about."""
    try:
        result = await write
    except VendorError as error:
        return [error]
    if isinstance(result, Mapping):
        return list(result.values())
    assert isinstance(result, Sequence)
    return list(result)


def reset(request: httpx2.Request) -> httpx2.Response:
    raise httpx2.ReadError("reset", request=request)


def hang(request: httpx2.Request) -> httpx2.Response:
    raise httpx2.ReadTimeout("no answer", request=request)


def hang_up(request: httpx2.Request) -> httpx2.Response:
    raise httpx2.RemoteProtocolError("Server disconnected without sending a response.", request=request)


def answered(status: int, body: object) -> Fate:
    raw = body if isinstance(body, bytes) else orjson.dumps(body)
    return lambda request: httpx2.Response(status, stream=httpx2.ByteStream(raw), request=request)


BREAKS: dict[str, Fate] = {
    "reset": reset,
    "timeout after send": hang,
    "end without an answer": hang_up,
    "500": answered(500, b"<html>"),
    "500 with a breakdown's code": answered(500, refusal(101)),
    "a page": answered(200, b"<html>secret</html>"),
    "an empty answer": answered(200, {}),
}


@pytest.mark.parametrize("write", WRITES.values(), ids=WRITES)
@pytest.mark.parametrize("fate", BREAKS.values(), ids=BREAKS)
async def test_a_write_that_breaks_after_it_was_sent_is_ambiguous_and_sent_once(fate: Fate, write: Write) -> None:
    tiny = cut_off(fate)
    errors = await errors_of(write(tiny.adapter))
    assert {type(error) for error in errors} == {AmbiguousError}
    assert "secret" not in str(errors)
    assert len(tiny.calls) == 1


async def test_a_write_that_broke_may_have_happened() -> None:
    tiny = cut_off(reset)
    before = len(tiny.state.urls)
    with pytest.raises(AmbiguousError):
        await tiny.adapter.create_link(NEW)
    assert len(tiny.state.urls) == before + 1


REFUSALS: dict[str, tuple[int, object, type[VendorError]]] = {
    "429": (429, b"slow down", RateLimitedError),
    "cooldown": (429, refusal(1219), RateLimitedError),
    "daily limit": (429, refusal(1303), QuotaExhaustedError),
    "plan": (400, refusal(1220), QuotaExhaustedError),
    "inactive": (403, refusal(1217), ForbiddenError),
    "key": (400, refusal(1300), UnauthenticatedError),
    "input": (400, refusal(1305), RejectedError),
}


@pytest.mark.parametrize("write", WRITES.values(), ids=WRITES)
@pytest.mark.parametrize(("status", "body", "kind"), REFUSALS.values(), ids=REFUSALS)
async def test_a_write_that_is_refused_did_not_happen_and_is_sent_once(
    status: int, body: object, kind: type[VendorError], write: Write
) -> None:
    tiny = cut_off(answered(status, body))
    errors = await errors_of(write(tiny.adapter))
    assert {type(error) for error in errors} == {kind}
    assert len(tiny.calls) == 1


@pytest.mark.parametrize("write", WRITES.values(), ids=WRITES)
async def test_a_write_for_which_there_is_no_time_is_not_sent(write: Write) -> None:
    tiny = server()
    with use_deadline(0, tiny.clock):
        errors = await errors_of(write(tiny.adapter))
    assert {type(error) for error in errors} == {VendorTimeoutError}
    assert tiny.calls == []


async def test_what_does_not_fit_into_a_request_is_not_sent() -> None:
    tiny = server()
    with pytest.raises(RejectedError):
        await tiny.adapter.create_link(NewLink("https://e.com/\ud800"))
    assert tiny.calls == []

"""Writes of several things at tiny.cc: whatever breaks, each is sent once, and everything in it has the same error."""

from collections.abc import Awaitable, Callable, Mapping, Sequence
from typing import TypeAlias

import httpx2
import orjson
import pytest

from harness.tinycc_vendor import OTHER, cut_off, refusal, server
from linkweave.context.deadline import use_deadline
from linkweave.errors import (
    AmbiguousError,
    RejectedError,
    VendorError,
    VendorTimeoutError,
)
from linkweave.models.changes import LinkPatch, NewLink
from linkweave.providers.tinycc.adapter import TinyccAdapter

Write: TypeAlias = Callable[[TinyccAdapter], Awaitable[object]]
Fate: TypeAlias = Callable[[httpx2.Request], httpx2.Response]

TWO = (f"{OTHER}/card", f"{OTHER}/nope")
NEW = NewLink("https://www.example.com/x")
NOTE = LinkPatch(note="n")

# The contract breaks each write of one thing. These are about several.
WRITES: dict[str, Write] = {
    "create many": lambda adapter: adapter.create_links((NEW, NEW)),
    "update many alike": lambda adapter: adapter.update_links([(handle, NOTE) for handle in TWO]),
    "update many": lambda adapter: adapter.update_links([(handle, LinkPatch(note=handle)) for handle in TWO]),
    "delete many": lambda adapter: adapter.delete_links(TWO),
    "reset many": lambda adapter: adapter.reset_stats(TWO),
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


@pytest.mark.parametrize("write", WRITES.values(), ids=WRITES)
async def test_a_refusal_is_the_error_of_everything_in_the_call_and_sent_once(write: Write) -> None:
    tiny = cut_off(answered(400, refusal(1305)))
    errors = await errors_of(write(tiny.adapter))
    assert {type(error) for error in errors} == {RejectedError}
    assert len(tiny.calls) == 1


@pytest.mark.parametrize("write", WRITES.values(), ids=WRITES)
async def test_a_write_without_time_left_is_not_sent(write: Write) -> None:
    tiny = server()
    with use_deadline(0, tiny.clock):
        errors = await errors_of(write(tiny.adapter))
    assert {type(error) for error in errors} == {VendorTimeoutError}
    assert tiny.calls == []


async def test_a_destination_that_cannot_be_encoded_is_not_sent() -> None:
    tiny = server()
    with pytest.raises(RejectedError):
        await tiny.adapter.create_link(NewLink("https://e.com/\ud800"))
    assert tiny.calls == []

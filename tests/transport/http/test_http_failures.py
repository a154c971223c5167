"""The wire: every way in which an exchange fails has its error, and no error shows a secret."""

import asyncio
from collections.abc import AsyncIterator, Iterator
from dataclasses import replace

import httpx2
import pytest

from harness.virtual_time import LoopClock
from harness.wires import READ, SECRET, WRITE, Respond, answer, everything_shown_of, over
from linkweave.context.deadline import use_deadline
from linkweave.errors import (
    AmbiguousError,
    BadResponseError,
    RejectedError,
    UnavailableError,
    VendorError,
    VendorTimeoutError,
)
from linkweave.transport.call import Call
from linkweave.transport.http.exchange import MAX_WRITE_SECONDS

REQUEST = httpx2.Request("GET", f"https://vendor/?key={SECRET}", headers={"x-token": SECRET})


def subclasses(kind: type[Exception]) -> Iterator[type[Exception]]:
    yield kind
    for each in kind.__subclasses__():
        yield from subclasses(each)


HTTP_ERRORS = sorted(set(subclasses(httpx2.HTTPError)), key=lambda kind: kind.__name__)

# Nothing was sent when one of these is raised.
NOT_SENT: dict[type[Exception], type[VendorError]] = {
    httpx2.ConnectError: UnavailableError,
    httpx2.ConnectTimeout: VendorTimeoutError,
    httpx2.PoolTimeout: VendorTimeoutError,
    httpx2.UnsupportedProtocol: UnavailableError,
    httpx2.LocalProtocolError: RejectedError,
}
MAYBE_SENT: dict[type[Exception], type[VendorError]] = {
    httpx2.TimeoutException: VendorTimeoutError,
    httpx2.ReadTimeout: VendorTimeoutError,
    httpx2.WriteTimeout: VendorTimeoutError,
    httpx2.RemoteProtocolError: BadResponseError,
    httpx2.DecodingError: BadResponseError,
}


def new_exception(kind: type[Exception]) -> Exception:
    """An exception as httpx2 raises it: with secrets in its message, its request and its cause."""
    if issubclass(kind, httpx2.HTTPStatusError):
        error: Exception = kind(SECRET, request=REQUEST, response=httpx2.Response(500))
    elif issubclass(kind, httpx2.RequestError):
        error = kind(SECRET, request=REQUEST)
    else:
        error = kind(SECRET)
    error.__cause__ = ValueError(SECRET)
    return error


def raising(error: Exception) -> Respond:
    def respond(_: httpx2.Request) -> httpx2.Response:
        raise error

    return respond


async def failure_of(respond: Respond, call: Call) -> VendorError:
    with pytest.raises(VendorError) as caught:
        await over(respond).send(call)
    return caught.value


@pytest.mark.parametrize("kind", HTTP_ERRORS)
async def test_every_exception_of_the_http_client_becomes_an_error_that_shows_no_secret(kind: type[Exception]) -> None:
    error = await failure_of(raising(new_exception(kind)), READ)
    assert type(error) is {**NOT_SENT, **MAYBE_SENT}.get(kind, UnavailableError)
    assert (error.account, error.operation) == ("main", "list links")
    assert str(error).startswith("main ")
    assert str(error).endswith(" (list links)")
    assert SECRET not in everything_shown_of(error)
    assert error.__suppress_context__


@pytest.mark.parametrize("kind", HTTP_ERRORS)
async def test_a_write_that_broke_is_ambiguous_unless_nothing_was_sent(kind: type[Exception]) -> None:
    error = await failure_of(raising(new_exception(kind)), WRITE)
    assert type(error) is NOT_SENT.get(kind, AmbiguousError)
    assert ("may have been made all the same" in str(error)) == (kind not in NOT_SENT)
    assert SECRET not in everything_shown_of(error)


@pytest.mark.parametrize("error", [OSError(SECRET), ConnectionResetError(SECRET), BrokenPipeError(SECRET)])
async def test_an_error_of_the_operating_system_is_a_broken_connection(error: Exception) -> None:
    found = await failure_of(raising(error), READ)
    assert type(found) is UnavailableError
    assert SECRET not in everything_shown_of(found)


async def test_a_connection_that_ends_without_an_answer_is_unavailable() -> None:
    gone = httpx2.RemoteProtocolError("Server disconnected without sending a response.")
    error = await failure_of(raising(gone), READ)
    assert type(error) is UnavailableError
    assert str(error) == "main ended the connection without an answer (list links)"


async def test_an_exception_of_the_gateways_own_code_passes_through() -> None:
    with pytest.raises(ZeroDivisionError):
        await over(raising(ZeroDivisionError())).send(READ)


class Dripping(httpx2.AsyncBaseTransport):
    """Answers at once, and then one byte every `seconds`, for ever."""

    def __init__(self, seconds: float) -> None:
        self._seconds = seconds
        self.closed = False

    async def handle_async_request(self, request: httpx2.Request) -> httpx2.Response:
        return httpx2.Response(200, stream=Drops(self, self._seconds), request=request)


class Drops(httpx2.AsyncByteStream):
    def __init__(self, vendor: Dripping, seconds: float) -> None:
        self._vendor = vendor
        self._seconds = seconds

    async def __aiter__(self) -> AsyncIterator[bytes]:
        while True:
            await asyncio.sleep(self._seconds)
            yield b" "

    async def aclose(self) -> None:
        self._vendor.closed = True


class Silent(httpx2.AsyncBaseTransport):
    """Never answers."""

    async def handle_async_request(self, request: httpx2.Request) -> httpx2.Response:
        await asyncio.Event().wait()
        raise AssertionError(request)


async def time_until_failure(
    wire: httpx2.AsyncBaseTransport, seconds: float, left: float | None = None, call: Call = READ
) -> tuple[float, VendorError]:
    clock = LoopClock()
    transport = over(wire, timeout_seconds=seconds, clock=clock)
    with pytest.raises(VendorError) as caught:  # noqa: PT012 - the deadline belongs to the call
        if left is None:
            await transport.send(call)
        else:
            with use_deadline(left, clock):
                await transport.send(call)
    return clock.monotonic(), caught.value


@pytest.mark.parametrize(
    ("wire", "account_timeout", "deadline", "call", "elapsed"),
    [
        pytest.param(Silent(), 7.5, None, READ, 7.5, id="timeout before the first byte"),
        pytest.param(Dripping(1), 7.5, None, READ, 7.5, id="timeout before the last byte"),
        pytest.param(Silent(), 7.5, 2, READ, 2, id="a deadline before the timeout"),
        pytest.param(Silent(), 2, 7.5, READ, 2, id="a timeout before the deadline"),
        pytest.param(Silent(), 2, 7.5, WRITE, 7.5, id="a write has all of the operation's time"),
        pytest.param(Silent(), 2, None, WRITE, MAX_WRITE_SECONDS, id="a write without a deadline"),
    ],
)
async def test_a_call_without_a_complete_answer_in_time_ends(
    wire: httpx2.AsyncBaseTransport, account_timeout: float, deadline: float | None, call: Call, elapsed: float
) -> None:
    seconds, error = await time_until_failure(wire, account_timeout, deadline, call)
    assert seconds == elapsed
    assert type(error) is (AmbiguousError if call.writes else VendorTimeoutError)
    assert str(error).startswith(f"main gave no complete answer within {elapsed} s")
    assert error.__cause__ is None


async def test_a_connection_whose_answer_took_too_long_is_closed() -> None:
    vendor = Dripping(1)
    await time_until_failure(vendor, 7.5)
    assert vendor.closed


async def test_no_call_is_sent_after_the_deadline_so_that_a_write_was_certainly_not_made() -> None:
    def reached(_: httpx2.Request) -> httpx2.Response:
        raise AssertionError

    elapsed, error = await time_until_failure(httpx2.MockTransport(reached), 10, left=0, call=WRITE)
    assert (elapsed, type(error)) == (0, VendorTimeoutError)
    assert str(error) == "main was not called, because the time was up (create link)"


async def test_a_call_that_is_cancelled_raises_no_timeout() -> None:
    sending = asyncio.create_task(over(Silent(), clock=LoopClock()).send(READ))
    await asyncio.sleep(1)
    sending.cancel()
    await asyncio.wait({sending})
    assert sending.cancelled()


def test_the_repr_of_a_call_and_of_an_answer_shows_no_secret() -> None:
    call = replace(WRITE, json={"password": SECRET}, form=(("password", SECRET),))
    assert SECRET not in f"{call!r} {answer(200, SECRET.encode())!r}"

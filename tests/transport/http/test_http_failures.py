"""The bottom of the stack: every way in which an exchange fails has its error, and none of them tells a secret."""

import asyncio
from collections.abc import AsyncIterator, Iterator
from dataclasses import replace

import httpx2
import pytest

from harness.virtual_time import LoopClock
from harness.wires import READ, SECRET, WRITE, Respond, everything_shown_of, in_virtual_time, over
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

# Nothing has left this machine when one of these is raised.
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


def made(kind: type[Exception]) -> Exception:
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
async def test_every_exception_of_the_http_client_becomes_an_error_that_tells_no_secret(kind: type[Exception]) -> None:
    error = await failure_of(raising(made(kind)), READ)
    assert type(error) is {**NOT_SENT, **MAYBE_SENT}.get(kind, UnavailableError)
    assert (error.account, error.operation) == ("main", "list links")
    assert str(error).startswith("main ")
    assert str(error).endswith(" (list links)")
    assert SECRET not in everything_shown_of(error)
    assert error.__suppress_context__


@pytest.mark.parametrize("kind", HTTP_ERRORS)
async def test_a_write_that_broke_may_have_happened_unless_nothing_was_sent(kind: type[Exception]) -> None:
    error = await failure_of(raising(made(kind)), WRITE)
    assert type(error) is NOT_SENT.get(kind, AmbiguousError)
    assert ("may have been made all the same" in str(error)) == (kind not in NOT_SENT)
    assert SECRET not in everything_shown_of(error)


@pytest.mark.parametrize("error", [OSError(SECRET), ConnectionResetError(SECRET), BrokenPipeError(SECRET)])
async def test_an_error_of_the_operating_system_is_a_broken_connection(error: Exception) -> None:
    found = await failure_of(raising(error), READ)
    assert type(found) is UnavailableError
    assert SECRET not in everything_shown_of(found)


async def test_a_connection_that_ends_without_an_answer_is_no_bad_answer() -> None:
    gone = httpx2.RemoteProtocolError("Server disconnected without sending a response.")
    error = await failure_of(raising(gone), READ)
    assert type(error) is UnavailableError
    assert str(error) == "main ended the connection without an answer (list links)"


async def test_a_mistake_of_our_own_is_not_taken_for_the_vendors() -> None:
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


@pytest.mark.parametrize("wire", [Silent(), Dripping(1)])
def test_an_answer_has_the_accounts_timeout_from_its_first_to_its_last_byte(wire: httpx2.AsyncBaseTransport) -> None:
    elapsed, error = in_virtual_time(time_until_failure(wire, 7.5))
    assert elapsed == 7.5
    assert type(error) is VendorTimeoutError
    assert str(error) == "main gave no complete answer within 7.5 s (list links)"
    assert error.__cause__ is None


def test_an_operations_deadline_that_is_nearer_than_the_timeout_ends_the_call() -> None:
    elapsed, error = in_virtual_time(time_until_failure(Silent(), 7.5, left=2))
    assert elapsed == 2
    assert type(error) is VendorTimeoutError


def test_a_write_has_all_of_the_operations_time() -> None:
    elapsed, error = in_virtual_time(time_until_failure(Silent(), 2, left=7.5, call=WRITE))
    assert (elapsed, type(error)) == (7.5, AmbiguousError)


def test_a_write_without_a_deadline_ends_all_the_same() -> None:
    elapsed, error = in_virtual_time(time_until_failure(Silent(), 2, call=WRITE))
    assert (elapsed, type(error)) == (MAX_WRITE_SECONDS, AmbiguousError)


def test_what_may_be_secret_in_a_call_is_not_in_its_repr() -> None:
    call = replace(WRITE, json={"password": SECRET}, form=(("password", SECRET),))
    assert SECRET not in repr(call)


def test_a_timeout_that_is_nearer_than_the_deadline_ends_the_call() -> None:
    elapsed, _ = in_virtual_time(time_until_failure(Silent(), 2, left=7.5))
    assert elapsed == 2


def test_a_connection_whose_answer_took_too_long_is_closed() -> None:
    vendor = Dripping(1)
    in_virtual_time(time_until_failure(vendor, 7.5))
    assert vendor.closed


def test_a_write_that_took_too_long_may_have_happened() -> None:
    _, error = in_virtual_time(time_until_failure(Silent(), 1, call=WRITE))
    assert type(error) is AmbiguousError


def test_nothing_is_sent_after_the_deadline_so_that_a_write_certainly_did_not_happen() -> None:
    def reached(_: httpx2.Request) -> httpx2.Response:
        raise AssertionError

    elapsed, error = in_virtual_time(time_until_failure(httpx2.MockTransport(reached), 10, left=0, call=WRITE))
    assert elapsed == 0
    assert type(error) is VendorTimeoutError
    assert str(error) == "main was not asked, because the time was up (create link)"


def test_who_gives_up_is_not_told_a_timeout() -> None:
    async def story() -> bool:
        asking = asyncio.create_task(over(Silent(), clock=LoopClock()).send(READ))
        await asyncio.sleep(1)
        asking.cancel()
        await asyncio.wait({asking})
        return asking.cancelled()

    assert in_virtual_time(story())

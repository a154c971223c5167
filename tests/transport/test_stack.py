"""The client stack of one account: the order of its layers."""

from dataclasses import replace

import httpx2
import pytest
from pydantic import SecretStr

from harness.emulators import ManualClock
from linkweave.context.deadline import use_deadline
from linkweave.context.operation_context import OperationContext, use_operation
from linkweave.errors import LocalRateLimitError, UnauthenticatedError, UnavailableError
from linkweave.transport.call import Call, Send
from linkweave.transport.call_memo import new_memo
from linkweave.transport.classified import Decode, decode_json
from linkweave.transport.health import CircuitState
from linkweave.transport.http.auth import Credentials, HeaderKey
from linkweave.transport.rate_limit.limiter import RateLimit
from linkweave.transport.stack import Stack, build_stack

CALL = Call("list links", "GET", "/links", bucket="api")


class Tickets:
    """Credentials that the vendor hands out for a call of the same endpoint group."""

    def __init__(self) -> None:
        self.number = 0

    async def sign(self, call: Call, send: Send) -> Call:  # noqa: ARG002 - the protocol's signature
        return replace(call, headers=(("ticket", str(self.number)),))

    async def renew(self, signed: Call, send: Send) -> bool:  # noqa: ARG002 - the protocol's signature
        self.number += 1
        return (await send(Call("renew", "POST", "/ticket", bucket="api", signed=False))).status == 200

    async def close(self, send: Send) -> None:
        await send(Call("give back", "DELETE", "/ticket", signed=False))


class Vendor(httpx2.AsyncBaseTransport):
    """Accepts ticket 1 only."""

    def __init__(self) -> None:
        self.seen: list[str] = []

    async def handle_async_request(self, request: httpx2.Request) -> httpx2.Response:
        self.seen.append(f"{request.method} {request.url.path} {request.headers.get('ticket', '-')}")
        refused = request.url.path == "/api/links" and request.headers.get("ticket") != "1"
        return httpx2.Response(401 if refused else 200, stream=httpx2.ByteStream(b"{}"))


def stack_over(
    vendor: Vendor,
    clock: ManualClock,
    credentials: Credentials,
    limit: int = 10,
    decode: Decode = decode_json,
) -> Stack:
    return build_stack(
        http=httpx2.AsyncClient(transport=vendor),
        account="main",
        base_url="http://vendor/api",
        timeout_seconds=5,
        credentials=credentials,
        rates=[RateLimit("api", limit, 60), RateLimit("other", 1, 1)],
        classify=lambda _status, _data: None,
        clock=clock,
        decode=decode,
    )


async def test_a_call_goes_through_every_layer() -> None:
    vendor, clock = Vendor(), ManualClock()
    stack = stack_over(vendor, clock, Tickets())
    assert (await stack.client.fetch(CALL)).data == {}
    assert vendor.seen == ["GET /api/links 0", "POST /api/ticket -", "GET /api/links 1"]
    assert stack.client.health.calls == 1


async def test_a_host_that_is_down_does_not_hold_back_another_one_of_the_vendor() -> None:
    down, seen = "http://statistics", list[str]()

    def answer(request: httpx2.Request) -> httpx2.Response:
        seen.append(f"{request.url} {request.headers['ticket']}")
        return httpx2.Response(503 if request.url.host == "statistics" else 200, stream=httpx2.ByteStream(b"{}"))

    clock = ManualClock()
    stack = build_stack(
        http=httpx2.AsyncClient(transport=httpx2.MockTransport(answer)),
        account="main",
        base_url="http://vendor/api",
        further_hosts=(down,),
        timeout_seconds=5,
        credentials=Tickets(),
        rates=[RateLimit("api", 100, 60)],
        classify=lambda _status, _data: None,
        clock=clock,
    )
    for _ in range(20):
        with pytest.raises(UnavailableError):
            await stack.client.fetch(replace(CALL, host=down))
    assert len(seen) < 20
    assert (await stack.client.fetch(CALL)).data == {}
    assert seen[0].startswith(f"{down}/links")
    assert seen[-1] == "http://vendor/api/links 0"
    assert stack.client.health.read_circuit() is CircuitState.CLOSED


async def test_the_answer_to_each_call_is_decoded_once_however_many_layers_look_at_it() -> None:
    decoded: list[bytes] = []

    def decode(body: bytes) -> object:
        decoded.append(body)
        return decode_json(body)

    vendor, clock = Vendor(), ManualClock()
    await stack_over(vendor, clock, Tickets(), decode=decode).client.fetch(CALL)
    assert decoded == [b"{}"] * len(vendor.seen) == [b"{}"] * 3


async def test_every_call_that_the_vendor_counts_takes_a_slot_also_those_for_credentials() -> None:
    vendor, clock = Vendor(), ManualClock()
    stack = stack_over(vendor, clock, Tickets(), limit=2)
    await stack.client.fetch(CALL)
    assert clock.elapsed == 60
    assert [(window.rate.bucket, window.free()) for window in stack.windows] == [("api", 1), ("other", 1)]


async def test_the_call_that_renews_credentials_waits_for_a_slot_like_others() -> None:
    vendor, clock = Vendor(), ManualClock()
    stack = stack_over(vendor, clock, Tickets(), limit=1)
    with use_deadline(30, clock), pytest.raises(LocalRateLimitError):
        await stack.client.fetch(CALL)
    assert vendor.seen == ["GET /api/links 0"]


async def test_the_same_call_takes_one_slot_in_an_operation() -> None:
    vendor, clock = Vendor(), ManualClock()
    stack = stack_over(vendor, clock, Tickets(), limit=3)
    with use_operation(OperationContext(memo=new_memo())):
        for _ in range(5):
            await stack.client.fetch(CALL)
    assert (len(vendor.seen), clock.elapsed) == (3, 0)


async def test_closing_returns_what_was_handed_out_in_an_unsigned_call() -> None:
    vendor = Vendor()
    await stack_over(vendor, ManualClock(), Tickets()).close()
    assert vendor.seen == ["DELETE /api/ticket -"]


async def test_the_error_of_a_refused_key_does_not_show_it() -> None:
    vendor = Vendor()
    stack = stack_over(vendor, ManualClock(), HeaderKey("ticket", SecretStr("wrong-ticket")))
    with pytest.raises(UnauthenticatedError) as caught:
        await stack.client.fetch(CALL)
    assert vendor.seen == ["GET /api/links wrong-ticket"]
    assert "wrong-ticket" not in f"{caught.value!r} {stack!r}"

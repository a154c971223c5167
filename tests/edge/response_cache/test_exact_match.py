"""A repeated request is answered by the outermost layer, before all layers in front of the response cache."""

import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

import httpx2
import pytest
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from harness.cached_responses import QUERY, Bench, Client, Reply
from harness.sockets import served
from linkweave.edge.auth.callers import ANONYMOUS, Caller, set_caller
from linkweave.edge.http.request_ids import RequestIds
from linkweave.edge.http.request_state import BODY_COMPLETE
from linkweave.edge.response_cache.exact_match import MAX_BODY_BYTES, ExactRequestCache
from linkweave.observability import CachedReply, Observer

JSON = (b"content-type", b"application/json")
ID = (b"x-request-id", b"one")


@dataclass
class Guard:
    """A layer before the cache: it counts requests, sets the caller, and adds a header to each answer."""

    app: ASGIApp
    caller: Caller = ANONYMOUS
    seen: int = 0

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        self.seen += 1
        set_caller(scope, self.caller)

        async def marked(message: Message) -> None:
            if message["type"] == "http.response.start":
                message = {**message, "headers": [*message["headers"], (b"x-guarded", b"yes")]}
            await send(message)

        await self.app(scope, receive, marked)


@dataclass
class RecordingObserver(Observer):
    """Records the repeated requests."""

    replies: list[CachedReply] = field(default_factory=list)

    def cached_reply_sent(self, reply: CachedReply) -> None:
        self.replies.append(reply)


class Stack:
    """All layers, called as by a server that has the whole body."""

    def __init__(self, caller: Caller = ANONYMOUS) -> None:
        self.bench = Bench()
        self.guard = Guard(self.bench.cache, caller)
        self.observer = RecordingObserver()
        self.app = ExactRequestCache(self.guard, self.bench.policy, self.observer, self.bench.clock, RequestIds(str))

    async def ask(
        self,
        *more: tuple[bytes, bytes],
        query: str = QUERY,
        method: str = "POST",
        address: bytes = b"",
        state: dict[str, object] | None = None,
    ) -> Reply:
        body = b"" if method == "GET" else json.dumps({"query": query}).encode()
        state = {BODY_COMPLETE: True} if state is None else state
        scope = {"type": "http", "method": method, "query_string": address, "headers": [JSON, *more], "state": state}
        reply = await Client(self.app, body, scope).run()
        assert reply is not None
        return reply

    async def passes(self, ask: Callable[[], Any]) -> bool:
        """Whether a request goes through the guard."""
        before = self.guard.seen
        await ask()
        return self.guard.seen > before


async def known(caller: Caller = ANONYMOUS) -> Stack:
    """A gateway that was asked the same twice: first it executed it, then it found it in the operation cache."""
    stack = Stack(caller)
    await stack.ask()
    await stack.ask()
    assert (stack.guard.seen, stack.bench.executed) == (2, 1)
    return stack


async def test_a_repeated_request_is_answered_by_the_outermost_layer() -> None:
    stack = await known()
    before = await stack.ask(ID)
    assert before.headers["x-request-id"] == "one"
    stack.bench.clock.advance(7)
    again = await stack.ask()
    assert (stack.guard.seen, stack.bench.executed) == (2, 1)
    assert (again.status, again.body) == (200, stack.bench.app.body)
    assert again.headers["x-guarded"] == "yes"
    assert again.headers["age"] == "7"
    assert again.headers["etag"] == before.headers["etag"]
    assert len({before.headers["x-request-id"], again.headers["x-request-id"]}) == 2


@pytest.mark.parametrize("more", [ID, (b"traceparent", b"00-1-2-01"), (b"tracestate", b"a=b")])
async def test_headers_that_only_identify_the_request_do_not_matter(more: tuple[bytes, bytes]) -> None:
    stack = await known()
    assert not await stack.passes(lambda: stack.ask(more))


@pytest.mark.parametrize(
    ("headers", "difference"),
    [
        ((), {"query": "{ accounts { key label } }"}),
        ((), {"address": b"x=1"}),
        ((), {"method": "GET", "address": b"query=%7Baccounts%7Bkey%7D%7D"}),
        ((), {"state": {}}),  # its body may be incomplete
        *(
            ([header], {})
            for header in ((b"authorization", b"Bearer x"), (b"origin", b"https://a"), (b"host", b"b"), JSON)
        ),
    ],
)
async def test_a_request_that_differs_is_passed_on(
    headers: Sequence[tuple[bytes, bytes]], difference: dict[str, Any]
) -> None:
    stack = await known()
    assert await stack.passes(lambda: stack.ask(*headers, **difference))


@pytest.mark.parametrize("change", [{"requests_per_minute": 5}, {"expires": True}])
async def test_requests_of_callers_that_may_be_refused_next_time_are_passed_on_each_time(
    change: dict[str, Any],
) -> None:
    stack = await known(replace(ANONYMOUS, **change))
    assert await stack.passes(stack.ask)
    assert await stack.passes(stack.ask)
    assert stack.bench.executed == 1


async def test_a_long_request_is_passed_on_each_time() -> None:
    stack = Stack()
    for _ in range(3):
        assert await stack.passes(lambda: stack.ask(query=QUERY + " " * MAX_BODY_BYTES))
    assert stack.bench.executed == 1


async def test_a_request_whose_response_has_expired_is_passed_on() -> None:
    stack = await known()
    stack.bench.clock.advance(61)
    assert await stack.passes(stack.ask)
    assert stack.bench.executed == 2


async def test_a_request_whose_response_a_write_made_invalid_is_passed_on() -> None:
    stack = Stack()
    stack.bench.app.reads = {"a": 60.0}
    for passes in (True, True, False):
        assert await stack.passes(stack.ask) is passes
    await stack.bench.versions.bump("a")
    assert await stack.passes(stack.ask)
    assert stack.bench.executed == 2


async def test_errors_are_not_repeated() -> None:
    stack = Stack()
    stack.bench.app.body = b'{"errors": [{"message": "no"}]}'
    for _ in range(3):
        assert await stack.passes(stack.ask)
    assert stack.bench.executed == 3


async def test_a_client_that_has_the_response_gets_304() -> None:
    stack = Stack()
    address = b"query=%7Baccounts%7Bkey%7D%7D"
    etag = (await stack.ask(method="GET", address=address)).headers["etag"].encode()
    # Only the headers of a whole answer may be repeated.
    for given, status, passes in ((etag, 304, True), (b'"other"', 200, True), (etag, 304, False), (b"x", 200, False)):
        seen = stack.guard.seen
        reply = await stack.ask((b"if-none-match", given), method="GET", address=address)
        assert (reply.status, stack.guard.seen > seen) == (status, passes)
        # Headers of other layers are kept, such as those of CORS.
        assert reply.headers["x-guarded"] == "yes"
    assert stack.observer.replies[0].status == 304


async def test_a_repeated_request_is_reported_once_with_its_operation() -> None:
    stack = await known()
    assert stack.observer.replies == []
    await stack.ask(ID, (b"traceparent", b"00-1-2-01"))
    (reply,) = stack.observer.replies
    assert reply == CachedReply("one", "00-1-2-01", None, "anonymous", 200, 0.0)


async def test_other_protocols_and_early_disconnects_are_passed_on() -> None:
    stack, seen = Stack(), list[Message]()

    async def app(_: Scope, receive: Receive, __: Send) -> None:
        seen.append(await receive())

    async def receive() -> Message:
        return {"type": "http.disconnect"}

    async def send(_: Message) -> None:
        raise AssertionError("the client has disconnected")

    repeats = ExactRequestCache(app, stack.bench.policy, stack.observer, stack.bench.clock, RequestIds(str))
    for kind, state in (("http", {BODY_COMPLETE: True}), ("http", {}), ("websocket", {})):
        await repeats({"type": kind, "state": state, "method": "POST", "headers": []}, receive, send)
    assert seen == [{"type": "http.disconnect"}] * 3


async def test_over_a_socket_a_whole_request_is_repeated_and_one_in_pieces_is_not() -> None:
    stack = Stack()
    async with served(stack.app) as (address,), httpx2.AsyncClient(trust_env=False) as client:

        async def ask(content: Any) -> None:
            headers = {"content-type": "application/json", "content-length": str(len(json.dumps({"query": QUERY})))}
            (await client.post(address, content=content, headers=headers)).raise_for_status()

        whole = json.dumps({"query": QUERY}).encode()
        assert [await stack.passes(lambda: ask(whole)) for _ in range(4)] == [True, True, False, False]
    assert stack.bench.executed == 1

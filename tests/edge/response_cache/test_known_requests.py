"""A connection answers a request whose bytes were answered before, and no other bytes."""

import asyncio
from collections import Counter
from dataclasses import dataclass, field

import h11
import pytest
import uvicorn
from starlette.types import Receive, Scope, Send
from uvicorn.server import ServerState

from harness.gateway import Gateway, open_gateway
from harness.memory_transport import MemoryTransport
from linkweave.edge.response_cache.known_requests import MAX_REQUEST_BYTES, KnownRequests
from linkweave.server.connections import ConnectionLimits
from linkweave.server.known_requests import AnsweringConnection

BODY = b'{"query":"{ accounts { key } }"}'
HEAD = b"POST /graphql HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Type: application/json\r\n"
KNOWN = b"%bContent-Length: %d\r\n\r\n%b" % (HEAD, len(BODY), BODY)
OTHER = b"GET /live HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n"


def known_with(header: bytes) -> bytes:
    return KNOWN.replace(b"Host:", header + b"\r\nHost:")


@dataclass
class Counting:
    """The gateway, which counts the requests that reach it."""

    gateway: Gateway
    seen: list[str] = field(default_factory=list)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        self.seen.append(scope["path"])
        await self.gateway.app(scope, receive, send)

    @property
    def known_requests(self) -> KnownRequests:
        return self.gateway.app.known_requests


@dataclass
class Client:
    """A client on one connection."""

    app: Counting
    state: ServerState = field(default_factory=ServerState)
    transport: MemoryTransport = field(default_factory=MemoryTransport)

    def __post_init__(self) -> None:
        config = uvicorn.Config(self.app, ws="none", log_config=None, proxy_headers=False)
        self.connection = AnsweringConnection(
            config=config, server_state=self.state, app_state={}, limits=ConnectionLimits(), source=self.app
        )
        self.connection.connection_made(self.transport)

    async def send(self, *segments: bytes) -> bytes:
        """What the connection has written when all that arrived is answered."""
        self.transport.written.clear()
        for segment in segments:
            self.connection.data_received(segment)
            await asyncio.sleep(0)
        while self.state.tasks:
            await asyncio.wait(self.state.tasks)
            await asyncio.sleep(0)
        return bytes(self.transport.written)


async def make_known(app: Counting, request: bytes = KNOWN) -> bytes:
    """The answer to `request`, which is known from then on; the app has seen nothing yet."""
    client = Client(app)
    answers = [await client.send(request) for _ in range(3)]
    app.seen.clear()
    return answers[-1]


def parsed(answers: bytes) -> list[tuple[int, bytes, frozenset[bytes]]]:
    """Status, body and names of the headers of each answer to a request that is not HEAD."""
    connection = h11.Connection(h11.CLIENT)
    found: list[tuple[int, bytes, frozenset[bytes]]] = []
    connection.receive_data(answers)
    while connection.trailing_data != (b"", False) or not found:
        connection.send(h11.Request(method="GET", target="/", headers=[("host", "x")]))
        connection.send(h11.EndOfMessage())
        head, body = connection.next_event(), b""
        if not isinstance(head, h11.Response):
            return found
        while isinstance(piece := connection.next_event(), h11.Data):
            body += piece.data
        found.append((head.status_code, body, frozenset(name for name, _ in head.headers)))
        if connection.their_state is h11.MUST_CLOSE:
            return found
        connection.start_next_cycle()
    return found


async def test_a_known_request_is_answered_like_before_and_the_app_does_not_see_it() -> None:
    app = Counting(open_gateway())
    before = parsed(await make_known(app))
    client = Client(app)
    first, second = await client.send(KNOWN), await client.send(KNOWN)

    assert app.seen == []
    assert parsed(first) == parsed(second) == before
    assert before[0][0] == 200
    assert first.count(b"x-request-id: ") == 1
    assert first != second, "each answer has an id of its own"


@pytest.mark.parametrize(
    "request_", [known_with(b"Authorization: Bearer another"), KNOWN.replace(b"key }", b"key}"), OTHER]
)
async def test_a_request_with_other_bytes_is_not_known(request_: bytes) -> None:
    app = Counting(open_gateway())
    await make_known(app)
    await Client(app).send(request_)
    assert len(app.seen) == 1


@pytest.mark.parametrize(
    "request_",
    [
        known_with(b"X-Request-Id: mine"),
        known_with(b"Traceparent: 00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01"),
        known_with(b"Tracestate: a=b"),
        known_with(b"Expect: 100-continue"),
        known_with(b"Connection: Upgrade\r\nUpgrade: h2c"),
        known_with(b"Connection: close"),
        known_with(b"X-Long: " + b"x" * MAX_REQUEST_BYTES),
        KNOWN.replace(b"HTTP/1.1", b"HTTP/1.0"),
        KNOWN.replace(b"POST /graphql", b"HEAD /graphql?query=%7Baccounts%7Bkey%7D%7D"),
        KNOWN + KNOWN,
        OTHER,
    ],
    ids=lambda request_: request_[:60].decode(),
)
async def test_a_request_is_never_known_if_more_than_its_bytes_decides_on_the_answer(request_: bytes) -> None:
    app = Counting(open_gateway())
    for _ in range(4):
        app.seen.clear()
        await Client(app).send(request_)
    assert len(app.seen) == request_.count(b" HTTP/1.")


async def test_a_get_with_if_none_match_is_answered_by_the_app() -> None:
    get = b"GET /graphql?query=%7Baccounts%7Bkey%7D%7D HTTP/1.1\r\nHost: 127.0.0.1\r\nAccept: application/json\r\n"
    app = Counting(open_gateway())
    await make_known(app, get + b"\r\n")
    conditional = get + b"If-None-Match: *\r\n\r\n"
    answers = [await Client(app).send(conditional) for _ in range(3)]
    assert app.seen == ["/graphql"] * 3
    assert {status for answer in answers for status, _, _ in parsed(answer)} == {304}
    await Client(app).send(get + b"\r\n")
    assert app.seen == ["/graphql"] * 3


async def test_known_bytes_within_another_request_are_part_of_it() -> None:
    long = b"%bContent-Length: %d\r\n\r\n" % (HEAD, len(KNOWN))
    app = Counting(open_gateway())
    await make_known(app)
    client = Client(app)
    assert [status for status, _, _ in parsed(await client.send(long, KNOWN))] == [400]
    # The parser holds the beginning of a head, whose next header has the known bytes as its value.
    answers = parsed(await client.send(KNOWN + b"GET / HTTP/1.1\r\nX: ", KNOWN))
    assert [status for status, _, _ in answers] == [200, 307]
    assert app.seen == ["/graphql", "/graphql", "/"]


async def test_every_cut_of_a_stream_of_known_and_other_requests_is_answered_alike() -> None:
    long = b"%bContent-Length: %d\r\n\r\n%b" % (HEAD, len(KNOWN), KNOWN)
    stream = KNOWN + long + KNOWN + OTHER
    app = Counting(open_gateway())
    await make_known(app)
    wanted = parsed(await Client(app).send(*(stream[at : at + 1] for at in range(len(stream)))))
    assert [status for status, _, _ in wanted] == [200, 400, 200, 200]
    for cut in range(1, len(stream)):
        assert parsed(await Client(app).send(stream[:cut], stream[cut:])) == wanted, cut


async def test_a_known_request_waits_for_the_answer_to_the_one_before() -> None:
    app = Counting(open_gateway())
    await make_known(app)
    client = Client(app)
    client.connection.data_received(OTHER)
    answers = parsed(await client.send(KNOWN))
    assert [status for status, _, _ in answers] == [200, 200]
    assert b"accounts" in answers[1][1]
    assert app.seen == ["/live", "/graphql"]


async def test_a_known_answer_is_not_sent_after_it_has_expired() -> None:
    app = Counting(open_gateway())
    await make_known(app)
    await asyncio.sleep(61)
    await Client(app).send(KNOWN)
    assert app.seen == ["/graphql"]


async def test_a_known_answer_is_not_sent_after_a_write_at_one_of_its_accounts() -> None:
    query = b'{"query":"{ account(key: \\"tinycc\\") { tags { name } } }"}'
    request = b"%bContent-Length: %d\r\n\r\n%b" % (HEAD, len(query), query)
    app = Counting(open_gateway())
    await make_known(app, request)
    await Client(app).send(request)
    assert app.seen == []
    created = await app.gateway.payload(
        'mutation { payload: createTag(account: "tinycc", name: "new") { errors { message } } }'
    )
    assert created["errors"] == []
    answer = await Client(app).send(request)
    assert app.seen == ["/graphql"]
    assert b'"new"' in answer


async def test_the_app_answers_while_the_server_ends_or_the_client_takes_nothing() -> None:
    app = Counting(open_gateway())
    await make_known(app)
    ending, slow = Client(app), Client(app)
    ending.state.default_headers = [(b"connection", b"close")]
    assert b"connection: close" in await ending.send(KNOWN)
    slow.connection.flow.pause_writing()
    slow.connection.data_received(KNOWN)
    await asyncio.sleep(1)
    assert app.seen == ["/graphql"] * 2
    assert bytes(slow.transport.written).count(b"HTTP/1.1") <= 1
    slow.connection.flow.resume_writing()


async def test_a_connection_that_asks_known_requests_closes_when_it_is_idle() -> None:
    app = Counting(open_gateway())
    await make_known(app)
    client = Client(app)
    for _ in range(4):
        await client.send(KNOWN)
        await asyncio.sleep(4)
        assert not client.transport.closed
    await asyncio.sleep(2)
    assert client.transport.closed
    assert client.state.total_requests == 4
    assert Counter(app.seen) == {}

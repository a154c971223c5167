"""One layer reads and decodes a request for all layers below it."""

import asyncio
import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from hashlib import sha256
from typing import Any
from urllib.parse import urlencode

import orjson
import pytest
from pydantic import SecretStr
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from harness.cached_responses import MEGABYTE, MUTATION, QUERY
from harness.emulators import ManualClock
from linkweave.edge.auth.authentication import assume_caller
from linkweave.edge.auth.callers import ANONYMOUS, Caller
from linkweave.edge.endpoint import Endpoint
from linkweave.edge.http.request_parsing import parsed_request
from linkweave.edge.http.request_parsing_middleware import RequestParsingMiddleware
from linkweave.edge.persisted_queries.lookup import PersistedDocuments
from linkweave.edge.persisted_queries.manifest import Manifest
from linkweave.edge.persisted_queries.middleware import PersistedQueryMiddleware
from linkweave.edge.pipeline import Layer, stack
from linkweave.edge.response_cache.middleware import ResponseCacheMiddleware
from linkweave.edge.response_cache.policy import ResponseCachePolicy
from linkweave.edge.subscriptions.open_streams import OpenStreams
from linkweave.gather.listing.cursor import CursorCodec
from linkweave.gather.session import PersistentRecords, Session
from linkweave.gather.writing.idempotency import Idempotency
from linkweave.schema.build import build_schema
from linkweave.settings import CacheSettings, DocumentSettings, ServerSettings
from linkweave.storage.factory import open_storage

PERSISTED = {"persistedQuery": {"version": 1, "sha256Hash": sha256(QUERY.encode()).hexdigest()}}


@dataclass
class CountingDecoder:
    """Decodes JSON, and counts how often it does."""

    calls: int = 0

    def __call__(self, data: str | bytes) -> Any:
        self.calls += 1
        return orjson.loads(data)


def gateway(decode: CountingDecoder) -> ASGIApp:
    """All layers that use a request's members, over a gateway without accounts."""
    clock, schema = ManualClock(), build_schema()
    storage, read = open_storage(CacheSettings(), clock), schema.documents.read
    records = PersistentRecords(storage.records, Idempotency(storage.claims, storage.locks, clock))

    def session(caller: Caller) -> Session:
        return Session({}, {}, CursorCodec(SecretStr("x")), clock, records, caller.name, caller.rights)

    documents = PersistedDocuments(DocumentSettings(), Manifest(), storage.store, read)
    policy = ResponseCachePolicy(storage.versions, [], clock, MEGABYTE)
    layers = [
        Layer("authentication", assume_caller(ANONYMOUS)),
        Layer("request parsing", lambda app: RequestParsingMiddleware(app, decode)),
        Layer("persisted queries", lambda app: PersistedQueryMiddleware(app, documents)),
        Layer("response cache", lambda app: ResponseCacheMiddleware(app, read, policy)),
    ]
    return stack(Endpoint(schema, session, clock, ServerSettings(), OpenStreams(1)), layers)


@dataclass
class Exchange:
    """A request as a server passes it on, and what is sent in answer to it. Its client stays connected."""

    scope: Scope
    waiting: list[Message]
    sent: list[Message] = field(default_factory=list)

    async def run(self, app: ASGIApp) -> int:
        await app(self.scope, self.receive, self._send)
        status: int = self.sent[0]["status"]
        return status

    async def receive(self) -> Message:
        if not self.waiting:
            await asyncio.Event().wait()
        return self.waiting.pop(0)

    async def _send(self, message: Message) -> None:
        self.sent.append(message)


def post(*bodies: bytes, kind: str = "application/json") -> Exchange:
    last = len(bodies) - 1
    pieces = [{"type": "http.request", "body": body, "more_body": n < last} for n, body in enumerate(bodies)]
    headers = [(b"content-type", kind.encode()), (b"x-requested-with", b"test")]
    return Exchange({"type": "http", "method": "POST", "query_string": b"", "headers": headers}, [*pieces])


def get(**parameters: str) -> Exchange:
    query = urlencode(parameters).encode()
    return Exchange({"type": "http", "method": "GET", "query_string": query, "headers": []}, [{"type": "http.request"}])


def json_of(**members: object) -> bytes:
    return json.dumps(members).encode()


# A body or a parameter is JSON; a form has its operation and its map.
@pytest.mark.parametrize(
    ("exchange", "decodes", "status"),
    [
        (post(json_of(query=QUERY)), 1, 200),
        (post(json_of(query=MUTATION)), 1, 200),
        (post(json_of(query="{ ... @defer { accounts { key } } }")), 1, 200),
        (post(b'{"query": ', b'"{ __typename }"}'), 1, 200),
        (post(json_of(query=QUERY, extensions=PERSISTED)), 1, 200),
        (post(json_of(extensions=PERSISTED)), 1, 200),
        (post(b"nonsense"), 1, 400),
        (post(b"[]"), 1, 400),
        (post(json_of(query=5)), 1, 400),
        (post(json_of(query=QUERY), kind="text/plain"), 0, 415),
        (post(b"", kind="multipart/form-data; boundary=x"), 0, 400),
        (get(query=QUERY), 0, 200),
        (get(query=QUERY, variables="{}", extensions="{}"), 2, 200),
        (get(extensions=json.dumps(PERSISTED)), 1, 200),
        (get(variables="nonsense"), 1, 400),
    ],
)
async def test_json_is_decoded_once_however_many_layers_use_it(exchange: Exchange, decodes: int, status: int) -> None:
    decode = CountingDecoder()
    app = gateway(decode)
    # The query is in the response cache, and its document is stored under its hash.
    await post(json_of(query=QUERY, extensions=PERSISTED)).run(app)
    decode.calls = 0
    assert await exchange.run(app) == status
    assert decode.calls == decodes


async def test_a_client_that_disconnects_before_the_end_of_its_body_is_answered_400() -> None:
    exchange = post(b"{", b"")
    exchange.waiting[1] = {"type": "http.disconnect"}
    assert await exchange.run(gateway(CountingDecoder())) == 400
    (error,) = json.loads(exchange.sent[1]["body"])["errors"]
    assert error["message"] == "The request ended before its body was complete."


@pytest.mark.parametrize(
    "difference",
    [
        {"type": "websocket"},
        {"method": "PUT"},
        {"headers": [(b"content-type", b"multipart/form-data; boundary=x")]},
    ],
)
async def test_other_requests_are_passed_on_unread(difference: Mapping[str, object]) -> None:
    exchange, received = post(b"body"), list[Message]()

    async def app(scope: Scope, receive: Receive, _: Send) -> None:
        assert parsed_request(scope) is None
        received.append(await receive())

    await RequestParsingMiddleware(app)({**exchange.scope, **difference}, exchange.receive, _nothing)
    assert [message["body"] for message in received] == [b"body"]


async def _nothing(_: Message) -> None:
    pass

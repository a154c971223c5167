"""A response cache over an app with a given answer, and clients of it."""

import asyncio
import json
from collections.abc import Awaitable, Callable, Collection, Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any
from urllib.parse import urlencode

from starlette.types import ASGIApp, Message, Receive, Scope, Send

from harness.emulators import ManualClock
from linkweave.context.cache_control import record_read
from linkweave.edge.http.request_parsing import parsed_request
from linkweave.edge.http.request_parsing_middleware import RequestParsingMiddleware
from linkweave.edge.response_cache.middleware import ResponseCacheMiddleware
from linkweave.edge.response_cache.policy import ResponseCachePolicy
from linkweave.observability import CacheResult, Observer
from linkweave.schema.build import build_schema
from linkweave.schema.execution.document import Document

QUERY = "{ accounts { key } }"
MUTATION = 'mutation { deleteLinks(ids: ["x"]) { deleted } }'
MEGABYTE = 1_000_000


@dataclass
class FakeVersions:
    """Cache versions in a dictionary. Without `known` they are unavailable; a check waits until `checked` is set."""

    versions: dict[str, int] = field(default_factory=dict)
    known: bool = True
    lookups: list[set[str]] = field(default_factory=list)
    checked: asyncio.Event | None = None

    async def current(self, names: Collection[str]) -> Mapping[str, str] | None:
        self.lookups.append(set(names))
        return {name: str(self.versions.get(name, 0)) for name in names} if self.known else None

    async def are_current(self, versions: Mapping[str, str]) -> bool:
        found = await self.current(versions.keys())
        if self.checked is not None:
            await self.checked.wait()
        return found == versions

    def are_known_current(self, versions: Mapping[str, str]) -> bool:
        return self.known and all(str(self.versions.get(name, 0)) == version for name, version in versions.items())

    async def bump(self, name: str) -> None:
        self.versions[name] = self.versions.get(name, 0) + 1


@dataclass
class Answerer:
    """Answers every request with `body`. It reads the accounts in `reads`, each of which expires after its seconds."""

    clock: ManualClock
    body: bytes = b'{"data": {"accounts": []}}'
    status: int = 200
    headers: list[tuple[bytes, bytes]] = field(default_factory=lambda: [(b"content-type", b"application/json")])
    reads: dict[str, float | None] = field(default_factory=dict)
    meanwhile: Callable[[], Awaitable[None]] | None = None
    requests: list[object] = field(default_factory=list)
    cancelled: int = 0

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        self.requests.append(parsed_request(scope) or await _read(receive))
        try:
            await (self.meanwhile or _nothing)()
        except asyncio.CancelledError:
            self.cancelled += 1
            raise
        now = self.clock.now()
        for account, seconds in self.reads.items():
            record_read(account, now, None if seconds is None else now + timedelta(seconds=seconds))
        length = (b"content-length", str(len(self.body)).encode())
        own = (b"x-request-id", scope.get("state", {}).get("id", b"none"))
        await send({"type": "http.response.start", "status": self.status, "headers": [*self.headers, length, own]})
        await send({"type": "http.response.body", "body": self.body})


@dataclass(frozen=True)
class Reply:
    """The whole answer to a client."""

    status: int
    headers: Mapping[str, str]
    body: bytes


@dataclass
class Client:
    """Sends one request, and disconnects once `gone` is set."""

    cache: ASGIApp
    body: bytes
    scope: Scope
    gone: asyncio.Event = field(default_factory=asyncio.Event)
    messages: list[Message] = field(default_factory=list)
    _read: bool = False

    async def run(self) -> Reply | None:
        await self.cache(self.scope, self._receive, self._send)
        if not self.messages:
            return None
        start, *rest = self.messages
        names = [name for name, _ in start["headers"]]
        assert len(names) == len(set(names)), names
        headers = {name.decode(): value.decode() for name, value in start["headers"]}
        return Reply(start["status"], headers, b"".join(part["body"] for part in rest))

    async def _receive(self) -> Message:
        if self._read:
            await self.gone.wait()
            return {"type": "http.disconnect"}
        self._read = True
        return {"type": "http.request", "body": self.body}

    async def _send(self, message: Message) -> None:
        self.messages.append(message)


@dataclass(frozen=True)
class Caller:
    """A caller, as authentication stores it in the request's state."""

    rights: str


@dataclass
class Listener(Observer):
    """Records the results of looking into the cache."""

    results: list[str] = field(default_factory=list)

    def cache_looked_up(self, cache: str, account: str | None, result: CacheResult) -> None:
        assert (cache, account) == ("operations", None)
        self.results.append(result.value)

    def result_shared(self, what: str) -> None:
        self.results.append(f"shared {what}")


class Bench:
    """The cache, its app and its versions, with a clock that tests advance."""

    def __init__(self, max_bytes: int = MEGABYTE, read: Callable[[str], Document] | None = None) -> None:
        self.clock = ManualClock()
        self.versions = FakeVersions()
        self.app = Answerer(self.clock)
        self.listener = Listener()
        self.policy = ResponseCachePolicy(self.versions, ["a", "b"], self.clock, max_bytes)
        cache = ResponseCacheMiddleware(self.app, read or build_schema().documents.read, self.policy, self.listener)
        self.cache = RequestParsingMiddleware(cache)

    def client(
        self,
        query: str = QUERY,
        *,
        rights: str | None = None,
        raw: bytes | None = None,
        headers: Mapping[str, str] | None = None,
        **members: Any,
    ) -> Client:
        body = json.dumps({"query": query, **members}).encode() if raw is None else raw
        return Client(self.cache, body, _scope("POST", b"", rights, {"content-type": "application/json"}, headers))

    async def post(self, query: str = QUERY, **more: Any) -> Reply:
        reply = await self.client(query, **more).run()
        assert reply is not None
        return reply

    async def get(
        self, query: str = QUERY, headers: Mapping[str, str] | None = None, rights: str | None = None, **parameters: str
    ) -> Reply:
        address = urlencode({"query": query, **parameters}).encode()
        reply = await Client(self.cache, b"", _scope("GET", address, rights, {}, headers)).run()
        assert reply is not None
        return reply

    @property
    def executed(self) -> int:
        return len(self.app.requests)


def _scope(
    method: str,
    address: bytes,
    rights: str | None,
    own: Mapping[str, str],
    more: Mapping[str, str] | None,
) -> Scope:
    headers = [(name.encode(), value.encode()) for name, value in {**own, **(more or {})}.items()]
    state = {} if rights is None else {"caller": Caller(rights)}
    return {"type": "http", "method": method, "query_string": address, "headers": headers, "state": state}


async def _read(receive: Receive) -> bytes:
    return bytes((await receive())["body"])


async def _nothing() -> None:
    pass

"""A host of tiny.cc's software with many accounts, each answer of which comes after a while.

It answers what the emulator answers, and remembers it: the emulator's own time is not the gateway's.
"""

import asyncio
from base64 import b64encode
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Final, TypeAlias

import httpx2
import orjson
from starlette.types import ASGIApp, Receive, Scope, Send

from linkweave.clock import Clock, SystemClock
from linkweave.providers.tinycc.emulator.app import emulate
from linkweave.providers.tinycc.emulator.state import ShortDomain, ShortUrl, TinyAccount

COUNT: Final = "/count"
"""The path that tells and resets the number of calls."""
_KEY: Final = "benchmark"
_NEWEST: Final = datetime(2026, 1, 1, tzinfo=UTC)
_TAGS: Final = ("print", "packaging", "summer")

# Status, headers and body.
_Answer: TypeAlias = tuple[int, list[tuple[bytes, bytes]], bytes]


@dataclass(frozen=True, slots=True)
class Size:
    """How many accounts a vendor has, and how many domains and links each account."""

    accounts: int
    domains: int
    links: int


def tables(size: Size, address: str) -> Iterator[Mapping[str, object]]:
    """Yields the configuration of each account at `address`."""
    for number in range(size.accounts):
        yield {
            "key": f"tinycc-{number}",
            "provider": "tinycc",
            "base_url": address,
            "username": _username(number),
            "api_key": _KEY,
        }


@dataclass(slots=True)
class TinyccVendor:
    """An ASGI app that answers `seconds` after a call arrived."""

    size: Size
    seconds: float
    calls: int = 0
    _accounts: dict[bytes, httpx2.AsyncClient] = field(init=False)
    _known: dict[tuple[bytes, str, bytes], _Answer] = field(default_factory=dict)

    def __post_init__(self) -> None:
        clock = SystemClock()
        self._accounts = {
            credentials(number): _client(emulate(_account(self.size, number, clock)))
            for number in range(self.size.accounts)
        }

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:  # noqa: ARG002 - ASGI's signature
        """Answers one request."""
        if scope["type"] != "http":
            return
        if scope["path"] == COUNT:
            counted, self.calls = self.calls, 0
            await _send(send, (200, [], orjson.dumps(counted)))
            return
        self.calls += 1
        due = asyncio.get_running_loop().time() + self.seconds
        answer = await self._answer(dict(scope["headers"])[b"authorization"], scope["path"], scope["query_string"])
        await asyncio.sleep(due - asyncio.get_running_loop().time())
        await _send(send, answer)

    async def _answer(self, authorization: bytes, path: str, query: bytes) -> _Answer:
        key = authorization, path, query
        if key not in self._known:
            address = f"{path}?{query.decode()}"
            told = await self._accounts[authorization].get(address, headers={"authorization": authorization.decode()})
            self._known[key] = told.status_code, [(b"content-type", b"application/json")], told.content
        return self._known[key]


def credentials(number: int) -> bytes:
    """Returns what an account sends as its authorization."""
    return b"Basic " + b64encode(f"{_username(number)}:{_KEY}".encode())


def domain_name(account: int, number: int) -> str:
    """Returns the name of one of an account's domains."""
    return f"d{number}.a{account}.example"


def _username(number: int) -> str:
    return f"benchmark-{number}"


def _client(app: ASGIApp) -> httpx2.AsyncClient:
    return httpx2.AsyncClient(transport=httpx2.ASGITransport(app=app), base_url="http://emulator")


def _account(size: Size, number: int, clock: Clock) -> TinyAccount:
    domains = [
        ShortDomain(domain_name(number, each), "active" if each else "default", use_https=True)
        for each in range(size.domains)
    ]
    urls = [_url(number, domains[each % size.domains].domain, each) for each in range(size.links)]
    return TinyAccount(
        clock, _username(number), _KEY, 1_000_000, enforces_limit=False, urls=urls, tags=list(_TAGS), domains=domains
    )


def _url(account: int, domain: str, number: int) -> ShortUrl:
    made = _NEWEST - timedelta(minutes=number)
    return ShortUrl(
        domain,
        f"l{number}",
        f"https://www.example.com/account/{account}/page/{number}?campaign=spring",
        created=made,
        modified=made,
        note=f"Page {number}",
        tags=list(_TAGS[: number % 3]),
        daily={made.date(): (number, number // 2)},
        last_visit=made,
    )


async def _send(send: Send, answer: _Answer) -> None:
    status, headers, body = answer
    length = (b"content-length", str(len(body)).encode())
    await send({"type": "http.response.start", "status": status, "headers": [*headers, length]})
    await send({"type": "http.response.body", "body": body})

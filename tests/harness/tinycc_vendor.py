"""One tiny.cc account for a test: over the emulator, over an answer, or over a script of answers."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import httpx2
import orjson

from harness.emulators import ManualClock, Recorder, Seen, answering
from linkweave.accounts import open_account
from linkweave.models import Link, LinkFilter
from linkweave.providers.emulator_kit import EmulatorOptions
from linkweave.providers.read_capabilities import Lane
from linkweave.providers.tinycc import PROVIDER
from linkweave.providers.tinycc.adapter import TinyccAdapter
from linkweave.providers.tinycc.emulator import SANDBOX_API_KEY, SANDBOX_USERNAME, emulate, seeded
from linkweave.providers.tinycc.emulator.state import TinyAccount

DEFAULT = "go.shopdemo.example"
OTHER = "m.shopdemo.example"


@dataclass(frozen=True)
class Server:
    """An adapter, what reached the emulator behind it, and what the emulator keeps."""

    adapter: TinyccAdapter
    calls: list[Seen]
    state: TinyAccount
    clock: ManualClock

    @property
    def paths(self) -> list[str]:
        return [call.path for call in self.calls]


def server(**options: object) -> Server:
    clock = ManualClock()
    state = seeded(EmulatorOptions(clock))
    recorder = Recorder(emulate(state))
    http = httpx2.AsyncClient(transport=httpx2.ASGITransport(app=recorder), timeout=None)
    return Server(adapter_over(http, clock, **options), recorder.seen, state, clock)


def canned(body: object, status: int = 200) -> TinyccAdapter:
    raw = body if isinstance(body, bytes) else orjson.dumps(body)
    return adapter_over(answering(status, raw))


def scripted(respond: Callable[[httpx2.Request], tuple[int, object]]) -> TinyccAdapter:
    def handle(request: httpx2.Request) -> httpx2.Response:
        status, body = respond(request)
        return httpx2.Response(status, stream=httpx2.ByteStream(orjson.dumps(body)), request=request)

    return adapter_over(httpx2.AsyncClient(transport=httpx2.MockTransport(handle)))


def adapter_over(http: httpx2.AsyncClient, clock: ManualClock | None = None, **options: object) -> TinyccAdapter:
    table: dict[str, object] = {
        "key": "print",
        "provider": "tinycc",
        "base_url": "http://emulator",
        "username": SANDBOX_USERNAME,
        "api_key": SANDBOX_API_KEY,
    }
    settings = PROVIDER.settings.model_validate({**table, **options})
    adapter = open_account(settings, PROVIDER, http, clock or ManualClock()).adapter
    assert isinstance(adapter, TinyccAdapter)
    return adapter


async def every_link(adapter: TinyccAdapter, wanted: LinkFilter | None = None) -> list[Link]:
    """All links of all lanes of a plan, lane after lane."""
    plan = await adapter.plan_links(wanted or LinkFilter())
    return [link for lane in plan.lanes for link in await every_page(adapter, lane)]


async def every_page(adapter: TinyccAdapter, lane: Lane) -> list[Link]:
    links: list[Link] = []
    token: str | None = None
    while True:
        page = await adapter.list_links(lane, token)
        links += page.items
        token = page.next
        if token is None:
            return links


def entry(**changed: object) -> dict[str, object]:
    """A URL as the vendor's document shows it."""
    return {
        "hash": "h",
        "long_url": "http://google.com",
        "short_url": "m.tiny.cc/h",
        "total_clicks": 0,
        "unique_clicks": 0,
        "last_visit": None,
        "email_stats": False,
        "protected": False,
        "ping": False,
        "archived": False,
        "note": "",
        "expiration_date": None,
        "max_clicks": 0,
        "tags": [],
        "links": {"qr_small": "https://m.tiny.cc/s.png", "qr_big": "https://m.tiny.cc/b.png"},
        **changed,
    }


def urls(*entries: dict[str, object], total: int | None = None) -> dict[str, object]:
    """An answer of GET /urls."""
    count = len(entries) if total is None else total
    page = {"results_count": len(entries), "total_count": count, "offset": 0}
    return {"error": {"code": 0, "message": ""}, "urls": list(entries), "page": page}


def refusal(code: int) -> dict[str, object]:
    return {"error": {"code": code, "message": "as the vendor says"}}


def body_of(call: Seen) -> Any:
    return orjson.loads(call.body)


def asked(call: Seen) -> tuple[str, str, dict[str, str]]:
    """Method, path and query of a call."""
    return call.method, call.path, dict(call.query)


async def read_back(tiny: Server, handle: str) -> Link | None:
    """The link as it is read, by a call that is forgotten."""
    found = (await tiny.adapter.get_links([handle], frozenset())).get(handle)
    tiny.calls.pop()
    return found


@dataclass(frozen=True)
class Vendor:
    """An adapter, and the requests that reached a server which says what it was told to say."""

    adapter: TinyccAdapter
    requests: list[httpx2.Request]

    @property
    def lines(self) -> list[tuple[str, str]]:
        return [(request.method, request.url.raw_path.decode()) for request in self.requests]

    def body(self, place: int = 0) -> Any:
        return orjson.loads(self.requests[place].content)


def saying(*answers: object) -> Vendor:
    """A server that gives `answers` in turn, and the last one for ever."""
    requests: list[httpx2.Request] = []

    def respond(request: httpx2.Request) -> tuple[int, object]:
        requests.append(request)
        return 200, answers[min(len(requests), len(answers)) - 1]

    return Vendor(scripted(respond), requests)


def wrote(*entries: dict[str, object]) -> dict[str, object]:
    """An answer to POST or PATCH /urls."""
    return {"error": OK, "urls": list(entries)}


def failed(code: int, **echo: object) -> dict[str, object]:
    """An item that was refused: what was asked, and why not."""
    return {**echo, "error": {"code": code, "message": "as the vendor says", "details": "its own"}}


OK: dict[str, object] = {"code": 0, "message": ""}


@dataclass
class Cut(httpx2.AsyncBaseTransport):
    """A way to the emulator on which writes come through, and what becomes of their answers is up to `fate`."""

    inner: httpx2.AsyncBaseTransport
    fate: Callable[[httpx2.Request], httpx2.Response]

    async def handle_async_request(self, request: httpx2.Request) -> httpx2.Response:
        response = await self.inner.handle_async_request(request)
        return response if request.method == "GET" else self.fate(request)


def cut_off(fate: Callable[[httpx2.Request], httpx2.Response]) -> Server:
    """An account whose writes happen, and are answered by `fate`."""
    clock = ManualClock()
    state = seeded(EmulatorOptions(clock))
    recorder = Recorder(emulate(state))
    http = httpx2.AsyncClient(transport=Cut(httpx2.ASGITransport(app=recorder), fate), timeout=None)
    return Server(adapter_over(http, clock), recorder.seen, state, clock)

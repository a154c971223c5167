"""What the tests of ShortenWorld stand on: its adapter over the emulator, or over answers written by hand."""

import asyncio
import json
from collections.abc import Callable, Coroutine, Mapping
from dataclasses import dataclass, field
from typing import Any, TypeAlias

import httpx2

from harness.emulators import Bench, ManualClock
from linkweave.accounts import Account, check_accounts, open_account
from linkweave.models import Link, LinkFilter
from linkweave.models.changes import LinkPatch, NewLink
from linkweave.providers.emulator_kit import EmulatorOptions
from linkweave.providers.shortenworld import PROVIDER
from linkweave.providers.shortenworld.adapter import ShortenWorldAdapter
from linkweave.providers.shortenworld.emulator import SANDBOX_KEY, SANDBOX_USERNAME, create_emulator

LOGIN, REFRESH, REVOKE = "/authen/token", "/authen/refresh", "/authen/revoke"
LINKS, TEAMS, DOMAINS = "/entity/link/list", "/entity/team/list", "/entity/domain/list"
CAMPAIGNS, STATISTICS, LINK_TRACKERS = "/entity/campaign/list", "/entity/link/analytics", "/entity/link-tracker/list"
CREATE, UPDATE, DELETE = "/entity/link/create", "/entity/link/update", "/entity/link/delete"
REDIRECT, MOBILE = "/entity/link/redirect", "/entity/link/redirect-mobile"
EXPIRATION, PASSWORD, TESTING = "/entity/link/expiration", "/entity/link/password", "/entity/link/testing"
ADD_TRACKERS, REMOVE_TRACKER = "/entity/link-tracker/create", "/entity/link-tracker/delete"

OK = {"code": 0, "message": "Success", "timestamp": 1_700_000_000_000}
# A link of the emulator, and one that can be made there.
SHOWN = "65a10000"
NEW = NewLink("https://www.example.com/new", domain="go.fashion.example")

Answer: TypeAlias = tuple[int, object] | tuple[int, object, Mapping[str, str]] | Exception
Script: TypeAlias = Callable[[httpx2.Request], Answer]
Handler: TypeAlias = Callable[[httpx2.Request], Coroutine[None, None, httpx2.Response]]


def good(**body: object) -> Answer:
    return 200, {"status": OK, **body}


def refused(code: object, message: object = "", http: int = 200) -> Answer:
    return http, {"status": {**OK, "code": code, "message": message}}


def tokens(number: int = 1, expires_in: object = 3600) -> Answer:
    return good(
        token={
            "access_token": f"access-{number}",
            "refresh_token": f"refresh-{number}",
            "expires_in": expires_in,
        }
    )


def always(*answers: Answer) -> Script:
    """The answers in their order, the last one for ever."""
    waiting = list(answers)
    return lambda _request: waiting.pop(0) if len(waiting) > 1 else waiting[0]


def link_row(number: int, **changed: object) -> dict[str, object]:
    """A link as the list has it; a change to `...` takes the key away."""
    row = {
        "id": f"id-{number}",
        "code": f"slug{number}",
        "linkShort": f"https://go.example.com/slug{number}",
        "destination": "https://www.example.com/",
        "hidden": False,
        "createdTime": 1_700_000_000_000 - number,
    }
    return {name: value for name, value in {**row, **changed}.items() if value is not ...}


@dataclass
class Vendor:
    """Answers by path: one answer for ever, or a function of the request. A login gets tokens unless told otherwise.

    An `emulator` sees every request, and its answers are used for the other paths.
    """

    answers: Mapping[str, Answer | Script] = field(default_factory=dict)
    emulator: httpx2.ASGITransport | None = None
    requests: list[httpx2.Request] = field(default_factory=list)

    async def __call__(self, request: httpx2.Request) -> httpx2.Response:
        self.requests.append(request)
        path = request.url.path
        if self.emulator is not None:
            response = await self.emulator.handle_async_request(request)
            body = await response.aread()
            if path not in self.answers:
                return _response(request, response.status_code, body)
        # A network takes its time: other tasks get their turn while an answer is on its way.
        for _ in range(5):
            await asyncio.sleep(0)
        scripted = {LOGIN: tokens(), **self.answers}[path]
        answer = scripted(request) if callable(scripted) else scripted
        if isinstance(answer, Exception):
            raise answer
        return _response(request, answer[0], answer[1], answer[2] if len(answer) > 2 else {})

    @property
    def paths(self) -> list[str]:
        return [request.url.path for request in self.requests]

    def bodies(self, path: str) -> list[Any]:
        return [json.loads(request.content) for request in self.requests if request.url.path == path]

    def bearers(self, path: str) -> list[str | None]:
        return [request.headers.get("authorization") for request in self.requests if request.url.path == path]

    def queries(self, path: str) -> list[dict[str, str]]:
        return [dict(request.url.params.multi_items()) for request in self.requests if request.url.path == path]


def account_of(vendor: Handler, clock: ManualClock | None = None, **options: object) -> Account:
    return _open(httpx2.AsyncClient(transport=httpx2.MockTransport(vendor)), clock, **options)


def adapter_over(http: httpx2.AsyncClient) -> ShortenWorldAdapter:
    return adapter_of(_open(http, None))


def adapter_of(opened: Account | Bench) -> ShortenWorldAdapter:
    account = opened.account if isinstance(opened, Bench) else opened
    assert isinstance(account.adapter, ShortenWorldAdapter)
    return account.adapter


def adapter_answering(answers: Mapping[str, Answer | Script]) -> ShortenWorldAdapter:
    return adapter_of(account_of(Vendor(answers)))


def over_emulator(
    answers: Mapping[str, Answer], clock: ManualClock | None = None
) -> tuple[ShortenWorldAdapter, Vendor]:
    """An adapter over an emulator that does all it is told, but whose answers to some paths are replaced."""
    clock = clock or ManualClock()
    vendor = Vendor(answers, httpx2.ASGITransport(app=create_emulator(EmulatorOptions(clock))))
    return adapter_of(account_of(vendor, clock, username=SANDBOX_USERNAME, api_key=SANDBOX_KEY)), vendor


async def update(adapter: ShortenWorldAdapter, handle: str, patch: LinkPatch) -> list[frozenset[str]]:
    """Make every step; returns the fields of each."""
    steps = adapter.plan_update(patch)
    for step in steps:
        assert await step.run(handle) == handle
    return [step.fields for step in steps]


def writes_seen(bench: Bench) -> list[tuple[str, str, dict[str, str], object]]:
    """Method, path, query and JSON body of every call that changed something."""
    return [
        (call.method, call.path, dict(call.query), json.loads(call.body) if call.body else None)
        for call in bench.calls
        if call.method != "GET" and not call.path.startswith("/authen/")
    ]


async def read_link(adapter: ShortenWorldAdapter, handle: str) -> Link:
    return (await adapter.get_links([handle], frozenset()))[handle]


async def all_links(adapter: ShortenWorldAdapter, wanted: LinkFilter | None = None) -> list[Link]:
    """Every link of every list, list after list."""
    links: list[Link] = []
    for query in (await adapter.plan_links(wanted or LinkFilter())).lanes:
        token: str | None = None
        while True:
            page = await adapter.list_links(query, token)
            links += page.items
            token = page.next
            if token is None:
                break
    return links


def _open(http: httpx2.AsyncClient, clock: ManualClock | None, **options: object) -> Account:
    table = {
        "key": "sw",
        "provider": "shortenworld",
        "base_url": "http://vendor",
        "username": "marketing",
        "api_key": "sw-secret-key",
        **options,
    }
    (settings,) = check_accounts([table], {"shortenworld": PROVIDER}, "demo")
    return open_account(settings, PROVIDER, http, clock or ManualClock())


def _response(
    request: httpx2.Request, status: int, body: object, headers: Mapping[str, str] | None = None
) -> httpx2.Response:
    content = body if isinstance(body, bytes) else json.dumps(body).encode()
    return httpx2.Response(status, headers=dict(headers or {}), stream=httpx2.ByteStream(content), request=request)

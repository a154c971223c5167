"""A ShortenWorld that answers from a script, for what the emulator would never say, and the account that asks it."""

import asyncio
import json
from collections.abc import Callable, Coroutine, Mapping
from dataclasses import dataclass, field
from typing import Any, TypeAlias

import httpx2

from harness.emulators import ManualClock
from linkweave.accounts import Account, check_accounts, open_account
from linkweave.providers.shortenworld import PROVIDER
from linkweave.providers.shortenworld.adapter import ShortenWorldAdapter

OK = {"code": 0, "message": "Success", "timestamp": 1_700_000_000_000}
LOGIN, REFRESH, REVOKE = "/authen/token", "/authen/refresh", "/authen/revoke"
LINKS, TEAMS, STATISTICS = "/entity/link/list", "/entity/team/list", "/entity/link/analytics"

Answer: TypeAlias = tuple[int, object] | tuple[int, object, Mapping[str, str]] | Exception
Script: TypeAlias = Callable[[httpx2.Request], Answer]


def tokens(number: int = 1, expires_in: object = 3600) -> Answer:
    return 200, {
        "status": OK,
        "token": {
            "access_token": f"access-{number}",
            "refresh_token": f"refresh-{number}",
            "expires_in": expires_in,
        },
    }


def good(**body: object) -> Answer:
    return 200, {"status": OK, **body}


def refused(code: object, message: str = "", http: int = 200) -> Answer:
    return http, {"status": {**OK, "code": code, "message": message}}


def link_row(number: int, **changed: object) -> dict[str, object]:
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
    """Answers by path: one answer for ever, or a function of the request. Gives a token unless told otherwise."""

    answers: Mapping[str, Answer | Script]
    paths: list[str] = field(default_factory=list)
    requests: list[httpx2.Request] = field(default_factory=list)

    async def __call__(self, request: httpx2.Request) -> httpx2.Response:
        self.paths.append(request.url.path)
        self.requests.append(request)
        # A network takes its time: others get their turn while an answer is on its way.
        for _ in range(5):
            await asyncio.sleep(0)
        scripted = {LOGIN: tokens(), **self.answers}[request.url.path]
        answer = scripted(request) if callable(scripted) else scripted
        if isinstance(answer, Exception):
            raise answer
        body = answer[1] if isinstance(answer[1], bytes) else json.dumps(answer[1]).encode()
        headers = dict(answer[2]) if len(answer) > 2 else {}
        return httpx2.Response(answer[0], headers=headers, stream=httpx2.ByteStream(body), request=request)

    def bodies(self, path: str) -> list[Any]:
        return [json.loads(request.content) for request in self.requests if request.url.path == path]

    def bearers(self, path: str) -> list[str | None]:
        return [request.headers.get("authorization") for request in self.requests if request.url.path == path]

    def queries(self, path: str) -> list[dict[str, str]]:
        return [dict(request.url.params.multi_items()) for request in self.requests if request.url.path == path]


def always(*answers: Answer) -> Script:
    """The answers in their order, the last one for ever."""
    waiting = list(answers)
    return lambda _request: waiting.pop(0) if len(waiting) > 1 else waiting[0]


def account_of(
    vendor: Callable[[httpx2.Request], Coroutine[None, None, httpx2.Response]],
    clock: ManualClock | None = None,
    **options: object,
) -> Account:
    table = {
        "key": "sw",
        "provider": "shortenworld",
        "base_url": "http://vendor",
        "username": "marketing",
        "api_key": "sw-secret-key",
        **options,
    }
    (settings,) = check_accounts([table], {"shortenworld": PROVIDER}, "demo")
    http = httpx2.AsyncClient(transport=httpx2.MockTransport(vendor))
    return open_account(settings, PROVIDER, http, clock or ManualClock())


def adapter_of(account: Account) -> ShortenWorldAdapter:
    adapter = account.adapter
    assert isinstance(adapter, ShortenWorldAdapter)
    return adapter

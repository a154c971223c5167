"""The exact request cache answers no request that a layer below it would refuse: the gateway, over a socket."""

from collections.abc import AsyncIterator, Mapping
from dataclasses import dataclass

import httpx2
import pytest

from harness.gateway_with_clients import READER, ROOT, VISIBLE, open_guarded
from harness.sockets import served

pytestmark = pytest.mark.real_time

APP = "https://app.example.com"
ASKED = {"query": "{ accounts { key } }"}


@dataclass(frozen=True)
class Known:
    """A gateway that was asked the same by ROOT so often that it answers ahead of everything."""

    http: httpx2.AsyncClient

    async def ask(self, headers: Mapping[str, str], method: str = "POST") -> httpx2.Response:
        given = {"authorization": f"Bearer {ROOT}", **headers}
        body = {"json": ASKED} if method == "POST" else {"params": ASKED}
        return await self.http.request(method, "/graphql", headers={k: v for k, v in given.items() if v}, **body)  # type: ignore[arg-type] # one of the two


@pytest.fixture
async def known() -> AsyncIterator[Known]:
    gateway = open_guarded(server={"allowed_origins": [APP]})
    async with served(gateway.app) as (address,), httpx2.AsyncClient(base_url=address, trust_env=False) as http:
        known = Known(http)
        for method in ("POST", "GET"):
            for headers in ({}, {"origin": APP}):
                ages = [(await known.ask(headers, method)).headers.get("age") for _ in range(4)]
                assert ages[-1] is not None
        yield known


TURNED_AWAY: list[tuple[dict[str, str], int]] = [
    ({"authorization": ""}, 401),
    ({"authorization": "Bearer nobody"}, 401),
    ({"authorization": f"Basic {ROOT}"}, 401),
    ({"origin": "https://evil.example"}, 403),
    ({"origin": "null"}, 403),
    ({"sec-fetch-site": "cross-site"}, 403),
    ({"host": "evil.example"}, 421),
    ({"accept": "text/html;q=0.1"}, 406),
]


@pytest.mark.parametrize("method", ["POST", "GET"])
async def test_a_request_that_would_be_refused_is_refused(known: Known, method: str) -> None:
    statuses = [(await known.ask(headers, method)).status_code for headers, _ in TURNED_AWAY for _ in range(2)]
    assert statuses == [status for _, status in TURNED_AWAY for _ in range(2)]


async def test_a_caller_that_sees_fewer_accounts_gets_fewer(known: Known) -> None:
    for _ in range(4):
        reply = await known.ask({"authorization": f"Bearer {READER}"})
        assert reply.json() == {"data": {"accounts": [{"key": VISIBLE}]}}


async def test_an_answer_to_an_allowed_page_has_its_cors_header(known: Known) -> None:
    answers = [await known.ask(headers) for headers in ({}, {"origin": APP})]
    assert [answer.headers.get("access-control-allow-origin") for answer in answers] == [None, APP]


async def test_another_method_is_refused(known: Known) -> None:
    assert [(await known.ask({}, method)).status_code for method in ("PUT", "OPTIONS")] == [405] * 2

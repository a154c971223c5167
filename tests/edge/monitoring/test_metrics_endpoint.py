from hashlib import sha256

import httpx2
import pytest

from harness.emulators import ManualClock
from linkweave.app import build_app
from linkweave.cli.demo import demo_settings
from linkweave.settings import from_table

READ, ADMIN, ADMIN_OF_ONE = "read-token-0123456789", "admin-token-0123456789", "admin-of-one-0123456789"
QUERY = "query HostileName { accounts { key } }"


def client(*, known_callers: bool = False, **metrics: bool) -> httpx2.AsyncClient:
    clients = [
        {"name": f"c{i}", "token_sha256": sha256(token.encode()).hexdigest(), "scopes": [scope], "accounts": accounts}
        for i, (scope, token, accounts) in enumerate(
            (("read", READ, ["*"]), ("admin", ADMIN, ["*"]), ("admin", ADMIN_OF_ONE, ["cuttly"]))
        )
    ]
    table = {"accounts": demo_settings("http://sandbox").accounts, "metrics": metrics}
    settings = from_table({**table, "clients": clients} if known_callers else table, "demo")
    wire = httpx2.ASGITransport(app=build_app(settings, ManualClock()))
    return httpx2.AsyncClient(transport=wire, base_url="http://127.0.0.1")


def bearer(token: str) -> dict[str, str]:
    return {"authorization": f"Bearer {token}"}


async def test_the_metrics_count_operations_and_contain_nothing_that_a_caller_chose() -> None:
    async with client() as gateway:
        await gateway.post("/graphql", json={"query": QUERY}, headers={"x-request-id": "my-own-id"})
        page = await gateway.get("/metrics")
    assert page.headers["content-type"].startswith("text/plain")
    assert page.headers["cache-control"] == "no-store"
    assert 'linkweave_operations_total{answered="executed",kind="query",outcome="ok"} 1.0' in page.text
    assert "HostileName" not in page.text
    assert "my-own-id" not in page.text


async def test_with_authentication_the_metrics_are_for_admins() -> None:
    async with client(known_callers=True) as gateway:
        statuses = [
            (await gateway.get("/metrics", headers=headers)).status_code
            for headers in ({}, bearer("wrong-token-0123456789"), bearer(READ), bearer(ADMIN))
        ]
    assert statuses == [401, 401, 403, 200]


async def test_an_admin_that_does_not_see_all_accounts_cannot_read_the_metrics() -> None:
    async with client(known_callers=True) as gateway:
        answer = await gateway.get("/metrics", headers=bearer(ADMIN_OF_ONE))
    assert answer.status_code == 403
    assert "all accounts" in answer.json()["errors"][0]["message"]


async def test_a_page_visitor_cannot_read_the_metrics() -> None:
    async with client(known_callers=True) as gateway:
        answer = await gateway.get("/metrics", headers={"accept": "text/html"})
    assert (answer.status_code, answer.headers["www-authenticate"]) == (401, 'Bearer realm="linkweave"')


async def test_the_metrics_can_be_public() -> None:
    async with client(known_callers=True, public=True) as gateway:
        assert (await gateway.get("/metrics")).status_code == 200


@pytest.mark.parametrize("public", [True, False])
@pytest.mark.parametrize(
    ("headers", "status"),
    [
        ({}, 200),
        ({"host": "metrics.localhost:8000"}, 200),
        # A foreign name that leads to this machine by DNS, and a page of another origin.
        ({"host": "rebound.example"}, 421),
        ({"origin": "https://stranger.example"}, 403),
    ],
)
async def test_a_page_of_another_origin_cannot_read_public_metrics(
    headers: dict[str, str], status: int, *, public: bool
) -> None:
    async with client(public=public) as gateway:
        assert (await gateway.get("/metrics", headers=headers)).status_code == status


async def test_the_metrics_can_be_off() -> None:
    async with client(enabled=False) as gateway:
        await gateway.post("/graphql", json={"query": QUERY})
        assert (await gateway.get("/metrics")).status_code == 404


@pytest.mark.parametrize("method", ["POST", "PUT", "DELETE"])
async def test_the_metrics_answer_only_get_and_head(method: str) -> None:
    async with client() as gateway:
        answer = await gateway.request(method, "/metrics")
    assert (answer.status_code, answer.headers["allow"]) == (405, "GET, HEAD")

"""createLink(accounts: [a, b]): b creates the link only if a certainly did not."""

from collections.abc import Awaitable, Callable
from typing import Any

import httpx2
import pytest

from harness.gateway import CutFor, Gateway, open_gateway
from harness.graphql_writes import CREATE, CREATE_MANY, created, new_link, only_error

PREFERRED = ["cuttly", "tinycc"]
BOTH = {**new_link("cuttly"), "accounts": PREFERRED}


def table(provider: str, key: str, **options: object) -> dict[str, object]:
    return {"key": key, "provider": provider, "base_url": f"http://sandbox/{provider}", **options}


class Refused(httpx2.AsyncBaseTransport):
    """A wire on which some hosts refuse connections."""

    def __init__(self, wire: httpx2.AsyncBaseTransport, provider: str) -> None:
        self._wire, self._provider = wire, provider

    async def handle_async_request(self, request: httpx2.Request) -> httpx2.Response:
        if request.url.path.startswith(f"/{self._provider}/"):
            raise httpx2.ConnectError("connection refused")
        return await self._wire.handle_async_request(request)


def refusing(provider: str) -> Callable[[httpx2.AsyncBaseTransport], httpx2.AsyncBaseTransport]:
    return lambda wire: Refused(wire, provider)


async def made_by_both(gateway: Gateway, **fields: object) -> Any:
    return await gateway.payload(CREATE, input={**BOTH, **fields})


async def test_the_first_account_creates_the_link_if_it_can() -> None:
    gateway = open_gateway()
    payload = await made_by_both(gateway)
    assert payload["link"]["account"] == {"key": "cuttly"}
    assert gateway.calls() == {"cuttly": ["GET /team/API/index.php"]}


EXPIRED = [
    table("cuttly", "cuttly", api_key="sandbox-cuttly-expired-key"),
    table("tinycc", "tinycc", username="sandbox-print", api_key="sandbox-tinycc-key"),
]


async def with_status_429() -> Gateway:
    gateway = open_gateway()
    gateway.break_provider("cuttly", "status", status=429)
    return gateway


async def with_refused_connections() -> Gateway:
    return open_gateway(around=refusing("cuttly"))


async def with_too_small_a_plan() -> Gateway:
    return open_gateway(accounts=EXPIRED)


async def with_used_up_rate_limit() -> Gateway:
    gateway = open_gateway()
    used = await gateway.payload(CREATE_MANY, inputs=[new_link("cuttly") for _ in range(180)])
    assert all(payload["created"] for payload in used)
    gateway.forget_calls()
    return gateway


async def with_open_circuit() -> Gateway:
    gateway = open_gateway()
    gateway.break_provider("cuttly", "status", status=503)
    for _ in range(5):
        await gateway.ask('{ link(shortUrl: "https://cutt.ly/spring-sale") { title } }')
    gateway.forget_calls()
    return gateway


@pytest.mark.parametrize(
    ("prepare", "first_calls"),
    [
        (with_refused_connections, 0),
        (with_status_429, 1),
        (with_too_small_a_plan, 1),
        (with_used_up_rate_limit, 0),
        (with_open_circuit, 0),
    ],
)
async def test_the_next_account_creates_the_link_if_the_first_certainly_did_not(
    prepare: Callable[[], Awaitable[Gateway]], first_calls: int
) -> None:
    gateway = await prepare()
    payload = await made_by_both(gateway)
    assert (payload["created"], payload["errors"]) == (True, [])
    assert payload["link"]["account"] == {"key": "tinycc"}
    assert len(gateway.calls().get("cuttly", [])) == first_calls
    assert gateway.calls()["tinycc"] == ["POST /urls"]


async def test_an_exhausted_quota_is_remembered_for_the_next_links() -> None:
    accounts = [
        table("picsee", "free", token="sandbox-picsee-free-token", plan="free"),
        table("cuttly", "cuttly", api_key="sandbox-cuttly-key"),
    ]
    gateway = open_gateway(accounts=accounts)
    links = [await created(gateway, "free", accounts=["free", "cuttly"]) for _ in range(3)]
    assert [payload["link"]["account"]["key"] for payload in links] == ["free", "cuttly", "cuttly"]


@pytest.mark.parametrize(
    ("kind", "details"),
    [
        ("reset", {}),
        ("truncated", {}),
        ("status", {"status": 500}),
        ("html", {}),
        ("delay", {"seconds": 60}),
    ],
)
async def test_no_other_account_is_called_after_an_ambiguous_failure(kind: str, details: dict[str, Any]) -> None:
    gateway = open_gateway()
    gateway.break_provider("cuttly", kind, **details)
    payload = await made_by_both(gateway)
    assert payload["link"] is None
    assert only_error(payload)["code"] == "AMBIGUOUS"
    assert gateway.calls() == {"cuttly": ["GET /team/API/index.php"]}


@pytest.mark.parametrize(
    ("fields", "code"),
    [
        ({"password": "sesame"}, "UNSUPPORTED"),
        ({"destination": "https://cutt.ly/already-short"}, "REJECTED"),
        ({"slug": "spring-sale"}, "CONFLICT"),
    ],
)
async def test_no_other_account_is_called_if_the_input_is_wrong(fields: dict[str, str], code: str) -> None:
    gateway = open_gateway()
    payload = await made_by_both(gateway, **fields)
    assert only_error(payload)["code"] == code
    assert "tinycc" not in gateway.calls()


async def test_no_other_account_is_called_if_the_credentials_are_wrong() -> None:
    accounts = [
        table("cuttly", "cuttly", api_key="wrong"),
        table("tinycc", "tinycc", username="sandbox-print", api_key="sandbox-tinycc-key"),
    ]
    gateway = open_gateway(accounts=accounts)
    payload = await made_by_both(gateway)
    assert only_error(payload)["code"] == "UNAUTHENTICATED"
    assert gateway.calls().keys() == {"cuttly"}


async def test_the_error_is_that_of_the_last_account_if_all_fail() -> None:
    gateway = open_gateway(around=refusing("cuttly"))
    gateway.break_provider("tinycc", "status", status=429)
    payload = await made_by_both(gateway)
    assert payload["link"] is None
    error = only_error(payload)
    assert (error["code"], error["account"]) == ("RATE_LIMITED", {"key": "tinycc"})


async def test_an_account_that_is_given_twice_is_called_once() -> None:
    gateway = open_gateway()
    gateway.break_provider("cuttly", "status", status=429)
    payload = await gateway.payload(CREATE, input={**BOTH, "accounts": ["cuttly", "cuttly"]})
    assert only_error(payload)["code"] == "RATE_LIMITED"
    assert gateway.calls() == {"cuttly": ["GET /team/API/index.php"]}


async def test_a_field_that_only_the_next_account_lacks_is_an_error_of_that_account() -> None:
    gateway = open_gateway(around=refusing("tinycc"))
    inputs = {**BOTH, "accounts": ["tinycc", "cuttly"], "note": "only tiny.cc knows notes"}
    payload = await gateway.payload(CREATE, input=inputs)
    error = only_error(payload)
    assert (error["code"], error["account"], error["path"]) == ("UNSUPPORTED", {"key": "cuttly"}, ["input", "note"])


async def test_a_batch_fails_over_as_one_batch() -> None:
    gateway = open_gateway(around=refusing("cuttly"))
    inputs = [{**BOTH, "destination": f"https://www.example.com/{at}"} for at in range(20)]
    payloads = await gateway.payload(CREATE_MANY, inputs=inputs)
    assert [payload["link"]["destination"] for payload in payloads] == [given["destination"] for given in inputs]
    assert gateway.calls() == {"tinycc": ["POST /urls"]}


async def test_each_input_of_a_batch_has_its_own_order_of_accounts() -> None:
    gateway = open_gateway(around=lambda wire: CutFor(wire, lambda request: "/picsee/" in request.url.path))
    gateway.break_provider("cuttly", "status", status=429)
    orders = [["cuttly", "tinycc"], ["tinycc", "cuttly"], ["cuttly"], ["picsee-main", "tinycc"], ["tinycc"]]
    payloads = await gateway.payload(CREATE_MANY, inputs=[{**BOTH, "accounts": order} for order in orders])
    made = [payload["link"] and payload["link"]["account"]["key"] for payload in payloads]
    assert made == ["tinycc", "tinycc", None, None, "tinycc"]
    assert [only_error(payloads[place])["code"] for place in (2, 3)] == ["RATE_LIMITED", "AMBIGUOUS"]


async def test_a_batch_at_a_failing_vendor_makes_a_few_calls_and_returns_every_payload() -> None:
    gateway = open_gateway()
    gateway.break_provider("cuttly", "status", status=503)
    inputs = [new_link("cuttly", destination=f"https://www.example.com/{place}") for place in range(50)]
    payloads = await gateway.payload(CREATE_MANY, inputs=inputs)
    asked = len(gateway.calls()["cuttly"])
    assert 1 <= asked <= 6
    codes = [only_error(payload)["code"] for payload in payloads]
    assert (codes.count("AMBIGUOUS"), codes.count("UNAVAILABLE")) == (asked, 50 - asked)

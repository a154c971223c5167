"""The error of an account without quota, and the calls to its vendor."""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field

import httpx2

from harness.gateway import UNCACHED, AsgiWire, Gateway, open_gateway
from harness.graphql_writes import CREATE, new_link
from linkweave.transport.rate_limit.quota import EXHAUSTED_SECONDS

USED_UP = {"error": {"code": 1303, "message": "API call limit reached"}}
LINKS_USED_UP = {"error": {"code": 1220, "message": "URLs limit has been reached"}}
TAGS = '{ tags(accounts: ["tinycc"]) { nodes { name } sources { status error { code message retryAfterSeconds } } } }'


@dataclass
class UsedUp(httpx2.AsyncBaseTransport):
    """Answers calls of one method to tiny.cc with an exhausted quota while `used_up` is true, and counts them."""

    wire: AsgiWire
    says: Mapping[str, object] = field(default_factory=lambda: USED_UP)
    method: str = "GET"
    headers: Mapping[str, str] = field(default_factory=dict)
    used_up: bool = True
    calls: int = 0

    async def handle_async_request(self, request: httpx2.Request) -> httpx2.Response:
        if not request.url.path.startswith("/tinycc/") or request.method != self.method:
            return await self.wire.handle_async_request(request)
        self.calls += 1
        if self.used_up:
            return httpx2.Response(
                429, headers=dict(self.headers), stream=httpx2.ByteStream(json.dumps(self.says).encode())
            )
        return await self.wire.handle_async_request(request)


def counted(**options: object) -> tuple[Gateway, UsedUp]:
    counters: list[UsedUp] = []

    def around(wire: AsgiWire) -> UsedUp:
        counters.append(UsedUp(wire, **options))  # type: ignore[arg-type] # each is named where it is given
        return counters[0]

    gateway = open_gateway(around=around, sections=UNCACHED)
    return gateway, counters[0]


async def test_an_account_without_quota_is_called_again_after_some_minutes() -> None:
    gateway, tinycc = counted()
    sources = [(await gateway.data(TAGS))["tags"]["sources"][0] for _ in range(3)]
    assert tinycc.calls == 1
    assert [(source["status"], source["error"]["code"]) for source in sources] == [("FAILED", "QUOTA_EXHAUSTED")] * 3
    assert sources[0]["error"]["retryAfterSeconds"] is None
    assert sources[2]["error"]["retryAfterSeconds"] == EXHAUSTED_SECONDS
    await gateway.clock.sleep(EXHAUSTED_SECONDS)
    tinycc.used_up = False
    assert (await gateway.data(TAGS))["tags"]["sources"] == [{"status": "OK", "error": None}]


async def test_an_account_without_quota_is_called_again_after_the_vendors_retry_after() -> None:
    gateway, tinycc = counted(headers={"retry-after": "900"})
    await gateway.data(TAGS)
    await gateway.clock.sleep(EXHAUSTED_SECONDS)
    source = (await gateway.data(TAGS))["tags"]["sources"][0]
    assert source["error"]["retryAfterSeconds"] == 900 - EXHAUSTED_SECONDS
    assert tinycc.calls == 1
    await gateway.clock.sleep(900 - EXHAUSTED_SECONDS)
    await gateway.data(TAGS)
    assert tinycc.calls == 2


async def test_health_counts_only_calls_that_reached_the_vendor() -> None:
    gateway, _ = counted()
    for _ in range(5):
        await gateway.data(TAGS)
    health = await gateway.data('{ account(key: "tinycc") { health { state lastError { code } } } }')
    assert health["account"]["health"] == {"state": "DEGRADED", "lastError": {"code": "QUOTA_EXHAUSTED"}}


async def test_the_next_account_creates_the_link_without_a_call_to_an_exhausted_one() -> None:
    gateway, tinycc = counted()
    await gateway.data(TAGS)
    payload = await gateway.payload(CREATE, input=new_link("tinycc", accounts=["tinycc", "cuttly"]))
    assert payload["link"]["account"]["key"] == "cuttly"
    assert tinycc.calls == 1
    assert "POST /urls" not in gateway.calls().get("tinycc", [])


async def test_an_exhausted_quota_of_links_does_not_stop_reads() -> None:
    gateway, tinycc = counted(method="POST", says=LINKS_USED_UP)
    payload = await gateway.payload(CREATE, input=new_link("tinycc", accounts=["tinycc", "cuttly"]))
    assert payload["link"]["account"]["key"] == "cuttly"
    assert (await gateway.data(TAGS))["tags"]["sources"] == [{"status": "OK", "error": None}]
    await gateway.payload(CREATE, input=new_link("tinycc", accounts=["tinycc", "cuttly"]))
    assert tinycc.calls == 2

"""One vendor misbehaves in every way: the others' answers are whole, and the gateway gives back what it took."""

import asyncio
import socket
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

import pytest

from program import in_time
from world import Gateway, Vendors, accounts_of, gateway, vendors

DEADLINE_SECONDS = 3

# Each fault has a victim of its own, so that no circuit and no cache has anything to do with another one's.
FAULTS: Mapping[str, tuple[dict[str, Any], str]] = {
    "slow": ({"kind": "delay", "seconds": 5}, "TIMEOUT"),
    "hanging": ({"kind": "hang"}, "TIMEOUT"),
    "resetting": ({"kind": "reset"}, "UNAVAILABLE"),
    "truncated": ({"kind": "truncated"}, "BAD_RESPONSE"),
    "wrong-length": ({"kind": "wrong_length"}, "BAD_RESPONSE"),
    "bad-json": ({"kind": "bad_json"}, "BAD_RESPONSE"),
    "html": ({"kind": "html"}, "BAD_RESPONSE"),
    "wrong-type": ({"kind": "wrong_type"}, "BAD_RESPONSE"),
    "dripping": ({"kind": "drip", "seconds": 1}, "TIMEOUT"),
    "gzip-bomb": ({"kind": "gzip_bomb"}, "BAD_RESPONSE"),
    "fifty-megabytes": ({"kind": "large"}, "BAD_RESPONSE"),
    "storm": ({"kind": "status", "status": 500}, "UNAVAILABLE"),
    "limit-in-seconds": ({"kind": "status", "status": 429, "headers": {"retry-after": "7"}}, "RATE_LIMITED"),
    "limit-as-date": (
        {"kind": "status", "status": 429, "headers": {"retry-after": "Fri, 31 Dec 2100 23:59:59 GMT"}},
        "RATE_LIMITED",
    ),
    "limit-in-nonsense": ({"kind": "status", "status": 429, "headers": {"retry-after": "-1e999 soon"}}, "RATE_LIMITED"),
}
QUERY = """query Links($accounts: [ID!]) {
  links(first: 20, filter: { accounts: $accounts }) {
    nodes { shortUrl destination account { key } tags { name } stats { clicks } }
    sources { account { key } status returned error { code message retryAfterSeconds } }
  }
}"""


@dataclass(frozen=True)
class World:
    vendors: Vendors
    gateway: Gateway


@pytest.fixture(scope="module")
def world(tmp_path_factory: pytest.TempPathFactory) -> Iterator[World]:
    folder = tmp_path_factory.mktemp("one-vendor-breaks")
    with vendors(folder) as sandbox:
        (tinycc,) = accounts_of(sandbox.url, "tinycc")
        victims = [{**tinycc, "key": name} for name in FAULTS]
        refusing = {**tinycc, "key": "refusing", "base_url": f"http://127.0.0.1:{_closed_port()}/tinycc"}
        accounts = [*accounts_of(sandbox.url, "shortenworld"), *victims, refusing]
        server = {"deadline_seconds": DEADLINE_SECONDS}
        with gateway(folder, accounts, server=server) as served:
            yield World(sandbox, served)


def _closed_port() -> int:
    with socket.socket() as unused:
        unused.bind(("127.0.0.1", 0))
        return int(unused.getsockname()[1])


async def links_of(gateway: Gateway, *accounts: str) -> tuple[list[dict[str, Any]], dict[str, dict[str, Any]]]:
    """The links and the sources by account."""
    async with gateway.client() as client:
        body = {"query": QUERY, "variables": {"accounts": accounts}}
        answer = (await client.post("/graphql", json=body)).json()
    assert "errors" not in answer, answer
    found = answer["data"]["links"]
    return found["nodes"], {source["account"]["key"]: source for source in found["sources"]}


@pytest.mark.parametrize("name", [*FAULTS, "refusing"])
async def test_the_other_vendor_tells_the_same_whatever_one_does(world: World, name: str) -> None:
    whole, before = await links_of(world.gateway, "shortenworld")
    assert before["shortenworld"]["error"] is None
    fault, code = FAULTS.get(name, ({}, "UNAVAILABLE"))
    if fault:
        world.vendors.break_provider("tinycc", **fault)
    try:
        links, sources = await links_of(world.gateway, "shortenworld", name)
    finally:
        world.vendors.mend()
    assert links == whole
    assert (sources["shortenworld"]["status"], sources[name]["status"]) == ("OK", "FAILED")
    assert sources[name]["error"]["code"] == code
    wait = sources[name]["error"]["retryAfterSeconds"]
    assert wait is None or 0 <= wait <= 3600


async def test_a_broken_vendor_is_asked_no_more_than_six_times_by_a_query(world: World) -> None:
    world.vendors.break_provider("tinycc", "status", status=500)
    world.vendors.forget_calls()
    try:
        await asyncio.gather(*(links_of(world.gateway, "storm", "shortenworld") for _ in range(3)))
    finally:
        world.vendors.mend()
    assert world.vendors.counts("tinycc")["calls"] <= 6


async def test_sockets_and_memory_are_given_back_after_many_broken_calls(world: World) -> None:
    """Bombs and floods of fifty megabytes are measured by what stays, not by what passes."""
    await links_of(world.gateway, "shortenworld")
    sockets, memory = world.gateway.program.sockets(), world.gateway.program.resident_megabytes()
    for name in ("gzip-bomb", "fifty-megabytes", "hanging", "resetting"):
        world.vendors.break_provider("tinycc", **FAULTS[name][0])
        await asyncio.gather(*(links_of(world.gateway, name) for _ in range(10)))
        world.vendors.mend()
    # Each account may keep the connections of its six calls for a while, to use them again.
    most = sockets + 4 * 6
    for _ in in_time(10):
        if world.gateway.program.sockets() <= most:
            break
    assert world.gateway.program.sockets() <= most
    assert world.gateway.program.resident_megabytes() < memory + 40


async def test_no_credential_is_in_anything_that_was_written(world: World) -> None:
    written = world.gateway.program.output
    for account in accounts_of(world.vendors.url):
        secrets = [value for key, value in account.items() if key in {"token", "api_key"}]
        assert all(str(secret) not in written for secret in secrets)
    assert "Traceback" not in written

"""What is not known yet: how long one answer takes, and how often fifty callers at once make the vendors be asked."""

import asyncio
import time
from collections.abc import Mapping
from dataclasses import dataclass
from statistics import median
from typing import Any, Final

import httpx2
import orjson

from benchmarks.load import processes
from benchmarks.load.throughput import FIELDS, PATH
from benchmarks.measuring import RUNS
from benchmarks.vendors import measured_providers
from linkweave.sandbox import sandbox_accounts

VENDOR_SECONDS: Final = 0.1
CALLERS: Final = 50

# Without PicSee, whose limit of one list call a second would be all that is measured.
COLD: Final = f'{{ links(first: 20, filter: {{ accounts: ["shortenworld", "tinycc"] }}) {{ {FIELDS} }} }}'


@dataclass(frozen=True, slots=True)
class Cold:
    """Seconds of one cold answer and of the slowest chain of calls in it, and the calls of one and of fifty callers."""

    gateway: float
    chain: float
    calls_of_one: int
    calls_of_many: int


def measure() -> Cold:
    """Each run has a gateway that knows nothing."""
    with processes.vendors() as sandbox:
        _count(sandbox.url)
        one = _calls(sandbox.url, 1)
        many = _calls(sandbox.url, CALLERS)
        _slow_down(sandbox.url)
        took = [asyncio.run(_cold_answer(sandbox.url)) for _ in range(RUNS)]
        chain = asyncio.run(_chain(sandbox.url))
    return Cold(median(took), chain, one, many)


def _calls(sandbox: str, callers: int) -> int:
    with processes.gateway(sandbox) as gateway:
        _count(sandbox)
        asyncio.run(_ask_together(gateway.url, callers))
        return _count(sandbox)


async def _cold_answer(sandbox: str) -> float:
    with processes.gateway(sandbox) as gateway:
        async with httpx2.AsyncClient(base_url=gateway.url, timeout=60) as client:
            # The process and the connection are warm, its cache is not.
            await _ask(client, "{ __typename }")
            start = time.perf_counter()
            await _ask(client, COLD)
            return time.perf_counter() - start


async def _ask_together(url: str, callers: int) -> None:
    async with httpx2.AsyncClient(base_url=url, timeout=60, limits=httpx2.Limits(max_connections=callers)) as client:
        await asyncio.gather(*(_ask(client, COLD) for _ in range(callers)))


async def _ask(client: httpx2.AsyncClient, query: str) -> None:
    answer = await client.post(PATH, json={"query": query})
    if answer.status_code != 200 or "errors" in answer.json():  # noqa: PLR2004 - HTTP's OK
        raise RuntimeError("the gateway answers with errors")


def _count(sandbox: str) -> int:
    """Calls since the last time."""
    counts: Mapping[str, Mapping[str, Any]] = httpx2.get(f"{sandbox}/_sandbox/calls").json()
    httpx2.delete(f"{sandbox}/_sandbox/calls")
    return sum(int(each["calls"]) for each in counts.values())


def _slow_down(sandbox: str) -> None:
    for provider in measured_providers():
        fault = {"kind": "delay", "seconds": VENDOR_SECONDS}
        httpx2.put(f"{sandbox}/_sandbox/faults/{provider}", json=fault).raise_for_status()


async def _chain(sandbox: str) -> float:
    """The slowest chain of the query by hand: ShortenWorld's login, then both of its lists at once.

    tiny.cc's, its domains and then a list, is as long where both have a connection already.
    """
    (table,) = (each for each in sandbox_accounts(measured_providers(), sandbox) if each["provider"] == "shortenworld")
    login = {"username": table["username"], "key": table["api_key"]}
    took = []
    async with httpx2.AsyncClient(base_url=str(table["base_url"]), timeout=60) as client:
        for _ in range(RUNS):
            start = time.perf_counter()
            token = (await client.post("/authen/token", json=login)).json()["token"]["access_token"]
            headers = {"authorization": f"Bearer {token}", "content-type": "application/json"}
            await asyncio.gather(*(_list(client, headers, hidden) for hidden in ("false", "true")))
            took.append(time.perf_counter() - start)
    return median(took)


async def _list(client: httpx2.AsyncClient, headers: Mapping[str, str], hidden: str) -> None:
    parameters = {"page": "0", "size": "100", "hidden": hidden}
    answer = await client.get("/entity/link/list", params=parameters, headers=headers)
    orjson.loads(answer.raise_for_status().content)

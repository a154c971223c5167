"""How long a first answer takes over vendors that take their time, and what it costs of the processor."""

import asyncio
import time
from collections.abc import Sequence
from dataclasses import dataclass
from statistics import median
from typing import Final

import httpx2
import orjson

from benchmarks.load import processes
from benchmarks.load.throughput import FIELDS, PATH
from benchmarks.load.tinycc_vendor import COUNT, Size, credentials, domain_name, tables
from benchmarks.measuring import RUNS

VENDOR_SECONDS: Final = 0.1
CALLERS: Final = 50
MANY_ACCOUNTS: Final = Size(accounts=20, domains=1, links=500)
MANY_DOMAINS: Final = Size(accounts=1, domains=10, links=500)
_QUERY: Final = f"{{ links(first: 20) {{ {FIELDS} }} }}"


@dataclass(frozen=True, slots=True)
class FirstAnswers:
    """Seconds of each first answer and of its calls made by hand, and seconds of the processor.

    `calls` are those of one answer, and `calls_of_many` those of CALLERS that ask the same at once.
    """

    seconds: Sequence[float]
    processor: Sequence[float]
    chain: Sequence[float]
    calls: int
    calls_of_many: int

    @property
    def words(self) -> str:
        """The figures of a row."""
        milliseconds = [each * 1000 for each in (median(self.seconds), max(self.seconds), median(self.processor))]
        return "{:.0f} ms, slowest {:.0f} ms, {:.0f} ms of the processor, {} calls".format(*milliseconds, self.calls)

    @property
    def ratio(self) -> float:
        """The median answer against the median chain."""
        return median(self.seconds) / median(self.chain)


def measure(size: Size, runs: int = RUNS) -> FirstAnswers:
    """Each run has a gateway that knows nothing. The first one does not count: the vendor makes its answers in it."""
    with processes.tinycc(size, VENDOR_SECONDS) as vendor:
        measured = [_measure_once(size, vendor.url) for _ in range(runs + 1)][1:]
        chain = [asyncio.run(_chain(vendor.url)) for _ in range(runs)]
        with processes.gateway_over(tables(size, vendor.url)) as gateway:
            shared = asyncio.run(calls_of_many(gateway.url, vendor.url, _QUERY))
    seconds, processor, calls = zip(*measured, strict=True)
    return FirstAnswers(seconds, processor, chain, calls[-1], shared)


def _measure_once(size: Size, vendor: str) -> tuple[float, float, int]:
    with processes.gateway_over(tables(size, vendor)) as gateway:
        return asyncio.run(first_answer(gateway, vendor, _QUERY))


async def first_answer(server: processes.Server, vendor: str, query: str) -> tuple[float, float, int]:
    """Returns the seconds of an answer of a server that knows nothing, those of its processor, and its calls."""
    async with httpx2.AsyncClient(base_url=server.url, timeout=60) as client:
        # The process and the connection are warm, its cache is not.
        await _ask(client, "{ __typename }")
        server.wait_until_idle()
        httpx2.get(vendor + COUNT)
        before, start = server.processor_seconds(), time.perf_counter()
        await _ask(client, query)
        seconds, processor = time.perf_counter() - start, server.processor_seconds() - before
        return seconds, processor, int(httpx2.get(vendor + COUNT).text)


async def calls_of_many(server: str, vendor: str, query: str) -> int:
    """Returns how often a server that knows nothing calls the vendor, where CALLERS ask it the same at once."""
    limits = httpx2.Limits(max_connections=CALLERS)
    async with httpx2.AsyncClient(base_url=server, timeout=60, limits=limits) as client:
        httpx2.get(vendor + COUNT)
        await asyncio.gather(*(_ask(client, query) for _ in range(CALLERS)))
        return int(httpx2.get(vendor + COUNT).text)


async def _ask(client: httpx2.AsyncClient, query: str) -> None:
    answer = await client.post(PATH, json={"query": query})
    if answer.status_code != 200 or "errors" in answer.json():  # noqa: PLR2004 - HTTP's OK
        raise RuntimeError("the gateway answers with errors")


async def _chain(vendor: str) -> float:
    """Seconds of the calls that depend on each other, for one account: its domains, then a list."""
    headers = {"authorization": credentials(0).decode()}
    async with httpx2.AsyncClient(base_url=vendor, timeout=60, headers=headers) as client:
        start = time.perf_counter()
        orjson.loads((await client.get("/domains")).raise_for_status().content)
        query = {"domain": domain_name(0, 0), "offset": "0", "limit": "1000"}
        orjson.loads((await client.get("/urls", params=query)).raise_for_status().content)
        return time.perf_counter() - start

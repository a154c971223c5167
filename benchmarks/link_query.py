"""One page of links with account, domain, tags and totals: the gateway, the first version, and the bare calls."""

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import httpx2
import orjson
from starlette.types import ASGIApp

from benchmarks.asgi import ask, post
from benchmarks.measuring import Run, Timing, time_in_turns
from benchmarks.naive import naive_app
from benchmarks.naive_vendors import open_vendors
from benchmarks.sandboxed import Recorder, Vendors
from linkweave.app import GRAPHQL_PATH

QUERY: Final = "{ links(first: 20) { nodes { shortUrl account { key } domain { name } tags { name } clicks } } }"
SLOW_SECONDS: Final = 0.05
_BODY: Final = orjson.dumps({"query": QUERY})
_PACED: Final = "picsee POST /v2/links/overview"


@dataclass(frozen=True, slots=True)
class Rival:
    """How one of the three did: against vendors as fast as they can, against slow ones, and how often it called."""

    fast: Timing
    slow: Timing
    calls: int
    paced_calls: int


async def compare() -> dict[str, Rival]:
    """All three, "gateway", "naive" and "bare calls", over the same vendors.

    Raises:
        RuntimeError: the gateway and the first version do not answer the same.
    """
    vendors = Vendors.open()
    recorder = Recorder(vendors.wire)
    gateway = vendors.gateway(recorder)
    async with gateway.pages.router.lifespan_context(gateway.pages):
        return await _compare(vendors, recorder, gateway)


async def _compare(vendors: Vendors, recorder: Recorder, gateway: ASGIApp) -> dict[str, Rival]:
    naive = naive_app(await open_vendors(vendors.tables, vendors.wire))
    if await ask(gateway, GRAPHQL_PATH, QUERY) != await ask(naive, "/", QUERY):
        raise RuntimeError("the gateway and the first version do not answer the same")
    recorder.seen.clear()
    await post(gateway, GRAPHQL_PATH, _BODY)
    requests = list(recorder.seen)
    rivals: dict[str, Run] = {
        "gateway": lambda: post(gateway, GRAPHQL_PATH, _BODY),
        "naive": lambda: post(naive, "/", _BODY),
        "bare calls": lambda: _send(vendors.wire, requests),
    }
    calls = {name: await _calls(vendors, run) for name, run in rivals.items()}
    fast = await time_in_turns(rivals, repeat=5)
    vendors.answer_after(SLOW_SECONDS)
    slow = await time_in_turns(rivals)
    return {name: Rival(fast[name], slow[name], len(calls[name]), calls[name].count(_PACED)) for name in rivals}


async def _calls(vendors: Vendors, run: Run) -> list[str]:
    vendors.take_calls()
    await run()
    return vendors.take_calls()


async def _send(wire: httpx2.AsyncBaseTransport, requests: Sequence[httpx2.Request]) -> None:
    """Make the gateway's calls again, all at once, and decode the answers."""

    async def send(http: httpx2.AsyncClient, request: httpx2.Request) -> None:
        again = http.build_request(request.method, request.url, headers=request.headers, content=request.content)
        orjson.loads((await http.send(again)).raise_for_status().content)

    async with httpx2.AsyncClient(transport=wire) as http:
        await asyncio.gather(*(send(http, request) for request in requests))

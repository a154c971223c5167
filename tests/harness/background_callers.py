"""Callers that send queries while something else happens."""

import asyncio
import contextlib
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any

import httpx2

from harness.world import Gateway

CALLERS = 8
# As in harness.load.
PAUSE_SECONDS = 0.005
QUERY = """query Links($first: Int!) {
  links(first: $first, filter: { accounts: ["shortenworld", "tinycc"] }) {
    nodes { shortUrl destination account { key } }
    sources { account { key } status error { code message } }
  }
}"""


@dataclass
class Complaints:
    """The number of answers, and what was wrong with any of them.

    Nothing changes at the vendors, so that all pages of one length are equal.
    """

    answered: int = 0
    wrong: list[str] = field(default_factory=list)
    _pages: dict[int, object] = field(default_factory=dict)

    def look_at(self, first: int, answer: httpx2.Response) -> None:
        self.answered += 1
        body: Mapping[str, Any] = answer.json()
        if answer.status_code != 200 or "errors" in body:
            self.wrong.append(f"{answer.status_code} {body}")
            return
        links = body["data"]["links"]
        self.wrong += [str(source) for source in links["sources"] if source["status"] not in {"OK", "STALE"}]
        if links["nodes"] != self._pages.setdefault(first, links["nodes"]):
            self.wrong.append(f"another page of {first} links: {links['nodes']}")


@asynccontextmanager
async def under_load(gateway: Gateway, callers: int = CALLERS) -> AsyncIterator[Complaints]:
    """`callers` send queries for pages of changing length until the end, whatever they get."""
    complaints, over = Complaints(), asyncio.Event()

    async def ask(number: int) -> None:
        async with gateway.client() as client:
            while not over.is_set():
                first = 1 + (complaints.answered + number) % 20
                body = {"query": QUERY, "variables": {"first": first}}
                try:
                    answer = await client.post("/graphql", json=body)
                    complaints.look_at(first, answer)
                except httpx2.HTTPError as error:
                    complaints.wrong.append(repr(error))
                await asyncio.sleep(PAUSE_SECONDS)

    asking = [asyncio.create_task(ask(number)) for number in range(callers)]
    try:
        yield complaints
    finally:
        over.set()
        await asyncio.gather(*asking)


async def answers(complaints: Complaints, more: int, seconds: float = 60) -> None:
    """Returns when `more` answers have come from now on."""
    enough = complaints.answered + more
    with contextlib.suppress(TimeoutError):
        async with asyncio.timeout(seconds):
            while complaints.answered < enough:  # noqa: ASYNC110 - it happens in other processes
                await asyncio.sleep(0.01)
    assert complaints.answered >= enough, "the gateway has stopped answering"

"""Visitors of the demo's links: somebody clicks one every few seconds, so that there is something to see live."""

import asyncio
from dataclasses import dataclass, field
from random import Random
from typing import Any, Final

import httpx2
from starlette.types import ASGIApp

from linkweave.app import GRAPHQL_PATH
from linkweave.clock import Clock
from linkweave.sandbox import Sandbox

PAUSE_SECONDS: Final = 2.0
"""Seconds between two clicks on the average."""
# Of the newest links, the first ones have most of the visitors.
_LINKS: Final = 40
_FAVOUR: Final = 12.0
_ASK_SECONDS: Final = 60.0

_ACCOUNTS: Final = "{ providers { id capabilities accounts { key } } }"
_LISTEN: Final = "mutation Listen($account: ID!) { listen(account: $account) { placed } }"
_LINKS_OF: Final = """
query LinksOf($account: ID!, $first: Int!) {
  links(first: $first, filter: { accounts: [$account] }) { nodes { slug } }
}
"""


@dataclass(slots=True)
class Visitors:
    """Clicks links of vendors that tell of clicks by webhooks. `random` chooses the links and the pauses."""

    gateway: ASGIApp
    sandbox: Sandbox
    clock: Clock
    random: Random = field(default_factory=Random)
    _visit: asyncio.Task[None] | None = None

    def start(self) -> None:
        """Starts to visit, until the event loop ends."""
        self._visit = asyncio.get_running_loop().create_task(self.visit())

    async def visit(self) -> None:
        """Lets the vendors tell of clicks, and then clicks until it is cancelled.

        Returns where no vendor has a link: if callers need a token, for one.
        """
        links = await self.prepare()
        while links:
            await self.clock.sleep(self.random.uniform(0, 2 * PAUSE_SECONDS))
            self.click(links)

    async def prepare(self) -> list[tuple[str, list[str]]]:
        """Makes the webhooks. Returns each provider that tells of clicks, with the slugs of its newest links."""
        transport = httpx2.ASGITransport(app=self.gateway)
        async with httpx2.AsyncClient(transport=transport, base_url="http://127.0.0.1", timeout=_ASK_SECONDS) as http:
            providers = (await _ask(http, _ACCOUNTS)).get("providers", ())
            telling = [each for each in providers if "RECEIVE_WEBHOOKS" in each["capabilities"] and each["accounts"]]
            found = await asyncio.gather(*(_slugs(http, each["accounts"][0]["key"]) for each in telling))
        named = zip([each["id"] for each in telling], found, strict=True)
        return [(provider, slugs) for provider, slugs in named if slugs]

    def click(self, links: list[tuple[str, list[str]]]) -> None:
        """Clicks one of `links`."""
        provider, slugs = self.random.choice(links)
        place = min(int(self.random.expovariate(_FAVOUR / len(slugs))), len(slugs) - 1)
        self.sandbox.click(provider, slugs[place])


async def _slugs(http: httpx2.AsyncClient, account: str) -> list[str]:
    # Where a person must enter the address at the vendor, the gateway sees the clicks in the totals, a little later.
    await _ask(http, _LISTEN, account=account)
    links = await _ask(http, _LINKS_OF, account=account, first=_LINKS)
    return [node["slug"] for node in (links.get("links") or {}).get("nodes", ())]


async def _ask(http: httpx2.AsyncClient, query: str, **variables: object) -> dict[str, Any]:
    response = await http.post(GRAPHQL_PATH, json={"query": query, "variables": variables})
    data: dict[str, Any] = response.json().get("data") or {}
    return data

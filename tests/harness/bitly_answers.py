"""A vendor that answers as the test says, and what the tests read of Bitly."""

import json
from collections import Counter
from collections.abc import Mapping
from datetime import date, timedelta

import httpx2

from harness.bitly_vendor import Bitly, adapter_over
from harness.emulators import NOW
from linkweave.models import Link, LinkFilter, Period
from linkweave.models.changes import LinkPatch
from linkweave.providers.bitly.adapter import BitlyAdapter
from linkweave.providers.bitly.emulator.seed import TOKEN
from linkweave.providers.bitly.emulator.store import StoredLink
from linkweave.providers.read_capabilities import Lane

LIST = Lane("links", {"archived": "both"})


TODAY = NOW.date()


MONTH = Period(TODAY - timedelta(days=29), TODAY)


async def all_links(adapter: BitlyAdapter, lane: Lane = LIST) -> list[Link]:
    page = await adapter.list_links(lane, None)
    links = list(page.items)
    while page.next is not None:
        page = await adapter.list_links(lane, page.next)
        links += page.items
    return links


def stored(vendor: Bitly, handle: str) -> StoredLink:
    return vendor.access.users[TOKEN].find(handle)[1]


def clicks_of(link: StoredLink, days: Period | None = None) -> int:
    every: Counter[date] = sum((each.days for each in link.back_halves), Counter(link.days))
    return sum(n for day, n in every.items() if days is None or days.start <= day <= days.end)


def answering(answer: object, status: int = 200) -> tuple[BitlyAdapter, list[httpx2.Request]]:
    asked = list[httpx2.Request]()

    def respond(request: httpx2.Request) -> httpx2.Response:
        asked.append(request)
        return httpx2.Response(status, stream=httpx2.ByteStream(json.dumps(answer).encode()), request=request)

    return adapter_over(httpx2.AsyncClient(transport=httpx2.MockTransport(respond))), asked


async def update(vendor: Bitly, handle: str, patch: LinkPatch) -> None:
    for step in vendor.adapter.plan_update(patch):
        await step.run(handle)


def by_path(answers: Mapping[str, object]) -> tuple[httpx2.AsyncClient, list[str]]:
    """A vendor with an answer for the end of each path, and 403 for others; and the paths that were asked for."""
    asked = list[str]()

    def respond(request: httpx2.Request) -> httpx2.Response:
        asked.append(request.url.path)
        found = next((each for end, each in answers.items() if request.url.path.endswith(end)), None)
        content = json.dumps(found if found is not None else {"message": "FORBIDDEN"}).encode()
        status = 403 if found is None else 200
        return httpx2.Response(status, stream=httpx2.ByteStream(content), request=request)

    return httpx2.AsyncClient(transport=httpx2.MockTransport(respond)), asked


async def links_of(vendor: Bitly) -> tuple[Link, ...]:
    (lane, *_) = (await vendor.adapter.plan_links(LinkFilter())).lanes
    return tuple((await vendor.adapter.list_links(lane, None)).items[:5])

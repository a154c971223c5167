"""How fast the catalog stores the pages of a walk, and what callers notice of it."""

import asyncio
import time
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from statistics import quantiles
from typing import Any, Final

import httpx2
from sqlalchemy import Table, insert
from sqlalchemy.ext.asyncio import AsyncConnection

from benchmarks.catalog_databases import open_database
from benchmarks.sandboxed import Vendors
from linkweave.catalog.database import Database
from linkweave.catalog.link_rows import row_of, storable, tag_rows
from linkweave.catalog.tables import LINK_CHANGES, LINK_TAGS, LINKS
from linkweave.catalog.writes.record_links import Sighting, record_links
from linkweave.models import Link
from linkweave.models.link_changes import SeenBy

WALKED: Final = 20_000
PAGE: Final = 100
# Pages of a fast vendor: ten a second.
PAGE_SECONDS: Final = 0.1
ASKED: Final = 2_000
ASK_SECONDS: Final = 0.005
_AT: Final = datetime(2026, 11, 20, 10, 30, tzinfo=UTC)
_QUERY: Final = "{ links(first: 20) { nodes { shortUrl title tags { name } account { key } } } }"

Store = Callable[[AsyncConnection, Sequence[Link]], Awaitable[object]]


@dataclass(frozen=True, slots=True)
class WalkRates:
    """Links a second: stored for the first time, seen again unchanged, and the same rows by plain statements."""

    first: float
    again: float
    plain: float


async def store_walk(kind: str) -> WalkRates | None:
    """Walks over WALKED links in pages. None where there is no such database."""
    links = [_link(number) for number in range(WALKED)]
    later = [replace(link, fetched_at=_AT + timedelta(hours=6)) for link in links]
    async with open_database(kind) as database:
        if database is None:
            return None
        return WalkRates(
            first=await _rate(database, links, _record),
            again=await _rate(database, later, _record),
            plain=await _rate(database, links, _insert),
        )


async def ask_during_walk() -> tuple[float, float]:
    """Returns the 99th percentile of the seconds of an answer without a walk, and during one."""
    vendors = Vendors.open()
    app = vendors.gateway(vendors.wire)
    async with open_database("SQLite") as database, httpx2.AsyncClient(transport=httpx2.ASGITransport(app)) as http:
        if database is None:
            raise RuntimeError("every machine has SQLite")
        await _ask(http, 10)
        alone = await _ask(http, ASKED)
        walking = asyncio.create_task(_walk_on(database))
        during = await _ask(http, ASKED)
        walking.cancel()
        await asyncio.gather(walking, return_exceptions=True)
    return quantiles(alone, n=100)[-1], quantiles(during, n=100)[-1]


async def _rate(database: Database, links: Sequence[Link], store: Store) -> float:
    started = time.perf_counter()
    for start in range(0, len(links), PAGE):
        async with database.write() as connection:
            await store(connection, links[start : start + PAGE])
    return len(links) / (time.perf_counter() - started)


async def _record(connection: AsyncConnection, links: Sequence[Link]) -> None:
    await record_links(connection, Sighting("walked", SeenBy.SYNC, _AT + timedelta(days=1), walk=1), links)


async def _insert(connection: AsyncConnection, links: Sequence[Link]) -> None:
    """The same rows as of a first walk, as SQLAlchemy inserts them where nothing is compared."""
    own = {"first_seen_at": _AT, "seen_in_walk": 1}
    rows = [{"id": _id(link), **row_of("plain", storable(link)), **own} for link in links]
    tags = [{"link_id": _id(link), **tag} for link in links for tag in tag_rows(link)]
    changes = [{"link_id": _id(link), "kind": "CREATED", "at": _AT, "seen_by": "SYNC", "fields": {}} for link in links]
    many: list[tuple[Table, list[dict[str, Any]]]] = [(LINKS, rows), (LINK_TAGS, tags), (LINK_CHANGES, changes)]
    for table, values in many:
        await connection.execute(insert(table), values)


async def _walk_on(database: Database) -> None:
    page = 0
    while True:
        links = [_link(page * PAGE + number) for number in range(PAGE)]
        async with database.write() as connection:
            await _record(connection, links)
        page += 1
        await asyncio.sleep(PAGE_SECONDS)


async def _ask(http: httpx2.AsyncClient, times: int) -> list[float]:
    """Seconds from the moment at which a request should start, which is later than planned while the loop is busy."""
    seconds: list[float] = []
    start = time.perf_counter()
    for number in range(times):
        planned = start + number * ASK_SECONDS
        await asyncio.sleep(max(0.0, planned - time.perf_counter()))
        answer = await http.post("http://127.0.0.1/graphql", json={"query": _QUERY})
        answer.raise_for_status()
        seconds.append(time.perf_counter() - planned)
    return seconds


def _id(link: Link) -> int:
    return 10_000_000 + int(link.handle)


def _link(number: int) -> Link:
    return Link(
        f"{number}",
        f"https://go.example/slug{number}",
        f"slug{number}",
        f"https://shop{number % 5000}.example/item/{number}?utm_source=letter",
        _AT,
        domain="go.example",
        title=f"Campaign {number % 977}",
        tags=(f"tag{number % 500}", "spring"),
        created_at=_AT - timedelta(minutes=number),
        archived=False,
    )

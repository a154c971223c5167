"""How fast the catalog stores the pages of a walk, and what callers notice of it."""

import asyncio
import time
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, timedelta
from itertools import count
from statistics import median, quantiles
from typing import Any, Final

import httpx2
from sqlalchemy import Table, insert, select
from sqlalchemy.ext.asyncio import AsyncConnection

from benchmarks.catalog_databases import open_database
from benchmarks.processor import Cost, Processor
from benchmarks.sandboxed import Vendors
from linkweave.catalog.database import Database
from linkweave.catalog.history.record_days import record_days
from linkweave.catalog.history.totals import KnownClicks
from linkweave.catalog.link_rows import row_of, storable, tag_rows
from linkweave.catalog.tables import LINK_CHANGES, LINK_TAGS, LINKS
from linkweave.catalog.writes.record_links import Sighting, record_links
from linkweave.models import DayClicks, Link, Measure, Period, StatsReport
from linkweave.models.link_changes import SeenBy

WALKED: Final = 20_000
PAGE: Final = 100
# Pages of a fast vendor: ten a second.
PAGE_SECONDS: Final = 0.1
ASKED: Final = 400
_LOOK_SECONDS: Final = 0.002
# Each question to the gateway is asked alone, during a walk and during statistics in so many turns.
TURNS: Final = 5
_PAGES_OF_TURN: Final = 10_000
_LINKS_OF_STEP: Final = 5
_AT: Final = datetime(2026, 11, 20, 10, 30, tzinfo=UTC)
_MONTH: Final = Period(date(2026, 10, 22), date(2026, 11, 20))
_KNOWN_CLICKS: Final = tuple(LINKS.c[name] for name in KnownClicks.__dataclass_fields__)
_QUERY: Final = "{ links(first: 20) { nodes { shortUrl title tags { name } account { key } } } }"

Store = Callable[[AsyncConnection, Sequence[Link]], Awaitable[object]]


@dataclass(frozen=True, slots=True)
class WalkRates:
    """Links a second of the processor: stored for the first time, seen again unchanged, and by plain statements.

    `by_clock` is that of the first time by the clock.
    """

    first: float
    again: float
    plain: float
    by_clock: float


@dataclass(frozen=True, slots=True)
class Delays:
    """Seconds of an answer: the median, and the 99th percentile."""

    median: float
    p99: float

    @classmethod
    def of(cls, seconds: Sequence[float]) -> "Delays":
        """Returns those of some answers."""
        return cls(median(seconds), quantiles(seconds, n=100)[-1])


async def store_walk(kind: str) -> WalkRates | None:
    """Walks over WALKED links in pages. None where there is no such database."""
    links = [make_link(number) for number in range(WALKED)]
    later = [replace(link, fetched_at=_AT + timedelta(hours=6)) for link in links]
    async with open_database(kind) as database:
        if database is None:
            return None
        processor = await Processor.of(database)
        first, again, plain = [
            await _store(database, processor, each, store)
            for each, store in ((links, record), (later, record), (links, _insert))
        ]
        rates = (WALKED / each for each in (first.processor, again.processor, plain.processor, first.clock))
        return WalkRates(*rates)


async def ask_during_sync(kind: str) -> dict[str, Delays] | None:
    """Returns the delays of answers alone, during a walk, and while statistics are stored, in turns.

    None where there is no such database.
    """
    vendors = Vendors.open()
    app = vendors.gateway(vendors.wire)
    async with open_database(kind) as database, httpx2.AsyncClient(transport=httpx2.ASGITransport(app)) as http:
        if database is None:
            return None
        await _ask(http, 10)
        seconds: dict[str, list[float]] = {"alone": [], "walk": [], "statistics": []}
        for turn in range(TURNS):
            seconds["alone"] += await _ask(http, ASKED // TURNS)
            for name, steps in (("walk", _walk_on(database, turn)), ("statistics", _store_days(database))):
                syncing = asyncio.create_task(steps)
                seconds[name] += await _ask(http, ASKED // TURNS)
                syncing.cancel()
                await asyncio.gather(syncing, return_exceptions=True)
        return {name: Delays.of(each) for name, each in seconds.items()}


async def _store(database: Database, processor: Processor, links: Sequence[Link], store: Store) -> Cost:
    used, started = processor.seconds(), time.perf_counter()
    for start in range(0, len(links), PAGE):
        async with database.write() as connection:
            await store(connection, links[start : start + PAGE])
    return Cost(processor.seconds() - used, time.perf_counter() - started)


async def record(connection: AsyncConnection, links: Sequence[Link]) -> None:
    """Stores a page of a walk."""
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


async def _walk_on(database: Database, turn: int) -> None:
    for page in count(turn * _PAGES_OF_TURN):
        async with database.write() as connection:
            await record(connection, make_page(page))
        await _worked(PAGE_SECONDS)


async def _store_days(database: Database) -> None:
    """A month of five links of an account in each step, as the syncer stores what vendors tell link by link."""
    async with database.read() as connection:
        stored = list((await connection.execute(select(*_KNOWN_CLICKS).limit(PAGE))).tuples())
    for start in count(step=_LINKS_OF_STEP):
        async with database.write() as connection:
            for number in range(start, start + _LINKS_OF_STEP):
                known = KnownClicks(*stored[number % PAGE])
                await record_days(connection, known, _MONTH, _report(number), UTC)
        await _worked(PAGE_SECONDS)


def _report(number: int) -> StatsReport:
    series = tuple(DayClicks(_MONTH.start + timedelta(days=day), number + day, day) for day in range(30))
    return StatsReport(frozenset({Measure.CLICKS, Measure.UNIQUE_CLICKS}), _AT, covered=_MONTH, series=series)


async def _ask(http: httpx2.AsyncClient, times: int) -> list[float]:
    """Seconds of the loop's thread from each question to its answer, with all that ran in between."""
    seconds: list[float] = []
    for _ in range(times):
        start = time.thread_time()
        answer = await http.post("http://127.0.0.1/graphql", json={"query": _QUERY})
        answer.raise_for_status()
        seconds.append(time.thread_time() - start)
    return seconds


async def _worked(seconds: float) -> None:
    """Waits until the loop's thread has worked so long: what else the machine does must not change the pace."""
    end = time.thread_time() + seconds
    while time.thread_time() < end:  # noqa: ASYNC110 - nobody tells when a thread has worked so long
        await asyncio.sleep(_LOOK_SECONDS)


def _id(link: Link) -> int:
    return 10_000_000 + int(link.handle)


def make_page(page: int) -> list[Link]:
    """Returns the links of a page of a list."""
    return [make_link(page * PAGE + number) for number in range(PAGE)]


def make_link(number: int) -> Link:
    """Returns a link of a list."""
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

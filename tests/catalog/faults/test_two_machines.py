"""Two machines on one PostgreSQL: one reads an account, the other takes over, and both read and write the catalog."""

import asyncio
from collections import Counter
from dataclasses import dataclass

import pytest

from harness.catalog_fixtures import opened
from harness.simulated_vendor import SimulatedAdapter, SimulatedVendor, SyncedVendor, synced
from linkweave.catalog.database import Database
from linkweave.catalog.reads.questions.links import AccountScope, LinkQuestion
from linkweave.catalog.reads.reads import CatalogReads
from linkweave.catalog.sync.sync_rows import LEASE
from linkweave.catalog.writes.record_links import Sighting, record_links
from linkweave.models import Link, LinkFilter, Page
from linkweave.models.link_changes import SeenBy
from linkweave.providers.read_capabilities import Lane

EVERYTHING = LinkQuestion((AccountScope("one", LinkFilter()),))


@dataclass
class WatchedVendor(SimulatedVendor):
    """A vendor that knows how many lists are read from it at the same time."""

    reading: int = 0
    most_reading: int = 0


class Watched(SimulatedAdapter):
    """An account whose lists take some turns of the event loop."""

    async def list_links(self, lane: Lane, page: str | None) -> Page[Link]:
        vendor = self.simulated
        assert isinstance(vendor, WatchedVendor)
        vendor.reading += 1
        vendor.most_reading = max(vendor.most_reading, vendor.reading)
        await asyncio.sleep(0.005)
        vendor.reading -= 1
        return await super().list_links(lane, page)


async def together(*machines: SyncedVendor) -> list[float]:
    async with asyncio.timeout(120):
        return list(await asyncio.gather(*(machine.step() for machine in machines)))


async def counts(*databases: Database) -> list[int]:
    return [await CatalogReads(each).count(EVERYTHING) for each in databases]


@pytest.mark.parametrize("database_url", ["postgresql"], indirect=True)
async def test_two_machines_walk_an_account_once_and_one_goes_on_where_the_other_died(database_url: str) -> None:
    vendor = WatchedVendor(page_size=3)
    for number in range(30):
        vendor.create(f"l{number}")
    async with opened(database_url) as one, opened(database_url) as two:
        first = synced(one, Watched, vendor, "first")
        second = synced(two, Watched, vendor, "second")
        for _ in range(4):
            await together(first, second)
        row = await first.row()
        dead, alive = (first, second) if row.lease_owner == "first" else (second, first)
        walked = row.walk_links
        assert 0 < walked < 30
        # One machine is gone, with its lease. The other leaves the account alone until that has ended.
        assert await alive.step() > 0
        vendor.clock.advance(LEASE.total_seconds())
        await alive.run(30)
        assert (await alive.row()).last_full_walk_at is not None
        assert vendor.most_reading == 1
        # No page of the walk was read again by the other machine. The first page is also that of the newest links.
        pages = Counter(vendor.asked("list"))
        assert max(number for page, number in pages.items() if not page.endswith("None")) == 1
        assert await counts(one, two) == [30, 30]
        # The dead machine comes back, and finds that it is not its turn.
        assert await dead.step() > 0
        assert (await dead.row()).lease_owner == alive.sync.syncing.lease.owner


@pytest.mark.parametrize("database_url", ["postgresql"], indirect=True)
async def test_machines_that_write_the_same_links_in_other_orders_do_not_wait_for_each_other_for_ever(
    database_url: str,
) -> None:
    vendor = SimulatedVendor()
    for number in range(20):
        vendor.create(f"l{number}", tags=("a", "b"))
    links = [vendor.read(handle) for handle in vendor.truth]

    async def write(database: Database, own: list[Link]) -> None:
        for _ in range(5):
            async with database.write() as connection:
                await record_links(connection, Sighting("one", SeenBy.GATEWAY, vendor.clock.now()), own)

    async with opened(database_url) as one, opened(database_url) as two:
        async with asyncio.timeout(120):
            await asyncio.gather(
                write(one, links), write(two, links[::-1]), write(one, links[5:]), write(two, links[:9])
            )
        assert await counts(one, two) == [20, 20]


async def test_a_clock_that_goes_back_a_day_stops_no_sync(sqlite_url: str) -> None:
    vendor = SimulatedVendor(page_size=3)
    vendor.create("before")
    async with opened(sqlite_url) as database:
        world = synced(database, vendor=vendor)
        await world.run(5)
        vendor.clock.advance(-86_400)
        vendor.create("after")
        vendor.click("before", 2)
        await world.run(4 * 3_600)
        assert set(await world.links()) == {"before", "after"}
        assert (await world.known("before")).clicks == 2

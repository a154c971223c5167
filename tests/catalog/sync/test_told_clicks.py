"""A click that a webhook has told is not told again by the reading of the total that has it."""

import asyncio
from datetime import timedelta

from sqlalchemy import select

from harness.simulated_vendor import SimulatedVendor, SyncedVendor, synced
from linkweave.catalog.database import Database
from linkweave.catalog.tables import LINKS
from linkweave.events.events import ClickEvent, LinkEvent
from linkweave.models.link_changes import ChangeKind, SeenBy


def told(world: SyncedVendor) -> int:
    return sum(each.count for each in world.published if isinstance(each, ClickEvent))


async def walked(database: Database) -> SyncedVendor:
    vendor = SimulatedVendor(page_size=3)
    vendor.create("l0")
    vendor.click("l0", 5)
    world = synced(database, vendor=vendor)
    await world.run(2 * 3600)
    world.published.clear()
    return world


async def test_a_reading_tells_only_the_clicks_that_no_webhook_has_told(database: Database) -> None:
    world = await walked(database)
    recorder, key = world.sync.syncing.catalog.recorder, world.sync.syncing.key
    for _ in range(2):
        await recorder.told_by_webhook(key, [world.vendor.truth["l0"]], [], {"l0": 1})
    world.vendor.click("l0", 5)
    await world.run(2 * 3600)
    assert told(world) == 3
    world.vendor.click("l0", 2)
    await world.run(2 * 3600)
    assert told(world) == 5


async def test_a_click_that_a_vendor_never_counts_hides_no_later_one(database: Database) -> None:
    world = await walked(database)
    recorder, key = world.sync.syncing.catalog.recorder, world.sync.syncing.key
    await recorder.told_by_webhook(key, [], [], {"l0": 4, "unknown": 1})
    world.vendor.click("l0", 1)
    await world.run(2 * 3600)
    world.vendor.click("l0", 1)
    await world.run(2 * 3600)
    assert told(world) == 1


async def test_a_webhook_makes_the_total_due_and_tells_what_has_changed(database: Database) -> None:
    world = await walked(database)
    recorder, key = world.sync.syncing.catalog.recorder, world.sync.syncing.key
    world.vendor.create("l1")
    links = [world.vendor.truth[handle] for handle in ("l0", "l1")]
    await recorder.told_by_webhook(key, links, [], {"l0": 1})
    await recorder.told_by_webhook(key, [], ["l0", "never-there"], {})
    await asyncio.sleep(0)
    seen = [(each.kind, each.handle, each.seen_by) for each in world.published if isinstance(each, LinkEvent)]
    assert seen == [(ChangeKind.CREATED, "l1", SeenBy.WEBHOOK), (ChangeKind.DELETED, "l0", SeenBy.WEBHOOK)]
    async with database.read() as connection:
        due = await connection.scalar(select(LINKS.c.statistics_due_at).where(LINKS.c.handle == "l0"))
    assert due is not None
    assert due <= world.vendor.clock.now() + timedelta(seconds=300)

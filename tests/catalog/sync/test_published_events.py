"""What the syncer sees of links and their clicks is published, and nothing that was so before."""

from dataclasses import replace
from datetime import timedelta

from harness.simulated_vendor import SimulatedVendor, SyncedVendor, synced
from linkweave.catalog.database import Database
from linkweave.events.events import ClickEvent, LinkEvent
from linkweave.models.link_changes import SeenBy


def changes(world: SyncedVendor) -> list[tuple[str, str]]:
    assert all(each.seen_by is SeenBy.SYNC for each in world.published)
    return [(each.kind.value, each.handle) for each in world.published if isinstance(each, LinkEvent)]


def clicks(world: SyncedVendor) -> dict[str, int]:
    counts: dict[str, int] = {}
    for each in world.published:
        if isinstance(each, ClickEvent):
            assert each.link is not None
            counts[each.handle] = counts.get(each.handle, 0) + each.count
    return counts


async def test_the_first_walk_publishes_only_links_that_their_vendor_says_are_new(database: Database) -> None:
    vendor = SimulatedVendor(page_size=3)
    for handle in ("old", "new"):
        vendor.create(handle)
        vendor.click(handle)
    vendor.truth["old"] = replace(vendor.truth["old"], created_at=vendor.clock.now() - timedelta(days=1))
    world = synced(database, vendor=vendor)
    await world.run(5)
    assert changes(world) == [("CREATED", "new")]
    assert clicks(world) == {}


async def test_later_walks_publish_what_has_changed_at_the_vendor(database: Database) -> None:
    vendor = SimulatedVendor(page_size=3)
    for number in range(4):
        vendor.create(f"l{number}")
    world = synced(database, vendor=vendor)
    await world.run(5)
    world.published.clear()
    vendor.change("l1", title="Changed")
    vendor.delete("l2")
    vendor.create("l4")
    vendor.truth["l4"] = replace(vendor.truth["l4"], created_at=None)
    await world.run(2 * 3600)
    assert sorted(changes(world)) == [("CREATED", "l4"), ("DELETED", "l2"), ("UPDATED", "l1")]
    (update,) = [each for each in world.published if isinstance(each, LinkEvent) and each.handle == "l1"]
    assert update.fields == {"title": (None, "Changed")}
    assert update.link is not None
    assert update.link.title == "Changed"


async def test_clicks_are_published_as_differences_of_totals(database: Database) -> None:
    vendor = SimulatedVendor(page_size=3)
    vendor.create("l0")
    vendor.click("l0", 5)
    world = synced(database, vendor=vendor)
    await world.run(5)
    for _ in range(2):
        vendor.click("l0", 3)
        await world.run(2 * 3600)
    assert clicks(world) == {"l0": 6}

"""An account is kept in step: what its vendor has is in the catalog after a walk, and soon between two walks."""

import shutil
from collections.abc import AsyncIterator
from datetime import timedelta
from pathlib import Path

import pytest

from harness.catalog_fixtures import opened
from harness.fake_accounts import down
from harness.simulated_vendor import (
    DAY,
    CountsTogether,
    EndlessList,
    ListsNames,
    ListsOnly,
    SimulatedVendor,
    at_day,
    synced,
)
from linkweave.catalog.database import Database
from linkweave.catalog.sync.sync_rows import LEASE, LeaseLostError
from linkweave.catalog.sync.walk_position import WalkPosition
from linkweave.errors import BadResponseError, LocalRateLimitError, NotFoundError, RejectedError, VendorError


@pytest.fixture
async def sqlite(migrated_file: Path, tmp_path: Path) -> AsyncIterator[Database]:
    """An empty SQLite database, for what is the same in both."""
    shutil.copy(migrated_file, tmp_path / "catalog.db")
    async with opened(f"sqlite:///{tmp_path}/catalog.db") as database:
        yield database


def vendor_with(links: int, page_size: int = 3) -> SimulatedVendor:
    vendor = SimulatedVendor(page_size=page_size)
    for number in range(links):
        vendor.create(f"l{number}", title=f"Link {number}", tags=("spring",))
    return vendor


async def test_a_full_walk_stores_every_link_with_its_total_and_its_days(database: Database) -> None:
    vendor = vendor_with(8)
    vendor.click("l3", 5)
    world = synced(database, vendor=vendor)
    await world.run(5)
    links, row = await world.links(), await world.row()
    assert {handle: link["title"] for handle, link in links.items()} == {f"l{n}": f"Link {n}" for n in range(8)}
    assert links["l3"]["clicks"] == 5
    today = at_day(vendor.clock.now())
    assert await world.days("l3") == {(today, today): 5}
    assert {link["days_source"] for link in links.values()} == {"VENDOR"}
    assert (row.last_full_walk_links, row.walk_position, row.error) == (8, None, None)


async def test_a_new_link_is_stored_within_the_interval_of_the_newest_pages(database: Database) -> None:
    world = synced(database, vendor=vendor_with(20), newest_seconds=60)
    await world.run(5)
    for number in range(7):
        world.vendor.create(f"new{number}")
    world.vendor.questions.clear()
    await world.run(65)
    assert {f"new{number}" for number in range(7)} <= set(await world.links())
    # Three pages have new links, of which the third has old ones as well; the fourth ends it.
    assert len(world.vendor.asked("list")) == 4


async def test_the_newest_pages_read_no_destination_that_is_known_and_a_full_walk_reads_all(sqlite: Database) -> None:
    world = synced(sqlite, ListsNames, vendor_with(3), newest_seconds=60)
    await world.run(5)
    world.vendor.create("new")
    world.vendor.change("l2", destination="https://www.example.com/changed")
    await world.run(65)
    assert world.vendor.asked("get") == ["get new"]
    assert (await world.links())["l2"]["destination"] == "https://www.example.com/l2"
    await world.run(3600)
    assert (await world.links())["l2"]["destination"] == "https://www.example.com/changed"


async def test_a_link_that_no_list_shows_is_looked_up_once_and_marked_deleted_if_it_is_gone(database: Database) -> None:
    world = synced(database, vendor=vendor_with(6))
    await world.run(5)
    world.vendor.delete("l2")
    await world.run(2 * 3600)
    assert set(await world.links()) == {"l0", "l1", "l3", "l4", "l5"}
    assert len([each for each in world.vendor.asked("get") if each == "get l2"]) == 1


async def test_a_link_that_comes_back_is_restored(database: Database) -> None:
    world = synced(database, vendor=vendor_with(2))
    await world.run(5)
    gone = world.vendor.truth["l1"]
    world.vendor.delete("l1")
    await world.run(3600)
    world.vendor.truth["l1"] = gone
    await world.run(3600)
    assert set(await world.links()) == {"l0", "l1"}


async def test_without_a_look_up_a_link_is_deleted_after_the_second_walk_that_lacks_it(database: Database) -> None:
    world = synced(database, ListsOnly, vendor_with(4))
    await world.run(5)
    world.vendor.delete("l1")
    await world.run(3600)
    assert "l1" in await world.links()
    await world.run(3600)
    assert "l1" not in await world.links()


async def test_a_walk_goes_on_after_a_restart_where_it_was(database: Database) -> None:
    vendor = vendor_with(9)
    world = synced(database, vendor=vendor)
    for _ in range(2):
        await world.step()
    await world.sync.close()
    restarted = synced(database, vendor=vendor, owner="another")
    await restarted.run(5)
    assert set(await restarted.links()) == set(vendor.truth)
    pages = vendor.asked("list")[:4]
    assert len(set(pages)) == len(pages)
    assert (await restarted.row()).walk == 1


async def test_links_that_are_deleted_between_two_pages_hide_no_others(database: Database) -> None:
    vendor = vendor_with(12, page_size=4)
    world = synced(database, vendor=vendor)
    await world.step()
    for handle in ("l11", "l10", "l9"):
        vendor.delete(handle)
    await world.run(5)
    assert set(await world.links()) >= set(vendor.truth)


async def test_one_process_at_a_time_keeps_an_account_in_step(database: Database) -> None:
    vendor = vendor_with(9)
    first, second = synced(database, vendor=vendor), synced(database, vendor=vendor, owner="another")
    await first.step()
    asked = len(vendor.questions)
    assert await second.step() > 0
    assert len(vendor.questions) == asked
    vendor.clock.advance(LEASE.total_seconds())
    await second.step()
    assert len(vendor.questions) > asked
    assert (await first.row()).lease_owner == "another"


async def test_a_process_that_lost_its_lease_stores_nothing(database: Database) -> None:
    vendor = vendor_with(3)
    first, second = synced(database, vendor=vendor), synced(database, vendor=vendor, owner="another")
    row = await first.sync.syncing.lease.hold(vendor.clock.now())
    assert row is not None
    vendor.clock.advance(LEASE.total_seconds())
    await second.step()
    with pytest.raises(LeaseLostError):
        async with first.sync.syncing.storing(row) as (_, values):
            values["walk"] = 77
    assert (await first.row()).walk != 77


async def test_to_wait_for_a_rate_is_no_failure(sqlite: Database) -> None:
    world = synced(sqlite, vendor=vendor_with(3))
    limited = LocalRateLimitError("one allows 100 calls in 60 s", account="one", operation="list links", retry_after=40)
    world.vendor.fails = lambda _number, _words: limited
    assert await world.step() == 40
    assert (await world.row()).error is None


async def test_a_vendor_that_fails_is_asked_again_after_growing_pauses(database: Database) -> None:
    world = synced(database, vendor=vendor_with(3))
    world.vendor.fails = lambda _number, _words: down()
    assert [await world.step() for _ in range(8)] == [5, 10, 20, 40, 80, 160, 300, 300]
    assert (await world.row()).error == "one: answered HTTP 503"
    world.vendor.fails = lambda _number, _words: None
    await world.run(5)
    assert (await world.row()).error is None
    assert set(await world.links()) == set(world.vendor.truth)


async def test_days_of_a_vendor_without_days_are_those_between_two_totals(database: Database) -> None:
    vendor = vendor_with(2)
    vendor.tells_days = False
    vendor.clock.advance(3 * DAY.total_seconds())
    vendor.click("l0", 4)
    world = synced(database, vendor=vendor)
    await world.run(10)
    first = at_day(vendor.clock.now())
    vendor.clock.advance(DAY.total_seconds())
    vendor.click("l0", 3)
    await world.run(3600)
    assert await world.days("l0") == {(first + DAY, first + DAY): 3}
    known = await world.known("l0")
    assert (known.days_source, known.days_from) == ("OBSERVED", first)


async def test_a_link_without_clicks_costs_no_call_for_its_days(database: Database) -> None:
    world = synced(database, vendor=vendor_with(5), newest_seconds=3600, full_walk_seconds=3 * 3600)
    await world.run(5)
    world.vendor.questions.clear()
    await world.run(2 * DAY.total_seconds())
    assert not world.vendor.asked("stats")
    known = await world.known("l0")
    assert known.days_at is not None
    assert world.vendor.clock.now() - known.days_at < timedelta(hours=3, minutes=1)


async def test_clicks_of_a_busy_link_are_stored_within_minutes(database: Database) -> None:
    world = synced(database, vendor=vendor_with(5), newest_seconds=300)
    await world.run(5)
    for _ in range(10):
        # It is on the first page.
        world.vendor.click("l4", 100)
        await world.run(300)
    today = at_day(world.vendor.clock.now())
    stored = (await world.days("l4"))[today, today]
    assert stored is not None
    assert stored >= 1000 - 2 * 100


@pytest.mark.parametrize("days", [-3, 400], ids=["back", "forward"])
async def test_a_clock_that_jumps_stops_nothing(database: Database, days: int) -> None:
    world = synced(database, vendor=vendor_with(4))
    await world.run(5)
    world.clock.start += days * DAY
    world.vendor.create("new")
    world.vendor.click("l3", 2)
    await world.run(2 * 3600)
    assert set(await world.links()) == set(world.vendor.truth)
    today = at_day(world.clock.now())
    assert await world.days("l3") == {(today, today): 2}
    world.clock.start -= days * DAY
    world.vendor.create("newer")
    await world.run(2 * 3600)
    assert "newer" in await world.links()


async def test_a_list_that_never_ends_ends_the_walk(database: Database) -> None:
    world = synced(database, EndlessList, vendor_with(3))
    await world.run(30)
    row = await world.row()
    assert row.walk_position is None
    assert row.last_full_walk_links == 3


async def test_a_page_that_cannot_be_read_begins_its_list_again_and_is_then_passed_over(database: Database) -> None:
    world = synced(database, vendor=vendor_with(9))
    refused = RejectedError("one: expired", account="one", operation="list links")
    world.vendor.fails = lambda _number, words: refused.copy() if words == "list links 4.1" else None
    await world.run(60)
    row = await world.row()
    assert row.last_full_walk_at is not None
    assert world.vendor.questions.count("list links 4.1") == 2
    assert len(await world.links()) == 5


async def test_the_latest_days_of_many_links_take_one_call_for_each_day(database: Database) -> None:
    world = synced(database, CountsTogether, vendor_with(8, page_size=8), newest_seconds=3 * 3600)
    await world.run(5)
    world.vendor.questions.clear()
    world.clock.advance(DAY.total_seconds())
    for number in range(8):
        world.vendor.click(f"l{number}", number + 1)
    await world.run(3600)
    today = at_day(world.clock.now())
    assert [await world.days(f"l{number}") for number in range(8)] == [
        {(today, today): number + 1} for number in range(8)
    ]
    assert not world.vendor.asked("stats")
    days = [today - 2 * DAY, today - DAY, today]
    assert world.vendor.asked("totals")[:3] == [f"totals {day} {day}" for day in days]


async def test_a_link_whose_days_are_not_told_does_not_hold_up_the_others(database: Database) -> None:
    world = synced(database, CountsTogether, vendor_with(8, page_size=8), newest_seconds=3 * 3600)
    await world.run(5)
    for number in range(8):
        world.vendor.click(f"l{number}")
    gone = world.vendor.truth.pop("l5")
    await world.run(1800)
    world.vendor.truth["l5"] = gone
    today = at_day(world.clock.now())
    await world.run(3600)
    assert all([await world.days(f"l{number}") == {(today, today): 1} for number in range(8) if number != 5])


async def test_a_vendor_that_stops_telling_days_is_observed(sqlite: Database) -> None:
    world = synced(sqlite, vendor=vendor_with(4))
    await world.run(5)
    world.vendor.tells_days = False
    world.vendor.click("l3")
    await world.run(2 * 3600)
    assert (await world.known("l3")).days_source == "OBSERVED"
    world.clock.advance(DAY.total_seconds())
    world.vendor.click("l3", 2)
    await world.run(2 * 3600)
    today = at_day(world.clock.now())
    assert (await world.days("l3"))[today, today] == 2


async def test_what_was_read_before_a_failure_is_stored(sqlite: Database) -> None:
    world = synced(sqlite, vendor=vendor_with(5, page_size=5))
    world.vendor.fails = lambda _number, words: down() if words == "stats l1" else None
    await world.run(1)
    known = [await world.known(f"l{number}") for number in range(5)]
    assert [each.days_source for each in known] == ["OBSERVED", "OBSERVED", "VENDOR", "VENDOR", "VENDOR"]
    assert (await world.row()).error == "one: answered HTTP 503"


@pytest.mark.parametrize("error", [BadResponseError, NotFoundError, RejectedError])
async def test_a_link_whose_clicks_cannot_be_read_is_asked_for_later(
    sqlite: Database, error: type[VendorError]
) -> None:
    world = synced(sqlite, vendor=vendor_with(2))
    failure = error("one: strange", account="one", operation="read statistics")
    world.vendor.fails = lambda _number, words: failure.copy() if words == "stats l0" else None
    await world.run(600)
    assert (await world.known("l1")).days_source == "VENDOR"
    assert (await world.known("l0")).days_source == "OBSERVED"
    assert world.vendor.questions.count("stats l0") == 1
    assert (await world.row()).error is None


async def test_a_link_that_a_look_up_does_not_find_is_marked_deleted_between_two_walks(sqlite: Database) -> None:
    world = synced(sqlite, vendor=vendor_with(3), full_walk_seconds=7 * DAY.total_seconds())
    await world.run(5)
    world.vendor.delete("l1")
    await world.run(DAY.total_seconds() * 1.5)
    assert set(await world.links()) == {"l0", "l2"}


async def test_a_failed_look_up_proves_nothing(sqlite: Database) -> None:
    world = synced(sqlite, vendor=vendor_with(3))
    await world.run(5)
    world.vendor.delete("l1")
    world.vendor.fails = lambda _number, words: down() if words.startswith("get") else None
    await world.run(3600)
    assert "l1" in await world.links()
    world.vendor.fails = lambda _number, _words: None
    await world.run(3600)
    assert "l1" not in await world.links()


async def test_a_newest_page_that_is_refused_is_begun_again(sqlite: Database) -> None:
    world = synced(sqlite, vendor=vendor_with(4), newest_seconds=60)
    await world.run(5)
    refused = RejectedError("one: expired", account="one", operation="list links")
    world.vendor.fails = lambda _number, _words: refused.copy()
    await world.run(70)
    world.vendor.fails = lambda _number, _words: None
    world.vendor.create("new")
    await world.run(70)
    assert "new" in await world.links()


def test_a_position_of_another_version_begins_the_walk_again() -> None:
    assert WalkPosition.parse({"odd": 1}) == WalkPosition()
    position = WalkPosition(done=("a",), lane="b", page="3", marks=("x",), after=None)
    assert WalkPosition.parse(position.to_json()) == position

"""Whatever happens at a vendor, and whenever: after the next full walk, the catalog has the vendor's truth."""

import asyncio
import shutil
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from harness.catalog_fixtures import opened
from harness.fake_accounts import down
from harness.simulated_vendor import SimulatedVendor, SyncedVendor, at_day, synced

HOUR = 3600.0


@dataclass(frozen=True)
class Happening:
    """Something that happens: at the vendor, to the time, or to the process. `number` chooses the link."""

    kind: str
    number: int
    amount: int

    async def take_place(self, world: SyncedVendor) -> None:
        vendor, handles = world.vendor, list(world.vendor.truth)
        handle = handles[self.number % len(handles)] if handles else None
        if self.kind == "step":
            for _ in range(self.amount):
                await world.step()
        elif self.kind == "kill":
            await kill_a_step(world, after_turns=self.number)
        elif self.kind == "wait":
            world.clock.advance(self.amount * HOUR)
        elif self.kind == "create":
            vendor.create(f"l{len(vendor.clicked)}", title=f"Title {self.amount}", tags=("a", "b")[: self.amount])
        elif self.kind == "fail":
            last = len(vendor.questions) + self.amount
            vendor.fails = lambda number, _words: down() if number <= last else None
        elif handle is not None and self.kind == "change":
            vendor.change(handle, title=f"Changed {self.amount}", tags=("c",) * self.amount)
        elif handle is not None and self.kind == "click":
            vendor.click(handle, self.amount)
        elif handle is not None and self.kind == "delete":
            vendor.delete(handle)


async def kill_a_step(world: SyncedVendor, after_turns: int) -> None:
    """Cancels a step somewhere on its way, as the end of a process does."""
    step = asyncio.create_task(world.step())
    for _ in range(after_turns):
        await asyncio.sleep(0.0002)
    step.cancel()
    await asyncio.gather(step, return_exceptions=True)


KINDS = ("step", "step", "step", "kill", "wait", "create", "create", "change", "click", "click", "delete", "fail")
HAPPENINGS = st.lists(st.builds(Happening, st.sampled_from(KINDS), st.integers(0, 30), st.integers(0, 5)), max_size=30)


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("sync")


async def live(path: Path, happenings: list[Happening], tells_days: bool, page_size: int) -> None:
    async with opened(f"sqlite:///{path}") as database:
        vendor = SimulatedVendor(page_size=page_size, tells_days=tells_days)
        world = synced(
            database,
            vendor=vendor,
            newest_seconds=HOUR,
            full_walk_seconds=4 * HOUR,
            statistics_min_seconds=HOUR,
            statistics_max_seconds=4 * HOUR,
        )
        for happening in happenings:
            await happening.take_place(world)
        vendor.fails = lambda _number, _words: None
        started = world.clock.now()
        await world.run(9 * HOUR)
        await assert_true(world, tells_days=tells_days)
        walked = (await world.row()).last_full_walk_at
        assert walked is not None
        assert walked > started


async def assert_true(world: SyncedVendor, *, tells_days: bool) -> None:
    """Asserts that the catalog has every link of the vendor as it is, with its total and its days, and no other."""
    stored, vendor = await world.links(), world.vendor
    told: dict[str, tuple[Any, ...]] = {
        handle: (link.title, link.destination, list(link.tags), len(vendor.clicked[handle]))
        for handle, link in vendor.truth.items()
    }
    assert told == {
        handle: (row["title"], row["destination"], row["model"].get("tags", []), row["clicks"])
        for handle, row in stored.items()
    }
    for handle in vendor.truth:
        known, days = await world.known(handle), await world.days(handle)
        assert known.days_from is not None
        assert known.days_at is not None
        counted = [moment for moment in vendor.clicked[handle] if at_day(moment) >= known.days_from]
        if tells_days:
            assert known.days_from <= at_day(vendor.truth[handle].created_at or world.clock.now())
            assert all(first == last for first, last in days)
            assert sum(clicks or 0 for clicks in days.values()) == len(counted)
        else:
            # Clicks before the first reading are of no day.
            assert sum(clicks or 0 for clicks in days.values()) <= len(vendor.clicked[handle])


@given(HAPPENINGS, st.booleans(), st.integers(1, 4))
@settings(max_examples=8, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow])
def test_the_catalog_equals_the_truth_after_the_next_full_walk(
    migrated_file: Path, folder: Path, happenings: list[Happening], tells_days: bool, page_size: int
) -> None:
    # A file of its own for each example: the one before may still be closing.
    path = folder / f"{uuid4()}.db"
    shutil.copy(migrated_file, path)
    asyncio.run(live(path, happenings, tells_days, page_size))

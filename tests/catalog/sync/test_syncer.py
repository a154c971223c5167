"""The syncer of a process goes on whatever happens, and lets others go on when it ends."""

import asyncio
import logging
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path

import pytest
from pydantic import SecretStr

from harness.emulators import NOW, ManualClock
from harness.fake_accounts import fake_account
from harness.simulated_vendor import SimulatedAdapter, SimulatedVendor
from linkweave.accounts import Account
from linkweave.catalog.catalog import Catalog
from linkweave.catalog.database import Database
from linkweave.catalog.sync.sync_rows import Lease, SyncRow, read_sync_rows
from linkweave.catalog.sync.syncer import ERROR_PAUSE_SECONDS, OUTAGE_PAUSE_SECONDS, keep_in_step
from linkweave.clock import SystemClock
from linkweave.settings import CatalogSettings


class EnoughError(Exception):
    """The test has seen enough."""


@dataclass
class CountedClock:
    """A clock whose sleeps take no time. The one after `most` ends the test."""

    most: int
    slept: list[float] = field(default_factory=list)
    manual: ManualClock = field(default_factory=ManualClock)

    def now(self) -> datetime:
        return self.manual.now()

    def monotonic(self) -> float:
        return self.manual.monotonic()

    async def sleep(self, seconds: float) -> None:
        self.slept.append(seconds)
        self.manual.advance(seconds)
        if len(self.slept) >= self.most:
            raise EnoughError


def account_of(vendor: SimulatedVendor) -> Account:
    return fake_account(SimulatedAdapter, vendor)


async def keep(database: Database, account: Account, most: int) -> list[float]:
    """Keeps the account in step for `most` pauses, and returns them."""
    clock = CountedClock(most)
    with suppress(EnoughError):
        await keep_in_step([account], Catalog.over(database, clock, CatalogSettings()))
    return clock.slept


@asynccontextmanager
async def unusable(tmp_path: Path) -> AsyncIterator[Database]:
    database = Database(SecretStr(f"sqlite:///{tmp_path}/missing/catalog.db"), ManualClock())
    yield database
    await database.close()


async def test_a_database_that_cannot_be_used_is_tried_again(tmp_path: Path) -> None:
    async with unusable(tmp_path) as database:
        vendor = SimulatedVendor()
        assert await keep(database, account_of(vendor), 3) == [OUTAGE_PAUSE_SECONDS] * 3
        assert vendor.questions == []


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
async def test_an_error_of_the_gateways_own_is_logged_and_the_next_step_comes_later(
    database: Database, caplog: pytest.LogCaptureFixture
) -> None:
    vendor = SimulatedVendor(fails=lambda _number, _words: ZeroDivisionError())
    with caplog.at_level(logging.ERROR):
        assert await keep(database, account_of(vendor), 2) == [ERROR_PAUSE_SECONDS] * 2
    assert "one: keeping the catalog in step failed; the next step is in 300 s" in caplog.messages


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
async def test_the_lease_is_given_back_at_the_end(database: Database) -> None:
    await keep(database, account_of(SimulatedVendor()), 3)
    async with database.read() as connection:
        assert (await read_sync_rows(connection, ["one"]))["one"].lease_owner is None


async def test_of_two_processes_that_take_a_lease_at_the_same_time_one_gets_it(database: Database) -> None:
    leases = [Lease(database, "one", owner) for owner in ("a", "b", "c")]
    held = await asyncio.gather(*(lease.hold(NOW) for lease in leases))
    assert len([row for row in held if row is not None]) == 1


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
async def test_a_process_that_ends_within_a_step_leaves_no_lock_behind(database: Database) -> None:
    catalog = Catalog.over(database, SystemClock(), CatalogSettings())
    for turns in range(15):
        vendor = SimulatedVendor()
        for number in range(50):
            vendor.create(f"l{turns}-{number}")
        keeping = asyncio.create_task(keep_in_step([account_of(vendor)], catalog))
        await asyncio.sleep(turns * 0.002)
        keeping.cancel()
        await asyncio.gather(keeping, return_exceptions=True)
        # A file that is locked would be waited for in vain.
        async with database.write() as connection:
            assert (await read_sync_rows(connection, ["one"])).get("one", SyncRow("one")).lease_owner is None

"""Small plans survive the syncer: most of their calls are left to callers, and the catalog is filled all the same."""

from datetime import UTC

import pytest
from sqlalchemy import func, select

from harness.emulators import Bench, bench
from linkweave.catalog.catalog import Catalog
from linkweave.catalog.database import Database
from linkweave.catalog.sync.account_sync import AccountSync
from linkweave.catalog.sync.read_progress import read_progress
from linkweave.catalog.sync.syncer import open_account_sync
from linkweave.catalog.tables import LINKS
from linkweave.settings import CatalogSettings

DAY = 86_400.0
HOUR = 3_600.0

pytestmark = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)


def sync_of(opened: Bench, database: Database, **settings: float) -> AccountSync:
    catalog = Catalog.over(database, opened.clock, CatalogSettings.model_validate(settings))
    sync = open_account_sync(opened.account, catalog, "me")
    sync.idle_seconds = DAY
    return sync


async def run(sync: AccountSync, opened: Bench, seconds: float) -> None:
    until = opened.clock.elapsed + seconds
    while opened.clock.elapsed < until:
        opened.clock.advance(max(0.01, min(await sync.step(), until - opened.clock.elapsed)))


async def links_in(database: Database) -> int:
    async with database.read() as connection:
        return int(await connection.scalar(select(func.count()).select_from(LINKS)) or 0)


async def test_the_free_plan_of_picsee_keeps_four_fifths_of_its_calls(database: Database) -> None:
    opened = bench("picsee", plan="free")
    sync = sync_of(opened, database)
    await run(sync, opened, 40 * DAY)
    # A fifth of 800 a year, and the calls of the steps that went beyond their day.
    assert 10 <= len(opened.calls) <= 40 * 160 / 365 + 5
    assert await links_in(database) > 0
    (progress,) = await read_progress(database, [opened.account], opened.clock.now())
    assert progress.calls_limit in {0, 1}
    assert progress.error is None


async def test_the_free_plan_of_bitly_keeps_four_fifths_of_its_calls(database: Database) -> None:
    opened = bench("bitly", plan="free")
    sync = sync_of(opened, database)
    await run(sync, opened, 30 * DAY)
    assert 100 <= len(opened.calls) <= 200 + 30
    assert await links_in(database) > 0


async def test_a_budget_that_is_used_up_ends_the_calls_of_the_day(database: Database) -> None:
    opened = bench("tinycc")
    sync = sync_of(opened, database, share_of_quota=0.001)
    await run(sync, opened, HOUR)
    limit = sync.syncing.budget.limit(opened.clock.now().astimezone(UTC).date())
    assert limit is not None
    made = len(opened.calls)
    assert limit <= made <= limit + 5
    await run(sync, opened, 10 * HOUR)
    assert len(opened.calls) == made
    await run(sync, opened, DAY)
    assert len(opened.calls) > made

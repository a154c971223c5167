"""Processes that are killed while they write leave whole transactions, and hold nobody up."""

import asyncio
import os
import sys
from asyncio.subprocess import PIPE, Process
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

from sqlalchemy import func, select, text

from linkweave.catalog.database import Database
from linkweave.catalog.tables import LINK_CHANGES, LINK_TAGS, LINKS

TESTS = Path(__file__).parents[2]
AT_ONCE = 40
BATCHES = 4


@asynccontextmanager
async def _writer(url: str, account: str) -> AsyncIterator[Process]:
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join([str(TESTS), *sys.path])}
    program = ("-m", "harness.catalog_writer", url, account, str(AT_ONCE))
    process = await asyncio.create_subprocess_exec(sys.executable, *program, stdout=PIPE, env=environment)
    try:
        yield process
    finally:
        if process.returncode is None:
            process.kill()
        await process.communicate()


async def _stored(process: Process) -> int:
    """Reads until some batches are stored, and kills the process. Returns the number of links that it has stored."""
    assert process.stdout is not None
    lines = [await process.stdout.readline() for _ in range(BATCHES)]
    process.kill()
    rest = await process.stdout.read()
    await process.wait()
    return int((b"".join(lines) + rest).split()[-1])


async def test_killed_writers_leave_whole_transactions(database: Database, database_url: str) -> None:
    async with _writer(database_url, "one") as one, _writer(database_url, "two") as two:
        told = await asyncio.gather(_stored(one), _stored(two))
    async with database.read() as connection:
        query = select(LINKS.c.account, func.count()).group_by(LINKS.c.account).order_by(LINKS.c.account)
        counts = [number for _, number in await connection.execute(query)]
        tags, changes = [
            await connection.scalar(select(func.count()).select_from(table)) for table in (LINK_TAGS, LINK_CHANGES)
        ]
        if not database.is_postgresql:
            assert await connection.scalar(text("PRAGMA integrity_check")) == "ok"
    # The last transaction of each may have ended just before it could say so.
    assert [count - stored in {0, AT_ONCE} for count, stored in zip(counts, told, strict=True)] == [True, True]
    assert (tags, changes) == (2 * sum(counts), sum(counts))
    async with database.write() as connection:
        await connection.execute(LINKS.delete())

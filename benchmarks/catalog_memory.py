"""The memory of a long walk, and of an export of all its links: `python -m benchmarks.catalog_memory KIND LINKS`."""

import asyncio
import json
import os
import subprocess
import sys
from collections.abc import AsyncIterator
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Final

import uvloop

from benchmarks.catalog_databases import open_database
from benchmarks.catalog_walks import PAGE, make_page, record
from benchmarks.processor import Processor
from linkweave.catalog.database import Database
from linkweave.cli.export.lines import Export, records
from linkweave.cli.export.records import as_csv
from linkweave.models import LinkFilter

# Memory is compared from here on: by then, all modules are loaded and all pools are full.
_SETTLED: Final = 0.1
_EXPORT: Final = Export({"walked": "bitly"}, LinkFilter())


@dataclass(frozen=True, slots=True)
class Memory:
    """Resident megabytes after a tenth of the links and at the end, and links a second of the processor."""

    tenth: float
    end: float
    rate: float


def measure(kind: str, links: int) -> dict[str, Memory]:
    """Walks over `links` and exports them in a process of its own. Empty where there is no such database."""
    command = (sys.executable, "-m", "benchmarks.catalog_memory", kind, str(links))
    told = subprocess.run(command, check=True, stdout=subprocess.PIPE, text=True).stdout  # noqa: S603 - this module
    return {name: Memory(**each) for name, each in json.loads(told).items()}


async def _measure(kind: str, links: int) -> dict[str, Memory]:
    async with open_database(kind) as database:
        if database is None:
            return {}
        processor = await Processor.of(database)
        return {
            "walk": await _watch(_walk(database, links), processor, links),
            "export": await _watch(_export(database), processor, links),
        }


async def _watch(work: AsyncIterator[int], processor: Processor, links: int) -> Memory:
    used, done, tenth = processor.seconds(), 0, 0.0
    async for more in work:
        done += more
        tenth = tenth or (_resident() if done >= links * _SETTLED else 0.0)
    return Memory(tenth, _resident(), links / (processor.seconds() - used))


async def _walk(database: Database, links: int) -> AsyncIterator[int]:
    for page in range(links // PAGE):
        async with database.write() as connection:
            await record(connection, make_page(page))
        yield PAGE


async def _export(database: Database) -> AsyncIterator[int]:
    async for each in records(_EXPORT, database):
        # What is not written is made nevertheless.
        yield len([as_csv(record) for record in each])


def _resident() -> float:
    return int(Path("/proc/self/statm").read_text().split()[1]) * os.sysconf("SC_PAGE_SIZE") / 1e6


if __name__ == "__main__":
    with asyncio.Runner(loop_factory=uvloop.new_event_loop) as runner:
        told = runner.run(_measure(sys.argv[1], int(sys.argv[2])))
    print(json.dumps({name: asdict(each) for name, each in told.items()}))

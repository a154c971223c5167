"""A program that fills a catalog until it is killed: python -m harness.catalog_writer URL ACCOUNT LINKS_AT_ONCE."""

import asyncio
import sys
from itertools import count

from pydantic import SecretStr

from harness.virtual_time import NOW
from linkweave.catalog.database import Database
from linkweave.catalog.writes.record_links import Sighting, record_links
from linkweave.clock import SystemClock
from linkweave.models import Link
from linkweave.models.link_changes import SeenBy


async def _fill(url: str, account: str, links_at_once: int) -> None:
    database = Database(SecretStr(url), SystemClock())
    for batch in count():
        links = [_link(batch * links_at_once + number) for number in range(links_at_once)]
        async with database.write() as connection:
            await record_links(connection, Sighting(account, SeenBy.SYNC, NOW), links)
        # Whoever reads this knows what must be there.
        print((batch + 1) * links_at_once, flush=True)  # noqa: T201 - it is a program


def _link(number: int) -> Link:
    return Link(f"{number}", f"https://s.example/{number}", f"{number}", "https://example.com/", NOW, tags=("a", "b"))


if __name__ == "__main__":
    asyncio.run(_fill(sys.argv[1], sys.argv[2], int(sys.argv[3])))

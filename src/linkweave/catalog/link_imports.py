"""Links that are imported by their short URLs."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from sqlalchemy import select

from linkweave.catalog.addresses import short_url_key
from linkweave.catalog.database import Database
from linkweave.catalog.link_rows import COLUMNS_OF_LINK, link_of
from linkweave.catalog.tables import LINKS
from linkweave.catalog.writes.record_links import Sighting, record_links
from linkweave.clock import Clock
from linkweave.models import Link
from linkweave.models.link_changes import SeenBy


@dataclass(frozen=True, slots=True)
class LinkImports:
    """Reads and stores imported links. Both methods raise CatalogUnavailableError if the database cannot be used."""

    database: Database
    clock: Clock

    async def known(self, account: str, short_urls: Sequence[str]) -> Mapping[str, Link]:
        """Returns the links of an account that the catalog has already, by those of `short_urls` that lead to them."""
        keys = {short_url_key(url): url for url in short_urls}
        columns = [LINKS.c[name] for name in COLUMNS_OF_LINK]
        query = select(LINKS.c.short_url_key, *columns).where(
            LINKS.c.account == account, LINKS.c.short_url_key.in_(keys), LINKS.c.deleted_at.is_(None)
        )
        async with self.database.read() as connection:
            found = (await connection.execute(query)).mappings().all()
        links = {row["short_url_key"]: link_of(row) for row in found}
        return {url: links[key] for url in short_urls if (key := short_url_key(url)) in links}

    async def store(self, account: str, links: Sequence[Link]) -> None:
        """Stores links that were looked up."""
        sighting = Sighting(account, SeenBy.IMPORT, self.clock.now())
        async with self.database.write() as connection:
            await record_links(connection, sighting, links)

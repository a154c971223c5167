"""What a gateway with a catalog has of it."""

from collections.abc import Callable
from dataclasses import dataclass

from pydantic import SecretStr

from linkweave.catalog.database import Database
from linkweave.catalog.reads.reads import CatalogReads
from linkweave.clock import Clock
from linkweave.settings import CatalogSettings


@dataclass(frozen=True, slots=True)
class Catalog:
    """The catalog of one process."""

    database: Database
    clock: Clock
    settings: CatalogSettings

    @property
    def reads(self) -> CatalogReads:
        """The questions that the catalog answers."""
        return CatalogReads(self.database)

    async def close(self) -> None:
        """Closes the database."""
        await self.database.close()


def open_catalog(
    settings: CatalogSettings, url: SecretStr, clock: Clock, report: Callable[[str | None], None] = lambda _: None
) -> Catalog:
    """Opens the catalog at `url`. Sends nothing to its database yet.

    `report` gets each change of the database's state: why it cannot be used, or None.
    """
    return Catalog(Database(url, clock, report), clock, settings)

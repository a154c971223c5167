"""Reads the catalog page by page, so that the memory does not grow with the number of links."""

from collections.abc import AsyncIterator, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any, Final

from linkweave.catalog.database import Database
from linkweave.catalog.reads.link_days import read_link_days
from linkweave.catalog.reads.questions.links import NEWEST_FIRST, AccountScope, LinkQuestion, Position
from linkweave.catalog.reads.reads import CatalogReads
from linkweave.cli.export.records import record_of, record_of_day
from linkweave.models import LinkFilter

_PAGE: Final = 1_000
# A link may have thousands of days.
_PAGE_BY_DAY: Final = 100


@dataclass(frozen=True, slots=True)
class Export:
    """The links to write: those of accounts, by their keys with the ids of their providers, that match a filter.

    The provider is None where the configuration does not have the account.
    With `by_day`, there is a record for each day with known clicks, from `since` to `until`.
    """

    providers: Mapping[str, str | None]
    wanted: LinkFilter
    by_day: bool = False
    since: date | None = None
    until: date | None = None

    @property
    def question(self) -> LinkQuestion:
        """The question to the catalog."""
        return LinkQuestion(tuple(AccountScope(account, self.wanted) for account in self.providers))


async def records(export: Export, database: Database) -> AsyncIterator[list[dict[str, Any]]]:
    """Yields the records of each link, newest link first. A link without known days has none by day.

    Raises:
        CatalogUnavailableError: the database cannot be used.
    """
    reads, after, more = CatalogReads(database), None, True
    size = _PAGE_BY_DAY if export.by_day else _PAGE
    while more:
        page = await reads.links(export.question, NEWEST_FIRST, size, after)
        days = await _days(export, database, [known.position for known in page.links])
        for known in page.links:
            record = record_of(known, export.providers.get(known.account))
            if export.by_day:
                yield [record_of_day(record, day) for day in days.get(known.position.row, ())]
            else:
                yield [record]
        after = page.links[-1].position if page.links else None
        more = page.has_next


async def _days(export: Export, database: Database, positions: list[Position]) -> Mapping[int, Any]:
    if not export.by_day or not positions:
        return {}
    async with database.read() as connection:
        return await read_link_days(connection, [each.row for each in positions], export.since, export.until)

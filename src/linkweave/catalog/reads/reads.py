"""The questions that the gateway asks the catalog.

Each is one transaction, which sees one moment. A page of links needs none: most take one statement.
"""

from collections.abc import Mapping, Sequence
from typing import Any

from linkweave.catalog.column_types import moment_of
from linkweave.catalog.database import Database
from linkweave.catalog.link_rows import link_of_stored
from linkweave.catalog.reads import destinations, groups, link_facts, series, uploads
from linkweave.catalog.reads.link_counts import count_links
from linkweave.catalog.reads.link_pages import LinkPages
from linkweave.catalog.reads.questions.changes import LinkChange
from linkweave.catalog.reads.questions.clicks import LinkReadings
from linkweave.catalog.reads.questions.destinations import DestinationOrder, DestinationPage, DestinationQuestion
from linkweave.catalog.reads.questions.groups import GroupOrder, GroupPage, GroupQuestion
from linkweave.catalog.reads.questions.links import (
    AccountState,
    KnownLink,
    KnownPage,
    LinkOrder,
    LinkQuestion,
    Position,
)
from linkweave.catalog.reads.questions.orders import OrderValue
from linkweave.catalog.reads.questions.uploads import UploadPage, UploadQuestion
from linkweave.catalog.reads.series import CountedSpan
from linkweave.models import Period


class CatalogReads:
    """Answers questions from `database`.

    Every method raises CatalogUnavailableError where the database cannot be used.
    """

    def __init__(self, database: Database) -> None:
        self._database = database
        self._pages = LinkPages()

    async def links(self, question: LinkQuestion, order: LinkOrder, first: int, after: Position | None) -> KnownPage:
        """Returns the next `first` links after `after`."""
        async with self._database.read_singly() as connection:
            rows = await self._pages.read(connection, question, order, first + 1, after)
        return KnownPage(tuple(map(_known_link, rows[:first])), len(rows) > first)

    async def count(self, question: LinkQuestion) -> int:
        """Returns the number of links."""
        async with self._database.read() as connection:
            return await count_links(connection, question)

    async def destinations(
        self,
        question: DestinationQuestion,
        order: DestinationOrder,
        first: int,
        after: tuple[OrderValue, str] | None,
    ) -> DestinationPage:
        """Returns the next `first` destinations after `after`."""
        async with self._database.read() as connection:
            return await destinations.read_destinations(connection, question, order, first, after)

    async def count_destinations(self, question: DestinationQuestion) -> int:
        """Returns the number of destinations."""
        async with self._database.read() as connection:
            return await destinations.count_destinations(connection, question)

    async def groups(
        self, question: GroupQuestion, order: GroupOrder, first: int, after: tuple[OrderValue, str] | None
    ) -> GroupPage:
        """Returns the next `first` groups after `after`."""
        async with self._database.read() as connection:
            return await groups.read_groups(connection, question, order, first, after)

    async def spans(self, question: GroupQuestion, keys: Sequence[str]) -> tuple[CountedSpan, ...]:
        """Returns the clicks per day of the groups with these keys."""
        async with self._database.read() as connection:
            return await series.read_spans(connection, question, keys)

    async def uploads(self, question: UploadQuestion, first: int, after: tuple[int, int] | None) -> UploadPage:
        """Returns the next `first` uploads after `after`, newest first."""
        async with self._database.read() as connection:
            return await uploads.read_uploads(connection, question, first, after)

    async def states(self, accounts: Sequence[str]) -> Mapping[str, AccountState]:
        """Returns how far the catalog is in step with each of `accounts`; one that was never synced is left out."""
        async with self._database.read() as connection:
            return await link_facts.read_states(connection, accounts)

    async def changes(self, account: str, handles: Sequence[str]) -> Mapping[str, tuple[LinkChange, ...]]:
        """Returns the changes of each of these links that is known, newest first."""
        async with self._database.read() as connection:
            return await link_facts.read_changes(connection, account, handles)

    async def clicks(self, account: str, handles: Sequence[str], period: Period | None) -> Mapping[str, LinkReadings]:
        """Returns the clicks of each of these links that is known."""
        async with self._database.read() as connection:
            return await link_facts.read_clicks(connection, account, handles, period)

    async def tags(self, account: str) -> tuple[str, ...]:
        """Returns the tags of an account's known links."""
        async with self._database.read() as connection:
            return await link_facts.read_tags(connection, account)

    async def domains(self, account: str) -> tuple[str, ...]:
        """Returns the domains of an account's known links."""
        async with self._database.read() as connection:
            return await link_facts.read_domains(connection, account)


def _known_link(row: Sequence[Any]) -> KnownLink:
    value, number, account, seen, *stored = row
    seen_at = moment_of(seen)
    return KnownLink(account, link_of_stored(stored, seen_at), Position(value, account, number), seen_at)

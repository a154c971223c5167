"""Finds the links whose statistics are due, and the links that a full walk did not show."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final

from sqlalchemy import ColumnElement, RowMapping, func, select
from sqlalchemy.ext.asyncio import AsyncConnection

from linkweave.catalog.history.due_times import Bounds
from linkweave.catalog.history.totals import KnownClicks
from linkweave.catalog.link_rows import COLUMNS_OF_LINK, link_of
from linkweave.catalog.tables import LINKS
from linkweave.models import Link

_CLICKS: Final = tuple(KnownClicks.__dataclass_fields__)
_COLUMNS: Final = tuple(LINKS.c[name] for name in dict.fromkeys((*COLUMNS_OF_LINK, *_CLICKS)))


@dataclass(frozen=True, slots=True)
class DueLink:
    """A link whose statistics are due, and what is known of its clicks."""

    link: Link
    known: KnownClicks

    @property
    def handle(self) -> str:
        """The vendor's identifier."""
        return self.link.handle


@dataclass(frozen=True, slots=True)
class UnseenLink:
    """A link that the latest walk did not show, and the number of the walk that did."""

    id: int
    handle: str
    seen_in_walk: int


async def read_due_links(
    connection: AsyncConnection, account: str, now: datetime, bounds: Bounds, limit: int
) -> list[DueLink]:
    """Returns at most `limit` links that are due: first those that were never read, then the longest overdue."""
    found: list[DueLink] = []
    for condition in _due(now, bounds):
        query = select(*_COLUMNS).where(*_current(account), condition)
        rows = await connection.execute(query.order_by(LINKS.c.statistics_due_at).limit(limit - len(found)))
        found += [_due_link(row) for row in rows.mappings()]
        if len(found) >= limit:
            break
    return found


async def read_due_at(connection: AsyncConnection, account: str, now: datetime, bounds: Bounds) -> datetime | None:
    """Returns when the statistics of a link are due next: `now` where some are due; None where there are no links."""
    for condition in _due(now, bounds):
        if await connection.scalar(select(LINKS.c.id).where(*_current(account), condition).limit(1)) is not None:
            return now
    due: datetime | None = await connection.scalar(
        select(func.min(LINKS.c.statistics_due_at)).where(*_current(account), LINKS.c.statistics_due_at > now)
    )
    return due


async def read_unseen(
    connection: AsyncConnection, account: str, walk: int, before: datetime, after: int, limit: int
) -> list[UnseenLink]:
    """Returns links that were known `before` and that the walk did not show, by id, beginning behind `after`."""
    columns = LINKS.c
    query = select(columns.id, columns.handle, columns.seen_in_walk).where(
        *_current(account), columns.seen_in_walk < walk, columns.first_seen_at < before, columns.id > after
    )
    return [UnseenLink(*row) for row in await connection.execute(query.order_by(columns.id).limit(limit))]


async def count_seen(connection: AsyncConnection, account: str, walk: int, handles: Sequence[str]) -> int:
    """Returns how many of `handles` the walk has seen already."""
    columns = LINKS.c
    query = select(func.count()).where(
        columns.account == account, columns.handle.in_(handles), columns.seen_in_walk == walk
    )
    return int(await connection.scalar(query) or 0)


async def set_due(connection: AsyncConnection, due_at: dict[int, datetime]) -> None:
    """Stores when the statistics of each link, by its id, are due next."""
    for link, at in due_at.items():
        await connection.execute(LINKS.update().where(LINKS.c.id == link).values(statistics_due_at=at))


def _due_link(row: RowMapping) -> DueLink:
    return DueLink(link_of(row), KnownClicks(**{name: row[name] for name in _CLICKS}))


def _current(account: str) -> tuple[ColumnElement[bool], ...]:
    return LINKS.c.account == account, LINKS.c.deleted_at.is_(None)


def _due(now: datetime, bounds: Bounds) -> tuple[ColumnElement[bool], ...]:
    due: Any = LINKS.c.statistics_due_at
    # A time that is later than any interval was stored before the clock went back.
    latest = now + timedelta(seconds=bounds.max_seconds)
    return due.is_(None), due <= now, due > latest

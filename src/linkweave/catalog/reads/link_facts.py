"""What the catalog knows of single links: their changes and their clicks; and of accounts that cannot list."""

from collections.abc import Mapping, Sequence
from typing import Any, Final

from sqlalchemy import func, select
from sqlalchemy.ext.asyncio import AsyncConnection

from linkweave.catalog.reads.questions.changes import ChangedField, LinkChange
from linkweave.catalog.reads.questions.clicks import DaySpan, LinkReadings
from linkweave.catalog.reads.questions.links import AccountState
from linkweave.catalog.tables import ACCOUNT_SYNCS, CLICKS_DAILY, LINK_CHANGES, LINK_TAGS, LINKS
from linkweave.models import Period
from linkweave.models.link_changes import ChangeKind, SeenBy

MAX_CHANGES: Final = 100
"""Maximum number of changes of a link that are read, the newest first."""

# Maximum number of tags or domains of an account.
_MAX_NAMES: Final = 10_000
OBSERVED: Final = "OBSERVED"
"""The source of days that the gateway itself measured."""


async def read_changes(
    connection: AsyncConnection, account: str, handles: Sequence[str]
) -> Mapping[str, tuple[LinkChange, ...]]:
    """Returns the newest changes of each of these links that is known, also of deleted ones."""
    number = func.row_number().over(partition_by=LINK_CHANGES.c.link_id, order_by=LINK_CHANGES.c.id.desc())
    numbered = (
        select(LINKS.c.handle, LINK_CHANGES, number.label("number"))
        .join_from(LINKS, LINK_CHANGES, LINK_CHANGES.c.link_id == LINKS.c.id)
        .where(LINKS.c.account == account, LINKS.c.handle.in_(handles))
        .subquery("numbered")
    )
    query = select(numbered).where(numbered.c.number <= MAX_CHANGES).order_by(numbered.c.id.desc())
    found: dict[str, list[LinkChange]] = {}
    for row in await connection.execute(query):
        found.setdefault(row.handle, []).append(_change(row))
    return {handle: tuple(changes) for handle, changes in found.items()}


async def read_clicks(
    connection: AsyncConnection, account: str, handles: Sequence[str], period: Period | None
) -> Mapping[str, LinkReadings]:
    """Returns the clicks of each of these links that is known, with the days that `period` touches."""
    row = LINKS.c
    columns = (row.id, row.handle, row.clicks, row.unique_clicks, row.clicks_at)
    days = (row.days_from, row.days_at, row.days_source, row.created_at, row.deleted_at)
    links = (
        await connection.execute(select(*columns, *days).where(row.account == account, row.handle.in_(handles)))
    ).all()
    spans = {} if period is None else await _read_spans(connection, [each.id for each in links], period)
    return {each.handle: _readings(each, spans.get(each.id, ())) for each in links}


async def read_destinations(connection: AsyncConnection, account: str, handles: Sequence[str]) -> Mapping[str, str]:
    """Returns the destinations of those of these links that are known and not deleted."""
    row = LINKS.c
    query = select(row.handle, row.destination).where(
        row.account == account, row.handle.in_(handles), row.deleted_at.is_(None)
    )
    return {each.handle: each.destination for each in await connection.execute(query)}


async def read_states(connection: AsyncConnection, accounts: Sequence[str]) -> Mapping[str, AccountState]:
    """Returns how far the catalog is in step with these accounts. One that was never synced is left out."""
    row = ACCOUNT_SYNCS.c
    columns = (row.account, row.last_full_walk_at, row.newest_at, row.statistics_at, row.error)
    rows = await connection.execute(select(*columns).where(row.account.in_(accounts)))
    return {
        each.account: AccountState(each.last_full_walk_at, each.newest_at, each.statistics_at, each.error)
        for each in rows
    }


async def read_tags(connection: AsyncConnection, account: str) -> tuple[str, ...]:
    """Returns the tags of the known links of an account, each in one spelling."""
    query = (
        select(func.min(LINK_TAGS.c.tag))
        .join_from(LINKS, LINK_TAGS, LINK_TAGS.c.link_id == LINKS.c.id)
        .where(LINKS.c.account == account, LINKS.c.deleted_at.is_(None))
        .group_by(LINK_TAGS.c.tag_key)
        .order_by(LINK_TAGS.c.tag_key)
        .limit(_MAX_NAMES)
    )
    return tuple((await connection.execute(query)).scalars())


async def read_domains(connection: AsyncConnection, account: str) -> tuple[str, ...]:
    """Returns the domains of the known links of an account."""
    query = (
        select(LINKS.c.domain_key)
        .where(LINKS.c.account == account, LINKS.c.deleted_at.is_(None), LINKS.c.domain_key.is_not(None))
        .distinct()
        .limit(_MAX_NAMES)
    )
    return tuple(sorted((await connection.execute(query)).scalars()))


async def _read_spans(connection: AsyncConnection, links: Sequence[int], period: Period) -> dict[int, list[DaySpan]]:
    day = CLICKS_DAILY.c
    query = (
        select(day.link_id, day.first_day, day.last_day, day.clicks, day.unique_clicks)
        .where(day.link_id.in_(links), day.last_day >= period.start, day.first_day <= period.end)
        .order_by(day.last_day)
    )
    spans: dict[int, list[DaySpan]] = {}
    for row in await connection.execute(query):
        spans.setdefault(row.link_id, []).append(DaySpan(row.first_day, row.last_day, row.clicks, row.unique_clicks))
    return spans


def _readings(row: Any, spans: Sequence[DaySpan]) -> LinkReadings:
    return LinkReadings(
        row.clicks,
        row.unique_clicks,
        row.clicks_at,
        tuple(spans),
        row.days_from,
        row.days_at,
        row.created_at,
        row.days_source == OBSERVED,
        row.deleted_at is not None,
    )


def _change(row: Any) -> LinkChange:
    fields = tuple(ChangedField(name, before, after) for name, (before, after) in row.fields.items())
    return LinkChange(ChangeKind(row.kind), row.at, SeenBy(row.seen_by), fields)

"""The clicks of single links per day, as they are stored."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncConnection

from linkweave.catalog.tables import CLICKS_DAILY


@dataclass(frozen=True, slots=True)
class LinkDay:
    """The clicks of a link on one day, or over a span of several if both days differ."""

    first_day: date
    last_day: date
    clicks: int | None
    unique_clicks: int | None


async def read_link_days(
    connection: AsyncConnection, rows: Sequence[int], since: date | None, until: date | None
) -> Mapping[int, tuple[LinkDay, ...]]:
    """Returns the days of the links with these numbers, oldest first. A span that lies partly outside is left out."""
    day = CLICKS_DAILY.c
    query = (
        select(day.link_id, day.first_day, day.last_day, day.clicks, day.unique_clicks)
        .where(day.link_id.in_(rows))
        .order_by(day.link_id, day.last_day, day.first_day)
    )
    if since is not None:
        query = query.where(day.first_day >= since)
    if until is not None:
        query = query.where(day.last_day <= until)
    found: dict[int, list[LinkDay]] = {}
    for link_id, *values in await connection.execute(query):
        found.setdefault(link_id, []).append(LinkDay(*values))
    return {link_id: tuple(days) for link_id, days in found.items()}

"""Stores readings of totals, and the days that follow from them."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime, tzinfo
from typing import Any, Final

from sqlalchemy import bindparam, delete, select, tuple_
from sqlalchemy.ext.asyncio import AsyncConnection

from linkweave.catalog.history.due_times import Bounds
from linkweave.catalog.history.observed_days import DayRow, Reading
from linkweave.catalog.history.totals import OBSERVED, KnownClicks, NewTotal, merge, take_reading, whole_life
from linkweave.catalog.tables import CLICKS_DAILY, LINKS
from linkweave.models import Link

# Maximum number of links of one statement. SQLite takes 32,766 parameters at most.
_CHUNK: Final = 500

_KNOWN: Final = tuple(LINKS.c[name] for name in KnownClicks.__dataclass_fields__)
_CHANGED: Final = (
    "clicks",
    "unique_clicks",
    "clicks_at",
    "days_at",
    "days_from",
    "days_source",
    "statistics_due_at",
)
_UPDATE: Final = (
    LINKS.update().where(LINKS.c.id == bindparam("link")).values({name: bindparam(f"new_{name}") for name in _CHANGED})
)
_DELETE_FROM: Final = delete(CLICKS_DAILY).where(
    CLICKS_DAILY.c.link_id == bindparam("link"), CLICKS_DAILY.c.last_day >= bindparam("day")
)


async def record_totals(
    connection: AsyncConnection,
    *,
    account: str,
    links: Iterable[Link],
    zone: tzinfo,
    now: datetime,
    bounds: Bounds,
) -> Mapping[str, NewTotal]:
    """Stores the totals that came with `links`, which are in the catalog already, and returns them by handle.

    Days are those of `zone`. A total that is older than the stored one is ignored. A link that was clicked is due for
    its statistics the sooner the busier it is, within `bounds`.
    """
    readings = {link.handle: reading for link in links if (reading := whole_life(link)) is not None}
    return await record_readings(connection, account=account, readings=readings, zone=zone, now=now, bounds=bounds)


async def record_readings(
    connection: AsyncConnection,
    *,
    account: str,
    readings: Mapping[str, Reading],
    zone: tzinfo,
    now: datetime,
    bounds: Bounds,
) -> Mapping[str, NewTotal]:
    """As `record_totals`, for totals by the handles of their links. Links that are not known are left out."""
    handles, recorded = list(readings), dict[str, NewTotal]()
    for start in range(0, len(handles), _CHUNK):
        chunk = handles[start : start + _CHUNK]
        known = await _read_known(connection, account, chunk)
        taken = {handle: take_reading(each, readings[handle], zone, now, bounds) for handle, each in known.items()}
        new = {handle: total for handle, total in taken.items() if total is not None}
        await _store(connection, list(new.values()))
        recorded |= new
    return recorded


async def _read_known(connection: AsyncConnection, account: str, handles: Sequence[str]) -> dict[str, KnownClicks]:
    query = select(LINKS.c.handle, *_KNOWN).where(LINKS.c.account == account, LINKS.c.handle.in_(handles))
    # Two processes that store a total of the same link at the same time would count its clicks twice.
    rows = await connection.execute(query.with_for_update())
    return {handle: KnownClicks(*known) for handle, *known in rows}


async def _store(connection: AsyncConnection, totals: Sequence[NewTotal]) -> None:
    if not totals:
        return
    await connection.execute(_UPDATE, [_values(total) for total in totals])
    rows = {
        each.known.id: each.observation.row
        for each in totals
        if each.observation is not None and each.observation.row is not None
    }
    if rows:
        await _add_rows(connection, rows)


async def _add_rows(connection: AsyncConnection, rows: Mapping[int, DayRow]) -> None:
    """Adds each row to that of the same last day. Later days are those of a clock that has gone back since."""
    days = CLICKS_DAILY.c
    wanted = tuple_(days.link_id, days.last_day).in_([(link, row.last_day) for link, row in rows.items()])
    query = select(days.link_id, days.first_day, days.last_day, days.clicks, days.unique_clicks).where(wanted)
    stored = {link: DayRow(*values) for link, *values in await connection.execute(query)}
    await connection.execute(_DELETE_FROM, [{"link": link, "day": row.last_day} for link, row in rows.items()])
    merged = {link: merge(stored.get(link), row) for link, row in rows.items()}
    await connection.execute(CLICKS_DAILY.insert(), [day_values(link, row, OBSERVED) for link, row in merged.items()])


def day_values(link: int, row: DayRow, source: str) -> dict[str, Any]:
    """Returns the values of a row of CLICKS_DAILY."""
    return {
        "link_id": link,
        "first_day": row.first_day,
        "last_day": row.last_day,
        "clicks": row.clicks,
        "unique_clicks": row.unique_clicks,
        "source": source,
    }


def _values(total: NewTotal) -> dict[str, Any]:
    known, observation, at = total.known, total.observation, total.reading.at
    return {
        "link": known.id,
        "new_clicks": total.reading.clicks,
        "new_unique_clicks": total.reading.unique_clicks,
        "new_clicks_at": at,
        "new_days_at": total.days_at,
        "new_days_from": known.days_from if observation is None else observation.days_from,
        "new_days_source": known.days_source if observation is None else OBSERVED,
        "new_statistics_due_at": total.statistics_due_at,
    }

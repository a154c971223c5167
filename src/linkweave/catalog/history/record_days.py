"""Stores the days that a vendor tells, in place of what was known of them."""

from datetime import date, datetime, timedelta, tzinfo
from typing import Final

from sqlalchemy import delete, func, select
from sqlalchemy.ext.asyncio import AsyncConnection

from linkweave.catalog.history.observed_days import DayRow
from linkweave.catalog.history.record_totals import day_values
from linkweave.catalog.history.totals import OBSERVED, VENDOR, KnownClicks
from linkweave.catalog.tables import CLICKS_DAILY, LINKS
from linkweave.models import Period, StatsReport

_ONE_DAY: Final = timedelta(days=1)
HISTORY_DAYS: Final = 365
"""Number of days before today that are asked for at most."""
DAYS_ASKED_AGAIN: Final = 2
"""Number of latest days that are always asked for again: they may not have ended, or the vendor counts late."""


def days_to_ask(known: KnownClicks, today: date, zone: tzinfo, now: datetime) -> Period:
    """Returns the days to ask a vendor for: those since the last answer, or all since the link was made.

    A last answer of the future was given before the clock went back.
    """
    if known.days_source == VENDOR and known.days_at is not None and known.days_at <= now:
        start = known.days_at.astimezone(zone).date() - (DAYS_ASKED_AGAIN - 1) * _ONE_DAY
    elif known.created_at is not None:
        start = known.created_at.astimezone(zone).date()
    else:
        start = date.min
    return Period(min(today, max(start, today - HISTORY_DAYS * _ONE_DAY)), today)


async def record_days(
    connection: AsyncConnection, known: KnownClicks, asked: Period, report: StatsReport, zone: tzinfo
) -> int:
    """Stores the days of `report`, which has a series over `asked` or a part of it.

    Returns by how much the clicks of these days have grown since they were stored last.
    """
    told = report.covered or asked
    start, end = max(told.start, asked.start), min(told.end, asked.end)
    days = CLICKS_DAILY.c
    overlapping = (days.link_id == known.id, days.last_day >= start, days.first_day <= end)
    before = await connection.scalar(select(func.coalesce(func.sum(days.clicks), 0)).where(*overlapping))
    await connection.execute(delete(CLICKS_DAILY).where(*overlapping))
    rows = [
        DayRow(each.day, each.day, each.clicks, each.unique_clicks)
        for each in report.series or ()
        if start <= each.day <= end and (each.clicks is None or each.clicks or each.unique_clicks)
    ]
    if rows:
        await connection.execute(CLICKS_DAILY.insert(), [day_values(known.id, row, VENDOR) for row in rows])
    values = {
        "days_at": report.fetched_at,
        "days_from": _known_from(known, start, zone),
        "days_source": VENDOR,
    }
    await connection.execute(LINKS.update().where(LINKS.c.id == known.id).values(values))
    return sum(row.clicks or 0 for row in rows) - int(before or 0)


def _known_from(known: KnownClicks, start: date, zone: tzinfo) -> date:
    """The first day that is known without a gap up to those that begin on `start`."""
    if known.days_from is None or known.days_at is None or known.days_source != VENDOR:
        return start
    return min(known.days_from, start) if known.days_at.astimezone(zone).date() + _ONE_DAY >= start else start


async def stop_vendor_days(connection: AsyncConnection, known: KnownClicks, zone: tzinfo) -> None:
    """Observes the days of a link from now on, because its vendor told them once and does not any more."""
    if known.clicks_at is None:
        values: dict[str, object] = {"days_at": None, "days_from": None, "days_source": None}
    else:
        # The clicks between the vendor's last answer and the latest total are of unknown days.
        day = known.clicks_at.astimezone(zone).date() + _ONE_DAY
        values = {"days_at": known.clicks_at, "days_from": day, "days_source": OBSERVED}
    await connection.execute(LINKS.update().where(LINKS.c.id == known.id).values(values))

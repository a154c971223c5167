"""The clicks of one link: its days where the vendor tells them, else its total."""

from dataclasses import dataclass, replace
from datetime import timedelta
from typing import Final

from sqlalchemy.ext.asyncio import AsyncConnection

from linkweave.catalog.history.due_times import statistics_interval
from linkweave.catalog.history.record_days import days_to_ask, record_days, stop_vendor_days
from linkweave.catalog.history.told_clicks import Moved, take_told_clicks
from linkweave.catalog.history.totals import VENDOR
from linkweave.catalog.sync.day_support import DaySupport
from linkweave.catalog.sync.due_links import DueLink
from linkweave.catalog.sync.recording import record_life_totals
from linkweave.catalog.sync.syncing_account import SyncingAccount, concerns_account
from linkweave.errors import BadResponseError, LinkNotCountedError, NotFoundError, VendorError
from linkweave.models import SERIES, TOTALS, Period, StatsPart, StatsReport
from linkweave.providers.read_capabilities import CanReadStats

# Of the first answer, the clicks of the latest days tell how busy a link is: of yesterday, and of half of today.
_RECENT_DAYS: Final = timedelta(days=1)
_RECENT_SECONDS: Final = 1.5 * 86_400


@dataclass(frozen=True, slots=True)
class LinkClicks:
    """What a vendor told of one link: the days of `asked`, or a total of its life, or nothing.

    `refuses_days` says that it will not tell the days of this link.
    """

    asked: Period | None = None
    days: StatsReport | None = None
    total: StatsReport | None = None
    refuses_days: bool = False


async def read_clicks(syncing: SyncingAccount, due: DueLink, adapter: CanReadStats, support: DaySupport) -> LinkClicks:
    """Asks the vendor for the days of a link, and for its total where it does not tell days.

    Raises:
        VendorError: it concerns the whole account.
    """
    now, was_told = syncing.now(), due.known.days_source == VENDOR
    refuses_days = False
    if support.asks(now) and (was_told or due.known.statistics_due_at is None):
        asked = days_to_ask(due.known, syncing.account.adapter.today(), syncing.zone, now)
        days = await _read(adapter, due, asked, SERIES)
        if isinstance(days, StatsReport):
            support.told()
            return LinkClicks(asked, days)
        if isinstance(days, BadResponseError | NotFoundError | LinkNotCountedError):
            # Says nothing about other links. A link that is gone is found by the next walk.
            return LinkClicks()
        support.refused(now)
        refuses_days = was_told
    if due.known.statistics_due_at is None and due.known.clicks_at is not None:
        # Its total has just come with its list.
        return LinkClicks(refuses_days=refuses_days)
    total = await _read(adapter, due, None, TOTALS)
    return LinkClicks(total=total if isinstance(total, StatsReport) else None, refuses_days=refuses_days)


async def store_clicks(syncing: SyncingAccount, connection: AsyncConnection, due: DueLink, clicks: LinkClicks) -> float:
    """Stores what the vendor told. Returns the seconds until the link is due again."""
    if clicks.asked is not None and clicks.days is not None:
        grown = await record_days(connection, due.known, clicks.asked, clicks.days, syncing.zone)
        if due.known.days_source == VENDOR and due.known.clicks is None:
            # Where the vendor tells a total too, its readings say how many clicks are new.
            told = await take_told_clicks(connection, {due.known.id: Moved(grown, due.known.days_at)}, syncing.now())
            syncing.saw_clicks(due.link, grown - told.get(due.known.id, 0))
        if due.known.days_source != VENDOR or due.known.days_at is None:
            return statistics_interval(_recent(clicks.days, clicks.asked), _RECENT_SECONDS, syncing.bounds)
        seconds = (clicks.days.fetched_at - due.known.days_at).total_seconds()
        return statistics_interval(grown, seconds, syncing.bounds)
    if clicks.refuses_days:
        await stop_vendor_days(connection, due.known, syncing.zone)
    if clicks.total is None:
        return statistics_interval(0, None, syncing.bounds)
    recorded = await record_life_totals(syncing, connection, [replace(due.link, included=clicks.total)])
    total = recorded.get(due.handle)
    moved, elapsed = (0, None) if total is None else (total.moved or 0, total.seconds)
    return statistics_interval(moved, elapsed, syncing.bounds)


async def _read(
    adapter: CanReadStats, due: DueLink, period: Period | None, part: StatsPart
) -> StatsReport | VendorError | None:
    """Returns the report if it has `part`; else the error of this link; None where the vendor does not have it.

    Raises:
        VendorError: it concerns the whole account.
    """
    # The stored total is not that of now.
    link = replace(due.link, included=None)
    try:
        report = await adapter.read_stats(due.handle, link, period, frozenset({part}))
    except VendorError as error:
        if concerns_account(error):
            raise
        return error
    failure = report.failures.get(part)
    if isinstance(failure, VendorError):
        if concerns_account(failure):
            raise failure
        return failure
    number = report.series if part == SERIES else report.clicks
    return None if number is None else report


def _recent(report: StatsReport, asked: Period) -> int:
    first = asked.end - _RECENT_DAYS
    return sum(each.clicks or 0 for each in report.series or () if each.day >= first)

"""The latest days of many links, where one call counts the clicks of many links on one day."""

from collections.abc import Mapping, Sequence
from datetime import date, timedelta
from typing import Final

from linkweave.catalog.history.record_days import DAYS_ASKED_AGAIN, days_to_ask
from linkweave.catalog.history.totals import VENDOR
from linkweave.catalog.sync.due_links import DueLink
from linkweave.catalog.sync.link_clicks import LinkClicks
from linkweave.catalog.sync.syncing_account import SyncingAccount, concerns_account
from linkweave.errors import VendorError
from linkweave.models import TOTALS, DayClicks, Period, StatsReport
from linkweave.providers.read_capabilities import CanReadManyStats

# Each day is a call. More days are read link by link.
_MAX_DAYS: Final = DAYS_ASKED_AGAIN + 1


def choose_together(
    syncing: SyncingAccount, due: Sequence[DueLink], adapter: CanReadManyStats
) -> tuple[Period, Sequence[DueLink]] | None:
    """Returns the links of `due` whose missing days are few, with these days; None where it saves no call."""
    now, today = syncing.now(), syncing.account.adapter.today()
    most = adapter.links_per_call(TOTALS)
    recent = [
        (days_to_ask(each.known, today, syncing.zone, now).start, each)
        for each in due
        if each.known.days_source == VENDOR
    ]
    first = today - timedelta(days=_MAX_DAYS - 1)
    chosen = [(start, each) for start, each in recent if start >= first][:most]
    if not chosen:
        return None
    period = Period(min(start for start, _ in chosen), today)
    return (period, [each for _, each in chosen]) if len(chosen) > len(_days(period)) else None


async def read_days_together(
    period: Period, due: Sequence[DueLink], adapter: CanReadManyStats
) -> Mapping[int, LinkClicks]:
    """Reads the days of `period`, and returns the clicks of each link by its id. Those of a link that failed are empty.

    Raises:
        VendorError: it concerns the whole account.
    """
    links = [each.link for each in due]
    told = [await adapter.read_totals(links, Period(day, day)) for day in _days(period)]
    found = {each.known.id: _joined(period, [reports.get(each.handle) for reports in told]) for each in due}
    return {link: LinkClicks() if days is None else LinkClicks(period, days) for link, days in found.items()}


def _joined(period: Period, told: Sequence[StatsReport | VendorError | None]) -> StatsReport | None:
    """The report of all days of `period`, where each was told.

    Raises:
        VendorError: a day was not told, for a reason that concerns the whole account.
    """
    failure = next((each for each in told if isinstance(each, VendorError) and concerns_account(each)), None)
    if failure is not None:
        raise failure
    reports = [each for each in told if isinstance(each, StatsReport) and each.clicks is not None]
    if len(reports) < len(told):
        return None
    days = zip(_days(period), reports, strict=True)
    series = tuple(DayClicks(day, each.clicks, each.unique_clicks) for day, each in days)
    return StatsReport(reports[0].measures, min(each.fetched_at for each in reports), period, series=series)


def _days(period: Period) -> list[date]:
    return [period.start + timedelta(days=number) for number in range((period.end - period.start).days + 1)]

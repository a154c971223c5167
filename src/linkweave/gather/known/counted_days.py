"""The days that the catalog counts for a caller's range, over accounts in several time zones."""

from collections.abc import Iterable, Sequence
from datetime import UTC, datetime, time, timedelta
from typing import Final
from zoneinfo import ZoneInfo

from linkweave.accounts import Account
from linkweave.catalog.reads.questions.clicks import CountedDays
from linkweave.gather.statistics.date_range import DateRange
from linkweave.models import Measure, Period
from linkweave.providers.read_capabilities import CanReadStats

_DAY: Final = timedelta(days=1)


def counted_days(accounts: Sequence[Account], date_range: DateRange, now: datetime) -> CountedDays:
    """Returns the days of `date_range`, and from when on they must have been read to be complete.

    Without an end, the range ends on the latest day that has begun in one of the accounts' time zones. A day of the
    past is complete once it was read after its end. A day that is not over in every time zone is complete once it
    was read on the day before it, or later.
    """
    todays = [account.adapter.today() for account in accounts] or [now.date()]
    period = date_range.resolve(max(todays))
    first_day_to_read = period.end + _DAY if period.end < min(todays) else min(todays) - _DAY
    return CountedDays(
        period,
        max((datetime.combine(first_day_to_read, time.min, zone) for zone in _zones(accounts)), key=_in_utc),
        counting(accounts, Measure.CLICKS),
        counting(accounts, Measure.UNIQUE_CLICKS),
        tuple((each.key, offset) for each in accounts if (offset := _offset(zone_of(each), now))),
    )


def counting(accounts: Iterable[Account], measure: Measure) -> tuple[str, ...]:
    """Returns the keys of the accounts that count `measure`."""
    return tuple(each.key for each in accounts if measure in measures_of(each))


def measures_of(account: Account) -> frozenset[Measure]:
    """Returns what an account counts."""
    adapter = account.adapter
    return adapter.measures if isinstance(adapter, CanReadStats) else frozenset()


def last_day_of(period: Period, accounts: Sequence[Account], now: datetime) -> Period:
    """Returns `period` without the days that have not begun in any account's time zone."""
    today = max((account.adapter.today() for account in accounts), default=now.date())
    return Period(period.start, max(period.start, min(period.end, today)))


def zone_of(account: Account) -> ZoneInfo:
    """Returns the zone in which the vendor counts days."""
    return ZoneInfo(account.adapter.time_zone or "UTC")


def _zones(accounts: Sequence[Account]) -> set[ZoneInfo]:
    return {zone_of(each) for each in accounts} or {ZoneInfo("UTC")}


def _offset(zone: ZoneInfo, now: datetime) -> int:
    """The seconds by which the days of `zone` begin before those of UTC. No vendor's zone has a summer time."""
    offset = now.astimezone(zone).utcoffset()
    return 0 if offset is None else int(offset.total_seconds())


def _in_utc(moment: datetime) -> datetime:
    return moment.astimezone(UTC)

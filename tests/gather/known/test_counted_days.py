"""From when on the days of a range must have been read, over accounts in several time zones."""

from datetime import UTC, date, datetime, timedelta

import pytest

from harness.emulators import NOW, ManualClock
from harness.fake_accounts import CountsClicksOnly, FakeVendor, Reads, fake_account
from linkweave.accounts import Account
from linkweave.gather.known.counted_days import counted_days
from linkweave.gather.statistics.date_range import DateRange

# In Taipei, the day after has begun already.
LATE = datetime.combine(NOW, datetime.min.time(), UTC) + timedelta(hours=20)
TODAY = LATE.date()


@pytest.fixture
def accounts() -> tuple[Account, ...]:
    found = fake_account(Reads, FakeVendor(), "taipei"), fake_account(CountsClicksOnly, FakeVendor(), "utc")
    for account in found:
        clock = account.adapter.clock
        assert isinstance(clock, ManualClock)
        clock.advance((LATE - clock.now()).total_seconds())
    return found


@pytest.mark.parametrize(
    ("end", "days_before_the_reading"),
    [(TODAY - timedelta(days=2), -1), (TODAY - timedelta(days=1), -1), (TODAY, 1), (TODAY + timedelta(days=1), 2)],
)
def test_a_day_that_is_over_in_one_zone_only_needs_no_reading_of_the_day_after(
    accounts: tuple[Account, ...], end: date, days_before_the_reading: int
) -> None:
    days = counted_days(accounts, DateRange(None, end), LATE)
    assert days.period.end == end
    assert days.read_since.date() == end - timedelta(days=days_before_the_reading)
    assert days.read_since <= LATE


def test_a_range_without_an_end_reaches_to_the_latest_day_that_has_begun(accounts: tuple[Account, ...]) -> None:
    assert counted_days(accounts, DateRange(), LATE).period.end == TODAY + timedelta(days=1)

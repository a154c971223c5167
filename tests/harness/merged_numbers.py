"""Accounts with reports, and their merged numbers."""

from datetime import date
from typing import Any

from harness.fake_accounts import (
    CountsClicksOnly,
    FakeVendor,
    ListsDated,
    Reads,
    down,
    fake_account,
    fresh,
    report,
)
from linkweave.errors import UnsupportedError
from linkweave.gather.account_loaders import AccountLoaders
from linkweave.gather.sources import SourceStatus
from linkweave.gather.statistics.counted_links import CountedLink
from linkweave.gather.statistics.date_range import DateRange
from linkweave.gather.statistics.statistics import Statistics
from linkweave.models import (
    SERIES,
    TOTALS,
    DayClicks,
    Measure,
    Period,
    StatsReport,
)

DAYS = DateRange(date(2026, 11, 1), date(2026, 11, 20))


PERIOD = Period(date(2026, 11, 1), date(2026, 11, 20))


def both(key: str = "both", **reports: StatsReport | Exception) -> AccountLoaders:
    """An account that counts clicks and unique clicks."""
    return fresh(fake_account(Reads, FakeVendor(reports=dict(reports)), key))


def clicks_only(**reports: StatsReport | Exception) -> AccountLoaders:
    return fresh(fake_account(CountsClicksOnly, FakeVendor(reports=dict(reports)), "clicks"))


def no_stats() -> AccountLoaders:
    return fresh(fake_account(ListsDated, FakeVendor(), "none"))


def questions(loaders: AccountLoaders) -> list[str]:
    adapter: Any = loaders.account.adapter
    return list(adapter.vendor.questions)


def targets_of(*accounts: AccountLoaders) -> list[CountedLink]:
    """Every link that the accounts have reports of."""
    targets = []
    for loaders in accounts:
        adapter: Any = loaders.account.adapter
        targets += [CountedLink(loaders, handle) for handle in adapter.vendor.reports or ("a",)]
    return targets


def statistics(*accounts: AccountLoaders, **more: Any) -> Statistics:
    return Statistics.of_links(targets_of(*accounts), DAYS, **more)


async def totals(numbers: Statistics) -> tuple[int | None, int | None, int | None]:
    """Clicks, unique clicks and clicks of bots; none of them may have an error."""
    told = [await numbers.total(measure) for measure in Measure]
    assert [each.errors for each in told] == [()] * 3
    clicks, unique, bots = (each.value for each in told)
    return clicks, unique, bots


WIDE = report(
    covered=Period(date(2026, 11, 5), date(2026, 11, 20)),
    truncated=True,
    series=(DayClicks(date(2026, 11, 5), 1, 1),),
    failures={TOTALS: UnsupportedError("both: counts 16 days", account="both", operation="read statistics")},
)


DOWN = down("both")


NO_DAYS = UnsupportedError("both: counts whole lives only", account="both", operation="read statistics")


GOOD, FAILING_DAYS = report(clicks=3, series=()), report(clicks=3, failures={SERIES: DOWN})


OK, PARTIAL, FAILED, UNSUPPORTED = (
    SourceStatus.OK,
    SourceStatus.PARTIAL,
    SourceStatus.FAILED,
    SourceStatus.UNSUPPORTED,
)

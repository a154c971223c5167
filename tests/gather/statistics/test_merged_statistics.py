"""Clicks of several links and accounts: measures stay apart, and only what is read is fetched."""

import asyncio
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest

from harness.emulators import NOW
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
from linkweave.errors import ErrorCode, InvalidInputError, UnavailableError, VendorError
from linkweave.gather.account_loaders import AccountLoaders
from linkweave.gather.capabilities import unsupported_capability
from linkweave.gather.sources import SourceStatus
from linkweave.gather.statistics.buckets import Bucket
from linkweave.gather.statistics.date_range import DateRange
from linkweave.gather.statistics.statistics import (
    MAX_BUCKETS,
    AccountTotals,
    CountedLink,
    IncompleteAccount,
    Statistics,
)
from linkweave.models import (
    SERIES,
    TOTALS,
    Capability,
    DayClicks,
    Dimension,
    Measure,
    Period,
    RawBucket,
    StatsPart,
    StatsReport,
)

DAYS = DateRange(date(2026, 11, 1), date(2026, 11, 20))
PERIOD = Period(date(2026, 11, 1), date(2026, 11, 20))


def both(**reports: StatsReport | Exception) -> AccountLoaders:
    """An account that counts clicks and unique clicks."""
    return fresh(fake_account(Reads, FakeVendor(reports=dict(reports)), "both"))


def clicks_only(**reports: StatsReport | Exception) -> AccountLoaders:
    return fresh(fake_account(CountsClicksOnly, FakeVendor(reports=dict(reports)), "clicks"))


def no_stats() -> AccountLoaders:
    return fresh(fake_account(ListsDated, FakeVendor(), "none"))


def questions(loaders: AccountLoaders) -> list[str]:
    adapter: Any = loaders.account.adapter
    return list(adapter.vendor.questions)


def statistics(*accounts: AccountLoaders, **more: Any) -> Statistics:
    """Of every link that the accounts have reports of."""
    targets = []
    for loaders in accounts:
        adapter: Any = loaders.account.adapter
        targets += [CountedLink(loaders, handle) for handle in adapter.vendor.reports or ("a",)]
    return Statistics(targets, DAYS, **more)


async def test_each_measure_is_added_up_by_itself() -> None:
    one = both(a=report(clicks=1, unique_clicks=10), b=report(clicks=2, unique_clicks=20))
    other = clicks_only(c=report(clicks=4, bot_clicks=5))

    numbers = statistics(one, other)

    assert await numbers.clicks() == 7
    assert await numbers.unique_clicks() == 30
    assert await numbers.bot_clicks() == 5


async def test_a_measure_that_no_account_counts_is_none_and_not_zero() -> None:
    numbers = statistics(clicks_only(a=report(clicks=0)), no_stats())

    assert await numbers.clicks() == 0
    assert await numbers.unique_clicks() is None
    assert await numbers.bot_clicks() is None


async def test_statistics_of_no_links_are_none() -> None:
    numbers = Statistics([], DAYS)

    assert await numbers.clicks() is None
    assert await numbers.series() is None
    assert await numbers.breakdown(Dimension.COUNTRY, 5) is None
    assert await numbers.by_account() == ()
    assert await numbers.sources() == ()


async def test_a_part_is_fetched_when_it_is_first_read() -> None:
    loaders = both(a=report())

    numbers = statistics(loaders)
    assert questions(loaders) == []

    await numbers.breakdown(Dimension.COUNTRY, 5)
    assert questions(loaders) == ["stats a 2026-11-01..2026-11-20 COUNTRY"]


async def test_parts_that_are_read_at_the_same_moment_are_fetched_together() -> None:
    loaders = both(a=report())
    numbers = statistics(loaders)

    await asyncio.gather(
        numbers.sources(),
        numbers.clicks(),
        numbers.unique_clicks(),
        numbers.series(),
        numbers.by_account(),
        numbers.breakdown(Dimension.DEVICE, 5),
    )

    assert questions(loaders) == ["stats a 2026-11-01..2026-11-20 DEVICE,SERIES,TOTALS"]
    assert numbers.parts == {TOTALS, SERIES, StatsPart.of(Dimension.DEVICE)}


async def test_a_breakdown_is_fetched_from_accounts_with_its_dimension_only() -> None:
    one, other = both(a=report(breakdowns={Dimension.COUNTRY: (RawBucket("tw", clicks=1),)})), clicks_only(b=report())

    breakdown = await statistics(one, other).breakdown(Dimension.COUNTRY, 5)

    assert breakdown is not None
    assert breakdown.buckets == (Bucket("TW", "Taiwan", 1),)
    assert questions(other) == []


async def test_a_breakdown_is_none_where_no_account_offers_its_dimension_or_no_report_has_it() -> None:
    loaders = both(a=report())
    assert await statistics(loaders).breakdown(Dimension.BOT, 5) is None
    assert questions(loaders) == []
    assert await statistics(loaders).breakdown(Dimension.COUNTRY, 5) is None


async def test_breakdowns_of_several_links_are_merged() -> None:
    told = {Dimension.COUNTRY: (RawBucket("tw", clicks=1), RawBucket("jp", unique_clicks=2))}

    breakdown = await statistics(both(a=report(breakdowns=told), b=report(breakdowns=told))).breakdown(
        Dimension.COUNTRY, 1
    )

    assert breakdown is not None
    assert breakdown.buckets == (Bucket("TW", "Taiwan", 2),)
    assert breakdown.remainder == Bucket("other", "All others", None, 4)


@pytest.mark.parametrize("first", [0, -1, MAX_BUCKETS + 1])
async def test_a_number_of_buckets_beyond_the_limits_is_refused(first: int) -> None:
    with pytest.raises(InvalidInputError, match=r"first: .* from 1 to 1000"):
        await statistics(both(a=report())).breakdown(Dimension.COUNTRY, first)


async def test_days_are_added_up_and_in_order() -> None:
    one = report(series=(DayClicks(date(2026, 11, 3), 1, 1), DayClicks(date(2026, 11, 2), 2)))
    other = report(series=(DayClicks(date(2026, 11, 3), None, 4),))

    series = await statistics(both(a=one, b=other, c=report())).series()

    assert series == (DayClicks(date(2026, 11, 2), 2), DayClicks(date(2026, 11, 3), 1, 5))


async def test_a_series_is_none_where_no_report_has_one_and_empty_where_it_has_no_days() -> None:
    assert await statistics(both(a=report())).series() is None
    assert await statistics(both(a=report(series=()))).series() == ()


async def test_each_account_has_its_part_of_the_totals() -> None:
    one, other = both(a=report(clicks=1, unique_clicks=2), b=report(clicks=3)), clicks_only(c=report(clicks=5))
    silent = no_stats()

    parts = await statistics(one, other, silent).by_account()

    assert parts == (
        AccountTotals(one.account, 4, 2, None, 2),
        AccountTotals(other.account, 5, None, None, 1),
        AccountTotals(silent.account, None, None, None, 1),
    )


async def test_sources_describe_the_parts_that_were_read() -> None:
    at = NOW - timedelta(minutes=5)
    told = report(at, covered=PERIOD, truncated=True)
    numbers = statistics(both(a=told), clicks_only(b=report(covered=PERIOD)))
    await numbers.clicks()

    one, other = await numbers.sources()

    assert (one.status, one.error, one.notice) == (SourceStatus.OK, None, None)
    assert one.measures == {Measure.CLICKS, Measure.UNIQUE_CLICKS}
    assert (one.bots_excluded, one.time_zone) == (None, "Asia/Taipei")
    assert (one.covered, one.truncated, one.fetched_at) == (PERIOD, True, at)
    assert (other.bots_excluded, other.time_zone) == (True, None)
    assert (other.covered, other.truncated, other.fetched_at) == (PERIOD, False, NOW)


async def test_sources_alone_make_no_call() -> None:
    loaders = both(a=report())

    (source,) = await statistics(loaders).sources()

    assert questions(loaders) == []
    assert (source.status, source.fetched_at, source.covered) == (SourceStatus.OK, None, None)
    assert source.measures


async def test_sources_report_on_parts_that_are_read_at_the_same_moment() -> None:
    loaders = both(a=report(covered=PERIOD))
    numbers = statistics(loaders)

    (source,), _ = await asyncio.gather(numbers.sources(), numbers.series())

    assert source.covered == PERIOD
    assert questions(loaders) == ["stats a 2026-11-01..2026-11-20 SERIES"]


async def test_the_covered_days_span_all_links_and_are_none_where_a_link_covers_its_whole_life() -> None:
    early, late = Period(date(2026, 11, 1), date(2026, 11, 5)), Period(date(2026, 11, 4), date(2026, 11, 20))
    bounded = statistics(both(a=report(covered=early), b=report(covered=late)))
    open_ended = statistics(both(a=report(covered=early), b=report()))
    await asyncio.gather(bounded.clicks(), open_ended.clicks())

    assert (await bounded.sources())[0].covered == PERIOD
    assert (await open_ended.sources())[0].covered is None


DOWN = down("both")
NO_LISTS = unsupported_capability(both().account, Capability.LIST_LINKS)
GOOD, FAILING_DAYS = report(clicks=3), report(clicks=3, failures={SERIES: DOWN})


@pytest.mark.parametrize(
    ("reports", "missing", "expected"),
    [
        ([GOOD], None, (3, SourceStatus.OK, None, None)),
        ([GOOD, DOWN], None, (3, SourceStatus.PARTIAL, DOWN, None)),
        ([FAILING_DAYS], None, (3, SourceStatus.PARTIAL, DOWN, None)),
        ([DOWN], None, (None, SourceStatus.FAILED, DOWN, None)),
        ([GOOD], ("only 1 link is counted", None), (3, SourceStatus.PARTIAL, None, "only 1 link is counted")),
        ([GOOD], ("down", DOWN), (3, SourceStatus.PARTIAL, DOWN, None)),
        ([], ("down", DOWN), (None, SourceStatus.FAILED, DOWN, None)),
        ([], ("only 2000 links are read", None), (None, SourceStatus.PARTIAL, None, "only 2000 links are read")),
        ([], ("not offered", NO_LISTS), (None, SourceStatus.UNSUPPORTED, NO_LISTS, None)),
    ],
)
async def test_a_source_says_how_much_of_its_account_is_in_the_numbers_and_why_not_all(
    reports: list[StatsReport | Exception], missing: tuple[str, VendorError | None] | None, expected: tuple[Any, ...]
) -> None:
    loaders = both(**{f"l{number}": each for number, each in enumerate(reports)})
    incomplete = {} if missing is None else {"both": IncompleteAccount(loaders.account, *missing)}
    links = [CountedLink(loaders, f"l{number}") for number in range(len(reports))]
    numbers = Statistics(links, DAYS, incomplete)
    clicks, series = await asyncio.gather(numbers.clicks(), numbers.series(), return_exceptions=True)
    (source,) = await numbers.sources()
    assert (source.status, source.error, source.notice) == expected[1:]
    fails = expected[0] is None and isinstance(expected[2], UnavailableError)
    assert clicks is DOWN if fails else clicks == expected[0]
    assert (series is DOWN) == (fails or reports == [FAILING_DAYS])


async def test_an_account_without_statistics_is_unsupported() -> None:
    (source,) = await statistics(no_stats()).sources()
    assert (source.status, source.measures) == (SourceStatus.UNSUPPORTED, frozenset())
    assert source.error is not None
    assert source.error.code is ErrorCode.UNSUPPORTED


async def test_an_account_that_fails_leaves_the_numbers_of_the_others() -> None:
    missing = {"third": IncompleteAccount(no_stats().account, "down", down("third"))}
    numbers = statistics(both(a=DOWN), clicks_only(b=report(clicks=3)), incomplete=missing)
    assert await numbers.clicks() == 3
    assert [totals.clicks for totals in await numbers.by_account()] == [None, 3]


async def test_an_error_of_the_gateways_own_is_raised_as_it_is() -> None:
    numbers = statistics(both(a=ZeroDivisionError("a fault"), b=report(clicks=1)))
    with pytest.raises(ZeroDivisionError):
        await numbers.clicks()


async def test_the_days_are_those_of_each_accounts_own_zone() -> None:
    taipei, utc = both(a=report()), clicks_only(a=report())
    late = datetime(2026, 11, 20, 17, 0, tzinfo=UTC)
    for loaders in (taipei, utc):
        clock: Any = loaders.account.adapter.clock
        clock.advance((late - NOW).total_seconds())

    await Statistics([CountedLink(taipei, "a"), CountedLink(utc, "a")], DateRange()).clicks()

    assert questions(taipei) == ["stats a 2026-10-23..2026-11-21 TOTALS"]
    assert questions(utc) == ["stats a 2026-10-22..2026-11-20 TOTALS"]

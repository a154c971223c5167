"""Clicks of several links and accounts: measures stay apart, no sum lacks a part, and only what is read is fetched."""

import asyncio
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest

from harness.emulators import NOW
from harness.fake_accounts import (
    CountsTogether,
    FakeVendor,
    down,
    fake_account,
    fresh,
    link,
    report,
)
from harness.merged_numbers import (
    DAYS,
    DOWN,
    FAILED,
    GOOD,
    NO_DAYS,
    PERIOD,
    WIDE,
    both,
    clicks_only,
    no_stats,
    questions,
    statistics,
    totals,
)
from linkweave.errors import (
    BadResponseError,
    InvalidInputError,
    UnavailableError,
)
from linkweave.gather.account_loaders import AccountLoaders
from linkweave.gather.sources import SourceStatus
from linkweave.gather.statistics.breakdowns import Counts, MergedBucket
from linkweave.gather.statistics.counted_links import CountedLink
from linkweave.gather.statistics.date_range import DateRange
from linkweave.gather.statistics.statistics import MAX_BUCKETS, Statistics
from linkweave.models import (
    SERIES,
    TOTALS,
    DayClicks,
    Dimension,
    Measure,
    Period,
    RawBucket,
    StatsReport,
)


async def test_each_measure_is_added_up_by_itself() -> None:
    one = both(a=report(clicks=1, unique_clicks=10), b=report(clicks=2, unique_clicks=20))
    other = clicks_only(c=report(clicks=4))
    assert await totals(statistics(one, other)) == (7, 30, None)


async def test_a_measure_that_no_account_counts_is_none_and_not_zero() -> None:
    assert await totals(statistics(clicks_only(a=report(clicks=0)), no_stats())) == (0, None, None)


async def test_statistics_of_no_links_are_none() -> None:
    numbers = Statistics.of_links([], DAYS)
    assert await totals(numbers) == (None, None, None)
    assert (await numbers.series()).value is None
    assert (await numbers.breakdown(Dimension.COUNTRY, 5)).value is None
    assert (numbers.by_account(), await numbers.sources(), await numbers.complete()) == ((), (), True)


async def test_a_part_is_fetched_when_it_is_first_read() -> None:
    loaders = both(a=report())
    numbers = statistics(loaders)
    assert questions(loaders) == []
    await numbers.breakdown(Dimension.COUNTRY, 5)
    assert questions(loaders) == ["stats a 2026-11-01..2026-11-20 COUNTRY"]


async def test_parts_that_are_selected_together_are_fetched_together_also_those_of_single_accounts() -> None:
    loaders = both(a=report())
    numbers = statistics(loaders)
    ((_, own),) = numbers.by_account()
    await asyncio.gather(
        numbers.sources(),
        numbers.complete(),
        numbers.total(Measure.CLICKS),
        own.total(Measure.UNIQUE_CLICKS),
        own.series(),
        own.breakdown(Dimension.DEVICE, 5),
    )
    assert questions(loaders) == ["stats a 2026-11-01..2026-11-20 DEVICE,SERIES,TOTALS"]


async def test_a_breakdown_is_fetched_from_accounts_with_its_dimension_only() -> None:
    one, other = both(a=report(breakdowns={Dimension.COUNTRY: (RawBucket("tw", clicks=1),)})), clicks_only(b=report())
    breakdown = (await statistics(one, other).breakdown(Dimension.COUNTRY, 5)).value
    assert breakdown is not None
    assert breakdown.buckets == (MergedBucket("TW", "Taiwan", 1, None, {"both": Counts(1)}),)
    assert breakdown.measures == {Measure.CLICKS}
    assert breakdown.accounts == ("both",)
    assert questions(other) == []


async def test_a_breakdown_is_none_where_no_account_offers_its_dimension_or_no_report_has_it() -> None:
    loaders = both(a=report())
    assert (await statistics(loaders).breakdown(Dimension.BOT, 5)).value is None
    assert questions(loaders) == []
    assert (await statistics(loaders).breakdown(Dimension.COUNTRY, 5)).value is None


async def test_breakdowns_of_several_accounts_are_merged_and_say_what_each_account_counts() -> None:
    clicks = {Dimension.COUNTRY: (RawBucket("tw", clicks=1), RawBucket("jp", clicks=2))}
    unique = {Dimension.COUNTRY: (RawBucket("Taiwan", unique_clicks=4), RawBucket("fr", unique_clicks=8))}
    one, other = (
        both(a=report(breakdowns=clicks), b=report(breakdowns=clicks)),
        both("other", c=report(breakdowns=unique)),
    )
    breakdown = (await statistics(one, other).breakdown(Dimension.COUNTRY, 2)).value
    assert breakdown is not None
    assert [(each.key, each.clicks, each.unique_clicks, each.counts) for each in breakdown.buckets] == [
        ("JP", 4, None, {"both": Counts(4)}),
        ("TW", 2, 4, {"both": Counts(2), "other": Counts(None, 4)}),
    ]
    assert breakdown.remainder == MergedBucket("other", "All others", None, 8, {"other": Counts(None, 8)})
    assert breakdown.measures == {Measure.CLICKS, Measure.UNIQUE_CLICKS}
    assert breakdown.accounts == ("both", "other")


async def test_an_unclicked_link_may_lack_its_breakdown_and_another_may_not() -> None:
    told = {Dimension.COUNTRY: (RawBucket("tw", clicks=1),)}
    unclicked = statistics(both(a=report(breakdowns=told), b=report(clicks=0)))
    assert (await unclicked.breakdown(Dimension.COUNTRY, 5)).errors == ()
    lacking = await statistics(both(a=report(breakdowns=told), b=report())).breakdown(Dimension.COUNTRY, 5)
    assert (lacking.value, [type(each) for each in lacking.errors]) == (None, [BadResponseError])


@pytest.mark.parametrize("first", [0, -1, MAX_BUCKETS + 1])
async def test_a_number_of_buckets_beyond_the_limits_is_refused(first: int) -> None:
    with pytest.raises(InvalidInputError, match=r"first: .* from 1 to 1000"):
        await statistics(both(a=report())).breakdown(Dimension.COUNTRY, first)


async def test_days_are_added_up_and_in_order() -> None:
    one = report(series=(DayClicks(date(2026, 11, 3), 1, 1), DayClicks(date(2026, 11, 2), 2, 0)))
    other = report(series=(DayClicks(date(2026, 11, 3), 4),))
    series = (await statistics(both(a=one), clicks_only(b=other)).series()).value
    assert series == (DayClicks(date(2026, 11, 2), 2, 0), DayClicks(date(2026, 11, 3), 5, 1))


@pytest.mark.parametrize(("allowed", "expected"), [(False, (None, 2)), (True, (5, 2))])
async def test_a_day_that_lacks_a_counted_number_has_none(allowed: bool, expected: tuple[int | None, int]) -> None:
    one, other = (report(series=(DayClicks(date(2026, 11, 3), clicks, 1),)) for clicks in (None, 5))
    numbers = statistics(both(a=one, b=other), allow_incomplete=allowed)
    (day,) = (await numbers.series()).value or ()
    assert (day.clicks, day.unique_clicks) == expected


@pytest.mark.parametrize(("allowed", "first_day"), [(False, None), (True, 2)])
async def test_days_before_the_first_one_that_all_accounts_cover_have_no_numbers(
    allowed: bool, first_day: int | None
) -> None:
    days = report(series=(DayClicks(date(2026, 11, 4), 2), DayClicks(date(2026, 11, 5), 3)), covered=PERIOD)
    numbers = statistics(both(a=WIDE), clicks_only(b=days), allow_incomplete=allowed)
    series = (await numbers.series()).value
    assert series == (DayClicks(date(2026, 11, 4), first_day), DayClicks(date(2026, 11, 5), 4, 1))
    assert not await numbers.complete()


async def test_a_series_is_none_where_no_report_has_one_and_empty_where_it_has_no_days() -> None:
    assert (await statistics(both(a=report())).series()).value is None
    assert (await statistics(both(a=report(series=()))).series()).value == ()


async def test_each_account_has_its_own_numbers() -> None:
    one = both(a=report(clicks=1, unique_clicks=2), b=report(clicks=3, unique_clicks=0))
    other, silent = clicks_only(c=report(clicks=5, series=())), no_stats()
    own = {account.key: numbers for account, numbers in statistics(one, other, silent).by_account()}
    assert {key: (await totals(numbers), numbers.links) for key, numbers in own.items()} == {
        "both": ((4, 2, None), 2),
        "clicks": ((5, None, None), 1),
        "none": ((None, None, None), 1),
    }
    assert (await own["clicks"].series()).value == ()
    assert (await own["both"].series()).value is None


async def test_sources_describe_the_parts_that_were_read() -> None:
    at = NOW - timedelta(minutes=5)
    numbers = statistics(both(a=report(at, clicks=1, covered=PERIOD)), clicks_only(b=report(clicks=1, covered=PERIOD)))
    await numbers.total(Measure.CLICKS)
    one, other = await numbers.sources()
    assert (one.status, one.error, one.notice) == (SourceStatus.OK, None, None)
    assert one.measures == {Measure.CLICKS, Measure.UNIQUE_CLICKS}
    assert (one.bots_excluded, one.time_zone) == (None, "Asia/Taipei")
    assert (one.covered, one.truncated, one.fetched_at) == (PERIOD, False, at)
    assert (other.bots_excluded, other.time_zone) == (True, None)
    assert (other.covered, other.truncated, other.fetched_at) == (PERIOD, False, NOW)


async def test_sources_alone_make_no_call() -> None:
    loaders = both(a=report())
    (source,) = await statistics(loaders).sources()
    assert questions(loaders) == []
    assert (source.status, source.fetched_at, source.covered) == (SourceStatus.OK, None, None)
    assert source.measures


async def test_the_covered_days_are_those_that_all_links_cover() -> None:
    early, late = Period(date(2026, 11, 1), date(2026, 11, 5)), Period(date(2026, 11, 4), date(2026, 11, 20))
    for others, expected in (
        (late, Period(date(2026, 11, 4), date(2026, 11, 5))),
        (Period(date(2026, 11, 6), date(2026, 11, 7)), None),
        (None, None),
    ):
        numbers = statistics(both(a=report(clicks=1, covered=early), b=report(clicks=1, covered=others)))
        await numbers.total(Measure.CLICKS)
        assert (await numbers.sources())[0].covered == expected


async def test_an_error_of_the_gateways_own_is_raised_as_it_is() -> None:
    numbers = statistics(both(a=ZeroDivisionError("a fault"), b=report(clicks=1)))
    with pytest.raises(ZeroDivisionError):
        await numbers.total(Measure.CLICKS)


async def test_the_days_are_those_of_each_accounts_own_zone() -> None:
    taipei, utc = both(a=report()), clicks_only(a=report())
    late = datetime(2026, 11, 20, 17, 0, tzinfo=UTC)
    for loaders in (taipei, utc):
        clock: Any = loaders.account.adapter.clock
        clock.advance((late - NOW).total_seconds())
    links = [CountedLink(taipei, "a"), CountedLink(utc, "a")]
    await Statistics.of_links(links, DateRange()).total(Measure.CLICKS)
    assert questions(taipei) == ["stats a 2026-10-23..2026-11-21 TOTALS"]
    assert questions(utc) == ["stats a 2026-10-22..2026-11-20 TOTALS"]


def together(**reports: StatsReport | Exception) -> AccountLoaders:
    """An account that counts links together; it has no link `gone`."""
    links = {handle: link(handle) for handle in reports if handle != "gone"}
    return fresh(fake_account(CountsTogether, FakeVendor(reports=dict(reports), links=dict(links)), "together"))


@pytest.mark.parametrize(
    ("whole", "asked"),
    [
        ((), ["totals a,b DAYS", "sums a,b DAYS SERIES", "stats a DAYS COUNTRY known", "stats b DAYS COUNTRY known"]),
        (("together",), ["totals a,b DAYS", "sums a,b DAYS COUNTRY,SERIES whole"]),
    ],
)
async def test_links_are_counted_together_where_the_vendor_can(whole: tuple[str, ...], asked: list[str]) -> None:
    day, row = DayClicks(PERIOD.start, 2), RawBucket("Taiwan", "TW", 2)
    one = report(clicks=2, series=(day,), breakdowns={Dimension.COUNTRY: (row,)})
    loaders = together(a=one, b=one)
    for handle in ("a", "b"):
        loaders.prime(link(handle))
    numbers = statistics(loaders, whole_accounts=whole)
    clicks, series, countries = await asyncio.gather(
        numbers.total(Measure.CLICKS), numbers.series(), numbers.breakdown(Dimension.COUNTRY, 5)
    )
    assert (clicks.value, series.value) == (4, (DayClicks(PERIOD.start, 4),))
    assert countries.value is not None
    assert [bucket.clicks for bucket in countries.value.buckets] == [4]
    assert sorted(questions(loaders)) == sorted(words.replace("DAYS", "2026-11-01..2026-11-20") for words in asked)


@pytest.mark.parametrize("allowed", [False, True])
@pytest.mark.parametrize(
    ("reports", "rest"),
    [
        ({"a": GOOD, "b": GOOD, "gone": GOOD}, 6),
        ({"a": GOOD, "b": down("together")}, 3),
        ({"a": GOOD, "b": report(clicks=0, failures={TOTALS: NO_DAYS, SERIES: DOWN})}, 3),
    ],
)
async def test_a_sum_of_links_that_are_counted_together_lacks_none_of_them(
    reports: dict[str, StatsReport | Exception], rest: int, allowed: bool
) -> None:
    numbers = statistics(together(**reports), allow_incomplete=allowed)
    clicks, series = await asyncio.gather(numbers.total(Measure.CLICKS), numbers.series())
    assert not await numbers.complete()
    if allowed:
        assert (clicks.value or rest, series.value) == (rest, ())
    else:
        assert (clicks.value, series.value) == (None, None)
        assert series.errors[0].message.startswith("The sum would lack a part: ")


async def test_a_vendor_that_fails_for_many_links_fails_for_each() -> None:
    loaders = together(a=GOOD, b=GOOD)
    adapter: Any = loaders.account.adapter
    adapter.vendor.fails = lambda _number, words: down("together") if words.startswith(("totals", "sums")) else None
    numbers = statistics(loaders)
    clicks, series = await asyncio.gather(numbers.total(Measure.CLICKS), numbers.series())
    assert [type(each.errors[0]) for each in (clicks, series)] == [UnavailableError] * 2
    assert (await numbers.sources())[0].status is FAILED

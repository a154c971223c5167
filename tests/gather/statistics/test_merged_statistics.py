"""Clicks over many links and accounts: measures apart, nothing asked that is not read, failures told."""

import asyncio
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

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
from harness.properties import without_hurry
from linkweave.errors import ErrorCode, InvalidInputError, UnavailableError
from linkweave.gather.account_loaders import AccountLoaders
from linkweave.gather.capabilities import unsupported_capability
from linkweave.gather.sources import SourceStatus
from linkweave.gather.statistics.buckets import Bucket
from linkweave.gather.statistics.date_range import MAX_DAYS, DateRange
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

TODAY = date(2026, 11, 20)
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


async def test_a_measure_that_nobody_counts_is_unknown_and_not_nought() -> None:
    numbers = statistics(clicks_only(a=report(clicks=0)), no_stats())

    assert await numbers.clicks() == 0
    assert await numbers.unique_clicks() is None
    assert await numbers.bot_clicks() is None


async def test_no_links_have_no_clicks_to_tell() -> None:
    numbers = Statistics([], DAYS)

    assert await numbers.clicks() is None
    assert await numbers.series() is None
    assert await numbers.breakdown(Dimension.COUNTRY, 5) is None
    assert await numbers.by_account() == ()
    assert await numbers.sources() == ()


async def test_nothing_is_asked_before_it_is_read() -> None:
    loaders = both(a=report())

    numbers = statistics(loaders)
    assert questions(loaders) == []

    await numbers.breakdown(Dimension.COUNTRY, 5)
    assert questions(loaders) == ["stats a 2026-11-01..2026-11-20 COUNTRY"]


async def test_what_is_read_at_the_same_moment_is_asked_at_once() -> None:
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


async def test_a_dimension_that_a_provider_cannot_tell_is_not_asked_of_it() -> None:
    one, other = both(a=report(breakdowns={Dimension.COUNTRY: (RawBucket("tw", clicks=1),)})), clicks_only(b=report())

    breakdown = await statistics(one, other).breakdown(Dimension.COUNTRY, 5)

    assert breakdown is not None
    assert breakdown.buckets == (Bucket("TW", "Taiwan", 1),)
    assert questions(other) == []


async def test_a_dimension_that_nobody_can_tell_is_none_without_a_call() -> None:
    loaders = both(a=report())

    assert await statistics(loaders).breakdown(Dimension.BOT, 5) is None
    assert questions(loaders) == []


async def test_a_dimension_that_was_asked_for_and_not_told_is_none() -> None:
    assert await statistics(both(a=report())).breakdown(Dimension.COUNTRY, 5) is None


async def test_breakdowns_of_many_links_are_one() -> None:
    told = {Dimension.COUNTRY: (RawBucket("tw", clicks=1), RawBucket("jp", unique_clicks=2))}

    breakdown = await statistics(both(a=report(breakdowns=told), b=report(breakdowns=told))).breakdown(
        Dimension.COUNTRY, 1
    )

    assert breakdown is not None
    assert breakdown.buckets == (Bucket("TW", "Taiwan", 2),)
    assert breakdown.remainder == Bucket("other", "All others", None, 4)


@pytest.mark.parametrize("first", [0, -1, MAX_BUCKETS + 1])
async def test_so_many_buckets_cannot_be_asked_for(first: int) -> None:
    with pytest.raises(InvalidInputError, match=r"first: .* from 1 to 1000"):
        await statistics(both(a=report())).breakdown(Dimension.COUNTRY, first)


async def test_days_are_added_up_and_in_order() -> None:
    one = report(series=(DayClicks(date(2026, 11, 3), 1, 1), DayClicks(date(2026, 11, 2), 2)))
    other = report(series=(DayClicks(date(2026, 11, 3), None, 4),))

    series = await statistics(both(a=one, b=other, c=report())).series()

    assert series == (DayClicks(date(2026, 11, 2), 2), DayClicks(date(2026, 11, 3), 1, 5))


async def test_days_that_nobody_tells_are_none_and_days_without_clicks_are_no_days() -> None:
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


async def test_sources_tell_exactly_what_was_read() -> None:
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


async def test_sources_alone_ask_nothing() -> None:
    loaders = both(a=report())

    (source,) = await statistics(loaders).sources()

    assert questions(loaders) == []
    assert (source.status, source.fetched_at, source.covered) == (SourceStatus.OK, None, None)
    assert source.measures


async def test_sources_see_what_starts_beside_them() -> None:
    loaders = both(a=report(covered=PERIOD))
    numbers = statistics(loaders)

    (source,), _ = await asyncio.gather(numbers.sources(), numbers.series())

    assert source.covered == PERIOD
    assert questions(loaders) == ["stats a 2026-11-01..2026-11-20 SERIES"]


async def test_days_covered_reach_over_all_links_unless_one_is_counted_since_it_exists() -> None:
    early, late = Period(date(2026, 11, 1), date(2026, 11, 5)), Period(date(2026, 11, 4), date(2026, 11, 20))
    bounded = statistics(both(a=report(covered=early), b=report(covered=late)))
    open_ended = statistics(both(a=report(covered=early), b=report()))
    await asyncio.gather(bounded.clicks(), open_ended.clicks())

    assert (await bounded.sources())[0].covered == PERIOD
    assert (await open_ended.sources())[0].covered is None


async def test_an_account_without_statistics_is_unsupported() -> None:
    (source,) = await statistics(no_stats()).sources()

    assert (source.status, source.measures) == (SourceStatus.UNSUPPORTED, frozenset())
    assert source.error is not None
    assert source.error.code is ErrorCode.UNSUPPORTED


async def test_an_account_that_fails_leaves_the_others_numbers() -> None:
    numbers = statistics(both(a=down("both")), clicks_only(b=report(clicks=3)))

    assert await numbers.clicks() == 3
    failed, good = await numbers.sources()
    assert (failed.status, good.status) == (SourceStatus.FAILED, SourceStatus.OK)
    assert isinstance(failed.error, UnavailableError)


async def test_an_account_that_fails_for_some_links_is_partial() -> None:
    numbers = statistics(both(a=down(), b=report(clicks=3)))

    assert await numbers.clicks() == 3
    (source,) = await numbers.sources()
    assert source.status is SourceStatus.PARTIAL
    assert isinstance(source.error, UnavailableError)


async def test_an_account_that_fails_for_one_part_is_partial() -> None:
    numbers = statistics(both(a=report(clicks=3, failures={SERIES: down()})))

    assert await numbers.clicks() == 3
    with pytest.raises(UnavailableError):
        await numbers.series()
    (source,) = await numbers.sources()
    assert source.status is SourceStatus.PARTIAL


async def test_where_all_fail_what_is_read_fails() -> None:
    numbers = statistics(both(a=down("both")), clicks_only(b=down("clicks")), no_stats())

    for read in (numbers.clicks, numbers.unique_clicks, numbers.bot_clicks, numbers.series):
        with pytest.raises(UnavailableError):
            await read()
    assert [totals.clicks for totals in await numbers.by_account()] == [None, None, None]


async def test_a_fault_of_ours_is_not_taken_for_a_vendors_failure() -> None:
    numbers = statistics(both(a=ZeroDivisionError("a fault of ours"), b=report(clicks=1)))

    with pytest.raises(ZeroDivisionError):
        await numbers.clicks()


async def test_an_account_of_which_links_are_left_out_is_partial_and_says_why() -> None:
    loaders = both(a=report(clicks=3))
    numbers = statistics(loaders, incomplete={"both": IncompleteAccount(loaders.account, "only 1 link is counted")})

    assert await numbers.clicks() == 3
    (source,) = await numbers.sources()
    assert (source.status, source.notice, source.error) == (SourceStatus.PARTIAL, "only 1 link is counted", None)


async def test_an_account_whose_links_could_not_all_be_listed_is_partial_with_the_error() -> None:
    loaders, error = both(a=report(clicks=3)), down("both")
    numbers = statistics(loaders, incomplete={"both": IncompleteAccount(loaders.account, error.message, error)})

    assert await numbers.clicks() == 3
    (source,) = await numbers.sources()
    assert (source.status, source.error, source.notice) == (SourceStatus.PARTIAL, error, None)


async def test_an_account_whose_links_could_not_be_listed_at_all_is_told_as_failed() -> None:
    good, failed, error = clicks_only(a=report(clicks=3)), both(), down("both")
    numbers = statistics(good, incomplete={"both": IncompleteAccount(failed.account, error.message, error)})

    assert await numbers.clicks() == 3
    sources = await numbers.sources()
    assert [(source.account.key, source.status) for source in sources] == [
        ("clicks", SourceStatus.OK),
        ("both", SourceStatus.FAILED),
    ]
    assert sources[1].error is error
    assert [totals.account.key for totals in await numbers.by_account()] == ["clicks"]


async def test_where_no_account_could_list_its_links_what_is_read_fails() -> None:
    failed, error = both(), down("both")
    numbers = Statistics([], DAYS, {"both": IncompleteAccount(failed.account, error.message, error)})

    with pytest.raises(UnavailableError):
        await numbers.clicks()


async def test_an_account_that_cannot_list_links_is_unsupported_and_no_failure() -> None:
    account = both().account
    error = unsupported_capability(account, Capability.LIST_LINKS)
    numbers = Statistics([], DAYS, {"both": IncompleteAccount(account, error.message, error)})

    assert await numbers.clicks() is None
    (source,) = await numbers.sources()
    assert (source.status, source.error) == (SourceStatus.UNSUPPORTED, error)


async def test_an_account_in_which_nothing_was_found_before_the_limit_is_partial() -> None:
    account = both().account
    numbers = Statistics([], DAYS, {"both": IncompleteAccount(account, "only 2000 links are read")})

    assert await numbers.clicks() is None
    (source,) = await numbers.sources()
    assert (source.status, source.notice) == (SourceStatus.PARTIAL, "only 2000 links are read")


async def test_the_days_are_those_of_each_accounts_own_zone() -> None:
    taipei, utc = both(a=report()), clicks_only(a=report())
    late = datetime(2026, 11, 20, 17, 0, tzinfo=UTC)
    for loaders in (taipei, utc):
        clock: Any = loaders.account.adapter.clock
        clock.advance((late - NOW).total_seconds())

    await Statistics([CountedLink(taipei, "a"), CountedLink(utc, "a")], DateRange()).clicks()

    assert questions(taipei) == ["stats a 2026-10-23..2026-11-21 TOTALS"]
    assert questions(utc) == ["stats a 2026-10-22..2026-11-20 TOTALS"]


@pytest.mark.parametrize(
    ("given", "expected"),
    [
        (DateRange(), Period(date(2026, 10, 22), TODAY)),
        (DateRange(end=date(2026, 1, 30)), Period(date(2026, 1, 1), date(2026, 1, 30))),
        (DateRange(start=date(2026, 11, 19)), Period(date(2026, 11, 19), TODAY)),
        (DateRange(start=TODAY), Period(TODAY, TODAY)),
        (DateRange(start=date(2030, 1, 1)), Period(date(2030, 1, 1), date(2030, 1, 1))),
        (DateRange(date(2026, 1, 1), date(2026, 1, 1)), Period(date(2026, 1, 1), date(2026, 1, 1))),
        (DateRange(end=date(1, 1, 5)), Period(date.min, date(1, 1, 5))),
        (DateRange(start=date.max), Period(date.max, date.max)),
    ],
)
def test_open_ends_of_a_range(given: DateRange, expected: Period) -> None:
    assert given.check(TODAY).resolve(TODAY) == expected


def test_a_range_that_starts_after_its_end_is_refused() -> None:
    with pytest.raises(InvalidInputError, match=r"range\.from: 2026-11-02 is after to") as raised:
        DateRange(date(2026, 11, 2), date(2026, 11, 1)).check(TODAY)
    assert raised.value.field == "range.from"


def test_a_range_may_have_1096_days_and_not_one_more() -> None:
    last = date(2026, 11, 20)
    allowed = DateRange(last - timedelta(days=MAX_DAYS - 1), last)
    too_long = DateRange(last - timedelta(days=MAX_DAYS), last)

    assert allowed.check(TODAY) is allowed
    with pytest.raises(InvalidInputError, match="range: covers more than 1096 days"):
        too_long.check(TODAY)


def test_a_range_from_the_far_past_till_now_is_refused() -> None:
    with pytest.raises(InvalidInputError, match="covers more than"):
        DateRange(start=date.min).check(TODAY)


days = st.none() | st.dates() | st.sampled_from([date.min, date.max, TODAY])


@without_hurry
@given(days, days, st.dates() | st.sampled_from([date.min, date.max]))
def test_any_range_is_refused_by_name_or_is_some_days_in_order(
    start: date | None, end: date | None, today: date
) -> None:
    try:
        period = DateRange(start, end).check(today, "within").resolve(today)
    except InvalidInputError as error:
        assert error.field in {"within", "within.from"}  # noqa: PT017 - both outcomes are right
    else:
        assert period.start <= period.end
        assert (period.end - period.start).days < MAX_DAYS
        assert start in (None, period.start)
        assert end in (None, period.end)

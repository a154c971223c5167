"""A sum that would lack a part is none, and an error or a source says why."""

import asyncio
from dataclasses import dataclass

import pytest

from harness.fake_accounts import (
    FakeVendor,
    Reads,
    down,
    fake_account,
    fresh,
    report,
)
from harness.merged_numbers import (
    DAYS,
    DOWN,
    FAILED,
    FAILING_DAYS,
    GOOD,
    NO_DAYS,
    OK,
    PARTIAL,
    UNSUPPORTED,
    WIDE,
    both,
    clicks_only,
    no_stats,
    statistics,
    targets_of,
)
from linkweave.errors import (
    ErrorCode,
    LinkNotCountedError,
    LinksNotCountedError,
    UnavailableError,
    VendorError,
)
from linkweave.gather.capabilities import unsupported_capability
from linkweave.gather.sources import SourceStatus
from linkweave.gather.statistics.counted_links import CountedLink, IncompleteAccount
from linkweave.gather.statistics.statistics import Statistics
from linkweave.models import (
    SERIES,
    TOTALS,
    Capability,
    Dimension,
    Measure,
    RawBucket,
    StatsReport,
)

NO_LISTS = unsupported_capability(both().account, Capability.LIST_LINKS)


OFF = LinkNotCountedError("both: analytics are switched off", account="both", operation="read statistics")


SWITCHED_OFF = report(failures={TOTALS: OFF, SERIES: OFF})


CUT_SHORT = report(truncated=True)


WHOLE_LIVES = report(failures={TOTALS: NO_DAYS, SERIES: NO_DAYS})


UNTOLD = report(series=())


@dataclass(frozen=True)
class Case:
    """What became of an account, and what is said of it beside another account, which has 10 clicks.

    `alone` is the account's number where incomplete sums are allowed. `lacks` is whether the sum lacks it.
    """

    reports: list[StatsReport | Exception]
    missing: tuple[str, VendorError | None] | None
    status: SourceStatus
    alone: int | None
    lacks: bool = False
    complete: bool = False
    notice: str | None = None


CASES = {
    "good": Case([GOOD], None, OK, 3, complete=True),
    "one of two links failed": Case([GOOD, DOWN], None, PARTIAL, 3, lacks=True),
    "the days alone failed": Case([FAILING_DAYS], None, PARTIAL, 3),
    "all failed": Case([DOWN], None, FAILED, None, lacks=True),
    "too many links": Case([GOOD], ("only 1 is counted", None), PARTIAL, 3, lacks=True, notice="only 1 is counted"),
    "the list broke": Case([GOOD], ("down", DOWN), PARTIAL, 3, lacks=True),
    "the list failed": Case([], ("down", DOWN), FAILED, None, lacks=True),
    "too many to scan": Case([], ("only 2000 are read", None), PARTIAL, None, lacks=True, notice="only 2000 are read"),
    "no lists": Case([], ("not offered", NO_LISTS), UNSUPPORTED, None),
    "whole lives only": Case([WHOLE_LIVES], None, UNSUPPORTED, None),
    "a link that is not counted": Case([GOOD, SWITCHED_OFF], None, PARTIAL, 3),
    "no link that is counted": Case([SWITCHED_OFF], None, UNSUPPORTED, None),
    "whole lives, and a link without clicks": Case([WHOLE_LIVES, report(clicks=0, series=())], None, UNSUPPORTED, None),
    "a wide range": Case([WIDE], None, PARTIAL, None, lacks=True),
    "a range that is cut short": Case([CUT_SHORT], None, UNSUPPORTED, None, lacks=True),
    "no number": Case([UNTOLD], None, PARTIAL, None),
    "no number of one link": Case([GOOD, UNTOLD], None, PARTIAL, 3, lacks=True),
}  # fmt: skip


@pytest.mark.parametrize("allowed", [False, True])
@pytest.mark.parametrize("name", CASES)
async def test_a_sum_is_none_where_an_account_that_counts_it_is_not_wholly_in_it(name: str, allowed: bool) -> None:
    case = CASES[name]
    reports = {f"l{number}": each for number, each in enumerate(case.reports)}
    loaders = fresh(fake_account(Reads, FakeVendor(reports=reports), "both"))
    other = clicks_only(z=report(clicks=10, series=()))
    incomplete = {} if case.missing is None else {"both": IncompleteAccount(loaders.account, *case.missing)}
    links = [CountedLink(loaders, handle) for handle in reports]
    numbers = Statistics.of_links([*links, *targets_of(other)], DAYS, incomplete, allow_incomplete=allowed)
    clicks, _ = await asyncio.gather(numbers.total(Measure.CLICKS), numbers.series())
    source = next(each for each in await numbers.sources() if each.account.key == "both")
    assert (source.status, source.notice) == (case.status, case.notice)
    assert (source.error is None) == (case.status is OK or case.notice is not None)
    assert await numbers.complete() == case.complete
    if case.lacks and not allowed:
        assert clicks.value is None
        assert [error.account for error in clicks.errors] == ["both"]
        assert clicks.errors[0].message.endswith("`allowIncomplete: true` gives the numbers without it.")
    else:
        assert (clicks.value, clicks.errors) == (10 + (case.alone or 0), ())


async def test_an_error_of_a_sum_is_the_failure_of_its_account() -> None:
    missing = {"both": IncompleteAccount(both().account, "only 1 link is counted")}
    (cut,) = (await statistics(both(a=GOOD), incomplete=missing).total(Measure.CLICKS)).errors
    assert (type(cut), cut.code, cut.account) == (LinksNotCountedError, ErrorCode.UNSUPPORTED, "both")
    (failed,) = (await statistics(both(a=DOWN)).total(Measure.CLICKS)).errors
    assert (type(failed), failed.code) == (UnavailableError, ErrorCode.UNAVAILABLE)
    assert "both: answered HTTP 503" in failed.message


async def test_each_account_that_is_missing_is_an_error_of_its_own() -> None:
    told = await statistics(both(a=DOWN), both("other", a=down("other")), clicks_only(b=GOOD)).total(Measure.CLICKS)
    assert (told.value, [error.account for error in told.errors]) == (None, ["both", "other"])


async def test_a_failing_account_does_not_take_the_numbers_of_others_and_of_measures_that_it_does_not_count() -> None:
    numbers = statistics(clicks_only(a=down("clicks")), both(b=report(clicks=3, unique_clicks=2)))
    own = {account.key: numbers for account, numbers in numbers.by_account()}
    assert (await own["both"].total(Measure.CLICKS)).value == 3
    assert (await own["clicks"].total(Measure.CLICKS)).errors
    assert (await numbers.total(Measure.UNIQUE_CLICKS)).value == 2


async def test_the_numbers_of_a_single_link_have_its_own_error_and_none_for_what_is_unsupported() -> None:
    for told, error in ((DOWN, DOWN), (WHOLE_LIVES, None), (WIDE, None)):
        numbers = Statistics.of_link(CountedLink(both(a=told), "a"), DAYS)
        clicks = await numbers.total(Measure.CLICKS)
        assert (clicks.value, clicks.errors) == (None, () if error is None else (error,))


async def test_a_breakdown_with_a_row_without_numbers_is_none() -> None:
    rows = {Dimension.COUNTRY: (RawBucket("tw", clicks=1), RawBucket("jp"))}
    told = await statistics(both(a=report(breakdowns=rows))).breakdown(Dimension.COUNTRY, 5)
    assert (told.value, [error.code for error in told.errors]) == (None, [ErrorCode.BAD_RESPONSE])


async def test_an_account_without_statistics_is_unsupported_and_leaves_the_others_incomplete() -> None:
    numbers = statistics(no_stats(), both(a=GOOD))
    assert (await numbers.total(Measure.CLICKS)).value == 3
    source, _ = await numbers.sources()
    assert (source.status, source.measures) == (SourceStatus.UNSUPPORTED, frozenset())
    assert source.error is not None
    assert source.error.code is ErrorCode.UNSUPPORTED
    assert not await numbers.complete()


async def test_numbers_that_an_account_does_not_count_are_incomplete() -> None:
    numbers = statistics(both(a=report(clicks=1, unique_clicks=1)), clicks_only(b=report(clicks=1)))
    await numbers.total(Measure.CLICKS)
    assert await numbers.complete()
    await numbers.total(Measure.UNIQUE_CLICKS)
    assert not await numbers.complete()

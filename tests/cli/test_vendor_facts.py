"""What the tables say of a vendor's statistics is what its emulator tells."""

from datetime import timedelta

import pytest

from linkweave.cli.vendor_facts import VendorFacts
from linkweave.errors import UnsupportedError
from linkweave.models import SERIES, TOTALS, Link, LinkFilter, Period, StatsReport
from linkweave.providers.discovery import discover
from linkweave.providers.read_capabilities import CanListLinks, CanReadStats
from linkweave.testing.bench import open_bench
from linkweave.testing.virtual_time import in_virtual_time

PROVIDERS = {name: each for name, each in discover().items() if issubclass(each.adapter, CanListLinks)}


async def month_of_a_link(name: str) -> StatsReport:
    """Totals and days of a month of the account's newest link."""
    bench = open_bench(PROVIDERS[name])
    lists, statistics = bench.adapter_as(CanListLinks), bench.adapter_as(CanReadStats)
    (lane, *_) = (await lists.plan_links(LinkFilter())).lanes
    link: Link = (await lists.list_links(lane, None)).items[0]
    today = bench.account.adapter.today()
    month = Period(today - timedelta(days=29), today)
    return await statistics.read_stats(link.handle, link, month, frozenset({TOTALS, SERIES}))


@pytest.mark.parametrize("name", PROVIDERS)
def test_days_are_told_where_the_table_says_so(name: str) -> None:
    told = VendorFacts.of(PROVIDERS[name])

    @in_virtual_time
    async def check() -> None:
        report = await month_of_a_link(name)
        counts_none = isinstance(report.failures.get(TOTALS), UnsupportedError)
        assert counts_none == (told.days == "none")
        assert told.by_day == "yes" or report.series is None

    check()


@pytest.mark.parametrize(
    ("name", "limits"),
    [
        ("cuttly", {"team": "180 a minute", "team-enterprise": "360 a minute"}),
        ("yourls", {"": "none documented"}),
        ("shortenworld", {"": "those of `calls_per_minute`"}),
    ],
)
def test_limits_are_those_of_each_plan(name: str, limits: dict[str, str]) -> None:
    assert VendorFacts.of(discover()[name]).limits_by_plan() == limits


def test_a_vendor_without_links_has_no_words_for_them() -> None:
    told = VendorFacts.of(discover()["chevereto"])
    assert {told.measures, told.days, told.by_day, told.bots, told.time_zone, told.get_calls, told.write_calls} == {"-"}


def test_what_each_plan_lacks_is_named() -> None:
    assert VendorFacts.of(discover()["dub"]).gaps_by_plan() == {
        "free": ("statistics of days",),
        "pro": ("statistics beyond the last 366 days",),
    }

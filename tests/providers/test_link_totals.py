"""Totals that come with links: a known link costs no call, and any other link is read."""

from collections.abc import Mapping, Sequence
from datetime import date

import pytest

from harness.emulators import NOW
from harness.fake_accounts import FakeAdapter, FakeVendor, down, fake_account, link
from linkweave.errors import NotFoundError, UnavailableError, UnsupportedError, VendorError
from linkweave.models import SERIES, TOTALS, Dimension, Link, Measure, Period, StatsPart, StatsReport
from linkweave.providers.link_totals import TotalsWithLinks

DAYS = Period(date(2026, 11, 1), date(2026, 11, 20))
REPORT = StatsReport(frozenset({Measure.CLICKS}), NOW, clicks=5)


class Counting(FakeAdapter, TotalsWithLinks):
    async def get_links(self, handles: Sequence[str], fields: frozenset[str]) -> Mapping[str, Link | VendorError]:
        self.vendor.answer(f"get {','.join(handles)} for {','.join(sorted(fields))}")
        return {handle: self.vendor.links[handle] for handle in handles if handle in self.vendor.links}

    async def find_link(self, domain: str, slug: str, fields: frozenset[str]) -> Link | None:
        raise NotImplementedError


VENDOR_LINKS: dict[str, Link | VendorError] = {
    "a": link("a", included=REPORT),
    "silent": link("silent"),
    "down": down(),
}


def counting() -> tuple[Counting, FakeVendor]:
    vendor = FakeVendor(links=dict(VENDOR_LINKS))
    adapter = fake_account(Counting, vendor).adapter
    assert isinstance(adapter, Counting)
    return adapter, vendor


async def read(adapter: Counting, handle: str, known: Link | None, *parts: StatsPart) -> StatsReport:
    return await adapter.read_stats(handle, known, None, frozenset(parts))


async def test_a_known_link_has_its_totals_with_it() -> None:
    adapter, vendor = counting()
    assert await read(adapter, "a", link("a", included=REPORT), TOTALS, SERIES) == REPORT
    assert vendor.questions == []


@pytest.mark.parametrize("known", [None, link("a")])
async def test_the_totals_of_another_link_are_read_with_it(known: Link | None) -> None:
    adapter, vendor = counting()
    assert await read(adapter, "a", known, TOTALS) == REPORT
    assert vendor.questions == ["get a for included"]


async def test_what_the_vendor_does_not_count_costs_no_call() -> None:
    adapter, vendor = counting()
    report = await read(adapter, "a", None, SERIES, StatsPart.of(Dimension.COUNTRY))
    assert (report.clicks, report.series, report.breakdowns) == (None, None, {})
    assert vendor.questions == []


@pytest.mark.parametrize("known", [None, link("a", included=REPORT)])
async def test_the_clicks_of_days_are_unsupported_without_a_call(known: Link | None) -> None:
    adapter, vendor = counting()
    report = await adapter.read_stats("a", known, DAYS, frozenset({TOTALS}))
    assert (report.clicks, vendor.questions) == (None, [])
    assert isinstance(report.failures[TOTALS], UnsupportedError)
    assert known is None or adapter.known_stats(known, DAYS, frozenset({TOTALS})) is None


async def test_a_link_without_totals_has_a_report_without_numbers() -> None:
    adapter, _ = counting()
    assert (await read(adapter, "silent", None, TOTALS)).clicks is None


@pytest.mark.parametrize(("handle", "error"), [("nowhere", NotFoundError), ("down", UnavailableError)])
async def test_a_link_that_cannot_be_read_is_the_error(handle: str, error: type[VendorError]) -> None:
    adapter, _ = counting()
    with pytest.raises(error):
        await read(adapter, handle, None, TOTALS)


@pytest.mark.parametrize(
    ("part", "known", "call"), [(TOTALS, True, None), (TOTALS, False, "link"), (SERIES, False, None)]
)
def test_only_the_totals_of_an_unknown_link_cost_a_call(part: StatsPart, known: bool, call: str | None) -> None:
    assert Counting.call_costs.stats_call(part, known) == call

"""LINK_STATS: numbers cover what they say, and never exceed each other."""

from collections import Counter
from collections.abc import Sequence
from datetime import timedelta

from linkweave.errors import UnsupportedError, VendorError
from linkweave.models import BOT_TOTALS, SERIES, TOTALS, Capability, Dimension, Link, Period, StatsPart, StatsReport
from linkweave.providers.read_capabilities import CanReadManyStats, CanReadStats
from linkweave.testing.bench import Bench
from linkweave.testing.contract.base import ProviderContract
from linkweave.testing.virtual_time import in_virtual_time

# These cover a link's whole life at every vendor, whatever period is asked for.
_WHOLE_LIFE = frozenset({Dimension.INTEREST, Dimension.BRAND_AFFINITY})


class ReadStatsContract(ProviderContract):
    """The contract of CanReadStats."""

    capability = Capability.LINK_STATS

    @in_virtual_time
    async def test_days_add_up_to_the_totals(self) -> None:
        bench = self.open_bench()
        for link in await self.some_links(bench):
            report = await _read(bench, link, _last_days(bench, 30), TOTALS, SERIES)
            assert all(isinstance(failure, UnsupportedError) for failure in report.failures.values())
            series = report.series or ()
            for days, total in (
                ([day.clicks for day in series], report.clicks),
                ([day.unique_clicks for day in series], report.unique_clicks),
            ):
                known = [clicks for clicks in days if clicks is not None]
                assert total is None or report.series is None or sum(known) == total
            dates = [day.day for day in series]
            assert dates == sorted(set(dates))

    @in_virtual_time
    async def test_clicks_of_days_are_of_these_days_or_unsupported(self) -> None:
        bench = self.open_bench()
        for link in await self.some_links(bench):
            life = await _read(bench, link, None, TOTALS)
            report = await _read(bench, link, _last_days(bench, 1), TOTALS)
            assert not life.failures
            assert life.clicks is not None
            assert (report.clicks is None) == (TOTALS in report.failures)
            assert report.clicks is None or report.clicks <= life.clicks
            assert report.clicks is None or report.covered == _last_days(bench, 1)

    @in_virtual_time
    async def test_breakdowns_are_no_more_than_the_totals(self) -> None:
        bench = self.open_bench()
        dimensions = bench.adapter_as(CanReadStats).stats_dimensions
        parts = [StatsPart.of(dimension) for dimension in dimensions]
        for link in (await self.some_links(bench))[-3:]:
            report = await _read(bench, link, _last_days(bench, 60), TOTALS, BOT_TOTALS, *parts)
            assert report.breakdowns.keys() <= dimensions
            for dimension, rows in report.breakdowns.items():
                clicks = report.bot_clicks if dimension is Dimension.BOT else report.clicks
                for counted, total in (
                    ([row.clicks for row in rows], clicks),
                    ([row.unique_clicks for row in rows], report.unique_clicks),
                ):
                    known = [number for number in counted if number is not None]
                    assert all(number >= 0 for number in known)
                    bounded = total is not None and dimension not in _WHOLE_LIFE
                    assert not bounded or sum(known) <= (total or 0), dimension

    @in_virtual_time
    async def test_only_the_measures_of_the_adapter_are_reported(self) -> None:
        bench = self.open_bench()
        measures = bench.adapter_as(CanReadStats).measures
        for link in await self.some_links(bench):
            report = await _read(bench, link, _last_days(bench, 30), TOTALS, BOT_TOTALS, SERIES)
            assert report.measures == measures
            told = {"CLICKS": report.clicks, "UNIQUE_CLICKS": report.unique_clicks, "BOT_CLICKS": report.bot_clicks}
            reported = {measure for measure, number in told.items() if number is not None}
            assert reported <= {measure.value for measure in measures}

    @in_virtual_time
    async def test_totals_alone_cost_at_most_one_call(self) -> None:
        bench = self.open_bench()
        link = (await self.some_links(bench))[-1]
        await _read(bench, link, _last_days(bench, 10), TOTALS)
        calls = len(bench.calls)
        await _read(bench, link, _last_days(bench, 10), TOTALS)
        assert len(bench.calls) - calls <= 1

    @in_virtual_time
    async def test_the_days_that_are_covered_are_among_those_asked_for(self) -> None:
        bench = self.open_bench()
        for period in (_last_days(bench, 1), _last_days(bench, 30), _last_days(bench, 1_000)):
            for link in (await self.some_links(bench))[:2]:
                report = await _read(bench, link, period, SERIES)
                covered = report.covered
                assert covered is None or period.start <= covered.start <= covered.end <= period.end
                assert all(period.start <= day.day <= period.end for day in report.series or ())

    @in_virtual_time
    async def test_days_in_the_future_have_no_clicks(self) -> None:
        bench = self.open_bench()
        today = bench.account.adapter.today()
        link = (await self.some_links(bench))[0]
        report = await _read(bench, link, Period(today + timedelta(days=5), today + timedelta(days=9)), SERIES)
        assert not [day for day in report.series or () if day.clicks]


class ReadManyStatsContract(ReadStatsContract):
    """The contract of CanReadManyStats."""

    capability = Capability.BATCH_STATS

    @in_virtual_time
    async def test_the_totals_of_many_links_are_those_of_each(self) -> None:
        bench = self.open_bench()
        links = await self.some_links(bench)
        for period in (None, _last_days(bench, 30), _last_days(bench, 1)):
            together = await bench.adapter_as(CanReadManyStats).read_totals(links, period)
            singly = [await _read(bench, link, period, TOTALS) for link in links]
            assert [_clicks(together[link.handle]) for link in links] == [report.clicks for report in singly]
            assert [_covered(together[link.handle]) for link in links] == [report.covered for report in singly]

    @in_virtual_time
    async def test_the_sums_of_many_links_are_those_of_each_added_up(self) -> None:
        bench = self.open_bench()
        adapter = bench.adapter_as(CanReadManyStats)
        links, period = await self.some_links(bench), _last_days(bench, 30)
        possible = (SERIES, BOT_TOTALS, *map(StatsPart.of, adapter.stats_dimensions))
        parts = frozenset(part for part in possible if adapter.tells(part) and adapter.links_per_call(part) > 1)
        before = len(bench.calls)
        together = await adapter.read_sums(links, period, parts)
        assert len(bench.calls) - before < len(links) * len(parts) or not parts
        singly = [await _read(bench, link, period, *parts) for link in links]
        assert _sums(together, parts) == (_sums(singly, parts) if parts else Counter())


def _clicks(report: StatsReport | VendorError) -> int | None:
    assert isinstance(report, StatsReport)
    return report.clicks


def _covered(report: StatsReport | VendorError) -> Period | None:
    assert isinstance(report, StatsReport)
    return report.covered


def _sums(reports: Sequence[StatsReport | VendorError], parts: frozenset[StatsPart]) -> Counter[tuple[object, ...]]:
    """The clicks of every day and bucket, and of bots, added up."""
    added: Counter[tuple[object, ...]] = Counter()
    for report in reports:
        assert isinstance(report, StatsReport)
        assert not report.failures
        added.update({("day", day.day): day.clicks or 0 for day in report.series or ()})
        added["bots",] += (report.bot_clicks or 0) if BOT_TOTALS in parts else 0
        for dimension, rows in report.breakdowns.items():
            added.update({(dimension, row.name): row.clicks or 0 for row in rows})
    return +added


async def _read(bench: Bench, link: Link, period: Period | None, *parts: StatsPart) -> StatsReport:
    return await bench.adapter_as(CanReadStats).read_stats(link.handle, link, period, frozenset(parts))


def _last_days(bench: Bench, days: int) -> Period:
    today = bench.account.adapter.today()
    return Period(today - timedelta(days=days - 1), today)

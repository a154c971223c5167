"""The days of links in the database: observed between readings of totals, or told by the vendor."""

import asyncio
import shutil
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, timedelta
from itertools import count, pairwise
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import select

from harness.catalog_fixtures import opened
from linkweave.catalog.database import Database
from linkweave.catalog.history.due_times import Bounds
from linkweave.catalog.history.record_days import days_to_ask, record_days, stop_vendor_days
from linkweave.catalog.history.record_totals import record_totals
from linkweave.catalog.history.totals import KnownClicks
from linkweave.catalog.tables import CLICKS_DAILY, LINKS
from linkweave.catalog.writes.record_links import Sighting, record_links
from linkweave.models import DayClicks, Link, Measure, Period, StatsReport
from linkweave.models.link_changes import SeenBy

MONDAY = datetime(2026, 11, 16, tzinfo=UTC)
CLICKS = frozenset({Measure.CLICKS})
BOUNDS = Bounds(300, 86_400)
NUMBERS = count()


def at(days: float) -> datetime:
    return MONDAY + timedelta(days=days)


def day(number: int) -> date:
    return at(number).date()


@dataclass(frozen=True)
class StoredLink:
    """A link of its own in the database."""

    database: Database
    link: Link

    @classmethod
    async def make(cls, database: Database, created: float | None = None) -> "StoredLink":
        handle = f"l{next(NUMBERS)}"
        created_at = None if created is None else at(created)
        link = Link(handle, f"https://s.example/{handle}", handle, "https://e.example", MONDAY, created_at=created_at)
        async with database.write() as connection:
            await record_links(connection, Sighting("one", SeenBy.SYNC, MONDAY), [link])
        return cls(database, link)

    async def read_total(self, days: float, clicks: int, now: float | None = None) -> None:
        """Stores a total that was read after `days`; it is stored at once, unless `now` is later."""
        read = replace(self.link, included=StatsReport(CLICKS, at(days), clicks=clicks))
        async with self.database.write() as connection:
            stored_at = at(days if now is None else now)
            await record_totals(connection, account="one", links=[read], zone=UTC, now=stored_at, bounds=BOUNDS)

    async def tell_days(
        self, days: float, asked: Period, told: dict[date, int | None], first: date | None = None
    ) -> int:
        """Stores what a vendor told of the days that it was asked for; `first` is the first that it counts."""
        series = tuple(DayClicks(each, clicks) for each, clicks in told.items())
        report = StatsReport(CLICKS, at(days), Period(first or asked.start, asked.end), series=series)
        known = await self.known()
        async with self.database.write() as connection:
            return await record_days(connection, known, asked, report, UTC)

    async def known(self) -> KnownClicks:
        query = select(*(LINKS.c[name] for name in KnownClicks.__dataclass_fields__))
        async with self.database.read() as connection:
            rows = await connection.execute(query.where(LINKS.c.handle == self.link.handle))
            return KnownClicks(*rows.one())

    async def rows(self) -> list[tuple[date, date, int | None]]:
        columns = CLICKS_DAILY.c
        query = select(columns.first_day, columns.last_day, columns.clicks).join(LINKS)
        async with self.database.read() as connection:
            rows = await connection.execute(query.where(LINKS.c.handle == self.link.handle).order_by(columns.last_day))
            return [tuple(row) for row in rows]


async def test_clicks_of_two_readings_in_one_day_are_one_row(database: Database) -> None:
    link = await StoredLink.make(database)
    for days, clicks in ((0.1, 5), (0.4, 7), (0.8, 10), (1.2, 11)):
        await link.read_total(days, clicks)
    assert await link.rows() == [(day(0), day(0), 5), (day(1), day(1), 1)]
    known = await link.known()
    assert (known.clicks, known.days_at, known.days_from) == (11, at(1.2), day(0))
    assert known.days_source == "OBSERVED"


async def test_a_reading_on_the_last_day_of_a_span_adds_to_it(database: Database) -> None:
    link = await StoredLink.make(database)
    for days, clicks in ((0.5, 5), (7.2, 12), (7.5, 13)):
        await link.read_total(days, clicks)
    assert await link.rows() == [(day(1), day(7), 8)]


async def test_a_clock_that_goes_back_takes_away_the_days_that_have_not_come(database: Database) -> None:
    link = await StoredLink.make(database)
    for days, clicks in ((0.5, 5), (400, 6), (1.2, 9), (1.4, 10), (2.5, 12)):
        await link.read_total(days, clicks)
    assert await link.rows() == [(day(1), day(1), None), (day(2), day(2), 2)]
    assert (await link.known()).days_from == day(2)


async def test_a_total_that_is_older_than_the_stored_one_is_ignored(database: Database) -> None:
    link = await StoredLink.make(database)
    await link.read_total(0.5, 9)
    await link.read_total(0.4, 7, now=0.6)
    assert await link.rows() == []
    assert (await link.known()).clicks == 9


async def test_the_total_of_a_link_that_was_made_today_is_of_today(database: Database) -> None:
    link = await StoredLink.make(database, created=0.2)
    await link.read_total(0.5, 9)
    assert await link.rows() == [(day(0), day(0), 9)]


async def test_what_a_vendor_tells_replaces_what_was_known_of_these_days(database: Database) -> None:
    link = await StoredLink.make(database, created=-1)
    for days, clicks in ((0.1, 5), (0.5, 8), (3.5, 12)):
        await link.read_total(days, clicks)
    asked = Period(day(-1), day(3))
    assert await link.tell_days(3.6, asked, {day(-1): 2, day(0): 6, day(2): 0, day(3): 5}) == 13 - 7
    assert await link.rows() == [(day(-1), day(-1), 2), (day(0), day(0), 6), (day(3), day(3), 5)]
    assert await link.tell_days(4.5, Period(day(2), day(4)), {day(3): 7, day(4): 1}) == 3
    assert await link.rows() == [(day(-1), day(-1), 2), (day(0), day(0), 6), (day(3), day(3), 7), (day(4), day(4), 1)]
    known = await link.known()
    assert (known.days_source, known.days_from, known.days_at) == ("VENDOR", day(-1), at(4.5))


async def test_days_are_known_from_the_first_day_that_a_vendor_counts(database: Database) -> None:
    link = await StoredLink.make(database)
    await link.tell_days(3, Period(day(-300), day(3)), {day(-300): 9, day(2): 1}, first=day(-80))
    assert await link.rows() == [(day(2), day(2), 1)]
    assert (await link.known()).days_from == day(-80)
    # Nothing was read for so long that the days in between are not known.
    await link.tell_days(60, Period(day(50), day(60)), {})
    assert (await link.known()).days_from == day(50)


async def test_a_total_that_has_not_moved_makes_days_known_until_then(database: Database) -> None:
    link = await StoredLink.make(database)
    await link.read_total(0.5, 5)
    await link.tell_days(0.6, Period(day(-9), day(0)), {day(0): 5})
    await link.read_total(3, 5)
    assert (await link.known()).days_at == at(3)
    await link.read_total(4, 6)
    await link.read_total(5, 6)
    assert (await link.known()).days_at == at(3)


async def test_days_are_observed_again_once_a_vendor_stops_telling_them(database: Database) -> None:
    link = await StoredLink.make(database)
    await link.read_total(0.5, 5)
    await link.tell_days(0.6, Period(day(-9), day(0)), {day(0): 5})
    async with database.write() as connection:
        await stop_vendor_days(connection, await link.known(), UTC)
    await link.read_total(1.5, 8)
    assert await link.rows() == [(day(0), day(0), 5), (day(1), day(1), 3)]
    known = await link.known()
    assert (known.days_source, known.days_from) == ("OBSERVED", day(1))


async def test_a_vendor_without_totals_that_stops_telling_days_leaves_none_known(database: Database) -> None:
    link = await StoredLink.make(database)
    await link.tell_days(0.6, Period(day(-9), day(0)), {day(0): 5})
    async with database.write() as connection:
        await stop_vendor_days(connection, await link.known(), UTC)
    known = await link.known()
    assert (known.days_source, known.days_from, known.days_at) == (None, None, None)


@pytest.mark.parametrize(
    ("known", "first"),
    [
        (KnownClicks(1), -365),
        (KnownClicks(1, created_at=at(-20.5)), -21),
        (KnownClicks(1, created_at=at(-900)), -365),
        (KnownClicks(1, created_at=at(3)), 0),
        (KnownClicks(1, days_at=at(-3.5), days_source="VENDOR", created_at=at(-20)), -5),
        (KnownClicks(1, days_at=at(0.3), days_source="VENDOR"), -1),
        (KnownClicks(1, days_at=at(0.3), days_source="OBSERVED", created_at=at(-20.5)), -21),
        (KnownClicks(1, days_at=at(90), days_source="VENDOR", created_at=at(-20.5)), -21),
    ],
    ids=[
        "a link of unknown age",
        "a young link",
        "an old link",
        "a link from the future",
        "days that were told some days ago",
        "days that were told today",
        "days that were observed",
        "days that were told before the clock went back",
    ],
)
def test_a_vendor_is_asked_for_the_days_since_its_last_answer_and_two_more(known: KnownClicks, first: int) -> None:
    assert days_to_ask(known, day(0), UTC, at(0.5)) == Period(day(first), day(0))


READINGS = st.lists(
    st.tuples(st.integers(0, 24 * 20), st.integers(0, 20)),
    min_size=1,
    max_size=12,
    unique_by=lambda reading: reading[0],
)


async def _observe(path: Path, readings: Sequence[tuple[int, int]]) -> None:
    async with opened(f"sqlite:///{path}") as database:
        link = await StoredLink.make(database)
        for hours, clicks in readings:
            await link.read_total(hours / 24, clicks)
        rows, known, last = await link.rows(), await link.known(), at(readings[-1][0] / 24)
    assert known.days_at == known.clicks_at == last
    assert known.clicks == readings[-1][1]
    assert known.days_from is not None
    assert all(first <= end for first, end, _ in rows)
    assert all(earlier[1] < later[0] for earlier, later in pairwise(rows))
    assert all(end <= last.date() for _, end, _ in rows)
    unknown = [end for _, end, clicks in rows if clicks is None]
    # No day is said to be known whose clicks are not.
    assert all(end < known.days_from for end in unknown)
    steps = list(pairwise(readings))
    if all(later[0] > earlier[0] and later[1] >= earlier[1] for earlier, later in steps):
        assert sum(clicks or 0 for _, _, clicks in rows) == readings[-1][1] - readings[0][1]
        assert known.days_from == at(readings[0][0] / 24).date()


@given(READINGS, st.booleans())
@settings(max_examples=20, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow])
def test_whatever_the_clock_and_the_vendor_do_no_click_is_counted_twice(
    migrated_file: Path, tmp_path_factory: pytest.TempPathFactory, readings: list[tuple[int, int]], orderly: bool
) -> None:
    path = tmp_path_factory.getbasetemp() / "observed.db"
    if not path.exists():
        shutil.copy(migrated_file, path)
    if orderly:
        hours, totals = sorted({hour for hour, _ in readings}), sorted(total for _, total in readings)
        readings = list(zip(hours, totals, strict=False))
    asyncio.run(_observe(path, readings))

"""Links in the catalog, made at random: plain Python over the same links is what the catalog must answer."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import Final, Literal

from hypothesis import strategies as st
from sqlalchemy import delete, insert

from linkweave.catalog.database import Database
from linkweave.catalog.link_rows import row_of, storable, tag_rows
from linkweave.catalog.reads.questions.clicks import CountedDays, DaySpan
from linkweave.catalog.tables import CLICKS_DAILY, LINK_TAGS, LINKS
from linkweave.models import Link, StatsReport, Utm

ACCOUNTS: Final = ("a", "b", "c")
FIRST_DAY: Final = date(2026, 5, 1)
NOON: Final = datetime(2026, 5, 20, 12, tzinfo=UTC)
_DAY: Final = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class KnownRow:
    """A link in the catalog, and its days. `id` is the number of its row."""

    id: int
    account: str
    link: Link
    days: tuple[DaySpan, ...] = ()
    days_from: date | None = None
    days_at: datetime | None = None
    is_deleted: bool = False
    days_source: str = "VENDOR"


def days_after(number: int) -> date:
    """Returns a day of the tests' month."""
    return FIRST_DAY + number * _DAY


@st.composite
def spans(draw: st.DrawFn) -> tuple[DaySpan, ...]:
    """Days and spans of several days, without an overlap."""
    found, day = [], draw(st.integers(0, 12))
    for _ in range(draw(st.integers(0, 4))):
        length = draw(st.sampled_from((1, 1, 1, 3)))
        counts = draw(st.tuples(*[st.none() | st.integers(0, 9)] * 2))
        found.append(DaySpan(days_after(day), days_after(day + length - 1), *counts))
        day += length + draw(st.integers(0, 4))
    return tuple(found)


_texts = st.sampled_from(("Spring", "spring", "Straße", "50%", "a_b", "Zoë", "春天的花", "Ärger"))
_moments = st.none() | st.integers(0, 15).map(lambda hours: NOON - timedelta(hours=7 * hours))
_hosts = st.sampled_from(("example.com", "shop.example.com"))


@st.composite
def links(draw: st.DrawFn, number: int) -> Link:
    """A link whose values are often equal to those of others."""
    clicks, unique = draw(st.tuples(*[st.none() | st.integers(0, 3)] * 2))
    host, path = draw(_hosts), draw(st.sampled_from(("/", "/x", "/x?utm_source=mail", "/%41")))
    domain = draw(st.sampled_from(("go.example", "GO.example", "bücher.example", None)))
    return Link(
        f"h{number}",
        f"https://go.example/{number}",
        draw(_texts),
        f"https://{host}{path}",
        NOON,
        domain,
        draw(st.none() | _texts),
        draw(st.none() | _texts),
        tuple(
            draw(st.lists(st.sampled_from(("Spring", "spring", "Sale", "ÄPFEL")), max_size=2, unique_by=str.casefold))
        ),
        draw(_moments),
        draw(_moments),
        draw(st.none() | st.sampled_from(("x", "y"))),
        utm=draw(st.none() | st.builds(Utm, source=st.none() | st.sampled_from(("mail", "post")))),
        archived=draw(st.none() | st.booleans()),
        starred=draw(st.none() | st.booleans()),
        team_id=draw(st.none() | st.sampled_from(("t1", "t2"))),
        campaign_id=draw(st.none() | st.sampled_from(("c1", "c2"))),
        included=StatsReport(frozenset(), NOON, clicks=clicks, unique_clicks=unique),
    )


@st.composite
def known_rows(draw: st.DrawFn, most: int = 12) -> tuple[KnownRow, ...]:
    """The rows of a catalog."""
    return tuple(
        KnownRow(
            number + 1,
            draw(st.sampled_from(ACCOUNTS)),
            draw(links(number)),
            draw(spans()),
            draw(st.none() | st.integers(0, 20).map(days_after)),
            draw(st.sampled_from((NOON, NOON - 3 * _DAY))),
            draw(st.integers(0, 6)) == 0,
        )
        for number in range(draw(st.integers(0, most)))
    )


def clicks_on_days(row: KnownRow, days: CountedDays, measure: Literal["clicks", "unique_clicks"]) -> int | None:
    """Returns the clicks of a link over some days; None where some of them are not known."""
    period, created = days.period, row.link.created_at
    offset = timedelta(seconds=dict(days.offsets).get(row.account, 0))
    counting = days.counting_clicks if measure == "clicks" else days.counting_unique_clicks
    touched = [day for day in row.days if day.last_day >= period.start and day.first_day <= period.end]
    covers = (
        row.account in counting
        and row.days_at is not None
        and row.days_at >= days.read_since
        and row.days_from is not None
        and (row.days_from <= period.start or (created is not None and row.days_from <= (created + offset).date()))
        and all(day.first_day >= period.start and day.last_day <= period.end for day in touched)
    )
    counts: list[int | None] = [getattr(day, measure) for day in touched]
    return sum(count for count in counts if count is not None) if covers and None not in counts else None


async def store_rows(database: Database, rows: Sequence[KnownRow]) -> None:
    """Makes `rows` the only links in the catalog."""
    tags = [{"link_id": row.id, **tag} for row in rows for tag in tag_rows(row.link)]
    days = [
        {
            "link_id": row.id,
            "first_day": span.first_day,
            "last_day": span.last_day,
            "clicks": span.clicks,
            "unique_clicks": span.unique_clicks,
            "source": "VENDOR",
        }
        for row in rows
        for span in row.days
    ]
    async with database.write() as connection:
        await connection.execute(delete(LINKS))
        for table, values in ((LINKS, [_values(row) for row in rows]), (LINK_TAGS, tags), (CLICKS_DAILY, days)):
            if values:
                await connection.execute(insert(table), values)


def _values(row: KnownRow) -> dict[str, object]:
    included = row.link.included
    return {
        **row_of(row.account, storable(row.link)),
        "id": row.id,
        "first_seen_at": NOON,
        "clicks": None if included is None else included.clicks,
        "unique_clicks": None if included is None else included.unique_clicks,
        "clicks_at": None if included is None else included.fetched_at,
        "days_from": row.days_from,
        "days_at": row.days_at,
        "days_source": row.days_source,
        "deleted_at": NOON if row.is_deleted else None,
    }

"""Questions to a large catalog against plain SQL for the same rows, on the same connection of the same database."""

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from functools import partial
from typing import Any, Final, TypeAlias

from sqlalchemy import text

from benchmarks.catalog_data import ACCOUNTS, LAST_DAY, LINKS, fill
from benchmarks.catalog_databases import open_kept_database
from benchmarks.processor import Cost, Processor, cost_in_turns
from linkweave.catalog.database import Database
from linkweave.catalog.link_rows import COLUMNS_OF_LINK
from linkweave.catalog.reads.questions.clicks import CountedDays
from linkweave.catalog.reads.questions.groups import GroupOrder, GroupQuestion, StatsGroup
from linkweave.catalog.reads.questions.links import AccountScope, LinkOrder, LinkOrderField, LinkQuestion, Position
from linkweave.catalog.reads.questions.orders import OrderDirection
from linkweave.catalog.reads.reads import CatalogReads
from linkweave.models import LinkFilter, Period

PAGE: Final = 20
RANGE_DAYS: Final = 30
_TODAY: Final = date.fromordinal(LAST_DAY)
_PERIOD: Final = Period(_TODAY - timedelta(days=RANGE_DAYS - 1), _TODAY)
_DAYS: Final = CountedDays(_PERIOD, datetime(2026, 11, 19, tzinfo=UTC), ACCOUNTS, ACCOUNTS)
_ALL: Final = LinkQuestion(tuple(map(AccountScope, ACCOUNTS)))
_KEYS: Final = ", ".join(f"'{key}'" for key in ACCOUNTS)
_COLUMNS: Final = ", ".join(f"links.{name}" for name in COLUMNS_OF_LINK)
_IN_RANGE: Final = f"last_day BETWEEN {_PERIOD.start.toordinal()} AND {_PERIOD.end.toordinal()}"

_VALUES: Final[Mapping[LinkOrderField, str]] = {
    LinkOrderField.CREATED_AT: "created_at",
    LinkOrderField.CLICKS: "clicks",
    LinkOrderField.UNIQUE_CLICKS: "unique_clicks",
    LinkOrderField.LAST_CLICK_AT: "last_click_at",
    LinkOrderField.TITLE: "SUBSTR(title_key, 1, 250)",
    LinkOrderField.SLUG: "SUBSTR(slug_key, 1, 250)",
    LinkOrderField.DESTINATION: "SUBSTR(destination_key, 1, 250)",
}

Ask: TypeAlias = Callable[[], Awaitable[object]]


@dataclass(frozen=True, slots=True)
class Rivals:
    """The cost of a question, and that of the plain SQL."""

    ours: Cost
    plain: Cost

    @property
    def ratio(self) -> float:
        """How much more of the processor ours takes."""
        return self.ours.processor / self.plain.processor


async def compare(database: Database) -> dict[str, Rivals]:
    """Asks each question and its plain SQL in turns."""
    reads = CatalogReads(database)
    found = {}
    for field, value in _VALUES.items():
        found[f"page by {field.value}"] = await _in_turns(
            database, partial(reads.links, _ALL, LinkOrder(field), PAGE, None), _page(value)
        )
    in_range = LinkOrder(LinkOrderField.CLICKS_IN_RANGE, OrderDirection.DESC, _DAYS)
    found["page by CLICKS_IN_RANGE"] = await _in_turns(
        database, partial(reads.links, _ALL, in_range, PAGE, None), _RANGE_PAGE
    )
    by_tag = GroupQuestion(StatsGroup.TAG, _ALL, _DAYS, ())
    found["clicks by tag"] = await _in_turns(database, partial(reads.groups, by_tag, GroupOrder(), PAGE, None), _BY_TAG)
    for name, search in (("rare", "campaign 4711 of 5"), ("common", "shop12")):
        question = LinkQuestion(tuple(AccountScope(key, LinkFilter(search=search)) for key in ACCOUNTS))
        found[f"search for a {name} text"] = await _in_turns(
            database,
            partial(reads.links, question, LinkOrder(), PAGE, None),
            _page("created_at", f"AND search_key LIKE '%{search}%'"),
        )
    return found


async def compare_depths(database: Database) -> Rivals:
    """The last page against the first."""
    reads, order = CatalogReads(database), LinkOrder(LinkOrderField.CLICKS)
    backwards = LinkOrder(LinkOrderField.CLICKS, OrderDirection.ASC)
    end = (await reads.links(_ALL, backwards, PAGE, None)).links[-1].position
    last = Position(end.value, end.account, end.row)
    asked = (partial(reads.links, _ALL, order, PAGE, place) for place in (last, None))
    return Rivals(*await cost_in_turns(await Processor.of(database), tuple(asked)))


async def measure(kind: str, links: int = LINKS) -> dict[str, Rivals] | None:
    """Fills a database of this kind, and asks it everything. The last page is compared with the first one."""
    async with open_kept_database(kind) as database:
        if database is None:
            return None
        await fill(database, links)
        return {**await compare(database), "last page": await compare_depths(database)}


async def _in_turns(database: Database, ours: Ask, statement: str) -> Rivals:
    async def plain() -> list[Any]:
        async with database.read() as connection:
            return list((await connection.execute(text(statement))).all())

    return Rivals(*await cost_in_turns(await Processor.of(database), (ours, plain)))


def _page(value: str, condition: str = "") -> str:
    return (
        f"SELECT {_COLUMNS} FROM links WHERE deleted_at IS NULL AND account IN ({_KEYS}) {condition} "
        f"ORDER BY {value} DESC, account DESC, id DESC LIMIT {PAGE + 1}"
    )


_RANGE_PAGE: Final = (
    f"SELECT {_COLUMNS}, days.total FROM links JOIN (SELECT link_id, SUM(clicks) AS total FROM clicks_daily "
    f"WHERE {_IN_RANGE} GROUP BY link_id) AS days ON days.link_id = links.id "
    f"WHERE deleted_at IS NULL AND account IN ({_KEYS}) ORDER BY days.total DESC, account DESC, id DESC "
    f"LIMIT {PAGE + 1}"
)
_BY_TAG: Final = (
    "SELECT tag_key, COUNT(DISTINCT links.id), SUM(clicks_daily.clicks), SUM(clicks_daily.unique_clicks) FROM links "
    "JOIN link_tags ON link_tags.link_id = links.id JOIN clicks_daily ON clicks_daily.link_id = links.id "
    f"WHERE deleted_at IS NULL AND account IN ({_KEYS}) AND {_IN_RANGE} "
    f"GROUP BY tag_key ORDER BY 3 DESC LIMIT {PAGE + 1}"
)

"""Pages of links in any order, by keyset: the first page and the last cost the same, and rows may come and go."""

from dataclasses import dataclass
from typing import Any, Final

from sqlalchemy import (
    BigInteger,
    ColumnElement,
    FromClause,
    Row,
    Select,
    Text,
    bindparam,
    func,
    literal_column,
    select,
    true,
    tuple_,
    type_coerce,
)
from sqlalchemy.ext.asyncio import AsyncConnection

from linkweave.catalog.link_rows import COLUMNS_AS_STORED
from linkweave.catalog.reads.conditions import Narrow, Narrows, WithoutIndex, indexed_parts, selected_links
from linkweave.catalog.reads.day_sums import clicks_of_link, sums_by_link
from linkweave.catalog.reads.questions.links import AccountsByFilter, LinkOrder, LinkOrderField, LinkQuestion, Position
from linkweave.catalog.reads.questions.orders import OrderDirection, OrderValue
from linkweave.catalog.tables import LINKS, ordered_text
from linkweave.concurrency.lru import LruDict

MAX_STATEMENTS: Final = 200
MAX_SORTED: Final = 2_000
PAGES_PER_COUNT: Final = 20
"""Number of pages after which it is counted again whether an index finds few links: a count may take 2 ms."""

_NUMBERS = {
    LinkOrderField.CREATED_AT: LINKS.c.created_at,
    LinkOrderField.CLICKS: LINKS.c.clicks,
    LinkOrderField.UNIQUE_CLICKS: LINKS.c.unique_clicks,
    LinkOrderField.LAST_CLICK_AT: LINKS.c.last_click_at,
}
_TEXTS = {
    LinkOrderField.TITLE: LINKS.c.title_key,
    LinkOrderField.SLUG: LINKS.c.slug_key,
    LinkOrderField.DESTINATION: LINKS.c.destination_key,
}


_COLUMNS: Final = (
    LINKS.c.id,
    LINKS.c.account,
    type_coerce(LINKS.c.seen_at, BigInteger).label("seen_at"),
    *COLUMNS_AS_STORED,
)
_AFTER: Final = (bindparam("after_account", type_=Text()), bindparam("after_row", type_=BigInteger()))


@dataclass(frozen=True, slots=True)
class OrderedRows:
    """The rows that a question selects, with the value by which they are ordered."""

    rows: FromClause
    value: ColumnElement[Any]
    account: ColumnElement[str]
    id: ColumnElement[int]
    where: ColumnElement[bool]
    descends: bool
    first: int

    @classmethod
    def of(cls, question: LinkQuestion, order: LinkOrder, first: int, narrow: Narrows | None) -> "OrderedRows":
        """Returns the first rows of LINKS that `question` selects.

        If an index finds few, SQLite does not read them in their order.
        """
        where, descends = selected_links(question, narrow or frozenset()), order.direction is OrderDirection.DESC
        if order.field in _NUMBERS:
            value: ColumnElement[Any] = type_coerce(_NUMBERS[order.field], BigInteger)
        elif order.field in _TEXTS:
            value = ordered_text(_TEXTS[order.field])
        else:
            return cls._by_clicks_in_range(question, order, where, first)
        if narrow is not None:
            value = WithoutIndex(value)
        return cls(LINKS, value, LINKS.c.account, LINKS.c.id, where, descends, first)

    @classmethod
    def _by_clicks_in_range(
        cls, question: LinkQuestion, order: LinkOrder, where: ColumnElement[bool], first: int
    ) -> "OrderedRows":
        if order.days is None:
            raise ValueError(order)
        sums = sums_by_link(order.days, where if question.is_filtered else None)
        value = clicks_of_link(order.days, sums).label("value")
        joined = LINKS.outerjoin(sums, sums.c.link_id == LINKS.c.id)
        counted = select(LINKS.c.id, LINKS.c.account, value).select_from(joined).where(where).subquery("counted")
        descends = order.direction is OrderDirection.DESC
        return cls(counted, counted.c.value, counted.c.account, counted.c.id, true(), descends, first)

    def with_value(self, after: Position | None) -> Select[Any]:
        """Returns the query of the next rows that have a value, and of their values. `after` is in its parameters."""
        query = self._select(self.value.is_not(None))
        keys = (self.value, self.account, self.id)
        if after is not None:
            value = bindparam("after_value", type_=BigInteger() if isinstance(after.value, int) else Text())
            place = tuple_(value, *_AFTER)
            # SQLite finds no place in an index of an expression by a comparison of several values.
            query = query.where(self.value <= value if self.descends else self.value >= value)
            query = query.where(tuple_(*keys) < place if self.descends else tuple_(*keys) > place)
        return query.order_by(*(key.desc() if self.descends else key.asc() for key in keys))

    def without_value(self, after: Position | None) -> Select[Any]:
        """Returns the query of the next rows that have no value. They are behind all others."""
        query = self._select(self.value.is_(None))
        keys = (self.account, self.id)
        if after is not None and after.value is None:
            place = tuple_(*_AFTER)
            query = query.where(tuple_(*keys) < place if self.descends else tuple_(*keys) > place)
        return query.order_by(*(key.desc() if self.descends else key.asc() for key in keys))

    def with_columns(self, page: Select[Any]) -> Select[Any]:
        """Returns a query of the same rows that has their values, and `_COLUMNS`."""
        if self.rows is LINKS:
            return page.with_only_columns(self.value.label("value"), *_COLUMNS)
        # What is sorted here is every link, so that it must be small.
        found = page.subquery("page")
        keys = (found.c.value, found.c.account, found.c.id)
        whole = select(found.c.value, *_COLUMNS).join_from(found, LINKS, LINKS.c.id == found.c.id)
        return whole.order_by(*(key.desc() if self.descends else key.asc() for key in keys))

    def _select(self, condition: ColumnElement[bool]) -> Select[Any]:
        columns = self.id.label("id"), self.account.label("account"), self.value.label("value")
        query = select(*columns).select_from(self.rows).where(self.where, condition)
        # Written into the statement: PostgreSQL makes a new plan each time for a number that it does not know before.
        return query.limit(literal_column(str(self.first)))


class LinkPages:
    """Reads pages of links. A statement is made once for all pages of a list: that takes as long as to execute it.

    Of more than `max_sorted` links, SQLite does not sort all for each page.
    """

    def __init__(self, max_sorted: int = MAX_SORTED) -> None:
        self._max_sorted = max_sorted
        self._statements: LruDict[tuple[object, ...], Select[Any]] = LruDict(max_entries=MAX_STATEMENTS)
        self._narrow: LruDict[AccountsByFilter, _NarrowParts] = LruDict(max_entries=MAX_STATEMENTS)

    async def read(
        self,
        connection: AsyncConnection,
        question: LinkQuestion,
        order: LinkOrder,
        first: int,
        after: Position | None,
    ) -> list[Row[Any]]:
        """Returns the next `first` links after `after`.

        Each row has its value in the order, its number, its account, when it was seen, and COLUMNS_AS_STORED.
        """
        found: list[Row[Any]] = []
        if after is None or after.value is not None:
            found += await self._read_part(connection, _Page(question, order, first, after, told=True))
        if len(found) < first:
            rest = await self._read_part(connection, _Page(question, order, first, after, told=False))
            # Between the two statements, a link may have lost its value in the order.
            known = {row.id for row in found}
            found += [row for row in rest if row.id not in known]
        return found[:first]

    async def _read_part(self, connection: AsyncConnection, page: "_Page") -> list[Row[Any]]:
        wanted = page.question.accounts_by_filter
        narrow = await self._narrow_parts(connection, page.question, wanted)
        kind = None if page.after is None else type(page.after.value)
        key = wanted, page.question.destination, page.order, page.first, narrow, page.told, kind
        statement = self._statements.get(key)
        if statement is None:
            statement = page.statement(narrow)
            self._statements.put(key, statement)
        return list((await connection.execute(statement, _parameters(page.after))).all())

    async def _narrow_parts(
        self, connection: AsyncConnection, question: LinkQuestion, wanted: AccountsByFilter
    ) -> Narrows | None:
        """Returns the parts of the filters of which an index finds at most `max_sorted` links.

        None where a filter has no such part, so that the links are looked at in their order. PostgreSQL estimates that
        itself.
        """
        if connection.dialect.name != "sqlite":
            return None
        if question.destination is not None:
            return frozenset()
        known = self._narrow.get(wanted)
        if known is None or not known.pages_left:
            known = _NarrowParts(await _find_narrow_parts(connection, wanted, self._max_sorted))
            self._narrow.put(wanted, known)
        known.pages_left -= 1
        return known.parts


@dataclass(slots=True)
class _NarrowParts:
    """What `_find_narrow_parts` returned, for some more pages: only their speed depends on it."""

    parts: Narrows | None
    pages_left: int = PAGES_PER_COUNT


@dataclass(frozen=True, slots=True)
class _Page:
    """At most `first` links after `after`: of those that have a value in the order if `told`, else of the others."""

    question: LinkQuestion
    order: LinkOrder
    first: int
    after: Position | None
    told: bool

    def statement(self, narrow: Narrows | None) -> Select[Any]:
        """Returns the query of its rows."""
        rows = OrderedRows.of(self.question, self.order, self.first, narrow)
        return rows.with_columns(rows.with_value(self.after) if self.told else rows.without_value(self.after))


def _parameters(after: Position | None) -> dict[str, OrderValue]:
    if after is None:
        return {}
    return {"after_value": after.value, "after_account": after.account, "after_row": after.row}


async def _find_narrow_parts(connection: AsyncConnection, wanted: AccountsByFilter, links: int) -> Narrows | None:
    """Returns the parts of the filters of which an index finds at most so many links. None where a filter has none."""
    narrow, wide = list[set[Narrow]](), set[Narrow]()
    for each, _ in wanted:
        found = [(part, await _finds_at_most(connection, links, query)) for part, query in indexed_parts(each)]
        narrow.append({part for part, is_narrow in found if is_narrow})
        wide |= {part for part, _ in found} - narrow[-1]
    usable = frozenset[Narrow]().union(*narrow) - wide
    return usable if narrow and all(usable & parts for parts in narrow) else None


async def _finds_at_most(connection: AsyncConnection, links: int, query: Select[Any]) -> bool:
    found = select(func.count()).select_from(query.limit(links + 1).subquery("found"))
    return int((await connection.execute(found)).scalar_one()) <= links

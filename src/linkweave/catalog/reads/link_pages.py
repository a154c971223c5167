"""Pages of links in any order, by keyset: the first page and the last cost the same, and rows may come and go."""

from collections.abc import Collection
from dataclasses import dataclass
from typing import Any, Final

from sqlalchemy import (
    BigInteger,
    ColumnElement,
    FromClause,
    Select,
    Text,
    func,
    literal,
    select,
    true,
    tuple_,
    type_coerce,
)
from sqlalchemy.ext.asyncio import AsyncConnection

from linkweave.catalog.reads.conditions import indexed_links, selected_links
from linkweave.catalog.reads.day_sums import clicks_of_link, sums_by_link
from linkweave.catalog.reads.questions import LinkOrder, LinkOrderField, LinkQuestion, OrderDirection, Position
from linkweave.catalog.search_index import trigrams_of
from linkweave.catalog.tables import LINKS, ordered_text

MAX_SORTED: Final = 10_000

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


@dataclass(frozen=True, slots=True)
class OrderedRows:
    """The rows that a question selects, with the value by which they are ordered."""

    rows: FromClause
    value: ColumnElement[Any]
    account: ColumnElement[str]
    id: ColumnElement[int]
    where: ColumnElement[bool]
    descends: bool

    @classmethod
    def of(cls, question: LinkQuestion, order: LinkOrder, common: Collection[str] = ()) -> "OrderedRows":
        """Returns the rows of LINKS that `question` selects. Searches in `common` find many links."""
        where, descends = selected_links(question, common), order.direction is OrderDirection.DESC
        if order.field in _NUMBERS:
            value: ColumnElement[Any] = type_coerce(_NUMBERS[order.field], BigInteger)
        elif order.field in _TEXTS:
            value = ordered_text(_TEXTS[order.field])
        else:
            return cls._by_clicks_in_range(order, where, descends=descends)
        return cls(LINKS, value, LINKS.c.account, LINKS.c.id, where, descends)

    @classmethod
    def _by_clicks_in_range(cls, order: LinkOrder, where: ColumnElement[bool], *, descends: bool) -> "OrderedRows":
        if order.days is None:
            raise ValueError(order)
        sums = sums_by_link(order.days)
        value = clicks_of_link(order.days, sums).label("value")
        joined = LINKS.outerjoin(sums, sums.c.link_id == LINKS.c.id)
        counted = select(LINKS.c.id, LINKS.c.account, value).select_from(joined).where(where).subquery("counted")
        return cls(counted, counted.c.value, counted.c.account, counted.c.id, true(), descends)

    def with_value(self, first: int, after: Position | None) -> Select[Any]:
        """Returns the query of the next rows that have a value, and of their values."""
        query = self._select(self.value.is_not(None), first)
        keys = (self.value, self.account, self.id)
        if after is not None:
            kind = BigInteger() if isinstance(after.value, int) else Text()
            value = literal(after.value, kind)
            place = tuple_(value, literal(after.account), literal(after.row, BigInteger()))
            # SQLite finds no place in an index of an expression by a comparison of several values.
            query = query.where(self.value <= value if self.descends else self.value >= value)
            query = query.where(tuple_(*keys) < place if self.descends else tuple_(*keys) > place)
        return query.order_by(*(key.desc() if self.descends else key.asc() for key in keys))

    def without_value(self, first: int, after: Position | None) -> Select[Any]:
        """Returns the query of the next rows that have no value. They are behind all others."""
        query = self._select(self.value.is_(None), first)
        keys = (self.account, self.id)
        if after is not None and after.value is None:
            place = tuple_(literal(after.account), literal(after.row, BigInteger()))
            query = query.where(tuple_(*keys) < place if self.descends else tuple_(*keys) > place)
        return query.order_by(*(key.desc() if self.descends else key.asc() for key in keys))

    def _select(self, condition: ColumnElement[bool], first: int) -> Select[Any]:
        columns = self.id.label("id"), self.account.label("account"), self.value.label("value")
        return select(*columns).select_from(self.rows).where(self.where, condition).limit(first)


async def read_positions(
    connection: AsyncConnection,
    question: LinkQuestion,
    order: LinkOrder,
    first: int,
    after: Position | None,
    max_sorted: int = MAX_SORTED,
) -> list[Position]:
    """Returns the positions of the next `first` links after `after`.

    A search that finds more than `max_sorted` links in SQLite's index does not use it, because they are sorted for each
    page.
    """
    rows = OrderedRows.of(question, order, await _common_searches(connection, question, max_sorted))
    found: list[Position] = []
    if after is None or after.value is not None:
        found += await _read(connection, rows.with_value(first, after))
    if len(found) < first:
        found += await _read(connection, rows.without_value(first - len(found), after))
    return found


async def _read(connection: AsyncConnection, query: Select[Any]) -> list[Position]:
    return [Position(row.value, row.account, row.id) for row in await connection.execute(query)]


async def _common_searches(connection: AsyncConnection, question: LinkQuestion, max_sorted: int) -> list[str]:
    """The searches that find more links than SQLite should sort. PostgreSQL estimates that itself."""
    searches = {scope.filter.search for scope in question.scopes if scope.filter.search is not None}
    if connection.dialect.name != "sqlite":
        return []
    return [search for search in searches if await _finds_more(connection, search, max_sorted)]


async def _finds_more(connection: AsyncConnection, search: str, links: int) -> bool:
    trigrams = trigrams_of(search.casefold())
    if trigrams is None:
        return False
    found = indexed_links(trigrams).limit(links + 1).subquery("found")
    return int((await connection.execute(select(func.count()).select_from(found))).scalar_one()) > links

"""Pages by keyset of rows that are ordered by a value and then by a unique key."""

from typing import Any

from sqlalchemy import BigInteger, ColumnElement, FromClause, Select, Text, and_, literal, or_, select

from linkweave.catalog.reads.questions.orders import OrderDirection, OrderValue


def page_of(
    rows: FromClause, direction: OrderDirection, first: int, after: tuple[OrderValue, str] | None
) -> Select[Any]:
    """Returns the query of the next `first` of `rows` behind `after`. They have the columns `value` and `key`.

    Rows without a value are behind all others in both directions.
    """
    query = select(rows)
    if after is not None:
        query = query.where(_behind(rows, direction, *after))
    return query.order_by(*key_order(rows, direction)).limit(first)


def key_order(rows: FromClause, direction: OrderDirection) -> tuple[ColumnElement[Any], ...]:
    """Returns the order of `rows`."""
    value, key = rows.c.value, rows.c.key
    if direction is OrderDirection.DESC:
        return value.is_(None), value.desc(), key.desc()
    return value.is_(None), value.asc(), key.asc()


def _behind(rows: FromClause, direction: OrderDirection, last: OrderValue, last_key: str) -> ColumnElement[bool]:
    value, key, descends = rows.c.value, rows.c.key, direction is OrderDirection.DESC
    behind_key = key < last_key if descends else key > last_key
    if last is None:
        return and_(value.is_(None), behind_key)
    place = literal(last, BigInteger() if isinstance(last, int) else Text())
    behind_value = value < place if descends else value > place
    return or_(behind_value, and_(value == place, behind_key), value.is_(None))

"""Destinations, each with its links."""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import BigInteger, ColumnElement, Select, Subquery, and_, case, func, literal, not_, or_, select, true
from sqlalchemy.ext.asyncio import AsyncConnection

from linkweave.catalog.reads.conditions import destination_column, selected_links
from linkweave.catalog.reads.keyset import page_of
from linkweave.catalog.reads.questions.destinations import (
    DestinationOrder,
    DestinationOrderField,
    DestinationPage,
    DestinationQuestion,
    KnownDestination,
)
from linkweave.catalog.reads.questions.links import DestinationKey
from linkweave.catalog.reads.questions.orders import OrderValue
from linkweave.catalog.tables import LINKS
from linkweave.models.host_names import host_key


async def read_destinations(
    connection: AsyncConnection,
    question: DestinationQuestion,
    order: DestinationOrder,
    first: int,
    after: tuple[OrderValue, str] | None,
) -> DestinationPage:
    """Returns the next `first` destinations after the position `after`."""
    query = page_of(_destinations(question, order), order.direction, first + 1, after)
    rows = (await connection.execute(query)).all()
    page = rows[:first]
    accounts = await _read_accounts(connection, question, [row.key for row in page])
    found = tuple(
        KnownDestination(
            DestinationKey(row.key, question.ignores_utm),
            row.url,
            row.links,
            tuple(sorted(accounts.get(row.key, ()))),
            row.clicks,
            row.unique_clicks,
            row.lacking == 0,
            (row.value, row.key),
        )
        for row in page
    )
    return DestinationPage(found, len(rows) > first)


async def count_destinations(connection: AsyncConnection, question: DestinationQuestion) -> int:
    """Returns the number of all destinations that match."""
    query = select(func.count()).select_from(_destinations(question, DestinationOrder()))
    return int((await connection.execute(query)).scalar_one())


def _destinations(question: DestinationQuestion, order: DestinationOrder) -> Subquery:
    key = destination_column(ignores_utm=question.ignores_utm)
    links, accounts = func.count(), func.count(LINKS.c.account.distinct())
    clicks = _sum(LINKS.c.clicks, question.counting_clicks)
    unique = _sum(LINKS.c.unique_clicks, question.counting_unique_clicks)
    values: dict[DestinationOrderField, ColumnElement[Any]] = {
        DestinationOrderField.LINKS: links,
        DestinationOrderField.CLICKS: clicks,
        DestinationOrderField.UNIQUE_CLICKS: unique,
        DestinationOrderField.URL: key,
    }
    return (
        select(
            key.label("key"),
            func.min(LINKS.c.destination).label("url"),
            links.label("links"),
            clicks.label("clicks"),
            unique.label("unique_clicks"),
            _lacking(question).label("lacking"),
            values[order.field].label("value"),
        )
        .where(selected_links(question.links), _matches(question))
        .group_by(key)
        .having(links >= question.min_links, accounts >= question.min_accounts)
        .subquery("destinations")
    )


def _sum(column: ColumnElement[Any], counting: Sequence[str]) -> ColumnElement[int | None]:
    """The sum of a measure over the links of which it is known, at accounts that count it; null where it is of none."""
    return func.sum(case((LINKS.c.account.in_(counting), column))).cast(BigInteger)


def _lacking(question: DestinationQuestion) -> ColumnElement[int]:
    """The number of links of which a measure is not known, although their account counts it, or that count nothing."""
    counts_clicks = LINKS.c.account.in_(question.counting_clicks)
    counts_unique = LINKS.c.account.in_(question.counting_unique_clicks)
    lacks = or_(
        and_(counts_clicks, LINKS.c.clicks.is_(None)),
        and_(counts_unique, LINKS.c.unique_clicks.is_(None)),
        not_(or_(counts_clicks, counts_unique)),
    )
    return func.count(case((lacks, literal(1))))


def _matches(question: DestinationQuestion) -> ColumnElement[bool]:
    condition: ColumnElement[bool] = true()
    if question.search is not None:
        condition &= LINKS.c.destination.icontains(question.search, autoescape=True)
    if question.host is not None:
        condition &= LINKS.c.destination_host == host_key(question.host)
    return condition


async def _read_accounts(
    connection: AsyncConnection, question: DestinationQuestion, keys: Sequence[str]
) -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    for key, account in await connection.execute(_accounts(question, keys)):
        found.setdefault(key, []).append(account)
    return found


def _accounts(question: DestinationQuestion, keys: Sequence[str]) -> Select[Any]:
    key = destination_column(ignores_utm=question.ignores_utm)
    return select(key, LINKS.c.account).where(key.in_(keys), selected_links(question.links)).distinct()

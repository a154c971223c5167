"""Clicks per day of groups of links."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import BigInteger, func, select
from sqlalchemy.ext.asyncio import AsyncConnection

from linkweave.catalog.reads.conditions import selected_links
from linkweave.catalog.reads.group_keys import key_of_group
from linkweave.catalog.reads.groups import links_in_groups
from linkweave.catalog.reads.questions.groups import GroupQuestion
from linkweave.catalog.tables import CLICKS_DAILY, LINKS


@dataclass(frozen=True, slots=True)
class CountedSpan:
    """The clicks of a group's links of one account, over one day or a span of several."""

    key: str
    account: str
    first_day: date
    last_day: date
    clicks: int | None
    unique_clicks: int | None


async def read_spans(
    connection: AsyncConnection, question: GroupQuestion, keys: Sequence[str]
) -> tuple[CountedSpan, ...]:
    """Returns the clicks of the groups with these keys, for each day or span that is touched by the period."""
    key, day, period = key_of_group(question), CLICKS_DAILY.c, question.days.period
    columns = (LINKS.c.account, day.first_day, day.last_day, day.clicks, day.unique_clicks)
    rows = (
        select(key.label("key"), *columns)
        .select_from(links_in_groups(question).join(CLICKS_DAILY, day.link_id == LINKS.c.id))
        .where(selected_links(question.links), key.in_(keys))
        .where(day.last_day >= period.start, day.first_day <= period.end)
        .subquery("days")
    )
    shared = (rows.c.key, rows.c.account, rows.c.first_day, rows.c.last_day)
    clicks, unique = func.sum(rows.c.clicks), func.sum(rows.c.unique_clicks)
    query = select(
        *shared, clicks.cast(BigInteger).label("clicks"), unique.cast(BigInteger).label("unique_clicks")
    ).group_by(*shared)
    return tuple(_span(row) for row in await connection.execute(query))


def _span(row: Any) -> CountedSpan:
    return CountedSpan(row.key, row.account, row.first_day, row.last_day, row.clicks, row.unique_clicks)

"""The clicks of each link over some days, as SQL. A sum that would lack a part is null."""

from collections.abc import Sequence
from datetime import date
from typing import Any, Final

from sqlalchemy import BigInteger, ColumnElement, Integer, Subquery, and_, case, func, or_, select, type_coerce

from linkweave.catalog.reads.questions.clicks import CountedDays
from linkweave.catalog.tables import CLICKS_DAILY, LINKS

_SECOND_MICROSECONDS: Final = 1_000_000
_DAY_MICROSECONDS: Final = 86_400 * _SECOND_MICROSECONDS
_EPOCH_DAY: Final = date(1970, 1, 1).toordinal()


def sums_by_link(days: CountedDays, only: ColumnElement[bool] | None) -> Subquery:
    """Returns a row for each link that has days in the period. A span of several days may reach beyond the period.

    With `only`, the days of other links of LINKS are not read.
    """
    day = CLICKS_DAILY.c
    query = (
        select(
            day.link_id,
            func.sum(day.clicks).label("clicks"),
            func.sum(day.unique_clicks).label("unique_clicks"),
            func.count().label("rows"),
            func.count(day.clicks).label("rows_with_clicks"),
            func.count(day.unique_clicks).label("rows_with_unique_clicks"),
            func.min(day.first_day).label("first_day"),
            func.max(day.last_day).label("last_day"),
        )
        .where(day.last_day >= days.period.start, day.first_day <= days.period.end)
        .group_by(day.link_id)
    )
    if only is not None:
        query = query.where(day.link_id.in_(select(LINKS.c.id).where(only)))
    return query.subquery("days")


def clicks_of_link(days: CountedDays, sums: Subquery) -> ColumnElement[int | None]:
    """Returns the clicks of a link of LINKS, which is joined with `sums`; null where some of them are not known."""
    return _exact(days, sums, days.counting_clicks, sums.c.clicks, sums.c.rows_with_clicks)


def unique_clicks_of_link(days: CountedDays, sums: Subquery) -> ColumnElement[int | None]:
    """Returns the unique clicks of a link of LINKS, like `clicks_of_link`."""
    counting = days.counting_unique_clicks
    return _exact(days, sums, counting, sums.c.unique_clicks, sums.c.rows_with_unique_clicks)


def _exact(
    days: CountedDays, sums: Subquery, counting: Sequence[str], total: ColumnElement[Any], told: ColumnElement[int]
) -> ColumnElement[int | None]:
    period = days.period
    inside = and_(sums.c.first_day >= period.start, sums.c.last_day <= period.end, told == sums.c.rows)
    exact = and_(LINKS.c.account.in_(counting), covers(days), or_(sums.c.link_id.is_(None), inside))
    return case((exact, func.coalesce(type_coerce(total, BigInteger), 0)))


def covers(days: CountedDays) -> ColumnElement[bool]:
    """Returns the condition of the links whose days are known over the whole period, or since they were created."""
    first_known = type_coerce(LINKS.c.days_from, Integer)
    since_start = or_(LINKS.c.days_from <= days.period.start, first_known <= _created_on(days))
    return and_(LINKS.c.days_at >= days.read_since, since_start)


def _created_on(days: CountedDays) -> ColumnElement[int]:
    """The day of creation, as the account counts days."""
    created: ColumnElement[int] = type_coerce(LINKS.c.created_at, BigInteger)
    if days.offsets:
        offsets = {account: seconds * _SECOND_MICROSECONDS for account, seconds in days.offsets}
        created += case(offsets, value=LINKS.c.account, else_=0)
    return created // _DAY_MICROSECONDS + _EPOCH_DAY

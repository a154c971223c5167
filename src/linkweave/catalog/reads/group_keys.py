"""The values that links are grouped by, as SQL."""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Any, Final

from sqlalchemy import BigInteger, ColumnElement, Text, case, literal, type_coerce
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.sql.compiler import SQLCompiler
from sqlalchemy.sql.functions import FunctionElement

from linkweave.catalog.reads.group_names import OWNER_SEPARATOR
from linkweave.catalog.reads.questions.groups import GroupQuestion, StatsGroup
from linkweave.catalog.tables import LINK_TAGS, LINKS

_SECOND_MICROSECONDS: Final = 1_000_000


class _MonthOf(FunctionElement[str]):
    """The month of a number of seconds since 1970, such as 2026-05."""

    type = Text()
    inherit_cache = True


@compiles(_MonthOf, "sqlite")
def _month_in_sqlite(element: _MonthOf, compiler: SQLCompiler, **options: Any) -> str:
    return f"strftime('%Y-%m', {compiler.process(element.clauses, **options)}, 'unixepoch')"


@compiles(_MonthOf, "postgresql")
def _month_in_postgresql(element: _MonthOf, compiler: SQLCompiler, **options: Any) -> str:
    seconds = compiler.process(element.clauses, **options)
    return f"to_char(to_timestamp({seconds}) AT TIME ZONE 'UTC', 'YYYY-MM')"


def key_of_group(question: GroupQuestion) -> ColumnElement[Any]:
    """Returns the key of the group of a link; null where it is in none."""
    if question.group is StatsGroup.PROVIDER:
        return case(dict(question.providers), value=LINKS.c.account)
    return _KEYS[question.group]


def label_of_group(question: GroupQuestion) -> ColumnElement[Any]:
    """Returns the name of the group of a link, in one spelling of several."""
    if question.group is StatsGroup.PROVIDER:
        return key_of_group(question)
    return _LABELS.get(question.group, _KEYS[question.group])


def _owned(column: ColumnElement[Any]) -> ColumnElement[Any]:
    return LINKS.c.account + literal(OWNER_SEPARATOR) + column


_KEYS: Final[Mapping[StatsGroup, ColumnElement[Any]]] = MappingProxyType(
    {
        StatsGroup.TAG: LINK_TAGS.c.tag_key,
        StatsGroup.ACCOUNT: LINKS.c.account,
        StatsGroup.DOMAIN: LINKS.c.domain_key,
        StatsGroup.TEAM: _owned(LINKS.c.team_id),
        StatsGroup.CAMPAIGN: _owned(LINKS.c.campaign_id),
        StatsGroup.DESTINATION: LINKS.c.destination_key,
        StatsGroup.DESTINATION_HOST: LINKS.c.destination_host,
        StatsGroup.UTM_SOURCE: LINKS.c.utm_source,
        StatsGroup.UTM_MEDIUM: LINKS.c.utm_medium,
        StatsGroup.UTM_CAMPAIGN: LINKS.c.utm_campaign,
        StatsGroup.CREATED_MONTH: _MonthOf(type_coerce(LINKS.c.created_at, BigInteger) // _SECOND_MICROSECONDS),
    }
)
_LABELS: Final[Mapping[StatsGroup, ColumnElement[Any]]] = MappingProxyType(
    {
        StatsGroup.TAG: LINK_TAGS.c.tag,
        StatsGroup.DOMAIN: LINKS.c.domain,
        StatsGroup.TEAM: LINKS.c.team_id,
        StatsGroup.CAMPAIGN: LINKS.c.campaign_id,
    }
)

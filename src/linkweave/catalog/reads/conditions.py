"""Which rows of the catalog a filter selects, as SQL. It selects the links that the live lists would select."""

from collections.abc import Iterable, Sequence
from typing import Any, Final

from sqlalchemy import ColumnElement, and_, false, or_, select, true
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.sql.compiler import SQLCompiler
from sqlalchemy.sql.functions import FunctionElement

from linkweave.catalog.reads.questions import DestinationKey, LinkQuestion
from linkweave.catalog.search_text import search_pattern
from linkweave.catalog.tables import LINK_TAGS, LINKS
from linkweave.models import LinkFilter
from linkweave.models.host_names import host_key

# PostgreSQL stores no such character, and its driver refuses to send it.
_NOT_STORED: Final = "\0"


class _WithoutIndex(FunctionElement[Any]):
    """A column whose index SQLite must not use: an order has a better one."""

    inherit_cache = True


@compiles(_WithoutIndex)
def _plain(element: _WithoutIndex, compiler: SQLCompiler, **options: Any) -> str:
    return str(compiler.process(element.clauses, **options))


@compiles(_WithoutIndex, "sqlite")
def _with_plus(element: _WithoutIndex, compiler: SQLCompiler, **options: Any) -> str:
    # https://www.sqlite.org/optoverview.html#disqualifying_where_clause_terms_using_unary_
    return f"+{compiler.process(element.clauses, **options)}"


def selected_links(question: LinkQuestion) -> ColumnElement[bool]:
    """Returns the condition of the rows of LINKS that `question` is about. Deleted links are never among them."""
    by_filter: dict[LinkFilter, list[str]] = {}
    for scope in question.scopes:
        by_filter.setdefault(scope.filter, []).append(scope.account)
    groups = (and_(of_accounts(keys), *_conditions(wanted)) for wanted, keys in by_filter.items())
    return and_(LINKS.c.deleted_at.is_(None), or_(false(), *groups), _to(question.destination))


def of_accounts(keys: Sequence[str]) -> ColumnElement[bool]:
    """Returns the condition of the links of these accounts."""
    return _WithoutIndex(LINKS.c.account).in_(keys)


def destination_column(*, ignores_utm: bool) -> ColumnElement[str]:
    """Returns the column by which destinations are compared."""
    return LINKS.c.destination_key_without_utm if ignores_utm else LINKS.c.destination_key


def _to(destination: DestinationKey | None) -> ColumnElement[bool]:
    if destination is None:
        return true()
    return _equal(destination_column(ignores_utm=destination.ignores_utm), (destination.key,))


def _conditions(wanted: LinkFilter) -> Iterable[ColumnElement[bool]]:
    if wanted.search is not None:
        pattern = None if _NOT_STORED in wanted.search else search_pattern(wanted.search)
        yield false() if pattern is None else LINKS.c.search_key.like(pattern, escape="\\")
    yield from _tag_conditions(wanted)
    if wanted.domains is not None:
        yield _equal(LINKS.c.domain_key, [host_key(name) for name in wanted.domains])
    if wanted.created_after is not None:
        yield LINKS.c.created_at >= wanted.created_after
    if wanted.created_before is not None:
        yield LINKS.c.created_at < wanted.created_before
    if wanted.external_id is not None:
        yield _equal(LINKS.c.external_id, (wanted.external_id,))
    for column, ids in ((LINKS.c.team_id, wanted.team_ids), (LINKS.c.campaign_id, wanted.campaign_ids)):
        if ids is not None:
            yield _equal(column, ids)
    for column, state in ((LINKS.c.archived, wanted.archived), (LINKS.c.starred, wanted.starred)):
        if state is not None:
            yield column.is_(state)


def _tag_conditions(wanted: LinkFilter) -> Iterable[ColumnElement[bool]]:
    if wanted.tags_any:
        yield _tagged(wanted.tags_any)
    for name in wanted.tags_all:
        yield _tagged((name,))
    if wanted.tags_none:
        yield ~_tagged(wanted.tags_none)


def _tagged(names: Sequence[str]) -> ColumnElement[bool]:
    keys = [name.casefold() for name in names]
    return LINKS.c.id.in_(select(LINK_TAGS.c.link_id).where(_equal(LINK_TAGS.c.tag_key, keys)))


def _equal(column: ColumnElement[Any], values: Sequence[str]) -> ColumnElement[bool]:
    stored = [value for value in values if _NOT_STORED not in value]
    return column.in_(stored) if stored else false()

"""Which rows of the catalog a filter selects, as SQL. It selects the links that the live lists would select."""

from collections.abc import Iterable, Sequence
from enum import Enum
from typing import Any, Final, TypeAlias

from sqlalchemy import (
    Column,
    ColumnElement,
    Integer,
    Select,
    Text,
    and_,
    false,
    literal_column,
    or_,
    select,
    text,
    true,
)
from sqlalchemy.engine.default import DefaultDialect
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.sql.compiler import SQLCompiler
from sqlalchemy.sql.functions import FunctionElement

from linkweave.catalog.addresses import compared_destination
from linkweave.catalog.reads.questions.links import DestinationKey, LinkQuestion
from linkweave.catalog.search_index import SEARCH_TABLE, trigrams_of
from linkweave.catalog.search_text import search_pattern
from linkweave.catalog.tables import LINK_TAGS, LINKS
from linkweave.models import LinkFilter
from linkweave.models.host_names import host_key

_QUOTED: Final = Text().literal_processor(DefaultDialect())  # type: ignore[no-untyped-call] # SQLAlchemy has no types here
# PostgreSQL stores no such character, and its driver refuses to send it.
_NOT_STORED: Final = "\0"


class WithoutIndex(FunctionElement[Any]):
    """A column whose index SQLite must not use: an order has a better one."""

    inherit_cache = True


@compiles(WithoutIndex)
def _plain(element: WithoutIndex, compiler: SQLCompiler, **options: Any) -> str:
    return str(compiler.process(element.clauses, **options))


@compiles(WithoutIndex, "sqlite")
def _with_plus(element: WithoutIndex, compiler: SQLCompiler, **options: Any) -> str:
    # https://www.sqlite.org/optoverview.html#disqualifying_where_clause_terms_using_unary_
    return f"+{compiler.process(element.clauses, **options)}"


class _Found(FunctionElement[bool]):
    """The condition of SQLite's index and that of the text itself, which is enough elsewhere.

    It has no type: SQLAlchemy would compare a boolean with 1, and SQLite would then use no index.
    """

    inherit_cache = True


@compiles(_Found)
def _in_text(element: _Found, compiler: SQLCompiler, **options: Any) -> str:
    _, contains = element.clauses
    return str(compiler.process(contains, **options))


@compiles(_Found, "sqlite")
def _in_index_and_text(element: _Found, compiler: SQLCompiler, **options: Any) -> str:
    indexed, contains = (compiler.process(each, **options) for each in element.clauses)
    return f"({indexed} AND {contains})"


class Narrow(Enum):
    """A part of a filter that SQLite may look up in its index, because few links match it."""

    SEARCH = "SEARCH"
    DESTINATION = "DESTINATION"
    TAGS = "TAGS"
    DOMAINS = "DOMAINS"
    EXTERNAL_ID = "EXTERNAL_ID"
    TEAMS = "TEAMS"
    CAMPAIGNS = "CAMPAIGNS"


Narrows: TypeAlias = frozenset[Narrow]
# These are faster than to look at each link, however many match.
_ALWAYS: Final[Narrows] = frozenset({Narrow.SEARCH, Narrow.DESTINATION, Narrow.TAGS})


def selected_links(question: LinkQuestion, narrow: Narrows = _ALWAYS) -> ColumnElement[bool]:
    """Returns the condition of the rows of LINKS that `question` is about. Deleted links are never among them.

    SQLite uses the indexes of the parts in `narrow`. PostgreSQL chooses by itself.
    """
    by_filter: dict[LinkFilter, list[str]] = {}
    for wanted, keys in question.accounts_by_filter:
        by_filter.setdefault(wanted, []).extend(keys)
    groups = (and_(of_accounts(keys), *_conditions(wanted, narrow)) for wanted, keys in by_filter.items())
    return and_(LINKS.c.deleted_at.is_(None), or_(false(), *groups), _to(question.destination))


def of_accounts(keys: Sequence[str]) -> ColumnElement[bool]:
    """Returns the condition of the links of these accounts."""
    # SQLAlchemy writes a list of values into the statement each time that it is executed, but one of expressions once.
    # PostgreSQL makes no new plan of a statement whose accounts it knows.
    return WithoutIndex(LINKS.c.account).in_([literal_column(_QUOTED(key)) for key in keys])


def destination_column(*, ignores_utm: bool) -> ColumnElement[str]:
    """Returns the column by which destinations are compared."""
    return LINKS.c.destination_key_without_utm if ignores_utm else LINKS.c.destination_key


def _to(destination: DestinationKey | None) -> ColumnElement[bool]:
    if destination is None:
        return true()
    return _equal(destination_column(ignores_utm=destination.ignores_utm), (destination.key,))


def _conditions(wanted: LinkFilter, narrow: Narrows) -> Iterable[ColumnElement[bool]]:
    if wanted.search is not None:
        yield _found(wanted.search, is_narrow=Narrow.SEARCH in narrow)
    yield from _tag_conditions(wanted, narrow)
    for part, column, values in _values_of(wanted):
        yield _equal(column if part in narrow else WithoutIndex(column), values)
    if wanted.created_after is not None:
        yield LINKS.c.created_at >= wanted.created_after
    if wanted.created_before is not None:
        yield LINKS.c.created_at < wanted.created_before
    for column, state in ((LINKS.c.archived, wanted.archived), (LINKS.c.starred, wanted.starred)):
        if state is not None:
            yield column.is_(state)


def _values_of(wanted: LinkFilter) -> Iterable[tuple[Narrow, Column[Any], Sequence[str]]]:
    """The columns that must have one of some values."""
    if wanted.destination is not None:
        yield Narrow.DESTINATION, LINKS.c.destination_key, (compared_destination(wanted.destination).key,)
    if wanted.domains is not None:
        yield Narrow.DOMAINS, LINKS.c.domain_key, [host_key(name) for name in wanted.domains]
    if wanted.external_id is not None:
        yield Narrow.EXTERNAL_ID, LINKS.c.external_id, (wanted.external_id,)
    if wanted.team_ids is not None:
        yield Narrow.TEAMS, LINKS.c.team_id, wanted.team_ids
    if wanted.campaign_ids is not None:
        yield Narrow.CAMPAIGNS, LINKS.c.campaign_id, wanted.campaign_ids


def indexed_parts(wanted: LinkFilter) -> Iterable[tuple[Narrow, Select[Any]]]:
    """Returns the parts of a filter that SQLite has an index for, each with the query of the links that it finds."""
    trigrams = None if wanted.search is None else trigrams_of(wanted.search.casefold())
    if trigrams is not None:
        yield Narrow.SEARCH, indexed_links(trigrams)
    for names in filter(None, (wanted.tags_any, *((name,) for name in wanted.tags_all))):
        yield Narrow.TAGS, tagged_links(names)
    for part, column, values in _values_of(wanted):
        yield part, select(LINKS.c.id).where(_equal(column, values))


def _found(search: str, *, is_narrow: bool) -> ColumnElement[bool]:
    pattern = None if _NOT_STORED in search else search_pattern(search)
    if pattern is None:
        return false()
    contains = LINKS.c.search_key.like(pattern, escape="\\")
    trigrams = trigrams_of(search.casefold())
    return contains if trigrams is None or not is_narrow else _Found(LINKS.c.id.in_(indexed_links(trigrams)), contains)


def indexed_links(trigrams: str) -> Select[Any]:
    """Returns the query of the numbers of the links that SQLite's index finds: at least those that are wanted."""
    found = literal_column(SEARCH_TABLE).op("MATCH", is_comparison=True)(trigrams)
    return select(literal_column("rowid", Integer)).select_from(text(SEARCH_TABLE)).where(found)


def _tag_conditions(wanted: LinkFilter, narrow: Narrows) -> Iterable[ColumnElement[bool]]:
    is_narrow = Narrow.TAGS in narrow
    if wanted.tags_any:
        yield _tagged(wanted.tags_any, is_narrow=is_narrow)
    for name in wanted.tags_all:
        yield _tagged((name,), is_narrow=is_narrow)
    if wanted.tags_none:
        yield ~_tagged(wanted.tags_none, is_narrow=False)


def _tagged(names: Sequence[str], *, is_narrow: bool) -> ColumnElement[bool]:
    tagged = tagged_links(names)
    if is_narrow:
        return LINKS.c.id.in_(tagged)
    return tagged.where(LINK_TAGS.c.link_id == LINKS.c.id).correlate(LINKS).exists()


def tagged_links(names: Sequence[str]) -> Select[Any]:
    """Returns the query of the numbers of the links that have one of these tags."""
    return select(LINK_TAGS.c.link_id).where(_equal(LINK_TAGS.c.tag_key, [name.casefold() for name in names]))


def _equal(column: ColumnElement[Any], values: Sequence[str]) -> ColumnElement[bool]:
    stored = [value for value in values if _NOT_STORED not in value]
    return column.in_(stored) if stored else false()

"""PicSee's four lists of links: which of them a filter needs, and the call for one page."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from types import MappingProxyType
from typing import Final

from linkweave.models import LinkFilter, LinkOrigin
from linkweave.providers.list_plans import no_match
from linkweave.providers.picsee.times import wall_time
from linkweave.providers.read_capabilities import FilterField, Lane, ListPlan
from linkweave.transport.call import Call
from linkweave.transport.lifetimes import Resource

PAGE_SIZE: Final = 50
LIST_LAG: Final = timedelta(minutes=10)
"""How long a new or changed link may be missing from the lists (FOUND)."""

# The parts of a query that go into the body instead of the URL: the advanced plan's search (DOC).
_SEARCH_KEYS: Final = frozenset({"encodeId", "authorId", "tag", "keyword"})
_SEARCHABLE_LENGTHS: Final = range(3, 31)

_AUTHOR: Final = re.compile(r"[0-9]{1,15}", re.ASCII)
_AUTHOR_NOTICE: Final = "PicSee finds links by the number of their author, and on the advanced plan only."

_UNKNOWN_PARTS: Final[Mapping[FilterField, str | None]] = MappingProxyType(
    {
        FilterField.ARCHIVED: "PicSee does not report which links are archived",
        FilterField.TEAMS: "PicSee has no teams",
        FilterField.CAMPAIGNS: "PicSee has no campaigns",
    }
)


@dataclass(frozen=True, slots=True)
class LinkList:
    """One of PicSee's four lists. Neither `isAPI` nor `isStar` has a value for both (DOC)."""

    name: str
    made_by_api: bool
    starred: bool

    @property
    def query(self) -> dict[str, str]:
        """The parameters that choose it."""
        return {"isAPI": _flag(self.made_by_api), "isStar": _flag(self.starred)}

    def may_hold(self, wanted: LinkFilter) -> bool:
        """Whether a link that matches `wanted` can be in this list."""
        by_api = wanted.origin is LinkOrigin.ANY or self.made_by_api is (wanted.origin is LinkOrigin.API)
        return by_api and wanted.starred in {None, self.starred}


LINK_LISTS: Final = (
    LinkList("api", made_by_api=True, starred=False),
    LinkList("api-starred", made_by_api=True, starred=True),
    LinkList("dashboard", made_by_api=False, starred=False),
    LinkList("dashboard-starred", made_by_api=False, starred=True),
)


def empty_plan(wanted: LinkFilter, *, advanced: bool) -> ListPlan | None:
    """The plan without lists, where no PicSee link can match `wanted`; None where links can match."""
    if wanted.author_id is not None and not (advanced and _AUTHOR.fullmatch(wanted.author_id)):
        return ListPlan((), notice=_AUTHOR_NOTICE)
    if wanted.external_id == "":
        return ListPlan((), notice="PicSee has no empty external ids")
    return no_match(wanted, _UNKNOWN_PARTS)


def list_plan(wanted: LinkFilter, search: Mapping[str, str], now: datetime) -> ListPlan:
    """The lists for `wanted`, each with `search` in its body; the gateway checks creation times and tags."""
    narrowing = {**dict(_narrowing(wanted, now)), **search}
    lanes = tuple(Lane(each.name, each.query | narrowing) for each in LINK_LISTS if each.may_hold(wanted))
    handled = {FilterField.ORIGIN, FilterField.STARRED}
    if wanted.external_id is not None:
        handled.add(FilterField.EXTERNAL_ID)
    if "keyword" in search:
        handled.add(FilterField.SEARCH)
    if "authorId" in search:
        handled.add(FilterField.AUTHOR)
    notice = f"PicSee keeps {len(lanes)} lists and answers one call a second" if len(lanes) > 1 else None
    return ListPlan(lanes, frozenset(handled), notice)


def is_searchable(text: str) -> bool:
    """Whether PicSee's search takes `text`: 3 to 30 characters (DOC)."""
    return len(text) in _SEARCHABLE_LENGTHS


def tag_to_search(wanted: LinkFilter) -> str | None:
    """A tag that every matching link has and that PicSee's search takes."""
    needed = wanted.tags_all or (wanted.tags_any if len(wanted.tags_any) == 1 else ())
    return next(filter(is_searchable, needed), None)


def page_call(query: Mapping[str, str], page: str | None) -> Call:
    """The call for one page of the list that `query` chooses. It is a POST that changes nothing (FOUND)."""
    parameters = tuple((key, value) for key, value in query.items() if key not in _SEARCH_KEYS)
    position = () if page is None else (("prevMapId", page),)
    return Call(
        operation="list links",
        method="POST",
        path="/v2/links/overview",
        query=(("limit", str(PAGE_SIZE)), *parameters, *position),
        json=dict(_search_body(query)) or None,
        bucket="list",
        reads=Resource.LINK_LIST,
        found=_has_links if "encodeId" in query else None,
    )


def _search_body(query: Mapping[str, str]) -> Iterator[tuple[str, object]]:
    """The search in a query. PicSee takes the id of an author as a number (DOC)."""
    for key, value in query.items():
        if key in _SEARCH_KEYS:
            yield key, int(value) if key == "authorId" else value


def _narrowing(wanted: LinkFilter, now: datetime) -> Iterator[tuple[str, str]]:
    if wanted.external_id is not None:
        yield "externalId", wanted.external_id
    # The list starts at now anyway. Whether it includes startTime itself is not documented. So the second that
    # created_before falls into is in the query, and the gateway drops the links that are too young.
    if wanted.created_before is not None and wanted.created_before < now:
        yield "startTime", wall_time(_next_second(wanted.created_before))


def _next_second(moment: datetime) -> datetime:
    return moment + timedelta(microseconds=-moment.microsecond % 1_000_000)


def _has_links(data: object) -> bool:
    return isinstance(data, dict) and bool(data.get("data"))


def _flag(value: bool) -> str:
    return "true" if value else "false"

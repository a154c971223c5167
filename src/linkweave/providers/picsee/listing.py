"""Which of PicSee's lists hold what a filter wants, and how a page of one is asked for."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from linkweave.models import LinkFilter, LinkOrigin
from linkweave.providers.picsee.times import wall_time
from linkweave.providers.read_capabilities import FilterField, Lane, ListPlan
from linkweave.transport.call import Call
from linkweave.transport.lifetimes import Resource

PAGE_SIZE: Final = 50

# What a lane's query says in the body instead of the URL: the advanced plan's search (DOC).
SEARCH_KEYS: Final = frozenset({"encodeId", "tag", "keyword"})
_SEARCHABLE: Final = range(3, 31)


@dataclass(frozen=True, slots=True)
class Half:
    """One of the four lists that PicSee keeps apart: neither `isAPI` nor `isStar` has a value for both (DOC)."""

    name: str
    made_by_api: bool
    starred: bool

    @property
    def query(self) -> dict[str, str]:
        """The parameters that choose it."""
        return {"isAPI": _word(self.made_by_api), "isStar": _word(self.starred)}


HALVES: Final = (
    Half("api", made_by_api=True, starred=False),
    Half("api-starred", made_by_api=True, starred=True),
    Half("dashboard", made_by_api=False, starred=False),
    Half("dashboard-starred", made_by_api=False, starred=True),
)


def impossible(wanted: LinkFilter) -> str | None:
    """Why no PicSee link can match, where that is so."""
    if wanted.archived is not None:
        return "PicSee does not tell which links are archived"
    if wanted.team_ids is not None:
        return "PicSee has no teams"
    if wanted.campaign_ids is not None:
        return "PicSee has no campaigns"
    return "PicSee has no empty external ids" if wanted.external_id == "" else None


def searchable(text: str) -> bool:
    """Whether PicSee's search takes `text`: 3 to 30 characters (DOC)."""
    return len(text) in _SEARCHABLE


def tag_to_search(wanted: LinkFilter) -> str | None:
    """A tag that every matching link has."""
    needed = wanted.tags_all or (wanted.tags_any if len(wanted.tags_any) == 1 else ())
    return next(filter(searchable, needed), None)


def plan(wanted: LinkFilter, search: Mapping[str, str], now: datetime) -> ListPlan:
    """The lanes for `wanted`, each with `search` in its body; creation times and tags are left to the gateway."""
    narrowing = dict(_narrowing(wanted, now)) | dict(search)
    lanes = tuple(Lane(half.name, half.query | narrowing) for half in HALVES if _chosen(half, wanted))
    handled = {FilterField.ORIGIN, FilterField.STARRED}
    if wanted.external_id is not None:
        handled.add(FilterField.EXTERNAL_ID)
    if "keyword" in search:
        handled.add(FilterField.SEARCH)
    notice = f"PicSee keeps {len(lanes)} lists and answers one call a second" if len(lanes) > 1 else None
    return ListPlan(lanes, frozenset(handled), notice)


def page_call(query: Mapping[str, str], page: str | None) -> Call:
    """The call for one page of the list that `query` chooses; a POST that changes nothing (FOUND)."""
    parameters = tuple((key, value) for key, value in query.items() if key not in SEARCH_KEYS)
    position = () if page is None else (("prevMapId", page),)
    return Call(
        operation="list links",
        method="POST",
        path="/v2/links/overview",
        query=(("limit", str(PAGE_SIZE)), *parameters, *position),
        json={key: value for key, value in query.items() if key in SEARCH_KEYS} or None,
        bucket="list",
        reads=Resource.LINK_LIST,
        found=_found if "encodeId" in query else None,
    )


def _narrowing(wanted: LinkFilter, now: datetime) -> Iterator[tuple[str, str]]:
    if wanted.external_id is not None:
        yield "externalId", wanted.external_id
    # The list starts at now anyway. Whether startTime itself is included is not documented, so the
    # second that created_before falls into is asked for, and the gateway drops what is too young.
    if wanted.created_before is not None and wanted.created_before < now:
        yield "startTime", wall_time(_next_second(wanted.created_before))


def _chosen(half: Half, wanted: LinkFilter) -> bool:
    by_api = wanted.origin is LinkOrigin.ANY or half.made_by_api is (wanted.origin is LinkOrigin.API)
    return by_api and wanted.starred in {None, half.starred}


def _next_second(moment: datetime) -> datetime:
    return moment + timedelta(microseconds=-moment.microsecond % 1_000_000)


def _found(data: object) -> bool:
    return isinstance(data, dict) and bool(data.get("data"))


def _word(flag: bool) -> str:
    return "true" if flag else "false"

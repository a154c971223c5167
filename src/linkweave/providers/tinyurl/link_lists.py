"""TinyURL's two lists of links. Neither is paged: the gateway sorts the whole list, and pages it itself."""

from bisect import bisect_right
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from itertools import islice
from typing import Final, TypeAlias

from linkweave.models import LeftOut, LinkFilter
from linkweave.providers.list_plans import no_match
from linkweave.providers.read_capabilities import FilterField, Lane, ListPlan
from linkweave.providers.tinyurl.inferred import DAY_MARGIN, TAG_SEARCH
from linkweave.providers.tinyurl.list_windows import ListPlace
from linkweave.providers.tinyurl.wire import ListAnswer, ListedRow

LISTS: Final[Mapping[str, bool]] = {"available": False, "archived": True}
"""The lists, and whether their links are archived (DOC-2.4.2)."""

PAGE_SIZE: Final = 10
"""Maximum number of links of a page that cost a call each, because the list lacks their destinations."""
_MAX_PAGE: Final = 100

UNKNOWN_PARTS: Final[Mapping[FilterField, str | None]] = {
    FilterField.STARRED: "TinyURL has no starred links.",
    FilterField.ORIGIN: "TinyURL does not say how a link was made.",
    FilterField.EXTERNAL_ID: None,
    FilterField.AUTHOR: None,
    FilterField.TEAMS: None,
    FilterField.CAMPAIGNS: None,
}
_DOMAINS: Final = "domains"
"""The key of a lane for what the gateway narrows itself, before it reads any destination."""

# Newest first; links of the same moment by their handle.
_Place: TypeAlias = tuple[int, str]


@dataclass(frozen=True, slots=True)
class SortedList:
    """A whole list, newest first."""

    rows: tuple[ListedRow, ...]
    fetched_at: datetime
    left_out: LeftOut

    def page_at(self, place: ListPlace, domains: frozenset[str] | None) -> tuple[Sequence[ListedRow], str | None]:
        """The rows after those of the page before, and the place of the next page in this part of the list."""
        start = 0 if place.after is None else bisect_right(self.rows, _parse(place.after), key=_place)
        following = (
            row
            for row in islice(self.rows, start, None)
            if (domains is None or row.domain in domains) and (place.window is None or place.window.holds(row))
        )
        rows, calls = list[ListedRow](), 0
        for row in following:
            if len(rows) == _MAX_PAGE or calls == PAGE_SIZE:
                return rows, _token(rows[-1])
            rows.append(row)
            calls += row.url is None
        return rows, None


def sort_rows(answer: ListAnswer, fetched_at: datetime) -> SortedList:
    """The list in an answer, each link once."""
    rows = {row.name: row for row in answer.data if not row.deleted}
    return SortedList(tuple(sorted(rows.values(), key=_place)), fetched_at, answer.left_out)


def plan_lists(wanted: LinkFilter) -> ListPlan:
    """One of the lists or both. The gateway checks each link again."""
    nothing = no_match(wanted, UNKNOWN_PARTS)
    if nothing is not None:
        return nothing
    query = {**_times(wanted), **_tag(wanted)}
    if wanted.domains is not None:
        query[_DOMAINS] = " ".join(name.lower() for name in wanted.domains)
    return ListPlan(tuple(Lane(name, query) for name, archived in LISTS.items() if wanted.archived in (None, archived)))


def vendor_query(lane: Lane) -> dict[str, str]:
    """What TinyURL itself is asked for."""
    return {name: value for name, value in lane.query.items() if name != _DOMAINS}


def domains_of(lane: Lane) -> frozenset[str] | None:
    """The domains whose links are wanted; None for all."""
    names = lane.query.get(_DOMAINS)
    return None if names is None else frozenset(names.split())


def _tag(wanted: LinkFilter) -> dict[str, str]:
    """A search for one tag that each wanted link has, if there is one: TinyURL takes no more."""
    if wanted.tags_all:
        return {"search": TAG_SEARCH + wanted.tags_all[0]}
    return {"search": TAG_SEARCH + wanted.tags_any[0]} if len(wanted.tags_any) == 1 else {}


def _times(wanted: LinkFilter) -> dict[str, str]:
    times = {"from": _time(wanted.created_after, -DAY_MARGIN), "to": _time(wanted.created_before, DAY_MARGIN)}
    return {name: moment for name, moment in times.items() if moment is not None}


def _time(moment: datetime | None, margin: timedelta) -> str | None:
    """The moment; None for no limit, and for one at the end of the calendar."""
    try:
        return None if moment is None else (moment.astimezone(UTC) + margin).isoformat(timespec="seconds")
    except OverflowError:
        return None


def _place(row: ListedRow) -> _Place:
    made = row.created_at
    return (1, row.name.handle) if made is None else (-round(made.timestamp() * 1_000_000), row.name.handle)


def _token(row: ListedRow) -> str:
    number, handle = _place(row)
    return f"{number} {handle}"


def _parse(token: str) -> _Place:
    number, _, handle = token.partition(" ")
    return int(number), handle

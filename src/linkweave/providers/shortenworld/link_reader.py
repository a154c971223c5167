"""Reads ShortenWorld's links. There is no call for one link: single links are looked up in the lists."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from linkweave.models import LazySequence, Link, LinkFilter, Page
from linkweave.providers.read_capabilities import Lane, ListPlan
from linkweave.providers.shortenworld import inferred
from linkweave.providers.shortenworld.link_lists import LINK_LISTS, empty_plan, list_plan
from linkweave.providers.shortenworld.link_wire import LinkRows
from linkweave.providers.shortenworld.links import link_from
from linkweave.providers.shortenworld.list_reader import next_page, page_call, page_number, page_size
from linkweave.providers.shortenworld.teams import TeamReader

MAX_LINKS_READ: Final = 2_000
"""Maximum number of links that are read to find some."""

_MIN_PAGE: Final = 20
"""A page counts as at least this many links (DOC: the default size). Tiny pages would mean endless calls."""


class LinkReader(TeamReader):
    """LIST_LINKS and GET_LINK."""

    async def plan_links(self, wanted: LinkFilter) -> ListPlan:
        """One list per half (hidden or not) and wanted team; for a filter on domains, the domains are read first."""
        empty = empty_plan(wanted)
        if empty is not None:
            return empty
        if wanted.domains is None:
            return list_plan(wanted, None)
        names = {name.casefold() for name in wanted.domains}
        teams = [team.id for team in await self.list_teams()]
        ids = [row.id for _team, row in await self.domain_rows(teams) if row.name.casefold() in names]
        return list_plan(wanted, list(dict.fromkeys(ids)))

    async def list_links(self, lane: Lane, page: str | None) -> Page[Link]:
        """One page, in the vendor's own order."""
        found = _has_links if "search" in lane.query else None
        call = page_call(inferred.LIST_LINKS, tuple(lane.query.items()), page, found)
        return (await self.fetch_as(LinkRows, call, _PageMaker(lane.query["hidden"] == "true", page)))[0]

    async def get_links(self, handles: Sequence[str], fields: frozenset[str]) -> Mapping[str, Link]:  # noqa: ARG002 - a list has every field
        """Reads the lists until all links are found, or 2,000 links of the account were read."""
        wanted = set(handles)
        found: dict[str, Link] = {}

        def take(link: Link) -> bool:
            if link.handle in wanted:
                found[link.handle] = link
            return len(found) == len(wanted)

        if wanted:
            await self._read_until(take, [each.lane({}) for each in LINK_LISTS])
        return found

    async def find_link(self, domain: str, slug: str, fields: frozenset[str]) -> Link | None:  # noqa: ARG002 - a list has every field
        """Searches for `slug`; returns the link that has exactly this one on exactly this domain."""
        found: list[Link] = []

        def take(link: Link) -> bool:
            if link.slug == slug and link.domain == domain.casefold():
                found.append(link)
            return bool(found)

        await self._read_until(take, [each.lane({"search": slug}) for each in LINK_LISTS])
        return found[0] if found else None

    async def _read_until(self, take: Callable[[Link], bool], lanes: Iterable[Lane]) -> None:
        """Hands links to `take` until it returns True, the lists end, or too many links were read."""
        read = 0
        for lane in lanes:
            token: str | None = None
            while read < MAX_LINKS_READ:
                page = await self.list_links(lane, token)
                if any(take(link) for link in page.items):
                    return
                read += max(len(page.items), _MIN_PAGE)
                token = page.next
                if token is None:
                    break


@dataclass(frozen=True, slots=True)
class _PageMaker:
    """Makes the page of `token` of the list of links that are `hidden` or not."""

    hidden: bool
    token: str | None

    def __call__(self, answer: LinkRows, at: datetime) -> Page[Link]:
        rows = (row for row in answer.rows if row.hidden in (None, self.hidden))
        links = LazySequence(rows, lambda row: link_from(row, self.hidden, at))
        page = page_number(self.token)
        return Page(
            links,
            at,
            next_page(answer, self.token),
            left_out=answer.left_out,
            back=page.back(page_size(answer), answer.total),
            is_unverified=page.is_unverified(answer.total),
        )


def _has_links(data: object) -> bool:
    return isinstance(data, dict) and bool(data.get(inferred.LINKS))

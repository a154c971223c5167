"""Reads PicSee's links: pages of its lists, and single links by their slug."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import partial

from linkweave.errors import NotFoundError, VendorError
from linkweave.models import LazySequence, Link, LinkFilter, Page
from linkweave.providers.picsee.account import AccountReader
from linkweave.providers.picsee.link_lists import (
    PAGE_SIZE,
    empty_plan,
    is_searchable,
    list_plan,
    page_call,
    tag_to_search,
)
from linkweave.providers.picsee.links import (
    LISTED_FIELDS,
    link_from_item,
    link_from_overview,
    path_segment,
    with_listed_fields,
)
from linkweave.providers.picsee.listed_links import find_listed
from linkweave.providers.picsee.wire import LinkListAnswer, OverviewAnswer
from linkweave.providers.read_capabilities import Lane, ListPlan
from linkweave.providers.single_reads import get_singly
from linkweave.transport.call import Call
from linkweave.transport.lifetimes import Resource

_GET_LINK = "get link"


class LinkReader(AccountReader):
    """LIST_LINKS and GET_LINK."""

    async def plan_links(self, wanted: LinkFilter) -> ListPlan:
        """Up to four lists: made by API or not, starred or not. To search for a tag, the account's tags are read."""
        empty = empty_plan(wanted, advanced=self.settings.advanced)
        if empty is not None:
            return empty
        search = await self._search_body(wanted) if self.settings.advanced else {}
        return list_plan(wanted, search, self.clock.now())

    async def list_links(self, lane: Lane, page: str | None) -> Page[Link]:
        """At most 50 links; the token of the next page is the smallest mapId of this one.

        Raises:
            BadResponseError: the answer is unreadable, or the list repeats itself.
        """
        call = page_call(lane.query, page)

        def check(answer: LinkListAnswer) -> None:
            following = _next_page(answer)
            if page is not None and following is not None and following >= int(page):
                raise self.bad_response(call, "the list repeats itself")

        make_page = _PageMaker(lane.query["isStar"] == "true", lane.query.get("externalId"))
        return (await self.fetch_as(LinkListAnswer, call, make_page, check))[0]

    async def get_links(self, handles: Sequence[str], fields: frozenset[str]) -> Mapping[str, Link | VendorError]:
        """One overview each, at once; fields that only the list has are looked up there for at most six seconds."""
        found = await get_singly(handles, self.read_overview)
        links = {handle: each for handle, each in found.items() if isinstance(each, Link)}
        return found | await self._with_listed_fields(links, fields)

    async def find_link(self, domain: str, slug: str, fields: frozenset[str]) -> Link | None:
        """The link with this slug, where it is on `domain`. Slugs are unique on the whole platform (FOUND)."""
        link = await self.read_overview(slug)
        if link is None or link.domain != domain.lower():
            return None
        return (await self._with_listed_fields({slug: link}, fields))[slug]

    async def read_overview(self, handle: str) -> Link | None:
        """The link without the fields that only the list has; None where PicSee has no link of this slug."""
        try:
            path = f"/v1/links/{self.path_segment(handle, _GET_LINK)}/overview"
            answer, fetched = await self.fetch(OverviewAnswer, Call(_GET_LINK, "GET", path, reads=Resource.LINK))
        except NotFoundError:
            return None
        return link_from_overview(handle, answer.data, fetched.at)

    def path_segment(self, handle: str, operation: str) -> str:
        """The slug as one segment of a path.

        Raises:
            NotFoundError: no link can have this slug; no call was made.
        """
        segment = path_segment(handle)
        if segment is None:
            raise self.not_found(operation)
        return segment

    async def _with_listed_fields(self, links: dict[str, Link], fields: frozenset[str]) -> dict[str, Link]:
        if not links or not fields & LISTED_FIELDS:
            return links
        listed = await find_listed(links, self._first_page, self.clock, by_slug=self.settings.advanced)
        return {handle: with_listed_fields(link, listed.get(handle)) for handle, link in links.items()}

    async def _first_page(self, lane: Lane) -> Page[Link]:
        return await self.list_links(lane, None)

    async def _search_body(self, wanted: LinkFilter) -> dict[str, str]:
        """The body of the advanced plan's search; empty where the gateway has to search itself.

        PicSee ignores a tag beside an author, and a keyword beside a tag (DOC).
        """
        if wanted.author_id is not None:
            return {"authorId": wanted.author_id}
        tag = tag_to_search(wanted)
        if tag is not None:
            spelled = await self._spelling(tag)
            return {} if spelled is None else {"tag": spelled}
        return {"keyword": wanted.search} if wanted.search is not None and is_searchable(wanted.search) else {}

    async def _spelling(self, tag: str) -> str | None:
        """The account's spelling of `tag`: filters ignore case, and whether PicSee's search does is not known."""
        try:
            known = {name for name in await self.list_tags() if name.casefold() == tag.casefold()} or {tag}
        except VendorError:
            return None
        return known.pop() if len(known) == 1 else None


@dataclass(frozen=True, slots=True)
class _PageMaker:
    """Makes a page of a list that was narrowed to `starred` and `external_id`."""

    starred: bool
    external_id: str | None

    def __call__(self, answer: LinkListAnswer, at: datetime) -> Page[Link]:
        make = partial(link_from_item, starred=self.starred, external_id=self.external_id, at=at)
        links = LazySequence(answer.data, make)
        following = _next_page(answer)
        return Page(links, at, None if following is None else str(following), left_out=answer.left_out)


def _next_page(answer: LinkListAnswer) -> int | None:
    """The smallest mapId of a full page; None at the end of the list."""
    map_ids = [item.map_id for item in answer.data if item.map_id is not None]
    is_full = len(answer.data) + answer.left_out.row_count >= PAGE_SIZE
    return min(map_ids) if is_full and map_ids else None

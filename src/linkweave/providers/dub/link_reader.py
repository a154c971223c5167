"""Reads links: the lists, and single links by id or by short URL."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Final

from linkweave.errors import NotFoundError, RejectedError, VendorError
from linkweave.models import LazySequence, Link, LinkFilter, Page
from linkweave.providers.batches import chunks
from linkweave.providers.dub.account import AccountReader
from linkweave.providers.dub.inferred import CURSORS, LINK_ID
from linkweave.providers.dub.list_plan import EXTERNAL_ID, plan_lists
from linkweave.providers.dub.settings import API
from linkweave.providers.dub.wire import ROOT_KEY, LinkAnswer, LinksAnswer
from linkweave.providers.read_capabilities import Lane, ListPlan
from linkweave.transport.call import MEGABYTE, Call, Pairs
from linkweave.transport.lifetimes import Resource

PAGE_SIZE: Final = 100
_MAX_BYTES: Final = 4 * MEGABYTE
_LIST: Final = "list links"
_BAD_CURSOR: Final = "unprocessable_entity"


class LinkReader(AccountReader):
    """LIST_LINKS and GET_LINK."""

    async def plan_links(self, wanted: LinkFilter) -> ListPlan:
        """One list for each folder, because Dub lists no link in a folder otherwise (FOUND)."""
        return await plan_lists(wanted, self.folder_ids, self.list_domains)

    async def list_links(self, lane: Lane, page: str | None) -> Page[Link]:
        """100 links, newest first. The token has the last links of the page before: Dub refuses one that is gone.

        Raises:
            BadResponseError: the page is the one before.
            VendorError: the page could not be read.
        """
        if lane.name == EXTERNAL_ID:
            return await self._find_by_external_id(lane)
        cursors = [None] if page is None else page.split()
        for cursor in cursors:
            try:
                found = await self._fetch_list(lane, cursor)
                break
            except RejectedError as error:
                if error.provider_code != _BAD_CURSOR or cursor == cursors[-1]:
                    raise
        if page is not None and found.next == page:
            raise self.bad_response(Call(_LIST, "GET", "/links"), "the list does not go on")
        return found

    async def get_links(self, handles: Sequence[str], fields: frozenset[str]) -> Mapping[str, Link | VendorError]:  # noqa: ARG002 - one call brings every field
        """The links that exist among `handles`, 100 a call."""
        links: dict[str, Link | VendorError] = {}
        for group in chunks(dict.fromkeys(each for each in handles if LINK_ID.fullmatch(each)), PAGE_SIZE):
            try:
                links |= await self.read_links(group)
            except VendorError as error:
                links |= dict.fromkeys(group, error)
        return links

    async def find_link(self, domain: str, slug: str, fields: frozenset[str]) -> Link | None:  # noqa: ARG002 - as above
        """The link behind https://`domain`/`slug`; Dub compares both without case (FOUND)."""
        if not slug.strip("/ ") or slug == ROOT_KEY:
            return None
        return await self._look_up((("domain", domain), ("key", slug)))

    async def read_links(self, handles: Sequence[str], operation: str = "get links") -> dict[str, Link | VendorError]:
        """The links that exist among at most 100 `handles`: a list of these alone, in all folders (FOUND)."""
        query = (("linkIds", ",".join(handles)), *_paging())
        call = Call(operation, "GET", "/links", query, bucket=API, reads=Resource.LINK, max_bytes=_MAX_BYTES)
        answer, fetched = await self.fetch(LinksAnswer, call)
        links = (row.to_link(fetched.at) for row in answer.rows)
        return {link.handle: link for link in links if link.handle in handles}

    async def _find_by_external_id(self, lane: Lane) -> Page[Link]:
        link = await self._look_up(tuple(lane.query.items()))
        return Page(() if link is None else (link,), self.clock.now() if link is None else link.fetched_at, None)

    async def _look_up(self, query: Pairs) -> Link | None:
        call = Call("get link", "GET", "/links/info", query, bucket=API, reads=Resource.LINK)
        try:
            answer, fetched = await self.fetch_about_link(LinkAnswer, call)
        except NotFoundError:
            return None
        return answer.to_link(fetched.at)

    async def _fetch_list(self, lane: Lane, cursor: str | None) -> Page[Link]:
        after = () if cursor is None else (("startingAfter", cursor),)
        query = (*_paging(), *lane.query.items(), *after)
        call = Call(_LIST, "GET", "/links", query, bucket=API, reads=Resource.LINK_LIST, max_bytes=_MAX_BYTES)
        return (await self.fetch_as(LinksAnswer, call, _to_page))[0]


def _to_page(answer: LinksAnswer, fetched_at: datetime) -> Page[Link]:
    links = LazySequence(answer.rows, lambda row: row.to_link(fetched_at))
    last = " ".join(link.handle for link in reversed(links[-CURSORS:]))
    following = last or None if answer.row_count >= PAGE_SIZE else None
    return Page(links, fetched_at, following, left_out=answer.left_out)


def _paging() -> Pairs:
    """Archived links, too: by default Dub leaves them out."""
    return ("showArchived", "true"), ("pageSize", str(PAGE_SIZE))

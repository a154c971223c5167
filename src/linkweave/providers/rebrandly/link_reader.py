"""Reads links: the list, one link by its id or by its slug, and the tags of links that come without them."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Final

from linkweave.errors import NotFoundError, VendorError
from linkweave.models import LazySequence, Link, LinkFilter, Page
from linkweave.providers.read_capabilities import Lane, ListPlan
from linkweave.providers.rebrandly.account import BUCKET, PAGE_SIZE, AccountReader, page_query
from linkweave.providers.rebrandly.inferred import LINK_ID
from linkweave.providers.rebrandly.list_plan import plan_lists
from linkweave.providers.rebrandly.wire import LinkAnswer, LinkRow, LinksAnswer
from linkweave.providers.single_reads import get_singly, read_each
from linkweave.transport.cache.fetched import FetchedAnswer
from linkweave.transport.call import Call
from linkweave.transport.lifetimes import Resource

_LIST: Final = "list links"
_TAGS: Final = "tags"


@dataclass(frozen=True, slots=True)
class ListedLinks:
    """A page as one answer tells it, and the ids of the links whose tags it does not tell."""

    page: Page[Link]
    lacking_tags: tuple[str, ...]


class LinkReader(AccountReader):
    """LIST_LINKS and GET_LINK."""

    async def plan_links(self, wanted: LinkFilter) -> ListPlan:
        """One list, or one for each domain of the filter. Tags and domains of the workspace are read where needed."""
        tags = await self.list_tags() if wanted.tags_any or wanted.tags_all else None
        domains = None if wanted.domains is None else await self.list_domains()
        return plan_lists(wanted, tags, domains)

    async def list_links(self, lane: Lane, page: str | None) -> Page[Link]:
        """25 links, newest first; the token is the id of the last one of the page before.

        Raises:
            BadResponseError: that link was deleted since, or no link of a full page can be read.
            VendorError: the page could not be read.
        """
        query = (*lane.query.items(), ("orderBy", "createdAt"), ("orderDir", "desc"))
        call = Call(_LIST, "GET", "/links", page_query(query, page), bucket=BUCKET, reads=Resource.LINK_LIST)
        try:
            listed, _ = await self.fetch_as(LinksAnswer, call, _to_listed)
        except NotFoundError:
            raise self.bad_response(call, "a link or domain is gone on which the page depends; list again") from None
        if listed is None:
            raise self.bad_response(call, "no link of a full page can be read")
        # A token that leads to the same page would never end.
        if page is not None and listed.page.next == page:
            raise self.bad_response(call, "the list does not go on")
        return await self._with_tags(listed)

    async def get_links(self, handles: Sequence[str], fields: frozenset[str]) -> Mapping[str, Link | VendorError]:
        """The links that exist among `handles`, one call each, and one more where tags are wanted and not included."""

        async def read(handle: str) -> Link | None:
            try:
                row, fetched = await self.fetch_link(handle, "get link")
            except NotFoundError:
                return None
            return await self._to_link(row, fetched.at, fields)

        return await get_singly(handles, read)

    async def find_link(self, domain: str, slug: str, fields: frozenset[str]) -> Link | None:
        """The link behind `domain`/`slug`. The vendor may ignore the case of a slug, and so do short URLs then."""
        if not slug.strip() or not slug.isprintable():
            return None
        query = (("domain.fullName", domain), ("slashtag", slug))
        call = Call("get link", "GET", "/links", query, bucket=BUCKET, reads=Resource.LINK)
        try:
            answer, fetched = await self.fetch(LinksAnswer, call)
        except NotFoundError:
            return None
        for row in answer.rows:
            link = row.to_link(fetched.at)
            if link.domain == domain and link.slug.casefold() == slug.casefold():
                return await self._to_link(row, fetched.at, fields)
        return None

    async def fetch_link(self, handle: str, operation: str) -> tuple[LinkAnswer, FetchedAnswer]:
        """GET /links/{id}.

        Raises:
            NotFoundError: the workspace has no such link. No call is made for a handle that cannot be an id.
            VendorError: the link could not be read.
        """
        call = Call(operation, "GET", self.link_path(handle, operation), bucket=BUCKET, reads=Resource.LINK)
        return await self.fetch(LinkAnswer, call)

    def link_path(self, handle: str, operation: str) -> str:
        """The path of a link.

        Raises:
            NotFoundError: the handle cannot be an id. `GET /links/new` would create a link.
        """
        if not LINK_ID.fullmatch(handle):
            raise self.not_found(operation)
        return f"/links/{handle}"

    async def _to_link(self, row: LinkRow, at: datetime, fields: frozenset[str]) -> Link:
        tags = await self._read_tags(row.id) if row.tags is None and _TAGS in fields else ()
        return row.to_link(at, tags)

    async def _with_tags(self, listed: ListedLinks) -> Page[Link]:
        """The page. Tags cost a call for each link that lacks them, where the workspace has any."""
        if not listed.lacking_tags or not await self.fetch_tags():
            return listed.page
        read = await read_each(listed.lacking_tags, self._read_tags)
        tags = dict(zip(listed.lacking_tags, read, strict=True))
        links = tuple(replace(link, tags=tags.get(link.handle, link.tags)) for link in listed.page.items)
        return replace(listed.page, items=links)

    async def _read_tags(self, handle: str) -> tuple[str, ...]:
        try:
            return tuple(tag.name for tag in await self.fetch_tags(f"/links/{handle}/tags"))
        except NotFoundError:
            # The link was deleted a moment ago.
            return ()


def _to_listed(answer: LinksAnswer, at: datetime) -> ListedLinks | None:
    """The page; None where no link of a full page can be read, so that nothing leads to the next one."""
    is_full = answer.row_count >= PAGE_SIZE
    if is_full and not answer.rows:
        return None
    links = LazySequence(answer.rows, lambda row: row.to_link(at))
    page = Page(links, at, answer.rows[-1].id if is_full else None, left_out=answer.left_out)
    return ListedLinks(page, tuple(row.id for row in answer.rows if row.tags is None))

"""Reads links: the list of each domain, one link by its id, and one by its short URL."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from typing import Final

from linkweave.errors import NotFoundError, VendorError
from linkweave.models import LazySequence, Link, LinkFilter, Page
from linkweave.providers.read_capabilities import Lane, ListPlan
from linkweave.providers.shortio.account import AccountReader
from linkweave.providers.shortio.inferred import LINK_ID, TAG_PAGES
from linkweave.providers.shortio.list_plan import plan_lists
from linkweave.providers.shortio.settings import LINK, LIST
from linkweave.providers.shortio.wire import LinkAnswer, LinksAnswer
from linkweave.providers.single_reads import get_singly
from linkweave.transport.call import MEGABYTE, Call, Pairs
from linkweave.transport.lifetimes import Resource

PAGE_SIZE: Final = 150
_MAX_BYTES: Final = 4 * MEGABYTE
_GET: Final = "get link"
_LIST: Final = "list links"


class LinkReader(AccountReader):
    """LIST_LINKS and GET_LINK."""

    async def plan_links(self, wanted: LinkFilter) -> ListPlan:
        """One list for each domain of the account."""
        return plan_lists(wanted, await self.own_domains(_LIST))

    async def list_links(self, lane: Lane, page: str | None) -> Page[Link]:
        """150 links, newest first; the token is Short.io's own."""
        after = () if page is None else (("pageToken", page),)
        query = (*lane.query.items(), ("limit", str(PAGE_SIZE)), ("dateSortOrder", "desc"), *after)
        call = Call(_LIST, "GET", "/api/links", query, bucket=LIST, reads=Resource.LINK_LIST, max_bytes=_MAX_BYTES)
        read, _ = await self.fetch_as(LinksAnswer, call, _to_page)
        if page is not None and read.next == page:
            raise self.bad_response(call, "the list does not go on")
        return read

    async def list_tags(self) -> tuple[str, ...]:
        """The tags of all links: Short.io has no list of them.

        Raises:
            UnsupportedError: there are more links than are read for this.
            VendorError: the links could not be read.
        """
        return tuple(sorted({tag for link in await self.read_tagged_pages() for tag in link.tags}))

    async def read_tagged_pages(self) -> Sequence[Link]:
        """Every link that has tags, of all domains.

        Raises:
            UnsupportedError: there are more links than are read for this.
            VendorError: the links could not be read.
        """
        links: list[Link] = []
        waiting: list[tuple[Lane, str | None]] = [(lane, None) for lane in (await self.plan_links(LinkFilter())).lanes]
        for lane, token in _first_pages(waiting):
            page = await self.list_links(lane, token)
            links += [link for link in page.items if link.tags]
            waiting += [] if page.next is None else [(lane, page.next)]
        if waiting:
            problem = f"tells tags with links alone, and has more than {TAG_PAGES} pages of links"
            raise self.unsupported("list tags", problem)
        return links

    async def get_links(self, handles: Sequence[str], fields: frozenset[str]) -> Mapping[str, Link | VendorError]:  # noqa: ARG002 - one call brings every field
        """The links that exist among `handles`, one call each."""
        return await get_singly([each for each in handles if LINK_ID.fullmatch(each)], self.read_link)

    async def find_link(self, domain: str, slug: str, fields: frozenset[str]) -> Link | None:  # noqa: ARG002 - as above
        """The link behind https://`domain`/`slug`; the domain's settings say whether case matters."""
        if not slug.strip("/ ") or not self.is_own(domain):
            return None
        return await self._read(_GET, "/links/expand", (("domain", domain), ("path", slug)))

    async def read_link(self, handle: str, operation: str = _GET) -> Link | None:
        """The link with an id; None where the account does not have it."""
        return await self._read(operation, self.link_path(handle, operation))

    async def require_own(self, handle: str, operation: str) -> None:
        """Make sure that the link is on a domain of the account; that costs a read where the settings name domains.

        Raises:
            NotFoundError: the account does not have it.
            VendorError: the link could not be read.
        """
        if self.settings.domains and await self.read_link(handle, operation) is None:
            raise self.not_found(operation)

    def link_path(self, handle: str, operation: str) -> str:
        """The path of a link.

        Raises:
            NotFoundError: the handle cannot be an id.
        """
        if not LINK_ID.fullmatch(handle):
            raise self.not_found(operation)
        return self.path_to("/links", handle, operation)

    async def _read(self, operation: str, path: str, query: Pairs = ()) -> Link | None:
        call = Call(operation, "GET", path, query, bucket=LINK, reads=Resource.LINK)
        try:
            answer, fetched = await self.fetch(LinkAnswer, call)
        except NotFoundError:
            return None
        link = answer.to_link(fetched.at)
        return link if self.is_own(link.domain) else None


def _to_page(answer: LinksAnswer, fetched_at: datetime) -> Page[Link]:
    links = LazySequence(answer.links, lambda row: row.to_link(fetched_at))
    return Page(links, fetched_at, answer.next_page_token or None, left_out=answer.left_out)


def _first_pages(waiting: list[tuple[Lane, str | None]]) -> Iterator[tuple[Lane, str | None]]:
    """The pages that wait to be read, also those that are added meanwhile, as many as are read for tags."""
    for _ in range(TAG_PAGES):
        if waiting:
            yield waiting.pop()

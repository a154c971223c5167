"""Reads links: the list of the group, and single links by any of their names."""

import asyncio
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Final
from urllib.parse import quote

from linkweave.errors import NotFoundError, VendorError
from linkweave.models import LazySequence, Link, LinkFilter, Page
from linkweave.providers.bitly.account import AccountReader
from linkweave.providers.bitly.inferred import LINK_NAME, PAGE_SIZE
from linkweave.providers.bitly.list_plan import plan_list
from linkweave.providers.bitly.settings import LINK, LIST
from linkweave.providers.bitly.wire import BitlinkAnswer, LinksAnswer
from linkweave.providers.read_capabilities import Lane, ListPlan
from linkweave.providers.single_reads import MAX_PARALLEL_READS, get_singly
from linkweave.transport.cache.fetched import FetchedAnswer
from linkweave.transport.call import MEGABYTE, Call
from linkweave.transport.lifetimes import Resource

_LIST: Final = "list links"
_GET: Final = "get link"
_MAX_BYTES: Final = 4 * MEGABYTE


class LinkReader(AccountReader):
    """LIST_LINKS and GET_LINK."""

    async def plan_links(self, wanted: LinkFilter) -> ListPlan:
        """One list. Tags and domains of the group are read where the filter has some."""
        tags = await self.list_tags() if wanted.tags_any or wanted.tags_all else None
        domains = None if wanted.domains is None else await self.list_domains()
        return plan_list(wanted, tags, domains)

    async def list_links(self, lane: Lane, page: str | None) -> Page[Link]:
        """100 links, newest first; the token is the parameter that Bitly gives for the next page.

        Raises:
            BadResponseError: the page does not say where the next one is.
            VendorError: the page could not be read.
        """
        name, _, value = (page or "").partition("=")
        query = (*lane.query.items(), ("size", str(PAGE_SIZE)), *(((name, value),) if page else ()))
        path = await self.group_path(_LIST, "/bitlinks")
        call = Call(_LIST, "GET", path, query, bucket=LIST, reads=Resource.LINK_LIST, max_bytes=_MAX_BYTES)
        found, _ = await self.fetch_as(LinksAnswer, call, _to_page)
        if found is None or (found.next is not None and found.next == page):
            raise self.bad_response(call, "the page does not say where the next one is")
        return found

    async def get_links(self, handles: Sequence[str], fields: frozenset[str]) -> Mapping[str, Link | VendorError]:  # noqa: ARG002 - one call brings every field
        """The links of the group that exist among `handles`, one call each."""
        places = asyncio.Semaphore(MAX_PARALLEL_READS)

        async def read(handle: str) -> Link | None:
            # DOC: five connections of one address at a time.
            async with places:
                found = await self._find(handle)
            return found if found is not None and found.handle == handle else None

        return await get_singly(handles, read)

    async def find_link(self, domain: str, slug: str, fields: frozenset[str]) -> Link | None:  # noqa: ARG002 - as above
        """The link of the group that has this name, or has it besides others. Case matters in a slug."""
        return await self._find(f"{domain}/{slug}")

    async def fetch_link(self, name: str, operation: str) -> tuple[BitlinkAnswer, FetchedAnswer]:
        """GET /bitlinks/{bitlink}.

        Raises:
            NotFoundError: the group has no such link. No call is made for text that cannot be a name.
            VendorError: the link could not be read.
        """
        path = self.link_path(name, operation)
        call = Call(operation, "GET", path, bucket=LINK, reads=Resource.LINK)
        row, fetched = await self.fetch_of_link(BitlinkAnswer, call)
        if name not in row.names or not row.is_in(await self.group(operation)):
            raise self.not_found(operation)
        return row, fetched

    def link_path(self, name: str, operation: str, resource: str = "/bitlinks") -> str:
        """The path of a link, in which its slash stays as it is.

        Raises:
            NotFoundError: the text cannot be the name of a link.
        """
        if not LINK_NAME.fullmatch(name):
            raise self.not_found(operation)
        return f"{resource}/{quote(name, safe='/')}"

    async def _find(self, name: str) -> Link | None:
        try:
            row, fetched = await self.fetch_link(name, _GET)
        except NotFoundError:
            return None
        return row.to_link(fetched.at)


def _to_page(answer: LinksAnswer, at: datetime) -> Page[Link] | None:
    """The page; None where the address of the next one leads nowhere."""
    links = LazySequence((row for row in answer.links if not row.is_deleted), lambda row: row.to_link(at))
    try:
        following = answer.following()
    except ValueError:
        return None
    return Page(links, at, None if following is None else "=".join(following), left_out=answer.left_out)

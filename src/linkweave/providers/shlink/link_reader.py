"""Reads links: the list, and one link by its code and domain."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from linkweave.errors import NotFoundError, VendorError
from linkweave.models import LazySequence, Link, LinkFilter, Page
from linkweave.providers.list_plans import filtered_by, no_match
from linkweave.providers.paging import PageNumber
from linkweave.providers.read_capabilities import FilterField, Lane, ListPlan
from linkweave.providers.shlink.account import AccountReader
from linkweave.providers.shlink.handles import LinkName
from linkweave.providers.shlink.list_plan import UNKNOWN_PARTS, plan_lists, sent_query
from linkweave.providers.shlink.wire import ListAnswer, ShortUrlAnswer
from linkweave.providers.single_reads import get_singly
from linkweave.transport.call import MEGABYTE, Call
from linkweave.transport.lifetimes import Resource

PAGE_SIZE: Final = 100
_MAX_BYTES: Final = 4 * MEGABYTE


class LinkReader(AccountReader):
    """LIST_LINKS and GET_LINK."""

    async def plan_links(self, wanted: LinkFilter) -> ListPlan:
        """One list, or one for each wanted domain; reads tags and domains where the filter names some."""
        empty = no_match(wanted, UNKNOWN_PARTS)
        if empty is not None:
            return empty
        parts = filtered_by(wanted)
        tags = await self.list_tags() if FilterField.TAGS in parts else None
        domains = await self.list_domains() if FilterField.DOMAINS in parts else None
        return plan_lists(wanted, tags, domains)

    async def list_links(self, lane: Lane, page: str | None) -> Page[Link]:
        """100 links, newest first."""
        at = PageNumber.parse(page)
        paging = (("page", str(at.number)), ("itemsPerPage", str(PAGE_SIZE)), ("orderBy", "dateCreated-DESC"))
        query = (*sent_query(lane), *paging)
        call = Call("list links", "GET", "/short-urls", query, reads=Resource.LINK_LIST, max_bytes=_MAX_BYTES)
        return (await self.fetch_as(ListAnswer, call, _PageMaker(at)))[0]

    async def get_links(self, handles: Sequence[str], fields: frozenset[str]) -> Mapping[str, Link | VendorError]:  # noqa: ARG002 - one call brings every field
        """The links that exist among `handles`, one call each, at the same time."""
        names = {handle: name for handle in handles if (name := LinkName.parse(handle)) is not None}
        return await get_singly(list(names), lambda handle: self.read_link(names[handle]))

    async def find_link(self, domain: str, slug: str, fields: frozenset[str]) -> Link | None:  # noqa: ARG002 - as above
        """The link behind https://`domain`/`slug`, where the server has the domain."""
        own = next((each for each in await self.list_domains() if each.name == domain), None)
        name = None if own is None else LinkName.parse(str(LinkName(slug, None if own.is_default else own.name)))
        return None if name is None else await self.read_link(name)

    async def read_link(self, name: LinkName) -> Link | None:
        """The link of this name, if there is one."""
        path = self.path_to("/short-urls", name.code, "get link")
        try:
            answer, fetched = await self.fetch(
                ShortUrlAnswer, Call("get link", "GET", path, name.query, reads=Resource.LINK)
            )
        except NotFoundError:
            return None
        return answer.to_link(fetched.at)


@dataclass(frozen=True, slots=True)
class _PageMaker:
    """Makes the page of the list that begins at `at`."""

    at: PageNumber

    def __call__(self, answer: ListAnswer, fetched_at: datetime) -> Page[Link]:
        links = LazySequence(answer.page.data, lambda row: row.to_link(fetched_at))
        total = None if answer.page.pagination is None else answer.page.pagination.total
        got = len(links) + answer.left_out.row_count
        return Page(
            links,
            fetched_at,
            self.at.next(got, PAGE_SIZE, total),
            left_out=answer.left_out,
            back=self.at.back(PAGE_SIZE, total),
            is_unverified=self.at.is_unverified(total),
        )

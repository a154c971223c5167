"""Reads links: lists, and groups by hash."""

import asyncio
from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from typing import Final

from linkweave.errors import NotFoundError
from linkweave.models import LazySequence, Link, LinkFilter, Page
from linkweave.providers.list_plans import filtered_by, no_match
from linkweave.providers.paging import Offset
from linkweave.providers.read_capabilities import FilterField, Lane, ListPlan
from linkweave.providers.tinycc.account import AccountReader
from linkweave.providers.tinycc.handles import LinkName, joined_hashes, name_groups
from linkweave.providers.tinycc.inferred import MISSING_DOMAIN_CODE, MISSING_LINK_CODES
from linkweave.providers.tinycc.link_wire import UrlsAnswer
from linkweave.providers.tinycc.list_plan import UNKNOWN_PARTS, TagChoice, plan_by_domain, plan_by_tags
from linkweave.transport.call import MEGABYTE, Call, Pairs
from linkweave.transport.lifetimes import Resource

# Always sent: the page size of a call without it differs from host to host (FOUND[T8]).
PAGE_SIZE: Final = 1_000
FIRST_PAGE_SIZE: Final = 100
"""The size of the first page of a list, which is as long as a page of the gateway can be. Each link costs time."""
MAX_PAGE_BYTES: Final = 8 * MEGABYTE
"""Maximum size of an answer with 1,000 links: their destinations have up to 2,048 characters (both DOC)."""


class LinkReader(AccountReader):
    """LIST_LINKS and GET_LINK."""

    async def plan_links(self, wanted: LinkFilter) -> ListPlan:
        """One list per domain, or one for all where tags choose; reads the account's domains or tags."""
        empty = no_match(wanted, UNKNOWN_PARTS)
        if empty is not None:
            return empty
        if FilterField.TAGS in filtered_by(wanted):
            choice = TagChoice.among(wanted, await self.list_tags())
            if choice is None:
                return ListPlan(())
            expression = choice.expression()
            # The gateway compares domains as they are spelled; a list per domain takes either spelling of one.
            if expression and all(name.isascii() for name in wanted.domains or ()):
                return plan_by_tags(wanted, expression)
        answer = await self.fetch_domains()
        plan = plan_by_domain(wanted, self.to_domains(answer), self.settings.domain)
        return replace(plan, notice=answer.left_out.notice)

    async def list_links(self, lane: Lane, page: str | None) -> Page[Link]:
        """100 links of one list at its start; later up to 1,000, some of which repeat the page before."""
        at = Offset.parse(page)
        size = PAGE_SIZE if at.number else FIRST_PAGE_SIZE
        paging = (("offset", str(at.number)), ("limit", str(size)))
        links, rows, total = await self.fetch_urls(
            "list links", (*lane.query.items(), *paging), reads=Resource.LINK_LIST
        )
        following = at.next(rows, total)
        return replace(links, next=following, back=at.back(rows if following else PAGE_SIZE))

    async def get_links(self, handles: Sequence[str], fields: frozenset[str]) -> Mapping[str, Link]:  # noqa: ARG002 - one call brings every field
        """The links that exist among `handles`: one call per domain and 1,000 hashes."""
        names = {handle: name for handle in handles if (name := LinkName.parse(handle)) is not None}
        found = {
            link.handle: link
            for links in await asyncio.gather(*(self._get_group(group) for group in name_groups(names.values())))
            for link in links
        }
        return {handle: found[str(name)] for handle, name in names.items() if str(name) in found}

    async def find_link(self, domain: str, slug: str, fields: frozenset[str]) -> Link | None:
        """The link of that hash on that domain."""
        name = LinkName.of(domain, slug)
        return None if name is None else (await self.get_links([str(name)], fields)).get(str(name))

    async def fetch_urls(
        self, operation: str, query: Pairs, reads: Resource | None = None, path: str = "/urls"
    ) -> tuple[Page[Link], int, int | None]:
        """GET /urls: the links, the number of rows that they were read from, and the length of the whole list.

        Without `reads` the answer is not taken from the cache.
        """
        call = Call(operation, "GET", path, query, max_bytes=MAX_PAGE_BYTES, reads=reads, found=_has_links)
        return (await self.fetch_as(UrlsAnswer, call, _to_page))[0]

    async def existing(self, names: Sequence[LinkName]) -> dict[LinkName, Link]:
        """The links of a group that exist, by one call, after a write whose answer does not tell.

        Raises:
            VendorError: it cannot be found out. That is so at a host that refuses a group for one missing hash. To
                halve the group, as `get_links` does, would be a call for each deleted link.
        """
        try:
            links = await self._fetch_group("check links", names)
        except NotFoundError as error:
            if len(names) == 1 and error.provider_code in MISSING_LINK_CODES:
                return {}
            raise
        found = {link.handle: link for link in links}
        return {name: found[str(name)] for name in names if str(name) in found}

    async def _fetch_group(
        self, operation: str, names: Sequence[LinkName], reads: Resource | None = None
    ) -> tuple[Link, ...]:
        """The links of a group, by a list of their hashes on one page; by the path where no list can have the hash."""
        path = "/urls"
        query: Pairs = (("domain", names[0].domain),)
        if names[0].fits_into_list:
            query = (*query, ("hashes", joined_hashes(names)), ("limit", str(len(names))))
        else:
            path = names[0].path(path)
        return tuple((await self.fetch_urls(operation, query, reads, path))[0].items)

    async def _get_group(self, names: tuple[LinkName, ...]) -> tuple[Link, ...]:
        """The links of a group that exist, in one call where the vendor leaves out the others.

        A vendor may refuse the whole group because one of its links does not exist: then it is halved.
        """
        try:
            links = await self._fetch_group("get links", names, reads=Resource.LINK)
        except NotFoundError as error:
            if error.provider_code == MISSING_DOMAIN_CODE:
                return ()
            if error.provider_code not in MISSING_LINK_CODES:
                raise
        else:
            return links
        if len(names) == 1:
            return ()
        middle = len(names) // 2
        return await self._get_group(names[:middle]) + await self._get_group(names[middle:])


def _has_links(data: object) -> bool:
    """Whether there is any link in the answer."""
    return isinstance(data, dict) and bool(data.get("urls"))


def _to_page(answer: UrlsAnswer, at: datetime) -> tuple[Page[Link], int, int | None]:
    links = Page(LazySequence(answer.urls, lambda row: row.to_link(at)), at, left_out=answer.left_out)
    return links, len(answer.urls) + answer.left_out.row_count, answer.total

"""Reads links: the two lists, single links, and the tags of all links."""

from collections.abc import Mapping, Sequence
from datetime import UTC
from typing import Final

from linkweave.errors import ForbiddenError, NotFoundError, TooLargeAnswerError, VendorError
from linkweave.models import NOTHING_LEFT_OUT, Link, LinkFilter, Page
from linkweave.providers.base import Adapter
from linkweave.providers.known_destinations import KnownDestinations, ListsWithoutDestinations, nothing_known
from linkweave.providers.read_capabilities import Lane, ListPlan
from linkweave.providers.single_reads import get_singly, read_each
from linkweave.providers.tinyurl.handles import Name, parse_handle, parse_name
from linkweave.providers.tinyurl.link_lists import (
    LISTS,
    SortedList,
    domains_of,
    plan_lists,
    sort_rows,
    vendor_query,
)
from linkweave.providers.tinyurl.list_windows import ListPlace
from linkweave.providers.tinyurl.refusals import classify_of_a_link
from linkweave.providers.tinyurl.wire import LinkAnswer, ListAnswer, ListedRow, TopAnswer
from linkweave.transport.cache.fetched import FetchedAnswer
from linkweave.transport.call import MEGABYTE, Call, Pairs
from linkweave.transport.lifetimes import Resource

_CHECK: Final = "check the account"
_LIST: Final = "list links"
_GET: Final = "get link"
_MAX_BYTES: Final = 8 * MEGABYTE
_MAX_EMPTY_PARTS: Final = 16
"""Maximum number of parts of a large list that are read for one page. Each is twice as long as the one after it."""


class LinkReader(Adapter, ListsWithoutDestinations):
    """LIST_LINKS, GET_LINK and LIST_TAGS."""

    async def probe(self) -> tuple[str, ...]:
        """List the links that are made from now on, and count their clicks: each needs a permission of the token.

        Raises:
            VendorError: the account cannot be used.
        """
        query = (("from", self.clock.now().astimezone(UTC).isoformat(timespec="seconds")),)
        await self.fetch(ListAnswer, Call(_CHECK, "GET", "/urls/available", query))
        try:
            await self.fetch(TopAnswer, Call(_CHECK, "GET", "/analytics/sources/top", query))
        except ForbiddenError:
            return ("the token or the plan has no analytics, so that statistics are FORBIDDEN",)
        return ()

    async def plan_links(self, wanted: LinkFilter) -> ListPlan:
        """The list of live links, that of archived ones, or both."""
        return plan_lists(wanted)

    async def list_links(self, lane: Lane, page: str | None) -> Page[Link]:
        """Links of a list, newest first. The whole list is one call, and each link of a list without destinations one.

        A list that is too large for one answer is read in parts, by the days on which its links were made.

        Raises:
            TooLargeAnswerError: the links of one day are too many.
            VendorError: the list could not be read, or a link of it.
        """
        return await self.list_links_knowing(lane, page, nothing_known)

    async def list_links_knowing(self, lane: Lane, page: str | None, known: KnownDestinations) -> Page[Link]:
        """As `list_links`, without a call for each link whose destination is `known`."""
        place = ListPlace.parse(page)
        for _ in range(_MAX_EMPTY_PARTS):
            found, place = await self._fetch_part(lane, place, _LIST)
            rows, after = found.page_at(place, domains_of(lane))
            is_first, following = place.after is None, place.following(after, len(found.rows))
            if rows or following is None:
                break
            place = following

        lacking = [row.name.handle for row in rows if row.url is None]
        destinations = await known(lacking) if lacking else {}

        async def read(row: ListedRow) -> Link | None:
            """The link of a row; None where it was deleted since. A call tells a destination that is not known."""
            destination = row.url or destinations.get(row.name.handle)
            if destination is None:
                return await self._read_link(row.name)
            return row.to_link(destination, found.fetched_at)

        links = await read_each(rows, read)
        # What could not be read is of the whole list, and not of each page.
        left_out = found.left_out if is_first else NOTHING_LEFT_OUT
        token = None if following is None else following.token()
        return Page(tuple(filter(None, links)), found.fetched_at, token, left_out=left_out)

    async def get_links(self, handles: Sequence[str], fields: frozenset[str]) -> Mapping[str, Link | VendorError]:  # noqa: ARG002 - one call brings every field
        """The links that exist among `handles`, one call each, at the same time."""

        async def read(handle: str) -> Link | None:
            name = parse_handle(handle)
            return None if name is None else await self._read_link(name)

        return await get_singly(handles, read)

    async def find_link(self, domain: str, slug: str, fields: frozenset[str]) -> Link | None:  # noqa: ARG002 - as above
        """The link behind `domain`/`slug`."""
        name = parse_name(domain, slug)
        return None if name is None else await self._read_link(name)

    async def list_tags(self) -> tuple[str, ...]:
        """The tags of all links, each once: TinyURL has no list of them."""
        tags = dict[str, str]()
        for name in LISTS:
            place: ListPlace | None = ListPlace()
            while place is not None:
                found, place = await self._fetch_part(Lane(name), place, "list tags")
                for tag in (tag for row in found.rows for tag in row.tags):
                    tags.setdefault(tag.casefold(), tag)
                place = place.following(None, len(found.rows))
        return tuple(sorted(tags.values(), key=str.casefold))

    async def fetch_link(self, name: Name, operation: str) -> tuple[LinkAnswer, FetchedAnswer]:
        """GET /alias/….

        Raises:
            NotFoundError: the account has no such link.
            VendorError: the link could not be read.
        """
        call = Call(operation, "GET", name.path, reads=Resource.LINK, classify=classify_of_a_link)
        return await self.fetch(LinkAnswer, call)

    def name_of(self, handle: str, operation: str) -> Name:
        """What a handle names.

        Raises:
            NotFoundError: it cannot be that of a link. No call is made.
        """
        name = parse_handle(handle)
        if name is None:
            raise self.not_found(operation)
        return name

    async def _fetch_part(self, lane: Lane, place: ListPlace, operation: str) -> tuple[SortedList, ListPlace]:
        """The list at `place`, or the newest part of it that fits one answer, and its place."""
        while True:
            try:
                return await self._fetch_list(lane.name, place.query(vendor_query(lane)), operation), place
            except TooLargeAnswerError:
                narrower = place.narrower(self.today())
                if narrower is None:
                    raise
                place = narrower

    async def _fetch_list(self, name: str, query: Pairs, operation: str) -> SortedList:
        call = Call(operation, "GET", f"/urls/{name}", query, reads=Resource.LINK_LIST, max_bytes=_MAX_BYTES)
        return (await self.fetch_as(ListAnswer, call, sort_rows))[0]

    async def _read_link(self, name: Name) -> Link | None:
        try:
            answer, fetched = await self.fetch_link(name, _GET)
        except NotFoundError:
            return None
        return answer.data.to_link(answer.data.url, fetched.at)

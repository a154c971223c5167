"""Reads links: the list, one link by its id or by its slug, and the domains."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from linkweave.errors import NotFoundError, VendorError
from linkweave.models import Domain, LazySequence, Link, LinkFilter, Page
from linkweave.providers.base import Adapter
from linkweave.providers.kutt.inferred import LINK_ID, MAX_SEARCHED_PAGES
from linkweave.providers.kutt.wire import ListAnswer, StatsAnswer, UserAnswer
from linkweave.providers.list_plans import one_list
from linkweave.providers.paging import Offset
from linkweave.providers.read_capabilities import FilterField, Lane, ListPlan
from linkweave.providers.single_reads import get_singly
from linkweave.transport.cache.fetched import FetchedAnswer
from linkweave.transport.call import Call
from linkweave.transport.lifetimes import Resource

PAGE_SIZE: Final = 50
"""Maximum number of links of a page: more are cut (FOUND)."""

# What Kutt's links do not have, with a notice for callers who filter by it.
_UNKNOWN_PARTS: Final[Mapping[FilterField, str | None]] = {
    FilterField.TAGS: "Kutt has no tags.",
    FilterField.ARCHIVED: "Kutt has no archived links.",
    FilterField.STARRED: "Kutt has no starred links.",
    FilterField.ORIGIN: "Kutt does not say how a link was made.",
    FilterField.EXTERNAL_ID: None,
    FilterField.TEAMS: None,
    FilterField.CAMPAIGNS: None,
    FilterField.AUTHOR: None,
}


class LinkReader(Adapter):
    """LIST_LINKS, GET_LINK and LIST_DOMAINS."""

    async def probe(self) -> tuple[str, ...]:
        """Read the user, which needs the key.

        Raises:
            VendorError: the account cannot be used.
        """
        await self._fetch_user("check the account", None)
        return ()

    async def plan_links(self, wanted: LinkFilter) -> ListPlan:
        """One list, narrowed by Kutt's search; the gateway checks each link again.

        Kutt looks at slug, description and destination, and also at the domain. A database may compare other letters
        than ASCII with case, so that these are not sent.
        """
        needs_tags = bool(wanted.tags_any or wanted.tags_all)
        unknown = {part: why for part, why in _UNKNOWN_PARTS.items() if part is not FilterField.TAGS or needs_tags}
        words = wanted.search or ""
        search = {"search": words} if words.isascii() and words.isprintable() and words == words.strip() else {}
        return one_list(wanted, unknown, search if words else {})

    async def list_links(self, lane: Lane, page: str | None) -> Page[Link]:
        """50 links, newest first; the first of them repeats the page before."""
        at = Offset.parse(page)
        query = (*lane.query.items(), ("limit", str(PAGE_SIZE)), ("skip", str(at.number)))
        call = Call("list links", "GET", "/links", query, reads=Resource.LINK_LIST)
        return (await self.fetch_as(ListAnswer, call, _PageMaker(at)))[0]

    async def get_links(self, handles: Sequence[str], fields: frozenset[str]) -> Mapping[str, Link | VendorError]:  # noqa: ARG002 - one call brings every field
        """The links that exist among `handles`, one call each, at the same time."""

        async def read(handle: str) -> Link | None:
            try:
                answer, fetched = await self.fetch_stats(handle, "get link", Resource.LINK)
            except NotFoundError:
                return None
            return answer.to_link(fetched.at)

        return await get_singly([each for each in handles if LINK_ID.fullmatch(each)], read)

    async def find_link(self, domain: str, slug: str, fields: frozenset[str]) -> Link | None:  # noqa: ARG002 - as above
        """The link behind `domain`/`slug`, by a search for links that have the slug as a part.

        Raises:
            UnsupportedError: too many links have the slug as a part.
        """
        lane, token = Lane("slug", {"search": slug}), None
        if not slug.strip() or not slug.isprintable():
            return None
        for _ in range(MAX_SEARCHED_PAGES):
            page = await self.list_links(lane, token)
            for link in page.items:
                if (link.domain, link.slug) == (domain, slug):
                    return link
            token = page.next
            if token is None:
                return None
        raise self.unsupported("get link", "finds too many links that have this slug as a part")

    async def list_domains(self) -> tuple[Domain, ...]:
        """The default domain, which the API does not list, and the domains that the user added."""
        answer = await self._fetch_user("list domains", Resource.DOMAINS)
        home = self.settings.home_domain
        default = () if home is None else (Domain(home, is_default=True),)
        return (*default, *(row.to_domain() for row in answer.domains if row.address.lower() != home))

    async def fetch_stats(self, handle: str, operation: str, reads: Resource) -> tuple[StatsAnswer, FetchedAnswer]:
        """GET /links/{id}/stats, which has all of a link: there is no other call for one link (FOUND).

        Raises:
            NotFoundError: the user has no such link. No call is made for a handle that cannot be an id.
            VendorError: the link could not be read.
        """
        if not LINK_ID.fullmatch(handle):
            raise self.not_found(operation)
        return await self.fetch(StatsAnswer, Call(operation, "GET", f"/links/{handle}/stats", reads=reads))

    async def _fetch_user(self, operation: str, reads: Resource | None) -> UserAnswer:
        return (await self.fetch(UserAnswer, Call(operation, "GET", "/users", reads=reads)))[0]


@dataclass(frozen=True, slots=True)
class _PageMaker:
    """Makes the page of the list that begins at `at`."""

    at: Offset

    def __call__(self, answer: ListAnswer, fetched_at: datetime) -> Page[Link]:
        links = LazySequence(answer.data, lambda row: row.to_link(fetched_at))
        following = self.at.next(len(links) + answer.left_out.row_count, answer.total)
        return Page(links, fetched_at, following, left_out=answer.left_out, back=self.at.back(PAGE_SIZE))

"""Speaks the API of a YOURLS site for one of its users."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import ClassVar, Final

from linkweave.errors import NotFoundError, VendorError
from linkweave.models import Dimension, LazySequence, Link, LinkFilter, Measure, Page
from linkweave.models.changes import ALL_LINK_FIELDS, InputProblem, NewLink, WrittenLink
from linkweave.providers.call_costs import CallCosts, link_call
from linkweave.providers.link_totals import TotalsWithLinks
from linkweave.providers.list_plans import one_list
from linkweave.providers.read_capabilities import CanListLinks, FilterField, Lane, LinkOrder, ListPlan
from linkweave.providers.single_reads import get_singly
from linkweave.providers.write_capabilities import CanCreateLinks
from linkweave.providers.yourls.inferred import USABLE_SLUG, sent_title
from linkweave.providers.yourls.listing import GROWTH, OVERLAP, PAGE_SIZE, ListPlace, in_one_order, in_places
from linkweave.providers.yourls.refusals import URL_EXISTS, classify_new_link
from linkweave.providers.yourls.wire import MEASURES, CreatedAnswer, LinkAnswer, ListAnswer, VersionAnswer
from linkweave.transport.call import MEGABYTE, Call, Pairs
from linkweave.transport.lifetimes import Resource

_URL_EXISTS_STATUS: Final = 400
_MAX_LIST_BYTES: Final = 8 * MEGABYTE

# What the links of a site do not have, with a notice for callers who filter by it.
_UNKNOWN_PARTS: Final[Mapping[FilterField, str | None]] = {
    FilterField.TAGS: "YOURLS has no tags.",
    FilterField.ARCHIVED: "YOURLS has no archived links.",
    FilterField.STARRED: "YOURLS has no starred links.",
    FilterField.ORIGIN: "YOURLS does not say how a link was made.",
    FilterField.EXTERNAL_ID: None,
    FilterField.TEAMS: None,
    FilterField.CAMPAIGNS: None,
    FilterField.AUTHOR: None,
}
_SLUG_PROBLEM: Final = "must be of letters, digits, - and _: YOURLS drops all other characters"


class YourlsAdapter(TotalsWithLinks, CanListLinks, CanCreateLinks):
    """Links and their clicks. The API neither changes nor deletes a link."""

    time_zone: ClassVar[str | None] = "UTC"
    call_costs: ClassVar[CallCosts] = CallCosts(page_size=PAGE_SIZE, stats_call=link_call, life_calls=0)
    link_order: ClassVar[LinkOrder] = LinkOrder.NEWEST_FIRST
    stats_dimensions: ClassVar[frozenset[Dimension]] = frozenset()
    measures: ClassVar[frozenset[Measure]] = MEASURES
    bots_excluded: ClassVar[bool | None] = False
    creatable: ClassVar[frozenset[str]] = frozenset({"destination", "slug", "title"})
    finds_existing: ClassVar[bool] = True

    async def probe(self) -> tuple[str, ...]:
        """Ask for the version, which needs the credentials.

        Raises:
            VendorError: the account cannot be used.
        """
        await self.fetch(VersionAnswer, _call("check the account", "version"))
        return ()

    async def plan_links(self, wanted: LinkFilter) -> ListPlan:
        """One list, which the gateway filters. Links without tags match a filter that only excludes tags."""
        needs_tags = bool(wanted.tags_any or wanted.tags_all)
        unknown = {part: why for part, why in _UNKNOWN_PARTS.items() if part is not FilterField.TAGS or needs_tags}
        return one_list(wanted, unknown)

    async def list_links(self, lane: Lane, page: str | None) -> Page[Link]:  # noqa: ARG002 - there is one lane
        """Some 200 links, newest first, up to the end of a second.

        Raises:
            BadResponseError: the links of one second are more than 8 MB.
            VendorError: the list could not be read.
        """
        place, limit = ListPlace.parse(page), PAGE_SIZE + OVERLAP
        while True:
            made, _ = await self.fetch_as(ListAnswer, _list_call(place.start, limit), _PageMaker(place, limit))
            if made is not None:
                return made
            limit *= GROWTH

    async def get_links(self, handles: Sequence[str], fields: frozenset[str]) -> Mapping[str, Link | VendorError]:  # noqa: ARG002 - one call brings every field
        """The links that exist among `handles`, one call each, at the same time."""
        return await get_singly([each for each in handles if each.strip()], self._read_link)

    async def find_link(self, domain: str, slug: str, fields: frozenset[str]) -> Link | None:  # noqa: ARG002 - as above
        """The link behind https://`domain`/`slug`, where `domain` is the site's or a domain in the settings."""
        link = await self._read_link(slug.rpartition("/")[2])
        own = link is not None and domain in {link.domain, *self.settings.domains}
        return link if own and link is not None and link.short_url.endswith(f"/{slug}") else None

    def check_new_link(self, new: NewLink) -> Sequence[InputProblem]:
        """Finds a slug with characters that no site uses: a site drops them without an error (FOUND)."""
        fits = new.slug is None or USABLE_SLUG.fullmatch(new.slug)
        return () if fits else (InputProblem(("slug",), _SLUG_PROBLEM, is_invalid=True),)

    async def create_link(self, new: NewLink) -> WrittenLink:
        """Create one link, with one call. `created` is False where the site has one to the same destination.

        A site that does not use capitals drops them from the slug (FOUND). The link has the slug of the answer.

        Raises:
            ConflictError: the slug is taken or reserved.
            AmbiguousError: the link may have been created.
            VendorError: the link was not created.
        """
        keyword = () if new.slug is None else (("keyword", new.slug),)
        fields = (("url", new.destination), *keyword, ("title", sent_title(new.title, new.destination)))
        call = Call(
            "create link",
            "POST",
            "",
            form=(*_fields("shorturl"), *fields),
            writes=True,
            classify=classify_new_link,
            accepts=frozenset({_URL_EXISTS_STATUS}),
        )
        answer, fetched = await self.fetch(CreatedAnswer, call)
        link = answer.to_link(fetched.at)
        # Only an existing link comes with its clicks.
        known = ALL_LINK_FIELDS if link.included is not None else ALL_LINK_FIELDS - {"included"}
        return WrittenLink(link, known, created=answer.code != URL_EXISTS)

    async def _read_link(self, slug: str) -> Link | None:
        """The link with exactly this slug: the site drops characters that it does not use, and finds another one."""
        try:
            answer, fetched = await self.fetch(
                LinkAnswer, _call("get link", "url-stats", (("shorturl", slug),), Resource.LINK)
            )
        except NotFoundError:
            return None
        link = answer.link.to_link(fetched.at)
        return link if link.handle == slug else None


def _fields(action: str) -> Pairs:
    # Without a format, the answer is XML (FOUND).
    return (("action", action), ("format", "json"))


def _call(operation: str, action: str, fields: Pairs = (), reads: Resource | None = None) -> Call:
    """A call that reads. POST keeps the credentials out of the address."""
    return Call(operation, "POST", "", form=(*_fields(action), *fields), reads=reads)


def _list_call(start: int, limit: int) -> Call:
    fields = (("filter", "last"), ("start", str(start)), ("limit", str(limit)))
    form = (*_fields("stats"), *fields)
    return Call("list links", "POST", "", form=form, reads=Resource.LINK_LIST, max_bytes=_MAX_LIST_BYTES)


@dataclass(frozen=True, slots=True)
class _PageMaker:
    """Makes the page at `place` from at most `limit` rows; None where they do not reach the end of a second."""

    place: ListPlace
    limit: int

    def __call__(self, answer: ListAnswer, fetched_at: datetime) -> Page[Link] | None:
        listed = in_places(answer.links)
        is_last = len(listed) + answer.left_out.row_count < self.limit
        following = None if is_last else self.place.next(listed)
        if following is None and not is_last:
            return None
        end = None if following is None else following.newest
        rows = [row for row in listed if self.place.wants(row) and (end is None or row.second > end)]
        token = None if following is None else following.token()
        links = LazySequence(in_one_order(rows), lambda entry: entry.to_link(fetched_at))
        return Page(links, fetched_at, token, left_out=answer.left_out)

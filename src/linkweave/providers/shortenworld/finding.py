"""ShortenWorld's links, listed and found. There is no call for one link: the lists are walked."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from linkweave.models import Link, Page
from linkweave.providers.read_capabilities import Lane
from linkweave.providers.shortenworld import inferred
from linkweave.providers.shortenworld.lanes import halves
from linkweave.providers.shortenworld.link_rows import LinkRows
from linkweave.providers.shortenworld.links import link_from
from linkweave.providers.shortenworld.lists import ListReader, Position, page_call

# Lists are walked no further than this.
MAX_WALKED: Final = 2_000
# A page counts as this many links at least (DOC: the default size), so that tiny pages do not mean endless calls.
SMALLEST_PAGE: Final = 20


@dataclass(frozen=True, slots=True)
class _Links:
    """Makes a page of the list of `hidden` links, or of the others, that starts at `start`."""

    hidden: bool
    start: Position

    def __call__(self, rows: LinkRows, at: datetime) -> Page[Link]:
        # INFERRED that hidden=false leaves out the hidden ones. If it does not, they would come twice.
        links = (link_from(row, self.hidden, at) for row in rows.rows if row.hidden in (None, self.hidden))
        following = self.start.after(rows)
        return Page(tuple(links), at, following.token if following else None)


class LinkFinder(ListReader):
    """LIST_LINKS less the choice of lanes, and GET_LINK."""

    async def list_links(self, lane: Lane, page: str | None) -> Page[Link]:
        """One page, in the vendor's own order."""
        at = Position.of(page)
        found = _found if "search" in lane.query else None
        call = page_call(inferred.LIST_LINKS, tuple(lane.query.items()), at, found)
        return (await self.fetch_as(LinkRows, call, _Links(lane.query["hidden"] == "true", at)))[0]

    async def get_links(self, handles: Sequence[str], fields: frozenset[str]) -> Mapping[str, Link]:  # noqa: ARG002 - a list tells every field at once
        """Walk the lists until all are found; one beyond the first 2,000 links of the account is not."""
        wanted = set(handles)
        found: dict[str, Link] = {}

        def take(link: Link) -> bool:
            if link.handle in wanted:
                found[link.handle] = link
            return len(found) == len(wanted)

        if wanted:
            await self._walk(halves(None), take)
        return found

    async def find_link(self, domain: str, slug: str, fields: frozenset[str]) -> Link | None:  # noqa: ARG002 - as above
        """Search for `slug` and take the link that has exactly this one on exactly this domain."""
        found: list[Link] = []

        def take(link: Link) -> bool:
            if link.slug == slug and link.domain == domain.casefold():
                found.append(link)
            return bool(found)

        await self._walk(halves(None, {"search": slug}), take)
        return found[0] if found else None

    async def _walk(self, lanes: Iterable[Lane], take: Callable[[Link], bool]) -> None:
        """Show links to `take` until it has enough, the lists end, or too many have been looked at."""
        walked = 0
        for lane in lanes:
            at: str | None = None
            while walked < MAX_WALKED:
                page = await self.list_links(lane, at)
                if any(take(link) for link in page.items):
                    return
                walked += max(len(page.items), SMALLEST_PAGE)
                at = page.next
                if at is None:
                    break


def _found(data: object) -> bool:
    return isinstance(data, dict) and bool(data.get(inferred.LINKS))

"""Finds single links in the list, for what PicSee tells nowhere else."""

from collections.abc import Awaitable, Callable, Iterable, Mapping
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from typing import Final

from linkweave.clock import Clock
from linkweave.context.deadline import use_deadline
from linkweave.errors import VendorError
from linkweave.models import Link, Page
from linkweave.providers.picsee.listing import HALVES, Half
from linkweave.providers.picsee.times import wall_time
from linkweave.providers.read_capabilities import Lane

# Enough to look for one link in each of four lists at one call a second. The rest of an operation's time (10 s
# unless configured) is for whatever else it asks.
COMPLETION_SECONDS: Final = 6.0


async def find_listed(
    links: Mapping[str, Link],
    list_page: Callable[[Lane], Awaitable[Page[Link]]],
    clock: Clock,
    *,
    by_slug: bool,
) -> Mapping[str, Link]:
    """As many of `links` as the list gives away in a few seconds. Never raises: a link can do without.

    A single link is searched for by its slug where the plan allows that (`by_slug`); several are looked for on
    the pages that begin with each, because one page often holds many of them.
    """
    found: dict[str, Link] = {}
    newest_first = sorted(links.values(), key=_created, reverse=True)
    with suppress(VendorError), use_deadline(COMPLETION_SECONDS, clock):
        for half in HALVES:
            for link in newest_first:
                if link.handle not in found:
                    lane = _lane(half, link, by_slug=by_slug and len(links) == 1)
                    found |= _among((await list_page(lane)).items, links)
    return found


def _lane(half: Half, link: Link, *, by_slug: bool) -> Lane:
    # A second later, because whether startTime itself is included is not documented.
    where = {"encodeId": link.slug} if by_slug else {"startTime": wall_time(_created(link) + timedelta(seconds=1))}
    return Lane(half.name, half.query | where)


def _among(listed: Iterable[Link], links: Mapping[str, Link]) -> dict[str, Link]:
    return {link.handle: link for link in listed if link.handle in links}


def _created(link: Link) -> datetime:
    return link.created_at or datetime.min.replace(tzinfo=UTC)

"""Finds single links in PicSee's lists, for the fields that only the lists have."""

from collections.abc import Awaitable, Callable, Mapping
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from typing import Final

from linkweave.clock import Clock
from linkweave.context.deadline import use_deadline
from linkweave.errors import VendorError
from linkweave.models import Link, Page
from linkweave.providers.picsee.link_lists import LINK_LISTS, LinkList
from linkweave.providers.picsee.times import wall_time
from linkweave.providers.read_capabilities import Lane

SEARCH_SECONDS: Final = 6.0
"""Seconds after which the search ends. That is enough for one link in four lists, at one call a second.

The rest of an operation's time (10 seconds unless configured) is left for its other calls.
"""


async def find_listed(
    links: Mapping[str, Link],
    list_page: Callable[[Lane], Awaitable[Page[Link]]],
    clock: Clock,
    *,
    by_slug: bool,
) -> Mapping[str, Link]:
    """Those of `links` that are found in the lists within a few seconds. Never raises: a link can do without.

    A single link is searched for by its slug where the plan allows that (`by_slug`). Several links are looked for on
    the pages that begin with each of them, because one page often holds many of them.
    """
    by_slug = by_slug and len(links) == 1
    found: dict[str, Link] = {}
    newest_first = sorted(
        (link for link in links.values() if by_slug or link.created_at), key=_created_at, reverse=True
    )
    with suppress(VendorError), use_deadline(SEARCH_SECONDS, clock):
        for link_list in LINK_LISTS:
            for link in newest_first:
                if link.handle not in found:
                    listed = (await list_page(_lane(link_list, link, by_slug=by_slug))).items
                    found |= {each.handle: each for each in listed if each.handle in links}
    return found


def _lane(link_list: LinkList, link: Link, *, by_slug: bool) -> Lane:
    # A second later, because whether the list includes startTime itself is not documented.
    where = {"encodeId": link.slug} if by_slug else {"startTime": wall_time(_created_at(link) + timedelta(seconds=1))}
    return Lane(link_list.name, link_list.query | where)


def _created_at(link: Link) -> datetime:
    return link.created_at or datetime.min.replace(tzinfo=UTC)

"""Asking for links: lists, and groups by hash."""

from collections.abc import Sequence
from datetime import datetime
from typing import Final

from linkweave.errors import NotFoundError
from linkweave.models import Link, Page
from linkweave.providers.base import Adapter
from linkweave.providers.tinycc import wire
from linkweave.providers.tinycc.handles import LinkName
from linkweave.providers.tinycc.inferred import MISSING_DOMAIN_CODE, MISSING_LINK_CODES
from linkweave.providers.tinycc.links import to_link
from linkweave.transport.call import MEGABYTE, Call, Pairs
from linkweave.transport.lifetimes import Resource

MAX_PAGE_BYTES: Final = 8 * MEGABYTE
"""A page of 1,000 links with destinations of 2,048 characters (both DOC), their slashes escaped, and the rest of
each link: far more than the 1 MB that other answers get."""


def _found(data: object) -> bool:
    """Whether there is a link in the answer at all."""
    return isinstance(data, dict) and bool(data.get("urls"))


async def ask_urls(
    vendor: Adapter, operation: str, query: Pairs, reads: Resource | None = None
) -> tuple[wire.Paging | None, Page[Link]]:
    """GET /urls: where the list stands, and the links; asked anew without `reads`."""
    call = Call(operation, "GET", "/urls", query, max_bytes=MAX_PAGE_BYTES, reads=reads, found=_found)
    return (await vendor.fetch_as(wire.UrlsAnswer, call, _listed))[0]


def _listed(answer: wire.UrlsAnswer, at: datetime) -> tuple[wire.Paging | None, Page[Link]]:
    return answer.page, Page(tuple(to_link(entry, at) for entry in answer.urls), at)


def next_offset(offset: int, got: int, page: wire.Paging | None) -> str | None:
    """Where the next page starts. An empty page ends every list, whatever total the vendor claims."""
    if not got or (page is not None and offset + got >= page.total_count):
        return None
    return str(offset + got)


async def get_group(vendor: Adapter, domain: str, slugs: tuple[str, ...]) -> tuple[Link, ...]:
    """What exists of a group of hashes on one domain, in one call where the vendor gives what exists."""
    try:
        _, links = await ask_urls(vendor, "get links", _group_query(domain, slugs), Resource.LINK)
    except NotFoundError as error:
        return await _get_parts(vendor, domain, slugs, error)
    return links.items


async def look(vendor: Adapter, names: Sequence[LinkName]) -> dict[LinkName, Link]:
    """Those of a group's links that exist, by one call, after a write that does not tell.

    Raises:
        VendorError: it cannot be found out. So it is at a host that refuses a group for one missing hash: halving
            the group until it is found, as `get_group` does, would be a call for each link that was deleted.
    """
    query = _group_query(names[0].domain, tuple(name.slug for name in names))
    try:
        _, links = await ask_urls(vendor, "check links", query)
    except NotFoundError as error:
        if len(names) == 1 and error.provider_code in MISSING_LINK_CODES:
            return {}
        raise
    found = {link.handle: link for link in links.items}
    return {name: found[str(name)] for name in names if str(name) in found}


def _group_query(domain: str, slugs: tuple[str, ...]) -> Pairs:
    """The query that names all links of a group and has them all on one page."""
    return (("domain", domain), ("hashes", ",".join(slugs)), ("limit", str(len(slugs))))


async def _get_parts(vendor: Adapter, domain: str, slugs: tuple[str, ...], error: NotFoundError) -> tuple[Link, ...]:
    """What exists of a group that was refused because something in it does not."""
    if error.provider_code == MISSING_DOMAIN_CODE:
        return ()
    if error.provider_code not in MISSING_LINK_CODES:
        raise error
    if len(slugs) == 1:
        return ()
    middle = len(slugs) // 2
    return await get_group(vendor, domain, slugs[:middle]) + await get_group(vendor, domain, slugs[middle:])

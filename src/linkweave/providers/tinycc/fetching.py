"""Asking for links: lists, and groups by hash."""

from typing import Final

from linkweave.errors import NotFoundError
from linkweave.models import Link, Page
from linkweave.providers.base import Adapter
from linkweave.providers.tinycc import wire
from linkweave.providers.tinycc.inferred import MISSING_DOMAIN_CODE, MISSING_LINK_CODES
from linkweave.providers.tinycc.links import to_link
from linkweave.transport.call import MEGABYTE, Call, Pairs

MAX_PAGE_BYTES: Final = 8 * MEGABYTE
"""A page of 1,000 links with destinations of 2,048 characters (both DOC), their slashes escaped, and the rest of
each link: far more than the 1 MB that other answers get."""


async def ask_urls(vendor: Adapter, operation: str, query: Pairs) -> tuple[wire.UrlsAnswer, Page[Link]]:
    """GET /urls: the answer, and the links in it."""
    call = Call(operation, "GET", "/urls", query, max_bytes=MAX_PAGE_BYTES)
    answer, fetched = await vendor.ask(wire.UrlsAnswer, call)
    return answer, Page(tuple(to_link(entry, fetched.at) for entry in answer.urls), fetched.at)


def next_offset(offset: int, got: int, page: wire.Paging | None) -> str | None:
    """Where the next page starts. An empty page ends every list, whatever total the vendor claims."""
    if not got or (page is not None and offset + got >= page.total_count):
        return None
    return str(offset + got)


async def get_group(vendor: Adapter, domain: str, slugs: tuple[str, ...]) -> tuple[Link, ...]:
    """What exists of a group of hashes on one domain, in one call where the vendor gives what exists."""
    try:
        _, links = await ask_urls(vendor, "get links", group_query(domain, slugs))
    except NotFoundError as error:
        return await _get_parts(vendor, domain, slugs, error)
    return links.items


def group_query(domain: str, slugs: tuple[str, ...]) -> Pairs:
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

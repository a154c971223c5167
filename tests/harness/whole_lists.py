"""Reads all lists of an account to their ends, through its adapter."""

from linkweave.models import Link, LinkFilter
from linkweave.providers.read_capabilities import CanListLinks


async def listed(adapter: CanListLinks, wanted: LinkFilter | None = None) -> list[Link]:
    """Every link of the lists in which the links that match `wanted` are."""
    links: list[Link] = []
    for lane in (await adapter.plan_links(wanted or LinkFilter())).lanes:
        token, more = None, True
        while more:
            page = await adapter.list_links(lane, token)
            links += page.items
            token, more = page.next, page.next is not None
    return links

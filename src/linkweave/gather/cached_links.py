"""Links by their handles: from the lists that the cache holds, else from the vendor."""

from collections.abc import Mapping, Sequence
from dataclasses import replace

from linkweave.accounts import Account
from linkweave.context.cache_control import record_read
from linkweave.context.operation_context import current_operation
from linkweave.errors import VendorError
from linkweave.models import Link, Page
from linkweave.providers.read_capabilities import CanGetLinks, CanListLinks, Lane
from linkweave.transport.cache.link_entities import CachedLink


async def get_links(
    account: Account, adapter: CanGetLinks, handles: Sequence[str], fields: frozenset[str]
) -> Mapping[str, Link | VendorError]:
    """Returns the link or the failure of each handle. Handles that the vendor does not know are left out.

    A link of a cached list is returned without a call while it is fresh. Where the call fails, it is returned even if
    it is stale.
    """
    cached = (
        {} if account.links is None or current_operation().bypasses_cache else await account.links.get_many(handles)
    )
    now = account.adapter.clock.now()
    fresh = {handle: each for handle, each in cached.items() if now < each.fresh_until}
    missing = [handle for handle in handles if handle not in fresh]
    fetched = await _fetch(adapter, missing, fields) if missing else {}
    stale = {handle: error for handle, error in fetched.items() if isinstance(error, VendorError) and handle in cached}
    for each in fresh.values():
        record_read(account.key, each.link.fetched_at, each.fresh_until)
    for handle, error in stale.items():
        record_read(account.key, cached[handle].link.fetched_at, cached[handle].fresh_until, error)
    return {**fetched, **_links({**fresh, **{handle: cached[handle] for handle in stale}})}


async def load_page(account: Account, adapter: CanListLinks, lane: Lane, token: str | None) -> Page[Link]:
    """Returns one page of a lane, and stores each of its links in the cache.

    Whether it is stale is read from the current `Freshness`, which must be that of the page alone.

    Raises:
        VendorError: the page could not be fetched.
    """
    start = None if account.links is None else await account.links.start_list()
    page = await adapter.list_links(lane, token)
    if account.links is not None and start is not None:
        account.links.add_page(start, page)
    freshness = current_operation().freshness
    stale_because = None if freshness is None else freshness.stale.get(account.key)
    return page if stale_because is None else replace(page, stale_because=stale_because)


async def _fetch(
    adapter: CanGetLinks, handles: Sequence[str], fields: frozenset[str]
) -> Mapping[str, Link | VendorError]:
    try:
        return await adapter.get_links(handles, fields)
    except VendorError as error:
        return dict.fromkeys(handles, error)


def _links(cached: Mapping[str, CachedLink]) -> dict[str, Link]:
    return {handle: each.link for handle, each in cached.items()}

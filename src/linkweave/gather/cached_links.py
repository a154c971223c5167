"""Getting links by their handles: those that a list told lately without asking, the others from the vendor."""

from collections.abc import Mapping, Sequence
from dataclasses import replace

from linkweave.accounts import Account
from linkweave.context.cache_control import record_read
from linkweave.context.operation_context import current_operation, track_freshness
from linkweave.errors import VendorError
from linkweave.models import Link, Page
from linkweave.providers.read_capabilities import CanGetLinks, CanListLinks, Lane
from linkweave.transport.cache.link_entities import KnownLink


async def get_links(
    account: Account, adapter: CanGetLinks, handles: Sequence[str], fields: frozenset[str]
) -> Mapping[str, Link | VendorError]:
    """What is known of `handles`: a link, or why it could not be had; nothing of those that do not exist.

    A link that a list told is better than the vendor's failure to tell it, however old it is.
    """
    known = {} if account.links is None or current_operation().bypasses_cache else await account.links.look(handles)
    now = account.adapter.clock.now()
    fresh = {handle: each for handle, each in known.items() if now < each.fresh_until}
    rest = [handle for handle in handles if handle not in fresh]
    asked = await _ask(adapter, rest, fields) if rest else {}
    failed = {handle: error for handle, error in asked.items() if isinstance(error, VendorError) and handle in known}
    for each in fresh.values():
        record_read(account.key, each.link.fetched_at, each.fresh_until)
    for handle, error in failed.items():
        record_read(account.key, known[handle].link.fetched_at, known[handle].fresh_until, error)
    return {**asked, **_links({**fresh, **{handle: known[handle] for handle in failed}})}


async def load_page(account: Account, adapter: CanListLinks, lane: Lane, token: str | None) -> Page[Link]:
    """One page of a lane; its links are known by their own names from then on.

    Raises:
        VendorError: the page could not be got.
    """
    begun = None if account.links is None else await account.links.begin()
    with track_freshness() as read:
        page = await adapter.list_links(lane, token)
    if account.links is not None and begun is not None:
        account.links.fill(begun, page)
    because = read.stale.get(account.key)
    return page if because is None else replace(page, stale_because=because)


async def _ask(
    adapter: CanGetLinks, handles: Sequence[str], fields: frozenset[str]
) -> Mapping[str, Link | VendorError]:
    try:
        return await adapter.get_links(handles, fields)
    except VendorError as error:
        return dict.fromkeys(handles, error)


def _links(known: Mapping[str, KnownLink]) -> dict[str, Link]:
    return {handle: each.link for handle, each in known.items()}

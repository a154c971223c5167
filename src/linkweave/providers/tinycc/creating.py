"""Making links: POST /urls, up to 1,000 a call, each with a result of its own."""

from collections.abc import Mapping, Sequence
from typing import Any, Final

from linkweave.errors import VendorError
from linkweave.models.changes import UNSET, NewLink, WrittenLink
from linkweave.providers.base import Adapter
from linkweave.providers.tinycc.batches import OUT_OF_ORDER, hash_of, in_turn, written
from linkweave.providers.tinycc.expiry import expiry_keys
from linkweave.providers.tinycc.fetching import MAX_PAGE_BYTES
from linkweave.providers.tinycc.handles import ascii_domain
from linkweave.providers.tinycc.reuse import mark_reused, newest_handle
from linkweave.providers.tinycc.wire import WrittenUrls
from linkweave.transport.call import Call, Pairs

CREATABLE: Final = frozenset({"destination", "slug", "domain", "note", "tags", "email_reports", "expiry"})

_OPERATION: Final = "create links"


async def create(vendor: Adapter, new: Sequence[NewLink], working: str | None) -> list[WrittenLink | VendorError]:
    """Make links, one call for all that go to the same domain; one result each, in order.

    `working` is the domain of links that name none; without it they go to the vendor's default domain.
    """
    by_query: dict[Pairs, list[int]] = {}
    for place, each in enumerate(new):
        by_query.setdefault(to_query(each, working), []).append(place)

    async def send(places: tuple[int, ...]) -> Sequence[WrittenLink | VendorError]:
        group = [new[place] for place in places]
        return await _create_group(vendor, to_query(group[0], working), group)

    results = await in_turn(vendor, _OPERATION, map(tuple, by_query.values()), send)
    return [results[place] for place in range(len(new))]


def to_query(new: NewLink, working: str | None) -> Pairs:
    """Where a link goes, and where an existing one to the same destination would do as well.

    A link on another domain does not do for a caller who names the domain.
    """
    domain = new.domain if new.domain is not None else working
    scope = "account" if new.domain is None else "domain"
    return (
        *((("domain", ascii_domain(domain)),) if domain is not None else ()),
        *((("disable_long_url_duplicates", scope),) if new.reuse else ()),
    )


def to_entry(new: NewLink) -> dict[str, object]:
    """An element of `urls`; what the caller left out is left out."""
    keys: dict[str, object] = {
        "custom_hash": new.slug,
        "long_url": new.destination,
        "note": new.note,
        "email_stats": new.email_reports,
        **expiry_keys(UNSET if new.expiry is None else new.expiry),
        "tags": None if new.tags is None else list(new.tags),
    }
    return {key: value for key, value in keys.items() if value is not None}


async def _create_group(vendor: Adapter, query: Pairs, group: Sequence[NewLink]) -> list[WrittenLink | VendorError]:
    body = {"urls": [to_entry(each) for each in group]}
    call = Call(_OPERATION, "POST", "/urls", query, json=body, writes=True, max_bytes=MAX_PAGE_BYTES)
    reuse = group[0].reuse
    newest = await newest_handle(vendor, query) if reuse else None
    answer, fetched = await vendor.fetch(WrittenUrls, call)
    if len(answer.urls) != len(group) or _out_of_place(answer.urls, group):
        raise vendor.bad_response(call, OUT_OF_ORDER)
    results = [written(vendor, call, item, fetched.at) for item in answer.urls]
    return await mark_reused(vendor, query, results, newest) if reuse else results


def _out_of_place(items: Sequence[Mapping[str, Any]], group: Sequence[NewLink]) -> bool:
    """True when an item is another's: items are told apart by their place alone, as failed ones have no hash (DOC)."""
    slugs = {each.slug for each in group if each.slug is not None}
    destinations = {_alike(each.destination) for each in group}
    for item, own in zip(items, group, strict=True):
        slug, destination = hash_of(item), item.get("long_url")
        if own.slug is not None and slug != own.slug and slug in slugs:
            return True
        if isinstance(destination, str) and _alike(destination) in destinations and not _same(destination, own):
            return True
    return False


def _same(destination: str, own: NewLink) -> bool:
    return _alike(destination) == _alike(own.destination)


def _alike(destination: str) -> str:
    """`destination` without what a vendor may spell otherwise when it answers."""
    return destination.rstrip("/").casefold()

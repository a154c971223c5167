"""Changing links, in the vendor's three styles: one, the same for many, and each its own; always one call a group."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final
from urllib.parse import quote

from linkweave.errors import VendorError
from linkweave.models.changes import UNSET, LinkPatch, Unset, WrittenLink
from linkweave.providers.base import Adapter
from linkweave.providers.tinycc.batches import OUT_OF_ORDER, hash_of, in_turn, written
from linkweave.providers.tinycc.expiry import expiry_keys
from linkweave.providers.tinycc.fetching import MAX_PAGE_BYTES, look
from linkweave.providers.tinycc.handles import LinkName, grouped
from linkweave.providers.tinycc.inferred import FLAG_KEYS, NO_NOTE
from linkweave.providers.tinycc.refusals import no_such_link
from linkweave.providers.tinycc.wire import WrittenUrls
from linkweave.transport.call import Call, Pairs

UPDATABLE: Final = frozenset(
    {
        "destination",
        "slug",
        "note",
        "add_tags",
        "remove_tags",
        "expiry",
        "archived",
        "protected",
        "email_reports",
    },
)
CLEARABLE: Final = frozenset({"note", "expiry"})

_OPERATION: Final = "update links"


@dataclass(frozen=True, slots=True)
class _Order:
    """One link's changes."""

    name: LinkName
    patch: LinkPatch

    @property
    def slugs(self) -> tuple[str | Unset, ...]:
        """The hash that it has, and the one that it may get."""
        return self.name.slug, self.patch.slug


async def update(vendor: Adapter, patches: Sequence[tuple[str, LinkPatch]]) -> list[WrittenLink | VendorError]:
    """Change links, one call for those of a domain; one result each, in order."""
    orders = {
        place: _Order(name, patch)
        for place, (handle, patch) in enumerate(patches)
        if (name := LinkName.parse(handle)) is not None
    }

    async def send(places: tuple[int, ...]) -> Sequence[WrittenLink | VendorError]:
        return await _update_group(vendor, [orders[place] for place in places])

    groups = grouped(orders, lambda place: orders[place].name)
    results = await in_turn(vendor, _OPERATION, groups, send)
    nowhere = no_such_link(vendor.account, _OPERATION)
    return [results.get(place, nowhere) for place in range(len(patches))]


def to_changes(patch: LinkPatch) -> dict[str, object]:
    """A patch in the vendor's words; what is not given is left out."""
    keys: dict[str, object] = {
        "custom_hash": patch.slug,
        "long_url": patch.destination,
        "note": NO_NOTE if patch.note is None else patch.note,
        "email_stats": patch.email_reports,
        **expiry_keys(patch.expiry),
        "tags": _instructions(patch) or UNSET,
        **{key: getattr(patch, field) for field, key in FLAG_KEYS.items()},
    }
    return {key: value for key, value in keys.items() if not isinstance(value, Unset)}


def _instructions(patch: LinkPatch) -> list[str]:
    """What becomes of a link's tags: "+" puts one on, "-" takes one off (DOC)."""
    added = () if isinstance(patch.add_tags, Unset) else patch.add_tags
    removed = () if isinstance(patch.remove_tags, Unset) else patch.remove_tags
    return [*(f"+{label}" for label in added), *(f"-{label}" for label in removed)]


async def _update_group(vendor: Adapter, group: Sequence[_Order]) -> list[WrittenLink | VendorError]:
    """Change links of one domain."""
    call = _to_call(group)
    answer, fetched = await vendor.fetch(WrittenUrls, call)
    items = _by_hash(answer.urls, group) if _is_same_for_all(group) else None
    if items is None:
        if len(answer.urls) != len(group) or _out_of_place(answer.urls, group):
            raise vendor.bad_response(call, OUT_OF_ORDER)
        items = list(answer.urls)
    left_out = [order.name for order, item in zip(group, items, strict=True) if item is None]
    errors = await _left_out(vendor, call, left_out)
    return [
        errors[order.name] if item is None else written(vendor, call, item, fetched.at)
        for order, item in zip(group, items, strict=True)
    ]


async def _left_out(vendor: Adapter, call: Call, names: Sequence[LinkName]) -> dict[LinkName, VendorError]:
    """What became of links that the answer does not speak of: those that exist may have been changed."""
    if not names:
        return {}
    try:
        there = await look(vendor, names)
    except VendorError:
        unsure = frozenset(names)
    else:
        unsure = frozenset(there)
    maybe, nowhere = vendor.bad_response(call, "the answer leaves out a link"), no_such_link(vendor.account, _OPERATION)
    return {name: maybe if name in unsure else nowhere for name in names}


def _to_call(group: Sequence[_Order]) -> Call:
    first = group[0]
    path = "/urls"
    query: Pairs = (("domain", first.name.domain),)
    entries = [to_changes(first.patch)]
    if len(group) == 1:
        path = f"/urls/{quote(first.name.slug, safe='')}"
    elif _is_same_for_all(group):
        query = (*query, ("hashes", ",".join(order.name.slug for order in group)))
    else:
        entries = [{"hash": order.name.slug, **to_changes(order.patch)} for order in group]
    body = {"urls": entries}
    return Call(_OPERATION, "PATCH", path, query, json=body, writes=True, max_bytes=MAX_PAGE_BYTES)


def _is_same_for_all(group: Sequence[_Order]) -> bool:
    """True when one set of changes can be said of several links at once; a slug is only ever one link's."""
    first = group[0].patch
    names = {order.name for order in group}
    return len(names) > 1 and len(names) == len(group) and first.slug is UNSET and all(o.patch == first for o in group)


def _by_hash(items: Sequence[Mapping[str, Any]], group: Sequence[_Order]) -> list[Mapping[str, Any] | None] | None:
    """The item of each link, None for a link that the answer leaves out.

    None in place of a list where some item does not say whose it is.
    """
    slugs = [order.name.slug for order in group]
    found = {slug: item for item in items if (slug := hash_of(item)) in slugs}
    return [found.get(slug) for slug in slugs] if len(found) == len(items) else None


def _out_of_place(items: Sequence[Mapping[str, Any]], group: Sequence[_Order]) -> bool:
    """True when an item is another link's, by its old or its new hash."""
    everybody = {slug for order in group for slug in order.slugs}
    found = ((hash_of(item), order.slugs) for item, order in zip(items, group, strict=True))
    return any(slug in everybody and slug not in own for slug, own in found)

"""Changes links, in the vendor's three ways: one link, the same for many, and each its own; one call a group."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from linkweave.errors import VendorError
from linkweave.models.changes import UNSET, InputProblem, LinkPatch, Unset, WrittenLink
from linkweave.providers.batches import or_raise, write_in_turn
from linkweave.providers.tinycc.expiry import NEEDED, expiry_keys
from linkweave.providers.tinycc.handles import LinkName, grouped, name_call
from linkweave.providers.tinycc.inferred import FLAG_KEYS, NO_NOTE
from linkweave.providers.tinycc.link_wire import WrittenUrls
from linkweave.providers.tinycc.links import MAX_PAGE_BYTES
from linkweave.providers.tinycc.writing import OUT_OF_ORDER, ItemReader, any_written, check_slug, hash_of
from linkweave.providers.write_capabilities import UpdateStep
from linkweave.transport.call import Call, Pairs

CLEARABLE: Final = frozenset({"note", "expiry"})
UPDATABLE: Final = CLEARABLE | {"destination", "slug", "add_tags", "remove_tags", "email_reports", *FLAG_KEYS}

_OPERATION: Final = "update links"


@dataclass(frozen=True, slots=True)
class LinkUpdate:
    """The changes of one link."""

    name: LinkName
    patch: LinkPatch

    @property
    def slugs(self) -> tuple[str | Unset, ...]:
        """The hash before the update, and the one that it may give the link."""
        return self.name.slug, self.patch.slug


class LinkUpdater(ItemReader):
    """UPDATE_LINK and BATCH_UPDATE."""

    def check_patch(self, patch: LinkPatch) -> Sequence[InputProblem]:
        """A slug that is too long, and the parts of an expiry that the vendor has no parameter for."""
        return (*check_slug(patch.slug), *self.check_expiry(patch.expiry, NEEDED))

    def plan_update(self, patch: LinkPatch) -> tuple[UpdateStep, ...]:
        """One call for everything."""

        async def run(handle: str) -> str:
            (result,) = await self.update_links(((handle, patch),))
            return or_raise(result).link.handle

        return (UpdateStep(patch.given(), run),) if patch.given() else ()

    async def update_links(self, patches: Sequence[tuple[str, LinkPatch]]) -> Sequence[WrittenLink | VendorError]:
        """Change links, one call for those of a domain; one result each, in order."""
        updates = {
            place: LinkUpdate(name, patch)
            for place, (handle, patch) in enumerate(patches)
            if (name := LinkName.parse(handle)) is not None
        }

        async def write(places: tuple[int, ...]) -> Sequence[WrittenLink | VendorError]:
            return await self._update_group([updates[place] for place in places])

        groups = grouped(updates, lambda place: updates[place].name)
        results = await write_in_turn(self, _OPERATION, groups, write)
        nowhere = self.not_found(_OPERATION)
        return [results.get(place, nowhere) for place in range(len(patches))]

    async def _update_group(self, group: Sequence[LinkUpdate]) -> list[WrittenLink | VendorError]:
        """Change links of one domain."""
        call = _to_call(group)
        answer, fetched = await self.fetch(WrittenUrls, call)
        items = _by_hash(answer.urls, group) if _is_same_for_all(group) else None
        if items is None:
            if len(answer.urls) != len(group) or _out_of_place(answer.urls, group):
                raise self.bad_response(call, OUT_OF_ORDER)
            items = list(answer.urls)
        pairs = list(zip(group, items, strict=True))
        errors = await self._missing_errors(call, [update.name for update, item in pairs if item is None])
        return [
            errors[update.name] if item is None else self.written_link(item, call, fetched.at) for update, item in pairs
        ]

    async def _missing_errors(self, call: Call, names: Sequence[LinkName]) -> dict[LinkName, VendorError]:
        """The errors of links that the answer does not mention: a link that exists may have been changed."""
        if not names:
            return {}
        try:
            unsure = frozenset(await self.existing(names))
        except VendorError:
            unsure = frozenset(names)
        maybe, nowhere = self.bad_response(call, "the answer leaves out a link"), self.not_found(_OPERATION)
        return {name: maybe if name in unsure else nowhere for name in names}


def vendor_changes(patch: LinkPatch) -> dict[str, object]:
    """A patch in the vendor's keys, without the fields that the caller left out."""
    keys: dict[str, object] = {
        "custom_hash": patch.slug,
        "long_url": patch.destination,
        "note": NO_NOTE if patch.note is None else patch.note,
        "email_stats": patch.email_reports,
        **expiry_keys(patch.expiry),
        "tags": _tag_changes(patch) or UNSET,
        **{key: getattr(patch, field) for field, key in FLAG_KEYS.items()},
    }
    return {key: value for key, value in keys.items() if not isinstance(value, Unset)}


def _tag_changes(patch: LinkPatch) -> list[str]:
    """The changes of a link's tags: "+" adds one, "-" removes one (DOC)."""
    added = () if isinstance(patch.add_tags, Unset) else patch.add_tags
    removed = () if isinstance(patch.remove_tags, Unset) else patch.remove_tags
    return [*(f"+{label}" for label in added), *(f"-{label}" for label in removed)]


def _to_call(group: Sequence[LinkUpdate]) -> Call:
    first = group[0]
    path = "/urls"
    query: Pairs = (("domain", first.name.domain),)
    entries = [vendor_changes(first.patch)]
    if len(group) == 1 or _is_same_for_all(group):
        path, query = name_call(path, [update.name for update in group])
    else:
        entries = [{"hash": update.name.slug, **vendor_changes(update.patch)} for update in group]
    body = {"urls": entries}
    return Call(_OPERATION, "PATCH", path, query, json=body, writes=True, wrote=any_written, max_bytes=MAX_PAGE_BYTES)


def _is_same_for_all(group: Sequence[LinkUpdate]) -> bool:
    """Whether one set of changes does for several links at once; a slug is only ever one link's."""
    first = group[0].patch
    names = {update.name for update in group}
    same = all(update.patch == first for update in group)
    return len(names) > 1 and len(names) == len(group) and first.slug is UNSET and same


def _by_hash(items: Sequence[Mapping[str, Any]], group: Sequence[LinkUpdate]) -> list[Mapping[str, Any] | None] | None:
    """The item of each link, None for a link that the answer leaves out.

    None in place of the list where some item does not name its link.
    """
    slugs = [update.name.slug for update in group]
    found = {slug: item for item in items if (slug := hash_of(item)) in slugs}
    return [found.get(slug) for slug in slugs] if len(found) == len(items) else None


def _out_of_place(items: Sequence[Mapping[str, Any]], group: Sequence[LinkUpdate]) -> bool:
    """Whether an item belongs to another link, by its old or its new hash."""
    all_slugs = {slug for update in group for slug in update.slugs}
    found = ((hash_of(item), update.slugs) for item, update in zip(items, group, strict=True))
    return any(slug in all_slugs and slug not in own for slug, own in found)

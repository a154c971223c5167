"""Creates, changes and deletes up to 100 links with one call."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any, Final

from linkweave.context.cache_control import bypass_cache
from linkweave.errors import AmbiguousError, VendorError
from linkweave.models.changes import ALL_LINK_FIELDS, LinkPatch, NewLink, WrittenLink
from linkweave.providers.batches import chunks, write_in_turn
from linkweave.providers.dub.batch_matching import match_items, without_twins
from linkweave.providers.dub.inferred import LINK_ID
from linkweave.providers.dub.link_body import body_of, changes_of
from linkweave.providers.dub.link_writer import TAG_CHANGES, LinkWriter
from linkweave.providers.dub.refusals import item_refusal
from linkweave.providers.dub.settings import API
from linkweave.providers.dub.wire import BulkAnswer, BulkDeletedAnswer, LinkAnswer
from linkweave.transport.call import MEGABYTE, Call

BATCH_SIZE: Final = 100
_SINGLE_FIELDS: Final = frozenset({"slug", "external_id", *TAG_CHANGES})
"""Fields that Dub does not change for several links (DOC), and tags, which it would replace."""

_CREATE: Final = "create links"
_UPDATE: Final = "update links"
_DELETE: Final = "delete links"
_MAX_BYTES: Final = 4 * MEGABYTE


class BatchWriter(LinkWriter):
    """BATCH_CREATE, BATCH_UPDATE and BATCH_DELETE."""

    async def create_links(self, new: Sequence[NewLink]) -> Sequence[WrittenLink | VendorError]:
        """Create links; those with a slug that the batch has already go with a further call, as Dub refuses both."""
        await self.ensure_tags(dict.fromkeys(tag for each in new for tag in each.tags or ()))

        async def write(places: tuple[int, ...]) -> Sequence[WrittenLink | VendorError]:
            if len(places) == 1:
                return [await self.create_link(new[places[0]])]
            bodies = [body_of(new[place]) for place in places]
            call = Call(_CREATE, "POST", "/links/bulk", json=bodies, bucket=API, writes=True, max_bytes=_MAX_BYTES)
            answer, fetched = await self.fetch(BulkAnswer, call)
            return [self._written(item, call, fetched.at) for item in match_items(bodies, answer.rows)]

        results = await write_in_turn(self, _CREATE, without_twins(new), write)
        return [results[place] for place in range(len(new))]

    async def update_links(self, patches: Sequence[tuple[str, LinkPatch]]) -> Sequence[WrittenLink | VendorError]:
        """Change links: one call for those that change alike, and one for each other one."""

        async def write(places: tuple[int, ...]) -> Sequence[WrittenLink | VendorError]:
            if len(places) == 1:
                return [await self.edit_link(*patches[places[0]])]
            return await self._update_alike([patches[place][0] for place in places], patches[places[0]][1])

        results = await write_in_turn(self, _UPDATE, _alike(patches), write)
        return [results[place] for place in range(len(patches))]

    async def delete_links(self, handles: Sequence[str]) -> Mapping[str, VendorError | None]:
        """Delete links. Dub passes over unknown ones without a word (FOUND), so that the links are read first."""
        results = await write_in_turn(self, _DELETE, chunks(dict.fromkeys(handles), BATCH_SIZE), self._delete_group)
        return {handle: results[handle] for handle in handles}

    async def _update_alike(self, handles: Sequence[str], patch: LinkPatch) -> list[WrittenLink | VendorError]:
        body = {"linkIds": list(handles), "data": changes_of(patch)}
        call = Call(_UPDATE, "PATCH", "/links/bulk", json=body, bucket=API, writes=True, max_bytes=_MAX_BYTES)
        answer, fetched = await self.fetch(BulkAnswer, call)
        items = {_id_of(item): item for item in answer.rows}
        return [self._written(items.get(handle), call, fetched.at) for handle in handles]

    async def _delete_group(self, handles: tuple[str, ...]) -> list[VendorError | None]:
        asked = tuple(handle for handle in handles if LINK_ID.fullmatch(handle))
        with bypass_cache():
            present = await self.read_links(asked, _DELETE) if asked else {}
        if present:
            query = (("linkIds", ",".join(present)),)
            call = Call(_DELETE, "DELETE", "/links/bulk", query, bucket=API, writes=True)
            answer, _ = await self.fetch(BulkDeletedAnswer, call)
            if answer.deleted < len(present):
                raise self.error(AmbiguousError, "not all may have been deleted", _DELETE)
        return [None if handle in present else self.not_found(_DELETE) for handle in handles]

    def _written(self, item: Mapping[str, Any] | None, call: Call, at: datetime) -> WrittenLink | VendorError:
        """The result of one item of an answer."""
        if item is None:
            return self.bad_response(call, "the answer leaves out a link")
        if "error" in item:
            return self.refusal_error(item_refusal(item), call)
        try:
            return WrittenLink(self.parse(LinkAnswer, item, call).to_link(at), ALL_LINK_FIELDS)
        except VendorError as error:
            return error


def _alike(patches: Sequence[tuple[str, LinkPatch]]) -> Iterable[tuple[int, ...]]:
    """The places of patches, together where one call makes the same changes to all."""
    groups: dict[object, list[int]] = {}
    for place, (handle, patch) in enumerate(patches):
        alone = patch.given() & _SINGLE_FIELDS or not LINK_ID.fullmatch(handle)
        groups.setdefault((place,) if alone else patch, []).append(place)
    return [group for places in groups.values() for group in chunks(places, BATCH_SIZE)]


def _id_of(item: Mapping[str, Any]) -> object:
    link = item.get("link")
    return link.get("id") if "error" in item and isinstance(link, dict) else item.get("id")

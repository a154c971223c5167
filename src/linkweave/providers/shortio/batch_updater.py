"""Archives up to 150 links, or gives them a tag, with one call."""

from collections.abc import Iterable, Mapping, Sequence
from functools import partial
from typing import Final

from linkweave.context.cache_control import bypass_cache
from linkweave.errors import AmbiguousError, VendorError
from linkweave.models import Link
from linkweave.models.changes import LinkPatch, Unset
from linkweave.providers.batches import chunks, write_in_turn
from linkweave.providers.shortio.inferred import LINK_ID
from linkweave.providers.shortio.link_writer import LinkWriter
from linkweave.providers.shortio.settings import LIST
from linkweave.providers.shortio.wire import AnyAnswer, DoneAnswer
from linkweave.providers.single_reads import get_singly
from linkweave.transport.call import Call

UPDATE_BATCH_SIZE: Final = 150
_UPDATE: Final = "update links"
# What one call changes on several links (DOC). Nothing takes a tag off several.
_TOGETHER: Final = ({"archived"}, {"add_tags"})


class BatchUpdater(LinkWriter):
    """BATCH_UPDATE."""

    def takes_together(self, patch: LinkPatch) -> bool:
        """Whether one call makes these changes to several links: the archive alone, or new tags alone (DOC)."""
        return patch.given() in _TOGETHER

    async def update_links(self, patches: Sequence[tuple[str, LinkPatch]]) -> Sequence[VendorError | None]:
        """Change links: one call for those that change alike, and for new tags one for each tag.

        The answers do not say which links exist, so that the links are read first.
        """

        async def write(places: tuple[int, ...]) -> Sequence[VendorError | None]:
            return await self._change_alike([patches[place][0] for place in places], patches[places[0]][1])

        alike: dict[LinkPatch, list[int]] = {}
        for place, (_, patch) in enumerate(patches):
            alike.setdefault(patch, []).append(place)
        groups = [group for places in alike.values() for group in chunks(places, UPDATE_BATCH_SIZE)]
        results = await write_in_turn(self, _UPDATE, groups, write)
        return [results[place] for place in range(len(patches))]

    async def read_present(self, handles: Iterable[str], operation: str) -> Mapping[str, Link | VendorError]:
        """The links that exist among `handles` now, one call each; a failed call has its error."""
        possible = [handle for handle in handles if LINK_ID.fullmatch(handle)]
        with bypass_cache():
            return await get_singly(possible, partial(self.read_link, operation=operation))

    def unless_present(self, found: Link | VendorError | None, operation: str) -> VendorError | None:
        """Why a link that was read was not written; None where it was there."""
        if found is None:
            return self.not_found(operation)
        return found if isinstance(found, VendorError) else None

    async def _change_alike(self, handles: Sequence[str], patch: LinkPatch) -> list[VendorError | None]:
        found = await self.read_present(handles, _UPDATE)
        present = [link for link in found.values() if isinstance(link, Link)]
        if present and not isinstance(patch.archived, Unset):
            await self._archive(present, archived=patch.archived)
        elif present and not isinstance(patch.add_tags, Unset):
            await self._tag(present, patch.add_tags)
        return [self.unless_present(found.get(handle), _UPDATE) for handle in handles]

    async def _archive(self, links: Iterable[Link], *, archived: bool) -> None:
        path = "/links/archive_bulk" if archived else "/links/unarchive_bulk"
        body = {"link_ids": [link.handle for link in links]}
        await self.fetch(DoneAnswer, Call(_UPDATE, "POST", path, json=body, bucket=LIST, writes=True))

    async def _tag(self, links: Sequence[Link], tags: Sequence[str]) -> None:
        """Give links the tags that they lack.

        Raises:
            AmbiguousError: some tags were added, and not all.
            VendorError: the first call failed.
        """
        wanted: dict[str, str] = {}
        for tag in tags:
            wanted.setdefault(tag.casefold(), tag)
        for done, (folded, tag) in enumerate(wanted.items()):
            lacking = [link.handle for link in links if folded not in map(str.casefold, link.tags)]
            body = {"tag": tag, "link_ids": lacking}
            call = Call(_UPDATE, "POST", "/tags/bulk", json=body, bucket=LIST, writes=True)
            try:
                if lacking:
                    await self.fetch(AnyAnswer, call)
            except VendorError as error:
                if not done:
                    raise
                problem = f"{done} of the tags were added, and not all"
                raise self.error(AmbiguousError, problem, _UPDATE, provider_code=error.provider_code) from error

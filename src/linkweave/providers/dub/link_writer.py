"""Creates, changes and deletes single links."""

from collections.abc import Sequence
from functools import partial
from typing import Final

from linkweave.context.cache_control import bypass_cache
from linkweave.models import Link
from linkweave.models.changes import ALL_LINK_FIELDS, InputProblem, LinkPatch, NewLink, WrittenLink
from linkweave.providers.batches import or_raise
from linkweave.providers.dub.inferred import LINK_ID, TAG_NAMES
from linkweave.providers.dub.link_body import body_of, changes_of, check_values
from linkweave.providers.dub.link_reader import LinkReader
from linkweave.providers.dub.settings import API
from linkweave.providers.dub.tags import TagWriter
from linkweave.providers.dub.wire import DeletedAnswer, LinkAnswer
from linkweave.providers.write_capabilities import UpdateStep
from linkweave.transport.call import Call

CLEARABLE: Final = frozenset({"title", "note", "external_id", "utm", "expiry", "device_targets", "password"})
CREATABLE: Final = CLEARABLE | {"destination", "slug", "domain", "tags"}
TAG_CHANGES: Final = frozenset({"add_tags", "remove_tags"})
UPDATABLE: Final = CLEARABLE | TAG_CHANGES | {"destination", "slug", "archived"}

_UPDATE: Final = "update link"
_DELETE: Final = "delete link"


class LinkWriter(LinkReader, TagWriter):
    """CREATE_LINK, UPDATE_LINK and DELETE_LINK."""

    def check_new_link(self, new: NewLink) -> Sequence[InputProblem]:
        """Finds values that Dub cuts, and those that it cannot express."""
        return (*check_values(new), *self.check_expiry(new.expiry))

    def check_patch(self, patch: LinkPatch) -> Sequence[InputProblem]:
        """As `check_new_link`. Where an expired link redirects can be changed alone."""
        return (*check_values(patch), *self.check_expiry(patch.expiry, needed=()))

    async def create_link(self, new: NewLink) -> WrittenLink:
        """Create one link, with one call; tags that do not exist are created first.

        Raises:
            ConflictError: the slug is taken.
            AmbiguousError: the link may have been created.
            VendorError: the link was not created.
        """
        if new.tags:
            await self.ensure_tags(new.tags)
        call = Call("create link", "POST", "/links", json=body_of(new), bucket=API, writes=True)
        answer, fetched = await self.fetch(LinkAnswer, call)
        return WrittenLink(answer.to_link(fetched.at), ALL_LINK_FIELDS)

    def plan_update(self, patch: LinkPatch) -> tuple[UpdateStep, ...]:
        """One call for all fields. Dub takes the whole list of tags, so they are read first where some change."""
        fields = patch.given()
        return (UpdateStep(fields, partial(self._edit, patch)),) if fields else ()

    async def delete_link(self, handle: str) -> None:
        """Delete a link.

        Raises:
            AmbiguousError: the link may have been deleted.
            VendorError: the link was not deleted.
        """
        call = Call(_DELETE, "DELETE", self._path_of_link(handle, _DELETE), bucket=API, writes=True)
        await self.fetch_about_link(DeletedAnswer, call)

    async def edit_link(self, handle: str, patch: LinkPatch) -> WrittenLink:
        """Change one link."""
        path, body = self._path_of_link(handle, _UPDATE), changes_of(patch)
        if patch.given() & TAG_CHANGES:
            tags = patch.tags_after((await self._present(handle)).tags)
            await self.ensure_tags(tags)
            body |= {TAG_NAMES: tags} if tags else {"tagIds": []}
        call = Call(_UPDATE, "PATCH", path, json=body, bucket=API, writes=True)
        answer, fetched = await self.fetch_about_link(LinkAnswer, call)
        return WrittenLink(answer.to_link(fetched.at), ALL_LINK_FIELDS)

    async def _edit(self, patch: LinkPatch, handle: str) -> str:
        await self.edit_link(handle, patch)
        return handle

    async def _present(self, handle: str) -> Link:
        with bypass_cache():
            found = (await self.read_links((handle,), _UPDATE)).get(handle)
        if found is None:
            raise self.not_found(_UPDATE)
        return or_raise(found)

    def _path_of_link(self, handle: str, operation: str) -> str:
        if not LINK_ID.fullmatch(handle):
            raise self.not_found(operation)
        return self.path_to("/links", handle, operation)

"""Creates, changes and deletes single links."""

from collections.abc import Sequence
from functools import partial
from typing import Final

from linkweave.context.cache_control import bypass_cache
from linkweave.models import ExpiryPart
from linkweave.models.changes import ALL_LINK_FIELDS, InputProblem, LinkPatch, NewLink, WrittenLink
from linkweave.providers.shortio.link_body import body_of, changes_of, check_values
from linkweave.providers.shortio.link_reader import LinkReader
from linkweave.providers.shortio.refusals import classify_new_link
from linkweave.providers.shortio.settings import CREATE, LINK
from linkweave.providers.shortio.wire import CreatedAnswer, DoneAnswer, LinkAnswer
from linkweave.providers.write_capabilities import UpdateStep
from linkweave.transport.call import Call

CLEARABLE: Final = frozenset({"title", "utm", "expiry", "device_targets", "variants", "password"})
CREATABLE: Final = CLEARABLE | {"destination", "slug", "domain", "tags"}
_TAG_CHANGES: Final = frozenset({"add_tags", "remove_tags"})
UPDATABLE: Final = CLEARABLE | _TAG_CHANGES | {"destination", "slug", "archived"}

# An expiry of a new link has at least one of these.
_NEEDED: Final = (ExpiryPart.AT, ExpiryPart.AFTER_CLICKS)
_CREATE: Final = "create link"
_UPDATE: Final = "update link"
_DELETE: Final = "delete link"


class LinkWriter(LinkReader):
    """CREATE_LINK, UPDATE_LINK and DELETE_LINK."""

    def check_new_link(self, new: NewLink) -> Sequence[InputProblem]:
        """Finds values that Short.io cannot express."""
        return (*check_values(new), *self.check_expiry(new.expiry, _NEEDED))

    def check_patch(self, patch: LinkPatch) -> Sequence[InputProblem]:
        """As `check_new_link`. Where an expired link redirects can be changed alone."""
        return (*check_values(patch), *self.check_expiry(patch.expiry, needed=()))

    async def create_link(self, new: NewLink) -> WrittenLink:
        """Create one link. Short.io itself finds an existing one to the same destination on the domain.

        Raises:
            ConflictError: the slug is taken.
            AmbiguousError: the link may have been created.
            VendorError: the link was not created.
        """
        domain = new.domain or await self.default_domain(_CREATE)
        body = {"domain": domain, **body_of(new), "allowDuplicates": not new.reuse}
        answer, fetched = await self.fetch(
            CreatedAnswer,
            Call(_CREATE, "POST", "/links", json=body, bucket=CREATE, writes=True, classify=classify_new_link),
        )
        return WrittenLink(answer.to_link(fetched.at), ALL_LINK_FIELDS, created=not answer.duplicate)

    def plan_update(self, patch: LinkPatch) -> tuple[UpdateStep, ...]:
        """One call for all fields. Short.io takes the whole list of tags: where some change, the link is read first."""
        fields = patch.given()
        return (UpdateStep(fields, partial(self._edit, patch)),) if fields else ()

    async def delete_link(self, handle: str) -> None:
        """Delete a link.

        Raises:
            NotFoundError: the account has no such link.
            AmbiguousError: the link may have been deleted.
            VendorError: the link was not deleted.
        """
        path = self.link_path(handle, _DELETE)
        await self.require_own(handle, _DELETE)
        await self.fetch(DoneAnswer, Call(_DELETE, "DELETE", path, bucket=LINK, writes=True))

    async def _edit(self, patch: LinkPatch, handle: str) -> str:
        path, body = self.link_path(handle, _UPDATE), changes_of(patch)
        if not patch.given() & _TAG_CHANGES:
            await self.require_own(handle, _UPDATE)
        else:
            with bypass_cache():
                present = await self.read_link(handle, _UPDATE)
            if present is None:
                raise self.not_found(_UPDATE)
            body["tags"] = patch.tags_after(present.tags)
        await self.fetch(LinkAnswer, Call(_UPDATE, "POST", path, json=body, bucket=LINK, writes=True))
        return handle

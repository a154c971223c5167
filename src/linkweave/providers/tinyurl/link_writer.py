"""Creates, changes and deletes single links."""

from collections.abc import Sequence
from functools import partial
from typing import Final

from linkweave.context.cache_control import bypass_cache
from linkweave.errors import AmbiguousError, BadResponseError
from linkweave.models.changes import ALL_LINK_FIELDS, InputProblem, LinkPatch, NewLink, WrittenLink
from linkweave.providers.tinyurl.handles import Name
from linkweave.providers.tinyurl.input_checks import DEFAULT_DOMAIN, check_changes, check_new
from linkweave.providers.tinyurl.link_body import KEPT_BY_UPDATE, TAG_CHANGES, body_of, changes_of
from linkweave.providers.tinyurl.link_reader import LinkReader
from linkweave.providers.tinyurl.refusals import classify_of_a_link
from linkweave.providers.tinyurl.wire import ChangedAnswer, LinkAnswer, LinkRow, UpdatedAnswer
from linkweave.providers.write_capabilities import UpdateStep
from linkweave.transport.call import Call

CREATABLE: Final = frozenset({"destination", "slug", "domain", "tags", "note", "expiry"})
UPDATABLE: Final = KEPT_BY_UPDATE | {"destination", "archived"}
CLEARABLE: Final = frozenset({"note", "expiry"})

_UPDATE: Final = "update link"
_DELETE: Final = "delete link"
_FLIPPED: Final = "the link was archived or taken back by somebody else at the same time; read it before trying again"


class LinkWriter(LinkReader):
    """CREATE_LINK, UPDATE_LINK and DELETE_LINK."""

    def check_new_link(self, new: NewLink) -> Sequence[InputProblem]:
        """Finds values that TinyURL certainly refuses, and an expiry by anything but a day."""
        domain = self.domain_of(new) or DEFAULT_DOMAIN
        return (*check_new(new, domain), *self.check_expiry(new.expiry))

    def check_patch(self, patch: LinkPatch) -> Sequence[InputProblem]:
        """As `check_new_link`."""
        return (*check_changes(patch), *self.check_expiry(patch.expiry))

    def domain_of(self, new: NewLink) -> str | None:
        """The domain of a new link: the one that it names, or the first of the settings."""
        return new.domain or self.settings.home_domain

    async def create_link(self, new: NewLink) -> WrittenLink:
        """Create one link, with one call.

        Raises:
            ConflictError: the slug is taken.
            AmbiguousError: the link may have been created.
            VendorError: the link was not created.
        """
        body = body_of(new, self.domain_of(new))
        answer, fetched = await self.fetch(LinkAnswer, Call("create link", "POST", "/create", json=body, writes=True))
        return WrittenLink(answer.data.to_link(answer.data.url, fetched.at), ALL_LINK_FIELDS)

    def plan_update(self, patch: LinkPatch) -> tuple[UpdateStep, ...]:
        """A call for the destination, one for the archive, and one for all else, which may rename the link."""
        steps = (
            (frozenset({"destination"}), partial(self._change_destination, patch)),
            (frozenset({"archived"}), partial(self._archive, patch)),
            (KEPT_BY_UPDATE, partial(self._edit, patch)),
        )
        given = patch.given()
        return tuple(UpdateStep(fields & given, run) for fields, run in steps if fields & given)

    async def delete_link(self, handle: str) -> None:
        """Delete a link for good.

        Raises:
            NotFoundError: the account has no such link.
            AmbiguousError: the link may have been deleted.
            VendorError: the link was not deleted.
        """
        path = self.name_of(handle, _DELETE).path
        await self.fetch(UpdatedAnswer, Call(_DELETE, "DELETE", path, writes=True, classify=classify_of_a_link))

    async def read_present(self, name: Name) -> LinkRow:
        """The link as it is now, which a write depends on.

        Raises:
            NotFoundError: the account has no such link.
            VendorError: the link could not be read.
        """
        with bypass_cache():
            return (await self.fetch_link(name, _UPDATE))[0].data

    async def _change_destination(self, patch: LinkPatch, handle: str) -> str:
        body = {**self.name_of(handle, _UPDATE).body, "url": patch.destination}
        await self.fetch(ChangedAnswer, Call(_UPDATE, "PATCH", "/change", json=body, writes=True))
        return handle

    async def _archive(self, patch: LinkPatch, handle: str) -> str:
        """Archive the link or take it back. The call flips whatever there is (DOC), so the link is read first."""
        name = self.name_of(handle, _UPDATE)
        present = (await self.read_present(name)).archived
        if present is None:
            raise self.error(BadResponseError, "does not say whether the link is archived", _UPDATE)
        if present is patch.archived:
            return handle
        call = Call(_UPDATE, "PATCH", "/archive", json=name.body, writes=True, classify=classify_of_a_link)
        answer, _ = await self.fetch(UpdatedAnswer, call)
        if answer.data.archived is not patch.archived:
            raise self.error(AmbiguousError, _FLIPPED, _UPDATE)
        return handle

    async def _edit(self, patch: LinkPatch, handle: str) -> str:
        name = self.name_of(handle, _UPDATE)
        tags = (await self.read_present(name)).tags if patch.given() & TAG_CHANGES else ()
        body = {**name.body, **changes_of(patch, tags)}
        answer, _ = await self.fetch(UpdatedAnswer, Call(_UPDATE, "PATCH", "/update", json=body, writes=True))
        return answer.data.name.handle

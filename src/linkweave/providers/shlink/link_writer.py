"""Creates, changes and deletes links."""

from collections.abc import Mapping, Sequence
from functools import partial
from typing import Final

from linkweave.context.cache_control import bypass_cache
from linkweave.models import Expiry, ExpiryPart
from linkweave.models.changes import (
    ALL_LINK_FIELDS,
    UNSET,
    Change,
    InputProblem,
    LinkPatch,
    NewLink,
    Unset,
    WrittenLink,
)
from linkweave.providers.shlink.handles import LinkName
from linkweave.providers.shlink.inferred import END_OF_DAY, NEW_WITHIN
from linkweave.providers.shlink.link_reader import LinkReader
from linkweave.providers.shlink.wire import ShortUrlAnswer
from linkweave.providers.wire import EmptyAnswer
from linkweave.providers.write_capabilities import UpdateStep
from linkweave.transport.call import Call

CLEARABLE: Final = frozenset({"title", "expiry"})
UPDATABLE: Final = CLEARABLE | {"destination", "add_tags", "remove_tags"}
CREATABLE: Final = CLEARABLE | {"destination", "slug", "domain", "tags"}

_DELETE: Final = "delete link"
_UPDATE: Final = "update link"
_NEEDED: Final = (ExpiryPart.AT, ExpiryPart.AFTER_CLICKS)


class LinkWriter(LinkReader):
    """CREATE_LINK, UPDATE_LINK and DELETE_LINK."""

    def check_new_link(self, new: NewLink) -> Sequence[InputProblem]:
        """Finds the parts of an expiry that Shlink has no parameter for."""
        return tuple(self.check_expiry(new.expiry, _NEEDED))

    def check_patch(self, patch: LinkPatch) -> Sequence[InputProblem]:
        """As `check_new_link`."""
        return tuple(self.check_expiry(patch.expiry, _NEEDED))

    async def create_link(self, new: NewLink) -> WrittenLink:
        """Create one link, with one call; a named domain is looked up first.

        Raises:
            ConflictError: the slug is taken.
            AmbiguousError: the link may have been created.
            VendorError: the link was not created.
        """
        given = {
            "longUrl": new.destination,
            "customSlug": new.slug,
            "domain": None if new.domain is None else await self._named_domain(new.domain),
            "title": new.title,
            "tags": None if new.tags is None else list(new.tags),
            **({} if new.expiry is None else _expiry_keys(new.expiry)),
            "findIfExists": new.reuse or None,
        }
        body = {key: value for key, value in given.items() if value is not None}
        call = Call("create link", "POST", "/short-urls", json=body, writes=True)
        answer, fetched = await self.fetch(ShortUrlAnswer, call)
        made = answer.created_at
        created = not new.reuse or (made is not None and made > fetched.at - NEW_WITHIN)
        return WrittenLink(answer.to_link(fetched.at), ALL_LINK_FIELDS, created=created)

    def plan_update(self, patch: LinkPatch) -> tuple[UpdateStep, ...]:
        """One call for all fields. Shlink takes the whole list of tags, so they are read first where some change."""
        fields = patch.given()
        return (UpdateStep(fields, partial(self._edit, patch)),) if fields else ()

    async def delete_link(self, handle: str) -> None:
        """Delete a link.

        Raises:
            RejectedError: the link has more visits than the server lets a deleted link have.
            AmbiguousError: the link may have been deleted.
            VendorError: the link was not deleted.
        """
        name = self._name(handle, _DELETE)
        path = self.path_to("/short-urls", name.code, _DELETE)
        await self.fetch(EmptyAnswer, Call(_DELETE, "DELETE", path, name.query, writes=True))

    async def _edit(self, patch: LinkPatch, handle: str) -> str:
        name = self._name(handle, _UPDATE)
        given = {"longUrl": patch.destination, "title": patch.title, **_patch_keys(patch.expiry)}
        body = {key: value for key, value in given.items() if not isinstance(value, Unset)}
        if not isinstance(patch.add_tags, Unset) or not isinstance(patch.remove_tags, Unset):
            with bypass_cache():
                link = await self.read_link(name)
            if link is None:
                raise self.not_found(_UPDATE)
            body["tags"] = patch.tags_after(link.tags)
        path = self.path_to("/short-urls", name.code, _UPDATE)
        await self.fetch(ShortUrlAnswer, Call(_UPDATE, "PATCH", path, name.query, json=body, writes=True))
        return handle

    async def _named_domain(self, name: str) -> str | None:
        """The domain for a new link; None for the default one, which has no name at Shlink."""
        domains = await self.list_domains()
        return None if any(each.is_default and each.name == name.casefold() for each in domains) else name

    def _name(self, handle: str, operation: str) -> LinkName:
        name = LinkName.parse(handle)
        if name is None:
            raise self.not_found(operation)
        return name


def _expiry_keys(expiry: Expiry) -> Mapping[str, object]:
    until = None if expiry.at is None else f"{expiry.at.isoformat()}{END_OF_DAY}"
    return {"validUntil": until, "maxVisits": expiry.after_clicks}


def _patch_keys(expiry: Change[Expiry]) -> Mapping[str, object]:
    """The keys for a change; a part of an expiry without a value stays as it is, and None clears both."""
    if isinstance(expiry, Unset):
        return {}
    if expiry is None:
        return {"validUntil": None, "maxVisits": None}
    return {key: UNSET if value is None else value for key, value in _expiry_keys(expiry).items()}

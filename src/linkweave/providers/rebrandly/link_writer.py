"""Creates, changes and deletes links. An update is the whole object: it is read, changed and written."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from functools import partial
from typing import Final

from linkweave.context.cache_control import bypass_cache
from linkweave.errors import AmbiguousError, VendorError
from linkweave.models.changes import ALL_LINK_FIELDS, InputProblem, LinkPatch, NewLink, Unset, WrittenLink
from linkweave.providers.rebrandly.account import BUCKET
from linkweave.providers.rebrandly.input_checks import CHANGED_LENGTHS, NEW_LENGTHS, check_lengths, check_tags
from linkweave.providers.rebrandly.link_reader import LinkReader
from linkweave.providers.rebrandly.refusals import classify_new_link
from linkweave.providers.rebrandly.wire import DeletedAnswer, LinkAnswer, ObjectAnswer, TagRow, UpdatedAnswer
from linkweave.providers.write_capabilities import UpdateStep
from linkweave.transport.call import Call

CREATABLE: Final = frozenset({"destination", "slug", "domain", "title", "note", "tags"})
UPDATABLE: Final = frozenset({"destination", "title", "note", "starred", "add_tags", "remove_tags"})

_KEYS: Final[Mapping[str, str]] = {
    "destination": "destination",
    "title": "title",
    "note": "description",
    "starred": "favourite",
}
_UPDATE: Final = "update link"
_DELETE: Final = "delete link"
_LOST_RACE: Final = (
    "the link was changed by somebody else at the same time; this change or the other one may have been lost"
)


class LinkWriter(LinkReader):
    """CREATE_LINK, UPDATE_LINK and DELETE_LINK."""

    def check_new_link(self, new: NewLink) -> Sequence[InputProblem]:
        """Finds values of a length that Rebrandly refuses."""
        values = {name: getattr(new, name) for name in NEW_LENGTHS}
        return (*check_lengths(values, NEW_LENGTHS), *check_tags("tags", new.tags))

    def check_patch(self, patch: LinkPatch) -> Sequence[InputProblem]:
        """As `check_new_link`."""
        values = {"destination": patch.destination, "title": patch.title, "note": patch.note}
        return (*check_lengths(values, CHANGED_LENGTHS), *check_tags("add_tags", patch.add_tags))

    async def create_link(self, new: NewLink) -> WrittenLink:
        """Create one link with one call. Tags are looked up before, and take a call each after.

        Raises:
            ConflictError: the slug is taken.
            AmbiguousError: the link may have been created, or was created and lacks tags.
            VendorError: the link was not created.
        """
        tags = await self._ensure_tags(new.tags or ())
        given = {
            "destination": new.destination,
            "slashtag": new.slug,
            "domain": None if new.domain is None else {"fullName": new.domain},
            "title": new.title,
            "description": new.note,
        }
        body = {key: value for key, value in given.items() if value is not None}
        call = Call("create link", "POST", "/links", json=body, bucket=BUCKET, writes=True, classify=classify_new_link)
        answer, fetched = await self.fetch(LinkAnswer, call)
        link = answer.to_link(fetched.at)
        try:
            await self._change_tags("POST", tags, link.handle)
        except VendorError as error:
            raise self._half_done(error, f"the link {link.short_url} was created, and may lack tags") from error
        return WrittenLink(replace(link, tags=tuple(tag.name for tag in tags) or link.tags), ALL_LINK_FIELDS)

    def plan_update(self, patch: LinkPatch) -> tuple[UpdateStep, ...]:
        """One call for the object, and one for each tag."""
        steps = (
            (frozenset(_KEYS), partial(self._edit, patch)),
            (frozenset({"add_tags"}), partial(self._add_tags, patch.add_tags)),
            (frozenset({"remove_tags"}), partial(self._remove_tags, patch.remove_tags)),
        )
        given = patch.given()
        return tuple(UpdateStep(fields & given, run) for fields, run in steps if fields & given)

    async def delete_link(self, handle: str) -> None:
        """Delete a link for good.

        Raises:
            NotFoundError: the workspace has no such link.
            AmbiguousError: the link may have been deleted.
            VendorError: the link was not deleted.
        """
        path = self.link_path(handle, _DELETE)
        await self.fetch(DeletedAnswer, Call(_DELETE, "DELETE", path, bucket=BUCKET, writes=True))

    async def _edit(self, patch: LinkPatch, handle: str) -> str:
        path = self.link_path(handle, _UPDATE)
        with bypass_cache():
            row, _ = await self.fetch_link(handle, _UPDATE)
        before = {key: getattr(row, key) for key in _KEYS.values()}
        changes = {key: getattr(patch, name) for name, key in _KEYS.items() if name in patch.given()}
        after = {key: value for key, value in {**before, **changes}.items() if value is not None}
        # FOUND: links without a mark may lack the key; the document requires it.
        after.setdefault("favourite", False)
        call = Call(_UPDATE, "POST", path, json=after, bucket=BUCKET, writes=True)
        answer, _ = await self.fetch(UpdatedAnswer, call)
        shown = {key: getattr(answer, key) for key in _KEYS.values()}
        if _is_lost(before, changes, shown):
            raise self.error(AmbiguousError, _LOST_RACE, _UPDATE)
        return handle

    async def _add_tags(self, names: tuple[str, ...] | Unset, handle: str) -> str:
        self.link_path(handle, _UPDATE)
        await self._change_tags("POST", await self._ensure_tags(() if isinstance(names, Unset) else names), handle)
        return handle

    async def _remove_tags(self, names: tuple[str, ...] | Unset, handle: str) -> str:
        """Detach the tags that are on the link; others are no error."""
        path = self.link_path(handle, _UPDATE)
        gone = set() if isinstance(names, Unset) else {name.casefold() for name in names}
        with bypass_cache():
            own = await self.fetch_tags(f"{path}/tags")
        await self._change_tags("DELETE", [tag for tag in own if tag.name.casefold() in gone], handle)
        return handle

    async def _ensure_tags(self, names: Iterable[str]) -> Sequence[TagRow]:
        """The tags of the workspace with these names; those that are missing are created."""
        wanted = dict[str, str]()
        for name in names:
            wanted.setdefault(name.casefold(), name)
        if not wanted:
            return ()
        with bypass_cache():
            known = {tag.name.casefold(): tag for tag in await self.fetch_tags()}
        return [known.get(key) or await self.make_tag(name) for key, name in wanted.items()]

    async def _change_tags(self, method: str, tags: Iterable[TagRow], handle: str) -> None:
        """Attach or detach tags, one call each.

        Raises:
            AmbiguousError: some tags were changed, and not all.
            VendorError: the first call failed.
        """
        for done, tag in enumerate(tags):
            path = f"{self.link_path(handle, _UPDATE)}{self.path_to('/tags', tag.id, _UPDATE, 'tag')}"
            try:
                await self.fetch(ObjectAnswer, Call(_UPDATE, method, path, bucket=BUCKET, writes=True))
            except VendorError as error:
                if not done:
                    raise
                raise self._half_done(error, f"{done} of the tags were changed, and not all") from error

    def _half_done(self, error: VendorError, problem: str) -> AmbiguousError:
        return self.error(AmbiguousError, problem, error.operation, provider_code=error.provider_code)


def _is_lost(before: Mapping[str, object], changes: Mapping[str, object], shown: Mapping[str, object]) -> bool:
    """Whether the answer to an update shows another one.

    Then a value that was kept is another one, or a value that was changed is the old one.
    """
    kept_differs = any(
        value is not None and shown[key] is not None and shown[key] != value
        for key, value in before.items()
        if key not in changes
    )
    change_undone = any(shown[key] == before[key] != value for key, value in changes.items())
    return kept_differs or change_undone

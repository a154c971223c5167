"""Creates, changes and deletes links; marks up to 100 of them with one call."""

from collections.abc import Iterable, Iterator, Sequence
from functools import partial
from typing import Final

from linkweave.errors import VendorError
from linkweave.models import Expiry
from linkweave.models.changes import (
    ALL_LINK_FIELDS,
    Change,
    InputProblem,
    LinkPatch,
    NewLink,
    Unset,
    WrittenLink,
)
from linkweave.providers.batches import chunks, or_raise, write_in_turn
from linkweave.providers.bitly.inferred import END_OF_DAY, LINK_NAME, MAX_EXPIRY_DAYS
from linkweave.providers.bitly.link_reader import LinkReader
from linkweave.providers.bitly.refusals import classify_delete
from linkweave.providers.bitly.settings import BACK_HALVES, BULK, CREATE, DELETE, SHARED_DOMAIN, UPDATE
from linkweave.providers.bitly.wire import (
    BackHalfAnswer,
    BitlinkAnswer,
    DeletedAnswer,
    UpdatedIdsAnswer,
    name_of,
)
from linkweave.providers.write_capabilities import UpdateStep
from linkweave.transport.call import Call

BATCH_SIZE: Final = 100
CREATABLE: Final = frozenset({"destination", "slug", "domain", "title", "tags", "expiry"})
TAG_CHANGES: Final = frozenset({"add_tags", "remove_tags"})
_ONE_CALL: Final = frozenset({"destination", "title", "archived", "expiry"})
UPDATABLE: Final = _ONE_CALL | TAG_CHANGES | {"slug"}

_CREATE: Final = "create link"
_UPDATE: Final = "update link"
_UPDATE_SEVERAL: Final = "update links"
_DELETE: Final = "delete link"
_CREATED: Final = 201
_ARCHIVED_ALONE: Final = frozenset({"archived"})


class LinkWriter(LinkReader):
    """CREATE_LINK, UPDATE_LINK, BATCH_UPDATE and DELETE_LINK."""

    def check_new_link(self, new: NewLink) -> Sequence[InputProblem]:
        """Finds a slug that no link can have, and an expiry that Bitly cannot express or refuses."""
        return (*_check_slug(new.slug), *self.check_expiry(new.expiry, max_days=MAX_EXPIRY_DAYS))

    def check_patch(self, patch: LinkPatch) -> Sequence[InputProblem]:
        """As `check_new_link`."""
        return (*_check_slug(patch.slug), *self.check_expiry(patch.expiry, max_days=MAX_EXPIRY_DAYS))

    async def create_link(self, new: NewLink) -> WrittenLink:
        """Create one link, with one call. Group and domain are always named: their defaults are often others (DOC).

        Raises:
            ConflictError: the slug is taken.
            QuotaExhaustedError: the links of the month are used up.
            AmbiguousError: the link may have been created.
            VendorError: the link was not created.
        """
        given = {
            "long_url": new.destination,
            "domain": new.domain or SHARED_DOMAIN,
            "group_guid": await self.group(_CREATE),
            "title": new.title,
            "tags": None if new.tags is None else list(new.tags),
            "keyword": new.slug,
            "expiration_at": None if new.expiry is None else _expiration(new.expiry),
            "force_new_link": not new.reuse,
        }
        body = {key: value for key, value in given.items() if value is not None}
        call = Call(_CREATE, "POST", "/bitlinks", json=body, bucket=CREATE, writes=True)
        answer, fetched = await self.fetch(BitlinkAnswer, call)
        created = not new.reuse or fetched.status == _CREATED
        return WrittenLink(answer.to_link(fetched.at), ALL_LINK_FIELDS, created=created)

    def plan_update(self, patch: LinkPatch) -> tuple[UpdateStep, ...]:
        """One call for fields, one for a further back-half, and one for tags."""
        given = patch.given()
        steps = (
            (_ONE_CALL, partial(self._edit, patch)),
            (frozenset({"slug"}), partial(self._add_back_half, patch.slug)),
            (TAG_CHANGES, partial(self._mark, patch)),
        )
        return tuple(UpdateStep(fields & given, run) for fields, run in steps if fields & given)

    def takes_together(self, patch: LinkPatch) -> bool:
        """Whether one call makes these changes to several links: tags alone, or the archive alone (DOC)."""
        given = patch.given()
        return given == _ARCHIVED_ALONE or given <= TAG_CHANGES

    async def update_links(self, patches: Sequence[tuple[str, LinkPatch]]) -> Sequence[VendorError | None]:
        """Change links: one call for those that change alike."""

        async def write(places: tuple[int, ...]) -> Sequence[VendorError | None]:
            return await self.mark_links([patches[place][0] for place in places], patches[places[0]][1])

        alike: dict[LinkPatch, list[int]] = {}
        for place, (_, patch) in enumerate(patches):
            alike.setdefault(patch, []).append(place)
        groups = [group for places in alike.values() for group in chunks(places, BATCH_SIZE)]
        results = await write_in_turn(self, _UPDATE_SEVERAL, groups, write)
        return [results[place] for place in range(len(patches))]

    async def mark_links(
        self, handles: Sequence[str], patch: LinkPatch, operation: str = _UPDATE_SEVERAL
    ) -> list[VendorError | None]:
        """Change the tags of at most 100 links, or archive them: one call. The answer names those that were changed.

        Raises:
            VendorError: none was changed, or AmbiguousError: some may have been.
        """
        known = [handle for handle in handles if LINK_NAME.fullmatch(handle)]
        changed = set[str]()
        if known:
            path = await self.group_path(operation, "/bitlinks")
            body = {"links": known, **(await self._marks(patch))}
            call = Call(operation, "PATCH", path, json=body, bucket=BULK, writes=True)
            changed |= {*(await self.fetch(UpdatedIdsAnswer, call))[0].links}
        return [None if handle in changed else self.not_found(operation) for handle in handles]

    async def delete_link(self, handle: str) -> None:
        """Delete a link, if it was never changed and has no custom back-half.

        Raises:
            NotFoundError: there is no such link.
            RejectedError: Bitly does not delete this one.
            AmbiguousError: the link may have been deleted.
            VendorError: the link was not deleted.
        """
        path = self.link_path(handle, _DELETE)
        call = Call(_DELETE, "DELETE", path, bucket=DELETE, writes=True, classify=classify_delete)
        await self.fetch(DeletedAnswer, call)

    async def _edit(self, patch: LinkPatch, handle: str) -> str:
        values = {"long_url": patch.destination, "title": patch.title, "archived": patch.archived}
        body: dict[str, object] = {key: value for key, value in values.items() if not isinstance(value, Unset)}
        if isinstance(patch.expiry, Expiry):
            body["expiration_at"] = _expiration(patch.expiry)
        call = Call(_UPDATE, "PATCH", self.link_path(handle, _UPDATE), json=body, bucket=UPDATE, writes=True)
        await self.fetch_of_link(BitlinkAnswer, call)
        return handle

    async def _add_back_half(self, slug: str | Unset, handle: str) -> str:
        """Give a link one more name, on the domain that it shows. The others keep working (DOC)."""
        row, _ = await self.fetch_link(handle, _UPDATE)
        name = f"{name_of(row.short_url).partition('/')[0]}/{slug}"
        body = {"custom_bitlink": name, "bitlink_id": handle}
        call = Call(_UPDATE, "POST", "/custom_bitlinks", json=body, bucket=BACK_HALVES, writes=True)
        await self.fetch(BackHalfAnswer, call)
        return handle

    async def _mark(self, patch: LinkPatch, handle: str) -> str:
        tags = LinkPatch(add_tags=patch.add_tags, remove_tags=patch.remove_tags)
        or_raise(*await self.mark_links([handle], tags, _UPDATE))
        return handle

    async def _marks(self, patch: LinkPatch) -> dict[str, object]:
        """The action of a call for several links."""
        if not isinstance(patch.archived, Unset):
            return {"action": "archive", "archive": patch.archived}
        added, removed = (() if isinstance(each, Unset) else each for each in (patch.add_tags, patch.remove_tags))
        spelled = await self.list_tags()
        return {
            "action": "edit_tags",
            "add_tags": [next(iter(_spellings(tag, spelled)), tag) for tag in dict.fromkeys(added)],
            "remove_tags": [each for tag in dict.fromkeys(removed) for each in _spellings(tag, spelled) or [tag]],
        }


def _check_slug(slug: Change[str]) -> Iterator[InputProblem]:
    if isinstance(slug, str) and not LINK_NAME.fullmatch(f"{SHARED_DOMAIN}/{slug}"):
        problem = "must have 1 to 200 characters, and none of / ? # % \\ and blanks, at Bitly"
        yield InputProblem(("slug",), problem, is_invalid=True)


def _expiration(expiry: Expiry) -> str | None:
    return None if expiry.at is None else f"{expiry.at.isoformat()}{END_OF_DAY}"


def _spellings(name: str, tags: Iterable[str]) -> list[str]:
    """The tags that differ from `name` in case at most."""
    return [tag for tag in tags if tag.casefold() == name.casefold()]

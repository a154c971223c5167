"""Changes links at PicSee: one call for all fields, and for tags a look-up of the present ones."""

from collections.abc import Callable, Mapping, Sequence
from functools import partial
from typing import Final, TypeVar

from linkweave.context.cache_control import bypass_cache
from linkweave.errors import UnavailableError
from linkweave.models import Expiry, Link
from linkweave.models.changes import UNSET, Change, InputProblem, LinkPatch, Unset
from linkweave.providers.picsee.inferred import TARGETS
from linkweave.providers.picsee.link_lists import LINK_LISTS, LIST_LAG
from linkweave.providers.picsee.link_reader import LinkReader
from linkweave.providers.picsee.refusals import classify_by_input
from linkweave.providers.picsee.request_fields import (
    field_names,
    preview_fields,
    targets_field,
    title_problems,
    utm_field,
)
from linkweave.providers.picsee.times import end_of_day
from linkweave.providers.picsee.wire import DoneAnswer
from linkweave.providers.read_capabilities import Lane
from linkweave.providers.target_checks import check_targets
from linkweave.providers.write_capabilities import UpdateStep
from linkweave.transport.call import Call

T = TypeVar("T")

UPDATABLE: Final = frozenset(
    {
        "destination",
        "slug",
        "title",
        "add_tags",
        "remove_tags",
        "external_id",
        "utm",
        "expiry",
        "device_targets",
        "preview",
        "pixel",
        "tag_manager",
    }
)
CLEARABLE: Final = frozenset({"utm", "expiry", "pixel", "tag_manager"})
"""The fields that PicSee clears on null (FOUND)."""

_UPDATE_LINK: Final = "update link"


class LinkUpdater(LinkReader):
    """UPDATE_LINK."""

    def check_patch(self, patch: LinkPatch) -> Sequence[InputProblem]:
        """Finds platforms that PicSee does not know, two titles for one, and expiry by anything but a day to come."""
        return (
            *title_problems(patch.title, patch.preview),
            *check_targets(patch.device_targets, TARGETS),
            *self.check_expiry(patch.expiry),
        )

    def plan_update(self, patch: LinkPatch) -> tuple[UpdateStep, ...]:
        """One step for all fields."""
        fields = patch.given()
        return (UpdateStep(fields, partial(self._edit, patch)),) if fields else ()

    async def _edit(self, patch: LinkPatch, handle: str) -> str:
        """Makes every change of `patch` in one call; returns the slug that the link has afterwards.

        Raises:
            UnavailableError: tags are to be changed, and the link is too new for the list; nothing was changed.
            VendorError: as CanUpdateLinks.
        """
        path = f"/v2/links/{self.path_segment(handle, _UPDATE_LINK)}"
        # PicSee takes the whole list of tags (FOUND), and only its list of links has the present ones.
        tags = None
        if patch.add_tags is not UNSET or patch.remove_tags is not UNSET:
            with bypass_cache():
                tags = patch.tags_after(await self._present_tags(handle))
        call = Call(
            _UPDATE_LINK,
            "PUT",
            path,
            json=edit_body(patch, tags),
            writes=True,
            classify=classify_by_input(_field_names(patch)),
        )
        await self.fetch(DoneAnswer, call)
        return handle if isinstance(patch.slug, Unset) else patch.slug

    async def _present_tags(self, handle: str) -> tuple[str, ...]:
        listed = await self._search_lists(handle)
        if listed is not None:
            return listed.tags
        if await self.read_overview(handle) is None:
            raise self.not_found(_UPDATE_LINK)
        problem = "the link is too new for PicSee to list its tags, so nothing was changed"
        too_new = self.error(UnavailableError, problem, _UPDATE_LINK)
        too_new.retry_after = LIST_LAG.total_seconds()
        raise too_new

    async def _search_lists(self, slug: str) -> Link | None:
        """Searches each of the four lists for the link. Below the advanced plan PicSee refuses the search."""
        for link_list in LINK_LISTS:
            page = await self.list_links(Lane(link_list.name, link_list.query | {"encodeId": slug}), None)
            found = next((link for link in page.items if link.handle == slug), None)
            if found is not None:
                return found
        return None


def edit_body(patch: LinkPatch, tags: Sequence[str] | None) -> Mapping[str, object]:
    """`patch` as PicSee takes it (FOUND). `tags` are all tags of the link after the change; None leaves them."""
    fields = {
        "url": patch.destination,
        "encodeId": patch.slug,
        "externalId": patch.external_id,
        **preview_fields(patch.title, patch.preview),
        "tags": UNSET if tags is None else list(tags),
        "targets": _unless_cleared(patch.device_targets, targets_field),
        "fbPixel": patch.pixel,
        "gTag": patch.tag_manager,
        "utm": _unless_cleared(patch.utm, utm_field),
        "expireTime": _unless_cleared(patch.expiry, _expire_time),
    }
    return {key: value for key, value in fields.items() if value is not UNSET}


def _field_names(patch: LinkPatch) -> Mapping[str, str]:
    return {**field_names(patch), "tags": "remove_tags" if isinstance(patch.add_tags, Unset) else "add_tags"}


def _expire_time(expiry: Expiry) -> str | Unset:
    # Never None, which would remove the expiry that the link has.
    return UNSET if expiry.at is None else end_of_day(expiry.at)


def _unless_cleared(change: Change[T], to_json: Callable[[T], object]) -> object:
    return change if change is None or isinstance(change, Unset) else to_json(change)


def _tags(change: tuple[str, ...] | Unset) -> tuple[str, ...]:
    return () if isinstance(change, Unset) else change

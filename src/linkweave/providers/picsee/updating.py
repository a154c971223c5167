"""Changing a link at PicSee: one call for everything, and for tags a look at those it has."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Final, TypeVar

from linkweave.context.cache_control import bypass_cache
from linkweave.errors import UnavailableError
from linkweave.models import Expiry, Link
from linkweave.models.changes import UNSET, Change, InputProblem, LinkPatch, Unset
from linkweave.providers.base import Adapter
from linkweave.providers.picsee.fields import (
    preview_fields,
    preview_objections,
    target_objections,
    targets_field,
    utm_field,
)
from linkweave.providers.picsee.listing import HALVES
from linkweave.providers.picsee.reading import no_such_link, read_overview, read_page, segment
from linkweave.providers.picsee.times import last_second
from linkweave.providers.picsee.wire import DoneAnswer
from linkweave.providers.read_capabilities import Lane
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
"""What PicSee clears on null (FOUND)."""

# A new link may take ten minutes to reach the list (FOUND).
_LISTED_WITHIN_SECONDS: Final = 600.0


def objections(patch: LinkPatch) -> Iterator[InputProblem]:
    """What PicSee has no words for."""
    yield from preview_objections(patch.title, patch.preview)
    yield from target_objections(patch.device_targets)
    if isinstance(patch.expiry, Expiry):
        yield from _expiry_objections(patch.expiry)


def edit_body(patch: LinkPatch, tags: Sequence[str] | None) -> Mapping[str, object]:
    """`patch` as PicSee takes it (FOUND); `tags` are all that the link shall have, None leaves them."""
    told = {
        "url": patch.destination,
        "encodeId": patch.slug,
        "externalId": patch.external_id,
        **preview_fields(patch.title, patch.preview),
        "tags": UNSET if tags is None else list(tags),
        "targets": _said(patch.device_targets, targets_field),
        "fbPixel": patch.pixel,
        "gTag": patch.tag_manager,
        "utm": _said(patch.utm, utm_field),
        "expireTime": _said(patch.expiry, _expire_time),
    }
    return {key: value for key, value in told.items() if value is not UNSET}


def changes_tags(patch: LinkPatch) -> bool:
    """Whether the link's present tags have to be known."""
    return patch.add_tags is not UNSET or patch.remove_tags is not UNSET


def changed_tags(present: Sequence[str], patch: LinkPatch) -> tuple[str, ...]:
    """The tags after `patch`, compared without case; one that is both removed and added is there, as added."""
    removed = {tag.casefold() for tag in _tags(patch.remove_tags)}
    tags = {tag.casefold(): tag for tag in present if tag.casefold() not in removed}
    for tag in _tags(patch.add_tags):
        tags.setdefault(tag.casefold(), tag)
    return tuple(tags.values())


async def edit(adapter: Adapter, patch: LinkPatch, handle: str) -> str:
    """Make every change of `patch` in one call; gives the slug that the link has afterwards.

    Raises:
        UnavailableError: tags are to be changed, and the link is too new for its list; nothing was changed.
        VendorError: as CanUpdateLinks.
    """
    operation = "update link"
    path = f"/v2/links/{segment(adapter, handle, operation)}"
    # PicSee takes the whole list of tags (FOUND), and only its list of links tells the tags that are there.
    tags = None
    if changes_tags(patch):
        with bypass_cache():
            tags = changed_tags(await _present_tags(adapter, handle, operation), patch)
    await adapter.fetch(DoneAnswer, Call(operation, "PUT", path, json=edit_body(patch, tags), writes=True))
    return handle if isinstance(patch.slug, Unset) else patch.slug


async def _present_tags(adapter: Adapter, handle: str, operation: str) -> tuple[str, ...]:
    listed = await _find_listed(adapter, handle)
    if listed is not None:
        return listed.tags
    if await read_overview(adapter, handle) is None:
        raise no_such_link(adapter, operation)
    raise UnavailableError(
        f"{adapter.account}: the link is too new for PicSee to tell its tags, so nothing was changed ({operation})",
        account=adapter.account,
        operation=operation,
        retry_after=_LISTED_WITHIN_SECONDS,
    )


async def _find_listed(adapter: Adapter, slug: str) -> Link | None:
    """Search each of the four lists for the link; below the advanced plan, which has the search, PicSee refuses."""
    for half in HALVES:
        page = await read_page(adapter, Lane(half.name, half.query | {"encodeId": slug}), None)
        found = next((link for link in page.items if link.handle == slug), None)
        if found is not None:
            return found
    return None


def _expiry_objections(expiry: Expiry) -> Iterator[InputProblem]:
    if expiry == Expiry():
        yield InputProblem(("expiry", "at"), "PicSee needs the last day; null in place of the expiry removes it")
    unsaid = {
        "after_clicks": expiry.after_clicks,
        "count_unique_only": expiry.count_unique_only,
        "redirect_to": expiry.redirect_to,
        "redirect_to_after_clicks": expiry.redirect_to_after_clicks,
    }
    for name, value in unsaid.items():
        if value is not None:
            yield InputProblem(("expiry", name), "PicSee knows expiry at a time only; allowed: at")


def _expire_time(expiry: Expiry) -> str | Unset:
    # Never None, which would remove the expiry that the link has.
    return UNSET if expiry.at is None else last_second(expiry.at)


def _said(change: Change[T], say: Callable[[T], object]) -> object:
    return change if change is None or isinstance(change, Unset) else say(change)


def _tags(change: tuple[str, ...] | Unset) -> tuple[str, ...]:
    return () if isinstance(change, Unset) else change

"""Making, renaming and deleting tags. Their labels are not case-sensitive (DOC)."""

from collections.abc import Iterable
from urllib.parse import quote

from linkweave.errors import NotFoundError, RejectedError, VendorError
from linkweave.providers.base import Adapter
from linkweave.providers.tinycc.inferred import DUPLICATE_TAG_CODE
from linkweave.providers.tinycc.wire import Done, TagsAnswer
from linkweave.transport.call import Call
from linkweave.transport.lifetimes import Resource


async def ask_tags(vendor: Adapter) -> tuple[str, ...]:
    """GET /tags: every label, as the vendor spells it."""
    answer, _ = await vendor.fetch(TagsAnswer, Call("list tags", "GET", "/tags", reads=Resource.TAGS))
    return tuple(entry.label for entry in answer.tags)


async def create(vendor: Adapter, name: str) -> str:
    """POST /tags. Of a label that is there already no second one is made (DOC), whatever the answer looks like."""
    call = Call("create tag", "POST", "/tags", json={"label": name}, writes=True)
    try:
        answer, _ = await vendor.fetch(TagsAnswer, call)
    except RejectedError as error:
        own = _spelled(name, await ask_tags(vendor)) if error.provider_code == DUPLICATE_TAG_CODE else None
        if own is None:
            raise
        return own
    return _answered(name, answer) or await _looked_up(vendor, name, call)


async def rename(vendor: Adapter, name: str, new_name: str) -> str:
    """PATCH /tags/{label}."""
    call = Call("rename tag", "PATCH", _path(vendor, "rename tag", name), json={"label": new_name}, writes=True)
    answer, _ = await vendor.fetch(TagsAnswer, call)
    return _answered(new_name, answer) or await _looked_up(vendor, new_name, call)


async def delete(vendor: Adapter, name: str) -> None:
    """DELETE /tags/{label}."""
    await vendor.fetch(Done, Call("delete tag", "DELETE", _path(vendor, "delete tag", name), writes=True))


def _path(vendor: Adapter, operation: str, name: str) -> str:
    """Where a tag is found.

    Raises:
        NotFoundError: nothing is there; without a label, the path would be that of all tags.
    """
    if not name.strip():
        raise NotFoundError(f"{vendor.account}: no such tag ({operation})", account=vendor.account, operation=operation)
    return f"/tags/{quote(name, safe='')}"


def _spelled(name: str, labels: Iterable[str]) -> str | None:
    return next((label for label in labels if label.casefold() == name.casefold()), None)


def _answered(name: str, answer: TagsAnswer) -> str | None:
    """The tag that a write was about: the only one of the answer (DOC), however it is spelled."""
    labels = [entry.label for entry in answer.tags]
    return labels[0] if len(labels) == 1 else _spelled(name, labels)


async def _looked_up(vendor: Adapter, name: str, call: Call) -> str:
    try:
        own = _spelled(name, await ask_tags(vendor))
    except VendorError:
        own = None
    if own is None:
        raise vendor.bad_response(call, "the tag is missing")
    return own

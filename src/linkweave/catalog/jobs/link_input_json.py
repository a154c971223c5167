"""A link to create and its update, as JSON for the database."""

from typing import Any, Final

from pydantic import TypeAdapter

from linkweave.models.changes import LinkPatch, NewLink

_NEW_LINK: Final = TypeAdapter(NewLink)
_PATCH: Final = TypeAdapter(LinkPatch)


def to_json(new: NewLink) -> dict[str, Any]:
    """Returns `new` without the fields that are not set, and without a password."""
    fields: dict[str, Any] = _NEW_LINK.dump_python(new, mode="json", exclude_none=True, exclude={"password", "reuse"})
    return fields


def from_json(stored: Any) -> NewLink:
    """Returns the link that was stored."""
    return _NEW_LINK.validate_python(stored)


def patch_to_json(patch: LinkPatch | None) -> dict[str, Any] | None:
    """Returns the given fields of `patch`, without a password."""
    if patch is None:
        return None
    given = set(patch.given() - {"password"})
    fields: dict[str, Any] = _PATCH.dump_python(patch, mode="json", include=given)
    return fields


def patch_from_json(stored: Any) -> LinkPatch | None:
    """Returns the patch that was stored."""
    return None if stored is None else _PATCH.validate_python(stored)

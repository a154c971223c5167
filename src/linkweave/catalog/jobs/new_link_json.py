"""A link to create, as JSON for the database."""

from typing import Any, Final

from pydantic import TypeAdapter

from linkweave.models.changes import NewLink

_NEW_LINK: Final = TypeAdapter(NewLink)


def to_json(new: NewLink) -> dict[str, Any]:
    """Returns `new` without the fields that are not set, and without a password."""
    fields: dict[str, Any] = _NEW_LINK.dump_python(new, mode="json", exclude_none=True, exclude={"password", "reuse"})
    return fields


def from_json(stored: Any) -> NewLink:
    """Returns the link that was stored."""
    return _NEW_LINK.validate_python(stored)

"""The bodies of TinyURL's writes, alone and in a bulk job."""

from collections.abc import Iterable
from typing import Final

from linkweave.models import Expiry
from linkweave.models.changes import Change, LinkPatch, NewLink, Unset
from linkweave.providers.tinyurl.inferred import END_OF_DAY

TAG_CHANGES: Final = frozenset({"add_tags", "remove_tags"})
KEPT_BY_UPDATE: Final = TAG_CHANGES | {"slug", "note", "expiry"}
"""The fields that `/update` changes. `/change` has the destination, and `/archive` is for itself (DOC)."""


def body_of(new: NewLink, domain: str | None) -> dict[str, object]:
    """The body of `/create`."""
    given: dict[str, object] = {
        "url": new.destination,
        "domain": domain,
        "alias": new.slug,
        "tags": list(new.tags) if new.tags else None,
        "expires_at": _time_of(new.expiry),
        "description": new.note,
    }
    return {key: value for key, value in given.items() if value is not None}


def changes_of(patch: LinkPatch, tags: Iterable[str]) -> dict[str, object]:
    """The changes that `/update` makes; `tags` are those that the link has. An update replaces all of them (DOC)."""
    changes: dict[str, object] = {}
    if not isinstance(patch.slug, Unset):
        changes["new_alias"] = patch.slug
    if not isinstance(patch.note, Unset):
        changes["new_description"] = patch.note
    if not isinstance(patch.expiry, Unset):
        changes["new_expires_at"] = _time_of(patch.expiry)
    if patch.given() & TAG_CHANGES:
        changes["new_tags"] = patch.tags_after(tags)
    return changes


def _time_of(expiry: Change[Expiry]) -> str | None:
    day = expiry.at if isinstance(expiry, Expiry) else None
    return None if day is None else f"{day.isoformat()}{END_OF_DAY}"

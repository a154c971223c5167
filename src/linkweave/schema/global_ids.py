"""Global IDs. They are opaque to clients; inside they are a type and its parts."""

from base64 import urlsafe_b64decode, urlsafe_b64encode
from dataclasses import dataclass
from functools import lru_cache
from typing import Final

import orjson
import strawberry

from linkweave.errors import InvalidInputError

_MAX_LENGTH: Final = 4_000
# Maximum number of IDs that are remembered: every object has one, also where it is not selected.
_MAX_KNOWN: Final = 4_096

# The number of parts in the ID of each type.
_PART_COUNTS: Final = {
    "Account": 1,
    "Campaign": 2,
    "CopyPlan": 2,
    "Domain": 2,
    "Job": 2,
    "Link": 2,
    "Tag": 1,
    "Team": 2,
    "Tracker": 4,
    "Upload": 2,
    "Webhook": 2,
}


@dataclass(frozen=True, slots=True)
class NodeId:
    """The type of a node, and the parts that identify it. The first part is the account's key, except for tags."""

    kind: str
    parts: tuple[str, ...]


@lru_cache(_MAX_KNOWN)
def encode_id(kind: str, *parts: str) -> strawberry.ID:
    """Returns the global ID of a node."""
    return strawberry.ID(urlsafe_b64encode(orjson.dumps([kind, *parts])).decode().rstrip("="))


def decode_id(text: str, field: str, kind: str | None = None) -> NodeId:
    """Returns the parts of the ID in `text`. With `kind`, it must be an ID of this type.

    Raises:
        InvalidInputError: It is no ID of this gateway, or an ID of another type.
    """
    node = _parse(text)
    if node is None:
        raise InvalidInputError(field, f"{text[:80]!r} is not a node id; use an id that this API returned")
    if kind is not None and node.kind != kind:
        raise InvalidInputError(field, f"is the id of a {node.kind}; the id of a {kind} is needed")
    return node


def _parse(text: str) -> NodeId | None:
    if len(text) > _MAX_LENGTH or not text.isascii():
        return None
    try:
        parts = orjson.loads(urlsafe_b64decode(text + "=" * (-len(text) % 4)))
    except ValueError:
        return None
    if not isinstance(parts, list) or not parts or not all(isinstance(part, str) for part in parts):
        return None
    kind, *rest = parts
    return NodeId(kind, tuple(rest)) if _PART_COUNTS.get(kind) == len(rest) else None

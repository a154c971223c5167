"""Changes of links."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from linkweave.models.link_changes import ChangeKind, SeenBy


@dataclass(frozen=True, slots=True)
class ChangedField:
    """A field of a link that changed, with its values as JSON."""

    name: str
    before: Any
    after: Any


@dataclass(frozen=True, slots=True)
class LinkChange:
    """A change of a link as the gateway saw it."""

    kind: ChangeKind
    at: datetime
    seen_by: SeenBy
    fields: tuple[ChangedField, ...]

"""The events: changes of links, and their clicks."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import Enum
from typing import Any, TypeAlias

from linkweave.models import Link
from linkweave.models.link_changes import ChangeKind, SeenBy


class Topic(Enum):
    """What subscribers listen to."""

    LINKS = "links"
    CLICKS = "clicks"


@dataclass(frozen=True, slots=True)
class LinkEvent:
    """A change of the link with `handle`. `link` is None where the gateway does not know it.

    `fields` has the values before and after of each changed field of an UPDATED link, as JSON values.
    """

    account: str
    handle: str
    kind: ChangeKind
    at: datetime
    seen_by: SeenBy
    link: Link | None = None
    fields: Mapping[str, tuple[Any, Any]] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class ClickEvent:
    """`count` clicks of the link with `handle`. What the vendor does not tell of the visitor is None."""

    account: str
    handle: str
    at: datetime
    seen_by: SeenBy
    count: int = 1
    link: Link | None = None
    country: str | None = None
    device: str | None = None
    referrer: str | None = None


Event: TypeAlias = LinkEvent | ClickEvent


def topic_of(event: Event) -> Topic:
    """Returns the topic that `event` belongs to."""
    return Topic.LINKS if isinstance(event, LinkEvent) else Topic.CLICKS

"""What subscribers are told: changes of links, and clicks."""

from collections.abc import Mapping
from datetime import datetime
from enum import Enum
from typing import Final, Protocol

import strawberry

from linkweave.events import events
from linkweave.events.positions import Position
from linkweave.events.subscriber import Entry
from linkweave.gather.account_loaders import AccountLoaders
from linkweave.models import Link as KnownLink
from linkweave.models.link_changes import SeenBy
from linkweave.schema.context import Context, Info
from linkweave.schema.global_ids import encode_id
from linkweave.schema.lazy_types import LazyAccount
from linkweave.schema.scalars import Long
from linkweave.schema.types.link import Link
from linkweave.schema.types.link_change import ChangedField

_ID: Final = "The position of the event. Pass it as `after` to get the events behind it."
_GAP: Final = (
    "Events of this account are missing here: the gateway does not have them any more. Read again what you need of it."
)
_LINK: Final = "The link, as it was when this happened. Null if the gateway does not know it."
_LINK_ID: Final = "The ID of the link. Null for a gap."
_SEEN_BY: Final = "How the gateway learned of it. Null for a gap."


@strawberry.enum(description="What happened to a link.")
class LinkEventKind(Enum):
    CREATED = strawberry.enum_value("CREATED", description="It was created, or seen for the first time.")
    UPDATED = strawberry.enum_value("UPDATED", description="Fields of it changed.")
    DELETED = strawberry.enum_value("DELETED", description="It was deleted, or its provider has it no more.")
    RESTORED = strawberry.enum_value("RESTORED", description="It is there again after it was deleted.")
    GAP = strawberry.enum_value("GAP", description=_GAP)


@strawberry.enum(description="What happened.")
class ClickEventKind(Enum):
    CLICKED = strawberry.enum_value("CLICKED", description="A link was clicked.")
    GAP = strawberry.enum_value("GAP", description=_GAP)


class _OfLink(Protocol):
    """What both kinds of events have."""

    @property
    def account(self) -> str: ...
    @property
    def handle(self) -> str: ...
    @property
    def link(self) -> KnownLink | None: ...
    @property
    def at(self) -> datetime: ...
    @property
    def seen_by(self) -> SeenBy: ...


@strawberry.type
class _Event:
    """The fields of both types. GraphQL does not show this type, only those that inherit from it."""

    loaders: strawberry.Private[AccountLoaders]
    of: strawberry.Private[_OfLink | None]
    position: strawberry.Private[Position]

    @strawberry.field(description=_ID)
    def id(self) -> strawberry.ID:
        return strawberry.ID(str(self.position))

    @strawberry.field(
        description=(
            "When the gateway saw it, or when a webhook says that it happened. For a gap: when it told you of it."
        )
    )
    def at(self, info: Info) -> datetime:
        return info.context.session.clock.now() if self.of is None else self.of.at

    @strawberry.field(description=_LINK_ID)
    def link_id(self) -> strawberry.ID | None:
        return None if self.of is None else encode_id("Link", self.of.account, self.of.handle)

    @strawberry.field(description=_SEEN_BY)
    def seen_by(self) -> SeenBy | None:
        return None if self.of is None else self.of.seen_by

    @strawberry.field(description="The account.")
    def account(self, info: Info) -> LazyAccount:
        return info.context.nodes.account(self.loaders)

    @strawberry.field(description=_LINK)
    def link(self) -> Link | None:
        known = None if self.of is None else self.of.link
        return None if known is None else Link.of(self.loaders, known)


@strawberry.type(description="A change of a link that has just happened, or has just been seen.")
class LinkEvent(_Event):
    kind: LinkEventKind = strawberry.field(description="What happened.")
    fields: list[ChangedField] = strawberry.field(
        description="The fields that an update changed. Without the catalog, the values before are not known."
    )

    @classmethod
    def from_entry(cls, entry: Entry, context: Context) -> "LinkEvent | None":
        """Returns the event for the caller of `context`; None if the caller must not see it."""
        loaders, event = context.session.accounts.get(entry.account), entry.event
        if loaders is None or isinstance(event, events.ClickEvent):
            return None
        return cls(
            loaders=loaders,
            of=event,
            position=entry.position,
            kind=LinkEventKind.GAP if event is None else _KINDS[event.kind.value],
            fields=[] if event is None else [ChangedField.of(name, *pair) for name, pair in event.fields.items()],
        )


@strawberry.type(description="Clicks of a link that have just been seen.")
class ClickEvent(_Event):
    kind: ClickEventKind = strawberry.field(description="What happened.")
    count: int = strawberry.field(
        graphql_type=Long,
        description=(
            "The number of clicks: 1 if a webhook told of it. Else, those since the gateway saw the link's total "
            "before, without those that webhooks told. 0 for a gap."
        ),
    )
    country: str | None = strawberry.field(
        description="The visitor's country, as an ISO 3166-1 alpha-2 code. Null if the provider does not tell it."
    )
    device: str | None = strawberry.field(
        description="The visitor's kind of device. Null if the provider does not tell it."
    )
    referrer: str | None = strawberry.field(
        description="The page with the link. Null if the provider does not tell it, or if there was none."
    )

    @classmethod
    def from_entry(cls, entry: Entry, context: Context) -> "ClickEvent | None":
        """Returns the event for the caller of `context`; None if the caller must not see it."""
        loaders, event = context.session.accounts.get(entry.account), entry.event
        if loaders is None or isinstance(event, events.LinkEvent):
            return None
        return cls(
            loaders=loaders,
            of=event,
            position=entry.position,
            kind=ClickEventKind.GAP if event is None else ClickEventKind.CLICKED,
            count=0 if event is None else event.count,
            country=None if event is None else event.country,
            device=None if event is None else event.device,
            referrer=None if event is None else event.referrer,
        )


_KINDS: Final[Mapping[str, LinkEventKind]] = {each.name: each for each in LinkEventKind}

"""A subscriber, and a delivery to it."""

from dataclasses import dataclass, field
from datetime import datetime
from enum import Enum

from linkweave.events.events import ClickEvent, Event
from linkweave.models import LinkFilter


class SubscriberEvent(Enum):
    """What a subscriber is told. The value is the `type` of the message."""

    LINK_CREATED = "link.created"
    LINK_UPDATED = "link.updated"
    LINK_DELETED = "link.deleted"
    LINK_RESTORED = "link.restored"
    LINK_CLICKED = "link.clicked"


class SubscriberState(Enum):
    """Whether a subscriber is told of events. One that is PARKED is not, until somebody resumes it."""

    ACTIVE = "ACTIVE"
    FAILING = "FAILING"
    PARKED = "PARKED"


@dataclass(frozen=True, slots=True)
class Subscriber:
    """An address that `client` wants to be told of `events`. `accounts` is None for all that the client may see.

    `fingerprint` is of the secret with which messages are signed. `attempts` of the delivery at hand have failed since
    `failing_since`, the last one because of `error`; the next one is at `next_at`. `lost` says that events were not
    stored, because too many waited.
    """

    id: str
    client: str
    url: str = field(repr=False)
    events: frozenset[SubscriberEvent]
    accounts: tuple[str, ...] | None
    filter: LinkFilter
    fingerprint: str
    created_at: datetime
    is_parked: bool = False
    lost: bool = False
    attempts: int = 0
    next_at: datetime | None = None
    failing_since: datetime | None = None
    error: str | None = None
    last_delivered_at: datetime | None = None

    @property
    def state(self) -> SubscriberState:
        """Whether it is told of events, and whether that works."""
        if self.is_parked:
            return SubscriberState.PARKED
        return SubscriberState.FAILING if self.attempts else SubscriberState.ACTIVE

    def wants(self, event: Event) -> bool:
        """Whether it is to be told of `event`, as far as kind and account say."""
        return event_name(event) in self.events and (self.accounts is None or event.account in self.accounts)


@dataclass(frozen=True, slots=True)
class Delivery:
    """A message that waits. `event` is None for a gap: events before it were not stored."""

    id: int
    message_id: str
    event: Event | None
    stored_at: datetime


def event_name(event: Event) -> SubscriberEvent:
    """Returns the name of an event."""
    if isinstance(event, ClickEvent):
        return SubscriberEvent.LINK_CLICKED
    return SubscriberEvent(f"link.{event.kind.value.lower()}")

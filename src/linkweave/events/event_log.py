"""The log of events: what is published, and who listens."""

import secrets
from collections.abc import Iterable, Sequence
from typing import Final, Protocol

from linkweave.events.events import Event, Topic, topic_of
from linkweave.events.recent_events import Channel, RecentEvents
from linkweave.events.subscriber import Subscriber

_EPOCH_BYTES: Final = 8


class EventLog(Protocol):
    """A bounded log per account and topic."""

    def publish(self, events: Sequence[Event]) -> None:
        """Adds `events`, in this order. Never waits, and never raises."""
        ...

    async def subscribe(self, topic: Topic, accounts: Iterable[str], after: str | None) -> Subscriber:
        """Returns a subscriber to the events of `accounts`: those after the position `after`, then those to come.

        Events that the log does not have any more are told as an entry without an event, before those after them.
        """
        ...

    async def close(self) -> None:
        """Sends what waits to be sent, as far as there is time."""
        ...


class ProcessEventLog:
    """A log in the memory of this process."""

    def __init__(self) -> None:
        self._recent = RecentEvents(secrets.token_hex(_EPOCH_BYTES))

    def publish(self, events: Sequence[Event]) -> None:
        """Adds `events`."""
        for event in events:
            self._recent.append(Channel(topic_of(event), event.account), self._recent.next_number(), event)

    async def subscribe(self, topic: Topic, accounts: Iterable[str], after: str | None) -> Subscriber:
        """Returns a subscriber."""
        return self._recent.listen(topic, accounts, after)

    async def close(self) -> None:
        """Does nothing: the log ends with the process."""

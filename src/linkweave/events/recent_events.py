"""The latest events of each account and topic, and the subscribers of this process."""

from collections import deque
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Final, NamedTuple

from linkweave.events.events import Event, Topic
from linkweave.events.positions import Position
from linkweave.events.subscriber import Entry, Subscriber

KEPT_EVENTS: Final = 1_000
"""Number of events that are kept of each account and topic."""


# The place of a gap before others: whoever comes back after it is told all of them again.
_BEFORE_GAPS: Final = Position("0", 0)


class Channel(NamedTuple):
    """The events of one topic at one account."""

    topic: Topic
    account: str


@dataclass(slots=True)
class _Ring:
    """The latest entries of a channel. `lost` is the number of the last one that is not kept; 0 for none."""

    entries: deque[Entry] = field(default_factory=deque)
    subscribers: set[Subscriber] = field(default_factory=set)
    lost: int = 0
    last: int = 0


class RecentEvents:
    """The log that began as `epoch`, as far as it is kept. Nothing here waits."""

    def __init__(self, epoch: str) -> None:
        self.epoch = epoch
        self._number = 0
        self._rings: dict[Channel, _Ring] = {}

    @property
    def listened(self) -> frozenset[Channel]:
        """The channels that have subscribers."""
        return frozenset(channel for channel, ring in self._rings.items() if ring.subscribers)

    def next_number(self) -> int:
        """Returns the number for the next entry of a log that only this process writes."""
        return self._number + 1

    def last_number(self, channel: Channel) -> int:
        """Returns the number of the latest entry of `channel`; 0 where there is none."""
        ring = self._rings.get(channel)
        return 0 if ring is None else ring.last

    def append(self, channel: Channel, number: int, event: Event | None) -> None:
        """Adds an event, or None for a gap: events that were lost before."""
        ring = self._ring(channel)
        self._number = max(self._number, number)
        ring.last = number
        entry = Entry(Position(self.epoch, number), channel.account, event)
        if event is None:
            # What is kept from before the gap cannot be told apart from what is missing there.
            ring.entries.clear()
            ring.lost = number
        else:
            ring.entries.append(entry)
            if len(ring.entries) > KEPT_EVENTS:
                ring.lost = ring.entries.popleft().position.number
        for subscriber in tuple(ring.subscribers):
            subscriber.put(entry)

    def forget(self, epoch: str, *, tell: bool) -> None:
        """Begins as another log, without an entry. With `tell`, subscribers learn that they may have missed events."""
        self.epoch, self._number = epoch, 0
        missed: dict[Subscriber, list[Channel]] = {}
        for channel, ring in self._rings.items():
            ring.entries.clear()
            ring.lost = ring.last = 0
            for subscriber in ring.subscribers if tell else ():
                missed.setdefault(subscriber, []).append(channel)
        for subscriber, channels in missed.items():
            for gap in self._gaps(channels):
                subscriber.put(gap)

    def drop(self, channel: Channel) -> None:
        """Forgets a channel that has no subscribers."""
        ring = self._rings.get(channel)
        if ring is not None and not ring.subscribers:
            del self._rings[channel]

    def listen(self, topic: Topic, accounts: Iterable[str], after: str | None) -> Subscriber:
        """Returns a subscriber to the events of `accounts`: those after the position `after`, then those to come.

        What is not kept of them is told as a gap.
        """
        channels = [Channel(topic, account) for account in accounts]
        rings = [self._ring(channel) for channel in channels]
        replayed = [] if after is None else sorted(self._replay(channels, after), key=_number)

        def leave(subscriber: Subscriber) -> None:
            for ring in rings:
                ring.subscribers.discard(subscriber)

        subscriber = Subscriber(replayed, leave)
        for ring in rings:
            ring.subscribers.add(subscriber)
        return subscriber

    def _gaps(self, channels: Sequence[Channel]) -> Iterator[Entry]:
        """Yields a gap for each channel. Only the last one has the place after all of them."""
        for channel in channels:
            is_last = channel is channels[-1]
            yield Entry(Position(self.epoch, self._number) if is_last else _BEFORE_GAPS, channel.account, None)

    def _replay(self, channels: Sequence[Channel], after: str) -> Iterator[Entry]:
        position = Position.parse(after)
        if position is None or position.epoch != self.epoch or position.number > self._number:
            yield from self._gaps(channels)
            return
        for channel in channels:
            ring = self._ring(channel)
            if ring.lost > position.number:
                yield Entry(Position(self.epoch, ring.lost), channel.account, None)
            yield from (entry for entry in ring.entries if entry.position.number > position.number)

    def _ring(self, channel: Channel) -> _Ring:
        return self._rings.setdefault(channel, _Ring())


def _number(entry: Entry) -> int:
    return entry.position.number

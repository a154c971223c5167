"""Stores events as deliveries, for the subscribers that want them."""

import asyncio
import logging
from collections import deque
from collections.abc import Sequence
from contextvars import Context
from datetime import datetime
from itertools import islice
from secrets import token_urlsafe
from typing import Any, Final

from sqlalchemy import func, insert, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from linkweave.catalog.database import Database
from linkweave.catalog.outages import MAX_REFUSALS, Outage
from linkweave.catalog.subscribers.subscriber_rows import to_subscriber
from linkweave.catalog.subscribers.subscribers import Subscriber
from linkweave.catalog.tables import DELIVERIES, SUBSCRIBERS
from linkweave.clock import Clock
from linkweave.errors import CatalogUnavailableError
from linkweave.events.encoding import GAP, ReportLost, encode
from linkweave.events.events import Event, Topic, topic_of

MAX_WAITING: Final = 10_000
"""Maximum number of deliveries that wait for one subscriber. Further events are lost, which it is told."""
KNOWN_SECONDS: Final = 5.0
"""Seconds for which the subscribers are not read again. One that another process made misses the events until then."""
MAX_UNSTORED: Final = 10_000
"""Maximum number of events that wait while the database cannot be used. Further events are lost for all subscribers."""
_BATCH: Final = 250
_RETRY_SECONDS: Final = 1.0
_CLOSE_SECONDS: Final = 2.0
_LOG: Final = logging.getLogger("linkweave.subscribers")


class Outbox:
    """Stores events. `stored` is set when there is something to deliver."""

    def __init__(
        self,
        database: Database,
        clock: Clock,
        max_waiting: int = MAX_WAITING,
        report_lost: ReportLost = lambda *_: None,
    ) -> None:
        self._database = database
        self._clock = clock
        self._max_waiting = max_waiting
        self._report_lost = report_lost
        self._waiting: deque[Event] = deque()
        self._has_lost = False
        self._task: asyncio.Task[None] | None = None
        self._known: tuple[Subscriber, ...] = ()
        self._known_until = 0.0
        self.stored = asyncio.Event()

    def publish(self, events: Sequence[Event]) -> None:
        """Stores `events`, some time later. Never waits, and never raises."""
        if self._clock.monotonic() < self._known_until and not self._known:
            return
        # What is behind a gap waits until the gap is told.
        room = 0 if self._has_lost else MAX_UNSTORED - len(self._waiting)
        self._waiting.extend(events[:room])
        if len(events) > room:
            self._lose(f"{MAX_UNSTORED} wait for the database")
        if (self._waiting or self._has_lost) and (self._task is None or self._task.done()):
            # The task outlives the request that starts it, and has nothing of its context.
            self._task = asyncio.get_running_loop().create_task(self._store_all(), context=Context())

    def forget_subscribers(self) -> None:
        """Reads the subscribers again for the next event: one of them has changed."""
        self._known_until = 0.0

    async def close(self) -> None:
        """Stores what waits, as far as there is time."""
        if self._task is not None:
            await asyncio.wait({self._task}, timeout=_CLOSE_SECONDS)
            self._task.cancel()
            await asyncio.gather(self._task, return_exceptions=True)

    async def _store_all(self) -> None:
        refusals = 0
        while self._waiting or self._has_lost:
            batch = list(islice(self._waiting, _BATCH))
            failure = await self._attempt(batch)
            refusals += failure is not None and not failure.lasts
            if refusals == MAX_REFUSALS:
                self._lose("the database refuses them")
            if failure is None or refusals == MAX_REFUSALS:
                refusals = 0
                for _ in batch:
                    self._waiting.popleft()
            if failure is not None:
                await self._clock.sleep(_RETRY_SECONDS)

    async def _attempt(self, events: Sequence[Event]) -> Outage | None:
        """Stores events, or that some are lost. Returns the failure after which it makes sense to try again."""
        try:
            await (self._store(events) if events else self._tell_of_lost())
        except CatalogUnavailableError as error:
            return Outage(error.reason, error.lasts)
        except Exception:  # noqa: BLE001 - the next events are stored
            _LOG.exception("subscribers: events could not be stored")
            return Outage("an unexpected error", lasts=False)
        return None

    def _lose(self, reason: str) -> None:
        if not self._has_lost:
            _LOG.warning("subscribers: events are lost: %s", reason)
        self._has_lost = True

    async def _tell_of_lost(self) -> None:
        async with self._database.write() as connection:
            await connection.execute(update(SUBSCRIBERS).where(SUBSCRIBERS.c.is_parked.is_(False)).values(lost=True))
        self._has_lost = False
        self.stored.set()

    async def _store(self, events: Sequence[Event]) -> None:
        wanting = [each for each in await self._subscribers() if any(each.wants(event) for event in events)]
        if not wanting:
            return
        now = self._clock.now()
        async with self._database.write() as connection:
            for subscriber in wanting:
                wanted = [each for each in events if subscriber.wants(each)]
                await self._store_for(connection, subscriber, wanted, now)
        self.stored.set()

    async def _store_for(
        self, connection: AsyncConnection, subscriber: Subscriber, events: Sequence[Event], now: datetime
    ) -> None:
        own = SUBSCRIBERS.c.id == subscriber.id
        # It may have been deleted, or parked, since it was read. The lock keeps it until the rows are stored.
        query = select(SUBSCRIBERS.c.lost).where(own, SUBSCRIBERS.c.is_parked.is_(False)).with_for_update()
        lost = await connection.scalar(query)
        if lost is None:
            return
        waiting = await connection.scalar(select(func.count()).where(DELIVERIES.c.subscriber_id == subscriber.id)) or 0
        # What is behind a gap waits until the gap is told.
        room = 0 if lost else max(0, self._max_waiting - waiting)
        rows = [_row(subscriber.id, topic_of(event), encode(event, self._report_lost), now) for event in events[:room]]
        if rows:
            await connection.execute(insert(DELIVERIES), rows)
        if len(events) > room and not lost:
            await connection.execute(update(SUBSCRIBERS).where(own).values(lost=True))
            _LOG.warning("subscriber %s: events are lost, because %d wait", subscriber.id, self._max_waiting)

    async def _subscribers(self) -> tuple[Subscriber, ...]:
        now = self._clock.monotonic()
        if now >= self._known_until:
            async with self._database.read() as connection:
                rows = await connection.execute(select(SUBSCRIBERS).where(SUBSCRIBERS.c.is_parked.is_(False)))
                self._known = tuple(map(to_subscriber, rows))
            self._known_until = now + KNOWN_SECONDS
        return self._known


async def store_gap(connection: AsyncConnection, subscriber_id: str, now: datetime) -> None:
    """Stores a delivery that tells of missing events."""
    await connection.execute(insert(DELIVERIES).values(_row(subscriber_id, Topic.LINKS, GAP, now)))


def _row(subscriber_id: str, topic: Topic, event: bytes, now: datetime) -> dict[str, Any]:
    message_id = f"msg_{token_urlsafe(18)}"
    columns = {"subscriber_id": subscriber_id, "message_id": message_id, "topic": topic.value}
    return {**columns, "event": event, "stored_at": now}

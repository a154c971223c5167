"""Delivers what waits for subscribers that no other process serves, as long as the gateway runs."""

import asyncio
import logging
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime, timedelta
from secrets import token_hex
from typing import Final

from linkweave.catalog.subscribers.outbox import Outbox
from linkweave.catalog.subscribers.subscriber_store import SubscriberStore
from linkweave.catalog.subscribers.subscribers import Delivery, Subscriber
from linkweave.clock import Clock
from linkweave.errors import CatalogUnavailableError
from linkweave.events.events import Event
from linkweave.gather.listing.residual_filters import residual_predicates
from linkweave.gather.rights import Rights
from linkweave.gather.subscribers.messages import LinkId, message_of
from linkweave.gather.subscribers.sender import SendResult
from linkweave.gather.subscribers.signing import fingerprint, signed_headers, signing_secret
from linkweave.gather.subscribers.tools import SubscriberTools
from linkweave.jobs.waiting import wait_for
from linkweave.observability import Observer
from linkweave.settings import Scope

MAX_AT_ONCE: Final = 8
"""Maximum number of subscribers to which this process delivers at the same time."""
POLL_SECONDS: Final = 5.0
"""Seconds between two looks for subscribers that another process left, or whose next attempt has come."""
PARKED_AFTER: Final = timedelta(days=1)
"""How long a delivery is tried again."""
PAUSES: Final = (5, 30, 120, 600, 1_800, 3_600, 7_200, 14_400)
"""Seconds before each further attempt; the last one is repeated."""
# Deliveries to one subscriber before others get a turn.
_TURN: Final = 100
_LOG: Final = logging.getLogger("linkweave.subscribers")
_NO_RIGHTS: Final = "the client who made it is not in the configuration any more, or may not read any more"
_OTHER_SECRET: Final = "the secret of [hooks] has changed: delete the subscriber, and make another one"  # noqa: S105 - a message


@dataclass(frozen=True, slots=True)
class DeliveryTools:
    """What a delivery needs."""

    store: SubscriberStore
    outbox: Outbox
    subscribers: SubscriberTools
    link_id: LinkId
    observer: Observer
    clock: Clock


class Deliverer:
    """Serves subscribers, each by one process at a time, and its deliveries one after the other."""

    def __init__(self, tools: DeliveryTools) -> None:
        self._tools = tools
        # The name of this process in the database.
        self._owner = token_hex(16)

    async def work(self) -> None:
        """Delivers until it is cancelled. It then leaves its subscribers to other processes."""
        stored = self._tools.outbox.stored
        while True:
            await self.deliver_due()
            await wait_for(stored, POLL_SECONDS, self._tools.clock)

    async def deliver_due(self) -> None:
        """Delivers until nothing is due."""
        running: set[asyncio.Task[None]] = set()
        stored = self._tools.outbox.stored
        try:
            while True:
                stored.clear()
                while len(running) < MAX_AT_ONCE and (subscriber := await self._acquire()) is not None:
                    running.add(asyncio.create_task(self._serve_leased(subscriber)))
                if not running:
                    return
                running = await _wait(running, stored)
        finally:
            for task in running:
                task.cancel()
            await asyncio.gather(*running, return_exceptions=True)

    async def _acquire(self) -> Subscriber | None:
        try:
            return await self._tools.store.acquire(self._owner, self._tools.clock.now())
        except CatalogUnavailableError:
            # The database itself logs it.
            return None

    async def _serve_leased(self, subscriber: Subscriber) -> None:
        try:
            await self._serve(subscriber)
        except CatalogUnavailableError as error:
            # What was sent and not stored is sent again.
            _LOG.warning("subscriber %s: left, because %s", subscriber.id, error)
        except Exception:  # noqa: BLE001 - others are served
            _LOG.exception("subscriber %s: left", subscriber.id)
            # Where that cannot be stored, the next attempt comes at once.
            with suppress(CatalogUnavailableError):
                await self._fail(subscriber, SendResult(error="an unexpected error, which is in the gateway's log"))
        finally:
            await self._release(subscriber)

    async def _release(self, subscriber: Subscriber) -> None:
        try:
            await self._tools.store.release(subscriber.id, self._owner)
        except CatalogUnavailableError:
            # The lease expires.
            return

    async def _serve(self, subscriber: Subscriber) -> None:
        tools = self._tools
        for _ in range(_TURN):
            delivery = await tools.store.next_delivery(subscriber.id, tools.clock.now())
            if delivery is None:
                return
            rights = tools.subscribers.rights_of(subscriber.client)
            signing = signing_secret(tools.subscribers.secret, subscriber.id)
            if rights is None or Scope.READ not in rights.scopes:
                await self._fail(subscriber, SendResult(error=_NO_RIGHTS, is_final=True))
                return
            if fingerprint(signing) != subscriber.fingerprint:
                await self._fail(subscriber, SendResult(error=_OTHER_SECRET, is_final=True))
                return
            if not await self._deliver(subscriber, delivery, rights, signing):
                return

    async def _deliver(self, subscriber: Subscriber, delivery: Delivery, rights: Rights, signing: str) -> bool:
        """Returns whether the next delivery may follow."""
        tools, at = self._tools, None
        if delivery.event is None or _is_for(subscriber, delivery.event, rights):
            body = message_of(delivery, tools.link_id)
            headers = signed_headers(signing, delivery.message_id, tools.clock.now(), body)
            result = await tools.subscribers.sender.send(subscriber.url, headers, body)
            if result.error is not None:
                await self._fail(subscriber, result)
                return False
            at = tools.clock.now()
            tools.observer.delivery_ended("delivered")
        return await tools.store.delivered(subscriber.id, self._owner, delivery.id, at)

    async def _fail(self, subscriber: Subscriber, result: SendResult) -> None:
        """Stores a failure. Reads the subscriber again, because its deliveries before may have arrived."""
        tools, now = self._tools, self._tools.clock.now()
        current = await tools.store.find(subscriber.id, subscriber.client)
        if current is None:
            return
        next_at = None if result.is_final else next_attempt(current, result, now)
        await tools.store.failed(current, self._owner, result.error or "", now, next_at)
        tools.observer.delivery_ended("failed" if next_at else "parked")
        if next_at is None:
            tools.outbox.forget_subscribers()
            _LOG.warning("subscriber %s: parked, because %s", subscriber.id, result.error)


def next_attempt(subscriber: Subscriber, result: SendResult, now: datetime) -> datetime | None:
    """Returns when a delivery is tried again; None where it was tried for long enough."""
    if subscriber.failing_since is not None and now - subscriber.failing_since >= PARKED_AFTER:
        return None
    pause = max(PAUSES[min(subscriber.attempts, len(PAUSES) - 1)], result.retry_after or 0)
    return now + timedelta(seconds=pause)


async def _wait(running: set[asyncio.Task[None]], stored: asyncio.Event) -> set[asyncio.Task[None]]:
    """Waits until a task has ended, or until more is stored. Returns the tasks that still run."""
    more = asyncio.ensure_future(stored.wait())
    try:
        await asyncio.wait({*running, more}, return_when=asyncio.FIRST_COMPLETED)
    finally:
        more.cancel()
    return {task for task in running if not task.done()}


def _is_for(subscriber: Subscriber, event: Event, rights: Rights) -> bool:
    """Whether the client may see the event, and wants it."""
    if not rights.may_see(event.account) or not subscriber.wants(event):
        return False
    predicates = residual_predicates(subscriber.filter, frozenset())
    link = event.link
    return not predicates or (link is not None and all(matches(link) for matches in predicates))

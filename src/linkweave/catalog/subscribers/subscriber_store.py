"""Stores subscribers, and what became of their deliveries."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final

from sqlalchemy import ColumnElement, and_, delete, exists, func, insert, or_, select, update

from linkweave.catalog.database import Database
from linkweave.catalog.subscribers.outbox import store_gap
from linkweave.catalog.subscribers.subscriber_rows import to_columns, to_delivery, to_subscriber
from linkweave.catalog.subscribers.subscribers import Delivery, Subscriber
from linkweave.catalog.tables import DELIVERIES, SUBSCRIBERS

LEASE_SECONDS: Final = 60.0
"""Seconds after which another process goes on with a subscriber whose process was killed."""
_CANDIDATES: Final = 20


@dataclass(frozen=True, slots=True)
class SubscriberStore:
    """Subscribers by their ids. Every method raises CatalogUnavailableError where the database cannot be used."""

    database: Database

    async def create(self, subscriber: Subscriber, limit: int) -> bool:
        """Stores a new subscriber. Returns False where its client has `limit` of them already."""
        async with self.database.write() as connection:
            count = await connection.scalar(select(func.count()).where(SUBSCRIBERS.c.client == subscriber.client))
            if (count or 0) >= limit:
                return False
            await connection.execute(insert(SUBSCRIBERS).values(to_columns(subscriber)))
        return True

    async def of_client(self, client: str) -> list[Subscriber]:
        """Returns the subscribers that a client has made, oldest first."""
        query = select(SUBSCRIBERS).where(SUBSCRIBERS.c.client == client)
        async with self.database.read() as connection:
            rows = await connection.execute(query.order_by(SUBSCRIBERS.c.created_at, SUBSCRIBERS.c.id))
            return [to_subscriber(row) for row in rows]

    async def find(self, subscriber_id: str, client: str) -> Subscriber | None:
        """Returns the subscriber with this id, if `client` has made it."""
        own = SUBSCRIBERS.c.id == subscriber_id, SUBSCRIBERS.c.client == client
        async with self.database.read() as connection:
            row = (await connection.execute(select(SUBSCRIBERS).where(*own))).one_or_none()
        return None if row is None else to_subscriber(row)

    async def waiting(self, subscriber_id: str) -> int:
        """Returns the number of deliveries that wait."""
        query = select(func.count()).where(DELIVERIES.c.subscriber_id == subscriber_id)
        async with self.database.read() as connection:
            return int(await connection.scalar(query) or 0)

    async def delete(self, subscriber_id: str) -> None:
        """Deletes a subscriber and what waits for it."""
        async with self.database.write() as connection:
            await connection.execute(delete(DELIVERIES).where(DELIVERIES.c.subscriber_id == subscriber_id))
            await connection.execute(delete(SUBSCRIBERS).where(SUBSCRIBERS.c.id == subscriber_id))

    async def resume(self, subscriber_id: str, now: datetime) -> None:
        """Tries again at once. A subscriber that was parked is told that it may have missed events."""
        own = SUBSCRIBERS.c.id == subscriber_id
        again = {"attempts": 0, "next_at": None, "failing_since": None, "error": None, "is_parked": False}
        async with self.database.write() as connection:
            was_parked = await connection.scalar(select(SUBSCRIBERS.c.is_parked).where(own).with_for_update())
            await connection.execute(update(SUBSCRIBERS).where(own).values(again))
            if was_parked:
                await store_gap(connection, subscriber_id, now)

    async def acquire(self, owner: str, now: datetime) -> Subscriber | None:
        """Returns a subscriber that has something to get, and that no process serves; None where there is none."""
        free = _is_due(now)
        async with self.database.read() as connection:
            query = select(SUBSCRIBERS.c.id).where(free).order_by(SUBSCRIBERS.c.next_at).limit(_CANDIDATES)
            ids = (await connection.execute(query)).scalars().all()
        lease = {"lease_owner": owner, "lease_ends_at": now + timedelta(seconds=LEASE_SECONDS)}
        for each in ids:
            async with self.database.write() as connection:
                own = SUBSCRIBERS.c.id == each
                done = await connection.execute(update(SUBSCRIBERS).where(own, free).values(lease))
                # Another process may have taken it since it was read.
                if done.rowcount == 1:
                    return to_subscriber((await connection.execute(select(SUBSCRIBERS).where(own))).one())
        return None

    async def next_delivery(self, subscriber_id: str, now: datetime) -> Delivery | None:
        """Returns the oldest delivery. Behind the last one, events that are lost are told as a gap."""
        async with self.database.read() as connection:
            row = (await connection.execute(_oldest(subscriber_id))).one_or_none()
            own = SUBSCRIBERS.c.id == subscriber_id
            lost = row is None and await connection.scalar(select(SUBSCRIBERS.c.lost).where(own))
        if lost:
            async with self.database.write() as connection:
                await connection.execute(update(SUBSCRIBERS).where(own).values(lost=False))
                await store_gap(connection, subscriber_id, now)
                row = (await connection.execute(_oldest(subscriber_id))).one_or_none()
        return None if row is None else to_delivery(row)

    async def delivered(self, subscriber_id: str, owner: str, delivery_id: int, at: datetime | None) -> bool:
        """Removes a delivery that has arrived `at` some moment; None for one that was left out.

        Returns False where another process serves the subscriber by now.
        """
        values: dict[str, Any] = {"attempts": 0, "next_at": None, "failing_since": None, "error": None}
        if at is not None:
            values |= {"last_delivered_at": at, "lease_ends_at": at + timedelta(seconds=LEASE_SECONDS)}
        async with self.database.write() as connection:
            done = await connection.execute(update(SUBSCRIBERS).where(_is_owned(subscriber_id, owner)).values(values))
            if done.rowcount == 1:
                await connection.execute(delete(DELIVERIES).where(DELIVERIES.c.id == delivery_id))
        return done.rowcount == 1

    async def failed(
        self, subscriber: Subscriber, owner: str, error: str, now: datetime, next_at: datetime | None
    ) -> None:
        """Stores why a delivery failed, and when it is tried again; None parks the subscriber."""
        values = {
            "attempts": SUBSCRIBERS.c.attempts + 1,
            "failing_since": subscriber.failing_since or now,
            "error": error,
            "next_at": next_at,
            "is_parked": next_at is None,
        }
        async with self.database.write() as connection:
            await connection.execute(update(SUBSCRIBERS).where(_is_owned(subscriber.id, owner)).values(values))

    async def release(self, subscriber_id: str, owner: str) -> None:
        """Lets any process serve the subscriber."""
        async with self.database.write() as connection:
            owned = update(SUBSCRIBERS).where(_is_owned(subscriber_id, owner))
            await connection.execute(owned.values(lease_owner=None, lease_ends_at=None))


def _oldest(subscriber_id: str) -> Any:
    query = select(DELIVERIES).where(DELIVERIES.c.subscriber_id == subscriber_id)
    return query.order_by(DELIVERIES.c.id).limit(1)


def _is_owned(subscriber_id: str, owner: str) -> ColumnElement[bool]:
    return and_(SUBSCRIBERS.c.id == subscriber_id, SUBSCRIBERS.c.lease_owner == owner)


def _is_due(now: datetime) -> ColumnElement[bool]:
    columns = SUBSCRIBERS.c
    # A lease that ends later than any does was taken before the clock went back.
    latest = now + timedelta(seconds=LEASE_SECONDS)
    is_free = or_(columns.lease_ends_at.is_(None), columns.lease_ends_at <= now, columns.lease_ends_at > latest)
    has_more = or_(columns.lost.is_(True), exists().where(DELIVERIES.c.subscriber_id == columns.id))
    return and_(columns.is_parked.is_(False), or_(columns.next_at.is_(None), columns.next_at <= now), is_free, has_more)

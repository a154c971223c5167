"""Subscribers and deliveries as rows of the database."""

from typing import Any, Final

from pydantic import TypeAdapter
from sqlalchemy import Row

from linkweave.catalog.subscribers.subscribers import Delivery, Subscriber, SubscriberEvent
from linkweave.events.encoding import decode
from linkweave.events.events import Topic
from linkweave.models import LinkFilter

_FILTER: Final = TypeAdapter(LinkFilter)


def to_columns(subscriber: Subscriber) -> dict[str, Any]:
    """Returns the columns of a new subscriber."""
    return {
        "id": subscriber.id,
        "client": subscriber.client,
        "url": subscriber.url,
        "events": sorted(event.value for event in subscriber.events),
        "accounts": None if subscriber.accounts is None else list(subscriber.accounts),
        "filter": _FILTER.dump_python(subscriber.filter, mode="json"),
        "fingerprint": subscriber.fingerprint,
        "created_at": subscriber.created_at,
    }


def to_subscriber(row: Row[Any]) -> Subscriber:
    """Returns the subscriber of a row."""
    return Subscriber(
        row.id,
        row.client,
        row.url,
        frozenset(SubscriberEvent(name) for name in row.events),
        None if row.accounts is None else tuple(row.accounts),
        _FILTER.validate_python(row.filter),
        row.fingerprint,
        row.created_at,
        row.is_parked,
        row.lost,
        row.attempts,
        row.next_at,
        row.failing_since,
        row.error,
        row.last_delivered_at,
    )


def to_delivery(row: Row[Any]) -> Delivery:
    """Returns the delivery of a row. What another version of Linkweave has stored is a gap."""
    return Delivery(row.id, row.message_id, decode(Topic(row.topic), row.event), row.stored_at)

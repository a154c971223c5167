"""The messages to subscribers, as JSON."""

from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any, Final, TypeAlias

import orjson

from linkweave.catalog.subscribers.subscribers import Delivery, event_name
from linkweave.events.events import ClickEvent, Event
from linkweave.models import Link

# Returns the global ID of the link with a handle at an account.
LinkId: TypeAlias = Callable[[str, str], str]

GAP: Final = "gap"
TEST: Final = "test"


def message_of(delivery: Delivery, link_id: LinkId) -> bytes:
    """Returns the body of a message."""
    event = delivery.event
    if event is None:
        return _body(GAP, delivery.stored_at, {})
    return _body(event_name(event).value, event.at, {**_of_event(event, link_id), **_details(event)})


def check_message(at: datetime) -> bytes:
    """Returns the body of a message that only shows whether messages arrive."""
    return _body(TEST, at, {})


def _body(kind: str, at: datetime, data: Mapping[str, Any]) -> bytes:
    return orjson.dumps({"type": kind, "timestamp": at, "data": data}, option=orjson.OPT_UTC_Z)


def _of_event(event: Event, link_id: LinkId) -> dict[str, Any]:
    return {
        "account": event.account,
        "linkId": link_id(event.account, event.handle),
        "seenBy": event.seen_by.value,
        "link": None if event.link is None else _link(event.link),
    }


def _details(event: Event) -> dict[str, Any]:
    if isinstance(event, ClickEvent):
        visitor = {"country": event.country, "device": event.device, "referrer": event.referrer}
        return {"count": event.count, **visitor}
    fields = [{"name": name, "before": before, "after": after} for name, (before, after) in event.fields.items()]
    return {"fields": fields}


def _link(link: Link) -> dict[str, Any]:
    return {
        "shortUrl": link.short_url,
        "slug": link.slug,
        "destination": link.destination,
        "domain": link.domain,
        "title": link.title,
        "note": link.note,
        "tags": link.tags,
        "createdAt": link.created_at,
        "archived": link.archived,
        "externalId": link.external_id,
    }

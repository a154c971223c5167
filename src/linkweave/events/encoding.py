"""Events as JSON, for the processes that share a log."""

from functools import cache
from typing import Final

from pydantic import TypeAdapter, ValidationError
from pydantic_core import PydanticSerializationError

from linkweave.events.events import ClickEvent, Event, LinkEvent, Topic, topic_of

GAP: Final = b""
"""Stands for events that are not in the log."""


def encode(event: Event) -> bytes:
    """Returns `event` as JSON; GAP where a text of it cannot be written as UTF-8."""
    try:
        return _adapter(topic_of(event)).dump_json(event)
    except (PydanticSerializationError, UnicodeEncodeError):
        return GAP


def decode(topic: Topic, text: bytes) -> Event | None:
    """Returns the event in `text`; None for GAP, and for what another version has written."""
    try:
        return None if text == GAP else _adapter(topic).validate_json(text)
    except ValidationError:
        return None


@cache
def _adapter(topic: Topic) -> TypeAdapter[Event]:
    # It takes some milliseconds, which a process that shares no events does not need.
    kind: type[Event] = LinkEvent if topic is Topic.LINKS else ClickEvent
    return TypeAdapter(kind)

"""Events as JSON, for the processes that share a log."""

from collections.abc import Mapping
from functools import cache
from typing import Any, Final

from pydantic import TypeAdapter, ValidationError
from pydantic_core import PydanticSerializationError

from linkweave.events.events import ClickEvent, Event, LinkEvent, Topic, topic_of

GAP: Final = b""
"""Stands for events that are not in the log."""


def encode(event: Event) -> bytes:
    """Returns `event` as JSON; GAP where a text of it cannot be written as UTF-8."""
    try:
        return _adapter(topic_of(event)).dump_json(event, fallback=_plain, warnings=False)
    except (PydanticSerializationError, UnicodeEncodeError):
        return GAP


def decode(topic: Topic, text: bytes) -> Event | None:
    """Returns the event in `text`; None for GAP, and for what another version has written."""
    try:
        return None if text == GAP else _adapter(topic).validate_json(text)
    except ValidationError:
        return None


def _plain(value: Any) -> Any:
    # Pydantic does not know the read-only mappings of links.
    if isinstance(value, Mapping):
        return dict(value)
    raise PydanticSerializationError(f"{type(value).__name__} is no JSON")


@cache
def _adapter(topic: Topic) -> TypeAdapter[Event]:
    # It takes some milliseconds, which a process that shares no events does not need.
    kind: type[Event] = LinkEvent if topic is Topic.LINKS else ClickEvent
    return TypeAdapter(kind)

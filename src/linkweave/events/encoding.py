"""Events as JSON, for the processes that share a log."""

import logging
from collections.abc import Callable, Mapping
from functools import cache
from typing import Any, Final, TypeAlias

from pydantic import TypeAdapter, ValidationError
from pydantic_core import PydanticSerializationError

from linkweave.events.events import ClickEvent, Event, LinkEvent, Topic, topic_of

GAP: Final = b""
"""Stands for events that are not in the log."""


ReportLost: TypeAlias = Callable[[str, str], None]
"""Takes the account and the topic of an event that becomes a gap."""


def encode(event: Event, report_lost: ReportLost) -> bytes:
    """Returns `event` as JSON; GAP where a text of it cannot be written as UTF-8, which is reported and logged."""
    topic = topic_of(event)
    try:
        return _adapter(topic).dump_json(event, fallback=_plain, warnings=False)
    except (PydanticSerializationError, UnicodeEncodeError) as error:
        # The words of the error may quote a text of the link.
        kind = event.kind.value if isinstance(event, LinkEvent) else "CLICKED"
        message = "%s: an event of the kind %s cannot be written as JSON (%s), and is told as a gap"
        logging.getLogger("linkweave").error(message, event.account, kind, type(error).__name__)  # noqa: TRY400 - as above
        report_lost(event.account, topic.value)
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

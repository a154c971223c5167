"""What a log line may hold: known keys with plain values. Everything else stays out of it, whoever passes it."""

import json
import sys
from collections.abc import Mapping
from datetime import UTC, datetime
from functools import lru_cache
from typing import Final

import orjson
from structlog.dev import ConsoleRenderer
from structlog.typing import EventDict, WrappedLogger

from linkweave.observability.logging.secret_masks import Masks

# docs/operations.md says what each is.
KEYS: Final = frozenset(
    {
        "account",
        "address",
        "answered",
        "at",
        "cache",
        "calls",
        "client",
        "code",
        "cost",
        "errors",
        "event",
        "exception",
        "fresh",
        "hash",
        "kind",
        "level",
        "logger",
        "misses",
        "ms",
        "operation",
        "outcome",
        "problem",
        "request",
        "sources",
        "stale",
        "state",
        "status",
        "version",
        "workers",
    }
)
_LONGEST: Final = 4_000
_JSON: Final = orjson.OPT_UTC_Z
_PLAIN: Final = frozenset({str, int, float, bool, type(None)})


def plain(value: object) -> object:
    """`value` where it is text, a number, or a flat table or list of those; else only what kind of thing it is."""
    if type(value) is str:
        return value if len(value) <= _LONGEST else f"{value[:_LONGEST]}…"
    if type(value) in _PLAIN:
        return value
    if isinstance(value, Mapping):
        return {str(key): _flat(each) for key, each in value.items()}
    if isinstance(value, list | tuple):
        return [_flat(each) for each in value]
    return f"<{type(value).__name__}>"


def _flat(value: object) -> object:
    return value if type(value) in _PLAIN else f"<{type(value).__name__}>"


def known_keys(_: WrappedLogger, __: str, event: EventDict) -> EventDict:
    """A processor: only known keys with plain values go on; what is None is left out."""
    return {key: plain(value) for key, value in event.items() if key in KEYS and value is not None}


def stamped(_: WrappedLogger, method: str, event: EventDict) -> EventDict:
    """A processor: the time and the level come first."""
    return {"at": datetime.now(UTC), "level": method, **event}


class JsonLines:
    """A processor that ends a chain: the event as one line of JSON, masked."""

    def __init__(self, masks: Masks) -> None:
        self._masks = masks
        # Names of operations are few, and come again and again.
        self._hides = lru_cache(1_024)(masks.hides)

    def __call__(self, _: WrappedLogger, __: str, event: EventDict) -> bytes:
        """The line, without its end."""
        try:
            line = orjson.dumps(event, option=_JSON)
        except orjson.JSONEncodeError:
            # Half a character, or a number of more than 64 bits.
            line = json.dumps(event, default=str).encode()
        return self._masks.line(line)

    def operation(self, event: dict[str, object]) -> bytes:
        """The line of an operation. Only its name is a caller's own: its id was looked at as it came."""
        if self._hides(str(event.get("operation"))):
            return self("", "", event)
        return orjson.dumps(event, option=_JSON)


class ConsoleLines:
    """A processor that ends a chain: the event for people, masked; in colour on a terminal."""

    def __init__(self, masks: Masks) -> None:
        self._masks = masks
        self._render = ConsoleRenderer(colors=sys.stderr.isatty(), sort_keys=False, pad_event_to=0, timestamp_key="at")

    def __call__(self, logger: WrappedLogger, method: str, event: EventDict) -> bytes:
        """The line, without its end. What an event's text holds cannot pass for another line."""
        said = "".join(map(_printable, str(event.get("event", ""))))
        told = {**event, "event": said, "at": f"{event['at']:%H:%M:%S}.{event['at']:%f}"[:-3]}
        return self._masks.text(str(self._render(logger, method, told))).encode("utf-8", "replace")

    def operation(self, event: dict[str, object]) -> bytes:
        """The line of an operation."""
        return self("", "info", {key: value for key, value in event.items() if value is not None})


def _printable(character: str) -> str:
    return character if character.isprintable() else repr(character)[1:-1]

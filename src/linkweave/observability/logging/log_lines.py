"""The shape of log lines: known keys with plain values. Processors drop everything else."""

import json
import sys
from collections.abc import Mapping
from datetime import UTC, datetime
from functools import lru_cache
from typing import Final

import orjson
from structlog.dev import ConsoleRenderer
from structlog.typing import EventDict, WrappedLogger

from linkweave.observability.logging.secret_masks import SecretMasks

# docs/operations.md has the meaning of each key.
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
        "links",
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
_MAX_LENGTH: Final = 4_000
_JSON: Final = orjson.OPT_UTC_Z
_PLAIN: Final = frozenset({str, int, float, bool, type(None)})


def to_plain_value(value: object) -> object:
    """Returns text, a number, or a flat table or list of them as it is, and the type's name of anything else."""
    if type(value) is str:
        return value if len(value) <= _MAX_LENGTH else f"{value[:_MAX_LENGTH]}…"
    if type(value) in _PLAIN:
        return value
    if isinstance(value, Mapping):
        return {str(key): _flat(each) for key, each in value.items()}
    if isinstance(value, list | tuple):
        return [_flat(each) for each in value]
    return f"<{type(value).__name__}>"


def _flat(value: object) -> object:
    return value if type(value) in _PLAIN else f"<{type(value).__name__}>"


def keep_known_keys(_: WrappedLogger, __: str, event: EventDict) -> EventDict:
    """A processor that keeps the known keys with plain values, and drops those that are None."""
    return {key: to_plain_value(value) for key, value in event.items() if key in KEYS and value is not None}


def add_time_and_level(_: WrappedLogger, method: str, event: EventDict) -> EventDict:
    """A processor that puts the time and the level first."""
    return {"at": datetime.now(UTC), "level": method, **event}


class JsonLines:
    """A processor that renders the event as one masked line of JSON."""

    def __init__(self, masks: SecretMasks) -> None:
        self._masks = masks
        # The names of operations are few and come often.
        self._has_secret = lru_cache(1_024)(masks.has_secret)

    def __call__(self, _: WrappedLogger, __: str, event: EventDict) -> bytes:
        """Returns the line, without its end."""
        try:
            line = orjson.dumps(event, option=_JSON)
        except orjson.JSONEncodeError:
            # For example half a surrogate pair, or a number of more than 64 bits.
            line = json.dumps(event, default=str).encode()
        return self._masks.line(line)

    def operation(self, event: dict[str, object]) -> bytes:
        """Returns the line of an operation. Only its name is a caller's own words: its id was checked before."""
        if self._has_secret(str(event.get("operation"))):
            return self("", "", event)
        return orjson.dumps(event, option=_JSON)


class ConsoleLines:
    """A processor that renders the event as one masked line for people, with colours on a terminal."""

    def __init__(self, masks: SecretMasks) -> None:
        self._masks = masks
        self._render = ConsoleRenderer(colors=sys.stderr.isatty(), sort_keys=False, pad_event_to=0, timestamp_key="at")

    def __call__(self, logger: WrappedLogger, method: str, event: EventDict) -> bytes:
        """Returns the line, without its end. A line break in the event's text is escaped."""
        text = "".join(map(_printable, str(event.get("event", ""))))
        shown = {**event, "event": text, "at": f"{event['at']:%H:%M:%S}.{event['at']:%f}"[:-3]}
        return self._masks.text(str(self._render(logger, method, shown))).encode("utf-8", "replace")

    def operation(self, event: dict[str, object]) -> bytes:
        """Returns the line of an operation."""
        return self("", "info", {key: value for key, value in event.items() if value is not None})


def _printable(character: str) -> str:
    return character if character.isprintable() else repr(character)[1:-1]

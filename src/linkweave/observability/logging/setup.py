"""Where log lines go, ours and those of the libraries: to standard error, one per event, all of one form."""

import logging
import sys
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, Final, TextIO

import structlog
from structlog.stdlib import ExtraAdder, ProcessorFormatter
from structlog.typing import EventDict, FilteringBoundLogger, Processor, WrappedLogger

from linkweave.observability.logging.exception_format import format_exception
from linkweave.observability.logging.log_lines import KEYS, ConsoleLines, JsonLines, known_keys, stamped
from linkweave.observability.logging.secret_masks import Masks
from linkweave.settings import LogSettings

# At INFO and DEBUG these write whole URLs, and with them the keys of vendors that take keys in URLs.
_URL_LOGGERS: Final = ("httpx2", "httpcore2")
_OURS: Final = "linkweave"


def silence_http_clients() -> None:
    """Keep the HTTP client from logging URLs, whatever the level of the root logger."""
    for name in _URL_LOGGERS:
        logging.getLogger(name).setLevel(logging.WARNING)


@dataclass(frozen=True, slots=True)
class Log:
    """Where lines with fields go. `operations` is the short way, for what happens thousands of times a second.

    What is passed to it has known keys with plain values, its event, level and time (as "at") among them.
    """

    lines: FilteringBoundLogger
    operations: Callable[[Sequence[dict[str, object]]], None]


def configure_logging(settings: LogSettings, masks: Masks | None = None) -> Log:
    """Log to standard error, one line per event, for the command line's own processes.

    What libraries log takes the same form as what is written to the log that is returned.
    """
    level = logging.getLevelNamesMapping()[settings.level.upper()]
    console = settings.format == "console" or (settings.format == "auto" and sys.stderr.isatty())
    lines = ConsoleLines(masks or Masks()) if console else JsonLines(masks or Masks())
    handler = _Handler(sys.stderr)
    handler.setFormatter(_formatter(lines))
    logging.basicConfig(level=level, handlers=[handler], force=True)
    silence_http_clients()
    bare = structlog.BytesLogger(sys.stderr.buffer, name=_OURS)
    log = _wrapped(bare, [known_keys, stamped, lines], level)
    if level > logging.INFO:
        return Log(log, lambda _: None)
    return Log(log, lambda events: bare.info(b"\n".join(map(lines.operation, events))))


def library_log() -> Log:
    """The log where nobody has configured one: the standard library's, so that who embeds the gateway has the lines."""
    processors = [structlog.stdlib.filter_by_level, known_keys, _as_extra]
    log = _wrapped(logging.getLogger(_OURS), processors, logging.DEBUG)

    def operations(events: Sequence[dict[str, Any]]) -> None:
        for event in events:
            log.info(**event)

    return Log(log, operations)


def _wrapped(logger: WrappedLogger, processors: Sequence[Processor], level: int) -> FilteringBoundLogger:
    log: FilteringBoundLogger = structlog.wrap_logger(
        logger,
        processors=processors,
        wrapper_class=structlog.make_filtering_bound_logger(level),
        context_class=dict,
    ).bind()
    return log


def _as_extra(_: WrappedLogger, __: str, event: EventDict) -> EventDict:
    told = {key: value for key, value in event.items() if key not in {"event", "at", "level"}}
    return {"msg": event["event"], "extra": told}


def _formatter(lines: JsonLines | ConsoleLines) -> ProcessorFormatter:
    def as_text(logger: WrappedLogger, method: str, event: EventDict) -> str:
        return lines(logger, method, event).decode()

    return ProcessorFormatter(
        foreign_pre_chain=[ExtraAdder(KEYS), structlog.stdlib.add_logger_name, _with_exception],
        processors=[known_keys, stamped, as_text],
    )


def _with_exception(_: WrappedLogger, __: str, event: EventDict) -> EventDict:
    exc_info = event.pop("exc_info", None)
    if exc_info and exc_info[1] is not None:
        event["exception"] = format_exception(exc_info)
    return event


class _Handler(logging.StreamHandler[TextIO]):
    """Writes lines; of one that cannot be written, nothing is shown but that there was one."""

    def handleError(self, record: logging.LogRecord) -> None:  # noqa: N802 - the standard library's name
        """Say so, without the record, which may hold anything."""
        sys.stderr.write(f"a log line of {record.name} could not be written\n")

"""Sets up logging: our lines and those of libraries go to standard error, in the same form."""

import logging
import sys
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, Final, TextIO

import structlog
from structlog.stdlib import ExtraAdder, ProcessorFormatter
from structlog.typing import EventDict, FilteringBoundLogger, Processor, WrappedLogger

from linkweave.observability.logging.exception_format import format_exception
from linkweave.observability.logging.log_lines import KEYS, ConsoleLines, JsonLines, add_time_and_level, keep_known_keys
from linkweave.observability.logging.secret_masks import SecretMasks
from linkweave.settings import LogSettings

# At INFO and DEBUG they write whole URLs, which hold the keys of some vendors.
_URL_LOGGERS: Final = ("httpx2", "httpcore2")
_OURS: Final = "linkweave"


def silence_http_clients() -> None:
    """Keeps the HTTP client from logging URLs at any level of the root logger."""
    for name in _URL_LOGGERS:
        logging.getLogger(name).setLevel(logging.WARNING)


@dataclass(frozen=True, slots=True)
class Log:
    """Takes lines with fields. `operations` is a short way for lines that come thousands of times a second.

    Its events must have known keys with plain values, among them "event", "level" and the time as "at".
    """

    lines: FilteringBoundLogger
    operations: Callable[[Sequence[dict[str, object]]], None]


def configure_logging(settings: LogSettings, masks: SecretMasks | None = None) -> Log:
    """Logs to standard error, one line per event, for the processes of the command line.

    The lines of libraries get the same form as those of the log that it returns.
    """
    level = logging.getLevelNamesMapping()[settings.level.upper()]
    console = settings.format == "console" or (settings.format == "auto" and sys.stderr.isatty())
    lines = ConsoleLines(masks or SecretMasks()) if console else JsonLines(masks or SecretMasks())
    handler = _Handler(sys.stderr)
    handler.setFormatter(_make_formatter(lines))
    logging.basicConfig(level=level, handlers=[handler], force=True)
    silence_http_clients()
    bare = structlog.BytesLogger(sys.stderr.buffer, name=_OURS)
    log = _wrap(bare, [keep_known_keys, add_time_and_level, lines], level)
    if level > logging.INFO:
        return Log(log, lambda _: None)
    return Log(log, lambda events: bare.info(b"\n".join(map(lines.operation, events))))


def library_log() -> Log:
    """Returns a log that passes its lines to the standard library, for programs that embed the gateway."""
    processors = [structlog.stdlib.filter_by_level, keep_known_keys, _as_extra]
    log = _wrap(logging.getLogger(_OURS), processors, logging.DEBUG)

    def operations(events: Sequence[dict[str, Any]]) -> None:
        for event in events:
            log.info(**event)

    return Log(log, operations)


def _wrap(logger: WrappedLogger, processors: Sequence[Processor], level: int) -> FilteringBoundLogger:
    log: FilteringBoundLogger = structlog.wrap_logger(
        logger,
        processors=processors,
        wrapper_class=structlog.make_filtering_bound_logger(level),
        context_class=dict,
    ).bind()
    return log


def _as_extra(_: WrappedLogger, __: str, event: EventDict) -> EventDict:
    extra = {key: value for key, value in event.items() if key not in {"event", "at", "level"}}
    return {"msg": event["event"], "extra": extra}


def _make_formatter(lines: JsonLines | ConsoleLines) -> ProcessorFormatter:
    def as_text(logger: WrappedLogger, method: str, event: EventDict) -> str:
        return lines(logger, method, event).decode()

    return ProcessorFormatter(
        foreign_pre_chain=[ExtraAdder(KEYS), structlog.stdlib.add_logger_name, _with_exception],
        processors=[keep_known_keys, add_time_and_level, as_text],
    )


def _with_exception(_: WrappedLogger, __: str, event: EventDict) -> EventDict:
    exc_info = event.pop("exc_info", None)
    if exc_info and exc_info[1] is not None:
        event["exception"] = format_exception(exc_info)
    return event


class _Handler(logging.StreamHandler[TextIO]):
    """Writes lines. Of a line that cannot be written, it shows the logger alone."""

    def handleError(self, record: logging.LogRecord) -> None:  # noqa: N802 - the standard library's name
        """Writes that there was a line, without the record, which may hold a secret."""
        sys.stderr.write(f"a log line of {record.name} could not be written\n")

"""What a process has one of, whatever apps it builds one after the other."""

import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from importlib.metadata import version
from pathlib import Path

from linkweave.errors import ConfigurationError
from linkweave.observability import (
    Log,
    LogObserver,
    Masks,
    Metrics,
    Observer,
    Observers,
    configure_logging,
    library_log,
)
from linkweave.runtime.shared_resources import SharedResources
from linkweave.settings import AccountSettings, Settings, TracesSettings, known_secrets
from linkweave.settings.traces import MISSING_EXTRA
from linkweave.transport.rate_limit.sqlite_slots import SqliteLimitStore


def _fresh_metrics() -> Metrics:
    return Metrics(version("linkweave"))


@dataclass(slots=True)
class Process:
    """Where log lines and numbers go, and whether the process is about to end.

    A reload builds a new app for the same process: what is counted goes on, and whoever was given `observer` needs no
    other one. `lending` has what stays open, and in `limit_store` its workers count calls to vendors. `secrets` are all
    that were ever configured, old ones too.
    """

    log: Log = field(default_factory=library_log)
    metrics: Metrics = field(default_factory=_fresh_metrics)
    tracing: Observer | None = None
    observer: Observers = field(default_factory=Observers)
    lending: SharedResources = field(default_factory=SharedResources)
    limit_store: SqliteLimitStore | None = None
    leaving: bool = False
    secrets: frozenset[str] = frozenset()
    masks: Masks = field(default_factory=Masks)

    def watch(self, settings: Settings) -> None:
        """Tell of operations and calls as `settings` say."""
        self.observer.become(self._observers(settings))

    def configure(self, settings: Settings, accounts: tuple[AccountSettings, ...]) -> None:
        """Log to standard error from now on, as `settings` say, and let no secret of theirs be read there."""
        self.secrets |= set(known_secrets((settings, accounts)))
        self.masks = Masks(self.secrets)
        self.log = configure_logging(settings.log, self.masks)
        self.metrics.serving([account.key for account in accounts])
        self.watch(settings)

    def trace(self, settings: TracesSettings) -> None:
        """Make spans from now on, if there is a place to send them to.

        Raises:
            ConfigurationError: what sends them is not installed.
        """
        if settings.endpoint is not None:
            try:
                from linkweave.observability.tracing import open_tracing  # noqa: PLC0415 - an optional dependency
            except ImportError:
                raise ConfigurationError(MISSING_EXTRA) from None
            self.tracing = open_tracing(settings, time.time_ns, self.mask)

    def mask(self, text: str) -> str:
        """`text` without any secret that was configured until now."""
        return self.masks.text(text)

    def end(self) -> None:
        """Tell all that is left to be told, and close the limit store."""
        self.observer.close()
        if self.limit_store is not None:
            self.limit_store.close()

    def _observers(self, settings: Settings) -> Iterator[Observer]:
        yield LogObserver(self.log, cached_operations=settings.log.cached_operations)
        if settings.metrics.enabled:
            yield from self.metrics.observers
        if self.tracing is not None:
            yield self.tracing


def open_process(settings: Settings, accounts: tuple[AccountSettings, ...], shared: Path | None = None) -> Process:
    """A process that serves `settings`. `shared` is the directory in which several workers count together.

    Raises:
        ConfigurationError: traces are wanted, and what sends them is not installed.
    """
    process = Process(metrics=Metrics(version("linkweave"), shared), limit_store=SqliteLimitStore(shared))
    process.trace(settings.traces)
    process.configure(settings, accounts)
    return process


def watching(settings: Settings) -> Process:
    """A process that embeds the gateway: what is told goes into the standard library's log."""
    process = Process()
    process.watch(settings)
    return process

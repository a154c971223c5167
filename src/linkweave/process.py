"""What a process has one of, whatever apps it builds one after the other."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from importlib.metadata import version
from pathlib import Path

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
from linkweave.settings import AccountSettings, Settings, known_secrets


def _fresh_metrics() -> Metrics:
    return Metrics(version("linkweave"))


@dataclass(slots=True)
class Process:
    """Where log lines and numbers go, and whether the process is about to end.

    A reload builds a new app for the same process: what is counted goes on, and whoever was given `observer` needs no
    other one. `secrets` are all that were ever configured, old ones too.
    """

    log: Log = field(default_factory=library_log)
    metrics: Metrics = field(default_factory=_fresh_metrics)
    observer: Observers = field(default_factory=Observers)
    leaving: bool = False
    secrets: frozenset[str] = frozenset()

    def watch(self, settings: Settings) -> None:
        """Tell of operations and calls as `settings` say."""
        self.observer.become(self._observers(settings))

    def configure(self, settings: Settings, accounts: tuple[AccountSettings, ...]) -> None:
        """Log to standard error from now on, as `settings` say, and let no secret of theirs be read there."""
        self.secrets |= set(known_secrets((settings, accounts)))
        self.log = configure_logging(settings.log, Masks(self.secrets))
        self.watch(settings)

    def _observers(self, settings: Settings) -> Iterator[Observer]:
        yield LogObserver(self.log, cached_operations=settings.log.cached_operations)
        if settings.metrics.enabled:
            yield from self.metrics.observers


def open_process(settings: Settings, accounts: tuple[AccountSettings, ...], shared: Path | None = None) -> Process:
    """A process that serves `settings`. `shared` is the directory in which several workers count together."""
    process = Process(metrics=Metrics(version("linkweave"), shared))
    process.configure(settings, accounts)
    return process


def watching(settings: Settings) -> Process:
    """A process that embeds the gateway: what is told goes into the standard library's log."""
    process = Process()
    process.watch(settings)
    return process

"""The state of a process, which all apps use that it builds one after the other."""

import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cache
from importlib.metadata import version
from pathlib import Path

from linkweave.errors import ConfigurationError
from linkweave.observability import (
    Log,
    LogObserver,
    Metrics,
    Observer,
    Observers,
    SecretMasks,
    configure_logging,
    library_log,
)
from linkweave.runtime.shared_resources import SharedResources
from linkweave.settings import AccountSettings, Settings, TracesSettings, known_secrets
from linkweave.settings.traces import MISSING_EXTRA
from linkweave.transport.rate_limit.sqlite_slots import SqliteLimitStore


@cache
def _version() -> str:
    return version("linkweave")


def _new_metrics() -> Metrics:
    return Metrics(_version())


@dataclass(slots=True)
class Process:
    """Log, metrics and shared resources of a process, and whether it is shutting down.

    A reload builds a new app in the same process: counts go on, and every holder of `observer` can keep it. Resources
    that a reload does not change stay open in `shared_resources`. `limit_store` counts calls against vendors' limits.
    `secrets` are all that were ever configured, old ones too. `keeps_in_step` and `works_on_jobs` say what the process
    does without a caller: it reads accounts into the cache and the catalog, and works on jobs. One that `delivers`
    sends messages to subscribers; it must know the clients who made them.
    """

    log: Log = field(default_factory=library_log)
    metrics: Metrics = field(default_factory=_new_metrics)
    tracing: Observer | None = None
    observer: Observers = field(default_factory=Observers)
    shared_resources: SharedResources = field(default_factory=SharedResources)
    limit_store: SqliteLimitStore | None = None
    is_draining: bool = False
    keeps_in_step: bool = True
    works_on_jobs: bool = True
    delivers: bool = True
    secrets: frozenset[str] = frozenset()
    masks: SecretMasks = field(default_factory=SecretMasks)

    def observe(self, settings: Settings) -> None:
        """Reports operations and calls as `settings` configure it."""
        self.observer.replace(self._observers(settings))

    def configure(self, settings: Settings, accounts: tuple[AccountSettings, ...]) -> None:
        """Logs to standard error as `settings` configure it, and masks all their secrets there."""
        self.secrets |= set(known_secrets((settings, accounts)))
        self.secrets |= {token for each in accounts if (token := settings.hooks.token(each.key)) is not None}
        self.masks = SecretMasks(self.secrets)
        self.log = configure_logging(settings.log, self.masks)
        self.metrics.set_accounts([account.key for account in accounts])
        self.observe(settings)

    def trace(self, settings: TracesSettings) -> None:
        """Makes spans, if there is an endpoint for them.

        Raises:
            ConfigurationError: the packages that send spans are not installed.
        """
        if settings.endpoint is not None:
            try:
                from linkweave.observability.tracing import open_tracing  # noqa: PLC0415 - an optional dependency
            except ImportError:
                raise ConfigurationError(MISSING_EXTRA) from None
            self.tracing = open_tracing(settings, time.time_ns, self.mask)

    def mask(self, text: str) -> str:
        """Returns `text` with every secret masked that was ever configured."""
        return self.masks.text(text)

    def close(self) -> None:
        """Reports what is not reported yet, and closes the limit store."""
        self.observer.close()
        if self.limit_store is not None:
            self.limit_store.close()

    def _observers(self, settings: Settings) -> Iterator[Observer]:
        yield LogObserver(self.log, cached_operations=settings.log.cached_operations)
        if settings.metrics.enabled:
            yield from self.metrics.observers
        if self.tracing is not None:
            yield self.tracing


def open_process(
    settings: Settings, accounts: tuple[AccountSettings, ...], metrics_directory: Path | None = None
) -> Process:
    """Returns a process that serves `settings`. Several workers count together in `metrics_directory`.

    Raises:
        ConfigurationError: spans are configured, and the packages that send them are not installed.
    """
    process = Process(metrics=Metrics(_version(), metrics_directory), limit_store=SqliteLimitStore(metrics_directory))
    process.trace(settings.traces)
    process.configure(settings, accounts)
    return process


def embedded_process(settings: Settings) -> Process:
    """Returns a process that embeds the gateway: it logs with the standard library."""
    process = Process()
    process.observe(settings)
    return process

"""The gateway in one process, which can load its configuration again while it serves; and its workers."""

import asyncio
import logging
import os
from collections.abc import Callable, Mapping, MutableMapping
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Final

from prometheus_client.multiprocess import mark_process_dead

from linkweave.accounts import check_accounts
from linkweave.app import build_app
from linkweave.errors import ConfigurationError
from linkweave.providers.discovery import discover
from linkweave.runtime.process import Process, open_process
from linkweave.server.app_swap import HotSwapApp
from linkweave.server.configuration import load_configuration
from linkweave.server.run import Hooks
from linkweave.server.supervisor import WorkerService
from linkweave.settings import AccountSettings, Settings

_LOG: Final = logging.getLogger("linkweave")
# A socket that listens is not moved to another address.
_NOT_RELOADED: Final = ("host", "port")


@dataclass(frozen=True, slots=True)
class ConfigurationSource:
    """Where the configuration is read, at the start and at each reload.

    `server` takes precedence over the [server] of the file. `secret` signs cursors if the file names none. It is the
    same in all workers, and after a reload.
    """

    path: Path
    server: Mapping[str, object]
    secret: str = field(repr=False)

    def load(self) -> Settings:
        """Returns the current configuration.

        Raises:
            ConfigurationError: it cannot be used; see `load_configuration`.
        """
        return load_configuration(self.path, os.environ, self.server).with_secret(self.secret)


def checked_accounts(settings: Settings) -> tuple[AccountSettings, ...]:
    """Returns the accounts of `settings`, checked by their providers.

    Raises:
        ConfigurationError: as `check_accounts` says.
    """
    return check_accounts(settings.accounts, discover(), settings.source)


class GatewayService:
    """Serves `settings`, and after each successful `reload` what `source` then contains."""

    def __init__(self, source: ConfigurationSource, settings: Settings, process: Process) -> None:
        self._source = source
        self._settings = settings
        self._process = process
        self._reloading = asyncio.Lock()
        self.app = HotSwapApp(build_app(settings, process=process))

    def hooks(self) -> Hooks:
        """Returns what the process does at signals."""
        return Hooks(self._start_draining, self._settings.server.drain_seconds, self.reload, self._process.close)

    async def reload(self) -> None:
        """Serve the current configuration from the next request on; a faulty one changes nothing."""
        async with self._reloading:
            try:
                settings = await asyncio.to_thread(self._source.load)
                await self.app.replace(build_app(settings, process=self._process))
            except ConfigurationError as error:
                log_failed_reload(error)
                self._process.metrics.count_reload("refused")
                return
            self._process.configure(settings, checked_accounts(settings))
            self._process.metrics.count_reload("ok")
            log_reload(self._settings, settings)
            self._settings = settings

    def _start_draining(self) -> None:
        self._process.is_draining = True
        # Until then, clients that come back may be led here again.
        asyncio.get_running_loop().call_later(self._settings.server.drain_seconds, self.app.end_streams)


def log_failed_reload(error: ConfigurationError) -> None:
    """Log why a new configuration is not served."""
    _LOG.error("configuration not reloaded", extra={"problem": str(error)})


def log_reload(old: Settings, new: Settings) -> None:
    """Log that a new configuration is served, and which of its changes take a restart."""
    _LOG.info("configuration reloaded")
    for name in _NOT_RELOADED:
        if getattr(old.server, name) != getattr(new.server, name):
            _LOG.warning("not reloaded", extra={"problem": f"server.{name} has changed, which takes a restart"})
    if old.traces != new.traces:
        _LOG.warning("not reloaded", extra={"problem": "[traces] has changed, which takes a restart"})


def open_service(source: ConfigurationSource, settings: Settings, metrics_directory: Path | None) -> WorkerService:
    """Returns the service of a worker, made in the worker's own process."""
    return GatewayService(source, settings, open_process(settings, checked_accounts(settings), metrics_directory))


def open_metrics_directory(environment: MutableMapping[str, str]) -> "TemporaryDirectory[str]":
    """Makes the directory in which workers count together, and names it in `environment` for prometheus-client.

    Raises:
        ConfigurationError: there is no place for it.
    """
    try:
        directory = TemporaryDirectory(prefix="linkweave-")
    except OSError as error:
        raise ConfigurationError(
            f"no directory for temporary files can be written to: {error.strerror}. Workers count together in one: "
            f"set TMPDIR to a directory that can be written to, or serve with one worker"
        ) from None
    environment["PROMETHEUS_MULTIPROC_DIR"] = directory.name
    return directory


class GatewayWorkers:
    """What the supervisor knows of the gateway. Its workers count together in `metrics_directory`."""

    def __init__(
        self, source: ConfigurationSource, settings: Settings, process: Process, metrics_directory: Path
    ) -> None:
        self._source = source
        self._settings = settings
        self._process = process
        self._metrics_directory = metrics_directory

    @property
    def drain_seconds(self) -> float:
        """Seconds for which workers still accept connections after a signal to stop."""
        return self._settings.server.drain_seconds

    def service_factory(self) -> Callable[[], WorkerService]:
        """Returns a function that makes a worker's service, with the last configuration that could be used."""
        return partial(open_service, self._source, self._settings, self._metrics_directory)

    def reload(self) -> None:
        """Load the configuration for workers that start later.

        A faulty one is not reported here: each worker loads it too, and logs and counts the result.
        """
        try:
            self._settings = self._source.load()
        except ConfigurationError:
            return
        self._process.configure(self._settings, checked_accounts(self._settings))

    def worker_ended(self, pid: int) -> None:
        """Take the operations of that worker out of the gauges of running ones."""
        mark_process_dead(pid, str(self._metrics_directory))  # type: ignore[no-untyped-call] # it has no types

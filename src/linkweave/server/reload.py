"""A gateway in one process whose configuration can be exchanged while it serves, and what workers need to have one."""

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
from linkweave.edge.auth.setup import keys_at_hand
from linkweave.edge.persisted_queries.setup import check_manifest
from linkweave.errors import ConfigurationError
from linkweave.providers.discovery import discover
from linkweave.runtime.process import Process, open_process
from linkweave.schema.build import build_schema
from linkweave.server.app_swap import HotSwapApp
from linkweave.server.run import Hooks
from linkweave.server.supervisor import Served
from linkweave.settings import AccountSettings, Settings, load

_LOG: Final = logging.getLogger("linkweave")
# A socket that listens already is not moved.
_FIXED: Final = ("host", "port")


@dataclass(frozen=True, slots=True)
class Source:
    """Where the configuration is read, each time anew. `server` goes before the file's [server].

    `secret` signs cursors where the file names none, the same before and after a reload and in all workers.
    """

    path: Path
    server: Mapping[str, object]
    secret: str = field(repr=False)

    def load(self) -> Settings:
        """The configuration as it is now.

        Raises:
            ConfigurationError: it cannot be used; as `settings.load`, `check_accounts`, `keys_at_hand` and
                `check_manifest` say.
        """
        settings = load(self.path, os.environ, self.server).signing(self.secret)
        accounts_of(settings)
        keys_at_hand(settings)
        check_manifest(settings, build_schema)
        return settings


def accounts_of(settings: Settings) -> tuple[AccountSettings, ...]:
    """The accounts of `settings`, checked.

    Raises:
        ConfigurationError: as `check_accounts` says.
    """
    return check_accounts(settings.accounts, discover(), settings.source)


class Service:
    """Serves what `source` told at first, and what it tells at each `reload` if that is good."""

    def __init__(self, source: Source, settings: Settings, process: Process) -> None:
        self._source = source
        self._settings = settings
        self._process = process
        self._switch = HotSwapApp(build_app(settings, process=process))
        self._turn = asyncio.Lock()
        self.app = self._switch

    def hooks(self) -> Hooks:
        """What is done at signals."""
        return Hooks(self._leave, self._settings.server.drain_seconds, self.reload, self._process.end)

    async def reload(self) -> None:
        """Serve the configuration as it is now from the next request on; one that cannot be used changes nothing."""
        async with self._turn:
            try:
                settings = await asyncio.to_thread(self._source.load)
                await self._switch.replace(build_app(settings, process=self._process))
            except ConfigurationError as error:
                refuse(error)
                self._process.metrics.reloaded("refused")
                return
            self._process.configure(settings, accounts_of(settings))
            self._process.metrics.reloaded("ok")
            accept(self._settings, settings)
            self._settings = settings

    def _leave(self) -> None:
        self._process.leaving = True


def refuse(error: ConfigurationError) -> None:
    """Log why a new configuration is not served."""
    _LOG.error("configuration not reloaded", extra={"problem": str(error)})


def accept(old: Settings, new: Settings) -> None:
    """Log that a new configuration is served, and what of it is not."""
    _LOG.info("configuration reloaded")
    for name in _FIXED:
        if getattr(old.server, name) != getattr(new.server, name):
            _LOG.warning("not reloaded", extra={"problem": f"server.{name} is another, which takes a restart"})
    if old.traces != new.traces:
        _LOG.warning("not reloaded", extra={"problem": "traces are others, which takes a restart"})


def open_service(source: Source, settings: Settings, shared: Path | None = None) -> Served:
    """A service in this process."""
    return Service(source, settings, open_process(settings, accounts_of(settings), shared))


def counting_directory(environment: MutableMapping[str, str]) -> "TemporaryDirectory[str]":
    """A directory in which workers with this `environment` count together: prometheus-client looks there for its name.

    Raises:
        ConfigurationError: there is no place for it.
    """
    try:
        directory = TemporaryDirectory(prefix="linkweave-")
    except OSError as error:
        raise ConfigurationError(
            f"no directory for temporary files can be written to: {error.strerror}; several workers count in one, "
            f"so set TMPDIR to one that can, or serve with one worker"
        ) from None
    environment["PROMETHEUS_MULTIPROC_DIR"] = directory.name
    return directory


class GatewayWorkers:
    """What the supervisor of several workers knows of the gateway. `shared` is where they count together."""

    def __init__(self, source: Source, settings: Settings, process: Process, shared: Path) -> None:
        self._source = source
        self._settings = settings
        self._process = process
        self._shared = shared

    @property
    def drain_seconds(self) -> float:
        """How long workers go on before they end."""
        return self._settings.server.drain_seconds

    def make(self) -> Callable[[], Served]:
        """Makes a worker's service, of the newest good configuration."""
        return partial(open_service, self._source, self._settings, self._shared)

    def reload(self) -> None:
        """Take the configuration as it is now for what is made from now on, if it is good.

        If not, nothing is said: the workers are told to load it too, and each logs and counts what comes of it.
        """
        try:
            self._settings = self._source.load()
        except ConfigurationError:
            return
        self._process.configure(self._settings, accounts_of(self._settings))

    def lost(self, worker: int) -> None:
        """Let what `worker` had under way not be counted as if it still were."""
        mark_process_dead(worker, str(self._shared))  # type: ignore[no-untyped-call] # it has no types

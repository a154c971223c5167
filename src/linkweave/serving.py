"""Runs apps with uvicorn: one or several in this process, or one in several processes."""

import asyncio
import signal
import socket
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Final

import uvicorn
from starlette.types import ASGIApp

from linkweave.errors import ConfigurationError

# An operation that never ends must not keep the process from ending.
GRACE_SECONDS: Final = 10
_POLL_SECONDS: Final = 0.02


@dataclass(frozen=True, slots=True)
class Site:
    """An app and the address that it listens on."""

    app: ASGIApp
    host: str
    port: int


class _Server(uvicorn.Server):
    """A server that leaves signals to whoever runs it, so that several can share a process."""

    @contextmanager
    def capture_signals(self) -> Iterator[None]:
        """Capture nothing."""
        yield


async def run(sites: Sequence[Site], announce: Callable[[], None] = lambda: None) -> None:
    """Serve `sites` in this event loop until SIGINT or SIGTERM, then let running requests end.

    `announce` is called once, when all of them accept connections.

    Raises:
        ConfigurationError: an address is taken or is not this machine's.
    """
    sockets = [_bind(site.host, site.port) for site in sites]
    servers = [_Server(_config(site.app)) for site in sites]

    def stop() -> None:
        for server in servers:
            server.should_exit = True

    loop = asyncio.get_running_loop()
    for number in (signal.SIGINT, signal.SIGTERM):
        loop.add_signal_handler(number, stop)
    await asyncio.gather(
        _announce(servers, announce),
        *(server.serve([bound]) for server, bound in zip(servers, sockets, strict=True)),
    )


async def _announce(servers: Sequence[uvicorn.Server], announce: Callable[[], None]) -> None:
    # uvicorn tells nobody when it has started.
    while not all(server.started for server in servers):
        if any(server.should_exit for server in servers):
            return
        await asyncio.sleep(_POLL_SECONDS)
    announce()


def run_workers(factory: str, host: str, port: int, workers: int) -> None:
    """Serve what `factory` ("module:function") makes, in `workers` processes, until a signal.

    Raises:
        ConfigurationError: the address is taken or is not this machine's.
    """
    _bind(host, port).close()
    uvicorn.run(
        factory,
        factory=True,
        host=host,
        port=port,
        workers=workers,
        server_header=False,
        access_log=False,
        log_config=None,
        timeout_graceful_shutdown=GRACE_SECONDS,
    )


def _config(app: ASGIApp) -> uvicorn.Config:
    return uvicorn.Config(
        app,
        server_header=False,
        access_log=False,
        log_config=None,
        log_level="warning",
        timeout_graceful_shutdown=GRACE_SECONDS,
    )


def _bind(host: str, port: int) -> socket.socket:
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    bound = socket.socket(family)
    bound.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        bound.bind((host, port))
    except OSError as error:
        bound.close()
        raise ConfigurationError(
            f"cannot listen on {host}:{port}: {error.strerror}; choose another with --host and --port",
        ) from None
    return bound

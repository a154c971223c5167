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
from uvicorn.supervisors import Multiprocess

from linkweave.errors import ConfigurationError

# An operation that never ends must not keep the process from ending.
GRACE_SECONDS: Final = 10
_POLL_SECONDS: Final = 0.02


@dataclass(frozen=True, slots=True)
class Site:
    """An app and the socket that it listens on."""

    app: ASGIApp
    listener: socket.socket


class _Server(uvicorn.Server):
    """A server that leaves signals to whoever runs it, so that several can share a process."""

    @contextmanager
    def capture_signals(self) -> Iterator[None]:
        """Capture nothing."""
        yield


def listen(host: str, port: int, remedy: str = "choose another port with --port") -> socket.socket:
    """A socket at `host`:`port`; port 0 is any that is free.

    Raises:
        ConfigurationError: the address is taken or is not this machine's; ends with `remedy`.
    """
    listener = socket.socket(socket.AF_INET6 if ":" in host else socket.AF_INET)
    listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        listener.bind((host, port))
    except OSError as error:
        listener.close()
        raise ConfigurationError(f"cannot listen on {host}:{port}: {error.strerror}; {remedy}") from None
    return listener


def url(listener: socket.socket) -> str:
    """Where `listener` is reached, e.g. http://127.0.0.1:8000."""
    host, port = listener.getsockname()[:2]
    return f"http://[{host}]:{port}" if ":" in host else f"http://{host}:{port}"


async def run(sites: Sequence[Site], announce: Callable[[], None] = lambda: None) -> None:
    """Serve `sites` in this event loop until SIGINT or SIGTERM, then let running requests end.

    `announce` is called once, when all of them accept connections.
    """
    servers = [_Server(_config(site.app)) for site in sites]

    def stop() -> None:
        for server in servers:
            server.should_exit = True

    loop = asyncio.get_running_loop()
    for number in (signal.SIGINT, signal.SIGTERM):
        loop.add_signal_handler(number, stop)
    await asyncio.gather(
        _announce(servers, announce),
        *(server.serve([site.listener]) for server, site in zip(servers, sites, strict=True)),
    )


async def _announce(servers: Sequence[uvicorn.Server], announce: Callable[[], None]) -> None:
    # uvicorn tells nobody when it has started.
    while not all(server.started for server in servers):
        if any(server.should_exit for server in servers):
            return
        await asyncio.sleep(_POLL_SECONDS)
    announce()


def run_workers(make_app: Callable[[], ASGIApp], listener: socket.socket, workers: int) -> None:
    """Serve what `make_app`, which must pickle, makes in each of `workers` processes, until SIGINT or SIGTERM.

    A worker that dies is replaced.
    """
    listener.set_inheritable(True)
    Multiprocess(_config(make_app, factory=True, workers=workers), [listener]).run()


def _config(app: ASGIApp | Callable[[], ASGIApp], *, factory: bool = False, workers: int = 1) -> uvicorn.Config:
    return uvicorn.Config(
        app,
        factory=factory,
        workers=workers,
        server_header=False,
        access_log=False,
        log_config=None,
        log_level="warning",
        timeout_graceful_shutdown=GRACE_SECONDS,
    )

"""Runs apps with uvicorn: one or several in this process, or one in several processes."""

import asyncio
import signal
import socket
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from functools import partial
from multiprocessing import resource_tracker
from typing import Final

import uvicorn
from starlette.types import ASGIApp
from uvicorn.supervisors import Multiprocess

from linkweave.edge.connections import BoundedConnection, ConnectionLimits
from linkweave.errors import ConfigurationError

# An operation that never ends must not keep the process from ending.
GRACE_SECONDS: Final = 10
# A worker that does not answer its parent for so long hangs, and is replaced.
HUNG_SECONDS: Final = 30
LIMITS: Final = ConnectionLimits()


@dataclass(frozen=True, slots=True)
class Site:
    """An app, the socket that it listens on, and what its connections may take."""

    app: ASGIApp
    listener: socket.socket
    limits: ConnectionLimits = LIMITS


class _Server(uvicorn.Server):
    """A server that tells when it is `up`, and leaves signals to whoever runs it, so that several share a process."""

    def __init__(self, config: uvicorn.Config) -> None:
        super().__init__(config)
        self.up = asyncio.Event()

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        """Accept connections."""
        await super().startup(sockets)
        self.up.set()

    @contextmanager
    def capture_signals(self) -> Iterator[None]:
        """Capture nothing."""
        yield


def listen(host: str, port: int, remedy: str = "choose another port with --port") -> socket.socket:
    """A socket at `host`:`port`, port 0 being any that is free. Whoever connects now waits for the server.

    Raises:
        ConfigurationError: the address is taken or is not this machine's; ends with `remedy`.
    """
    listener = socket.socket(socket.AF_INET6 if ":" in host else socket.AF_INET)
    listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        listener.bind((host, port))
        listener.listen()
    except OSError as error:
        listener.close()
        raise ConfigurationError(f"cannot listen on {host}:{port}: {error.strerror}; {remedy}") from None
    return listener


def url(listener: socket.socket) -> str:
    """Where `listener` is reached, e.g. http://127.0.0.1:8000."""
    host, port = listener.getsockname()[:2]
    return f"http://[{host}]:{port}" if ":" in host else f"http://{host}:{port}"


def serve(sites: Sequence[Site], announce: Callable[[], None]) -> None:
    """`run` in an event loop of its own: uvloop's, where it is installed."""
    with asyncio.Runner(loop_factory=_config(sites[0].app, LIMITS).get_loop_factory()) as runner:
        runner.run(run(sites, announce))


async def run(sites: Sequence[Site], announce: Callable[[], None]) -> None:
    """Serve `sites` in this event loop until SIGINT or SIGTERM, then let running requests end.

    `announce` is called once, when all of them accept connections.
    """
    servers = [_Server(_config(site.app, site.limits)) for site in sites]

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


async def _announce(servers: Sequence[_Server], announce: Callable[[], None]) -> None:
    await asyncio.gather(*(server.up.wait() for server in servers))
    announce()


class _Supervisor(Multiprocess):
    """Starts, watches and ends workers. Ctrl+C in their terminal is for it alone: workers inherit SIGINT blocked.

    A worker that is still importing would answer Ctrl+C with a traceback.
    """

    def handle_signals(self) -> None:
        """Look for signals, SIGINT among those that wait."""
        if signal.SIGINT in signal.sigpending():
            self.should_exit.set()
        super().handle_signals()


def run_workers(
    make_app: Callable[[], ASGIApp], listener: socket.socket, workers: int, announce: Callable[[], None]
) -> None:
    """Serve what `make_app`, which must pickle, makes in each of `workers` processes, until SIGINT or SIGTERM.

    A worker that dies is replaced. `announce` is called when signals are heard; who connects then is answered as
    soon as the first worker is up.
    """
    listener.set_inheritable(True)
    # It unblocks SIGINT when it starts, which it otherwise does with the first worker.
    resource_tracker.ensure_running()
    signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT})
    supervisor = _Supervisor(_config(make_app, LIMITS, factory=True, workers=workers), [listener])
    announce()
    supervisor.run()


def _config(
    app: ASGIApp | Callable[[], ASGIApp],
    limits: ConnectionLimits,
    *,
    factory: bool = False,
    workers: int = 1,
) -> uvicorn.Config:
    return uvicorn.Config(
        app,
        factory=factory,
        workers=workers,
        server_header=False,
        access_log=False,
        log_config=None,
        log_level="warning",
        timeout_graceful_shutdown=GRACE_SECONDS,
        timeout_worker_healthcheck=HUNG_SECONDS,
        http=partial(BoundedConnection, limits=limits),  # type: ignore[arg-type] # uvicorn only calls it
        # There is nothing to subscribe to.
        ws="none",
    )

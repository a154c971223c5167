"""Runs apps with uvicorn in this process, one or several, until a signal ends them. workers.py does so in several."""

import asyncio
import gc
import signal
import socket
import sys
from collections.abc import Awaitable, Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from functools import partial
from typing import Final

import uvicorn
from starlette.types import ASGIApp

from linkweave.errors import ConfigurationError
from linkweave.server.connections import BoundedConnection, ConnectionLimits

# An operation that never ends must not keep the process from ending.
GRACE_SECONDS: Final = 10
# So long who keeps a connection may ask once more, and is told that it was the last time.
FAREWELL_SECONDS: Final = 0.5
FAREWELL_TURNS: Final = 25
# What is left of a process by then is ended by the system. Closing apps takes switch.ENDING_SECONDS of it.
LAST_SECONDS: Final = 14
LIMITS: Final = ConnectionLimits()
# After so many new objects the garbage collector looks at them. An operation makes thousands: at Python's 700 it finds
# most of them in use, again and again, and at tens of thousands they are out of the processor's cache. MEASURED.
NEW_OBJECTS: Final = 5_000


@dataclass(frozen=True, slots=True)
class Site:
    """An app, the socket that it listens on, and what its connections may take."""

    app: ASGIApp
    listener: socket.socket
    limits: ConnectionLimits = LIMITS


def _nothing() -> None:
    """Nothing is to be done."""


@dataclass(frozen=True, slots=True)
class Hooks:
    """What else is done at signals.

    `leave` is called when the process is told to end, `drain_seconds` before it ceases to accept connections; `reload`
    at SIGHUP; `end` last of all.
    """

    leave: Callable[[], None] = _nothing
    drain_seconds: float = 0
    reload: Callable[[], Awaitable[None]] | None = None
    end: Callable[[], None] = _nothing


class _Server(uvicorn.Server):
    """A server that tells when it is `up`, and leaves signals to whoever runs it, so that several share a process."""

    def __init__(self, site: Site) -> None:
        super().__init__(uvicorn_config(site.app, site.limits))
        self.up = asyncio.Event()

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        """Accept connections."""
        await super().startup(sockets)
        self.up.set()

    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        """Let who is here finish. uvicorn alone would hang up on those whose next request is on its way."""
        # Connections that the system has accepted already are served.
        await asyncio.sleep(0.02)
        for server in self.servers:
            server.close()
        for listener in sockets or []:
            listener.close()
        self.server_state.default_headers = [*self.server_state.default_headers, (b"connection", b"close")]
        for _ in range(FAREWELL_TURNS):
            if self.server_state.connections:
                await asyncio.sleep(FAREWELL_SECONDS / FAREWELL_TURNS)
        await super().shutdown(sockets)

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


def serve(sites: Sequence[Site], announce: Callable[[], None], hooks: Hooks = Hooks()) -> None:
    """`run` in an event loop of its own: uvloop's, except on Windows."""
    with asyncio.Runner(loop_factory=uvicorn_config(sites[0].app, LIMITS).get_loop_factory()) as runner:
        runner.run(run(sites, announce, hooks))


async def run(sites: Sequence[Site], announce: Callable[[], None], hooks: Hooks = Hooks()) -> None:
    """Serve `sites` in this event loop until SIGINT or SIGTERM, then let running requests end.

    `announce` is called once, when all of them accept connections.
    """
    servers = [_Server(site) for site in sites]
    with _heeding_signals(servers, hooks):
        await asyncio.gather(
            _announce(servers, announce),
            *(server.serve([site.listener]) for server, site in zip(servers, sites, strict=True)),
        )


@contextmanager
def _heeding_signals(servers: Sequence[_Server], hooks: Hooks) -> Iterator[None]:
    loop = asyncio.get_running_loop()
    reloads: set[asyncio.Task[None]] = set()

    def stop() -> None:
        for server in servers:
            server.should_exit = True

    def leave() -> None:
        hooks.leave()
        signal.alarm(round(hooks.drain_seconds) + LAST_SECONDS)
        loop.call_later(hooks.drain_seconds, stop)

    async def reload() -> None:
        if hooks.reload is not None:
            await hooks.reload()

    def start_reload() -> None:
        task = loop.create_task(reload())
        reloads.add(task)
        task.add_done_callback(reloads.discard)

    for number in (signal.SIGINT, signal.SIGTERM):
        loop.add_signal_handler(number, leave)
    if hooks.reload is not None:
        loop.add_signal_handler(signal.SIGHUP, start_reload)
        signal.pthread_sigmask(signal.SIG_UNBLOCK, {signal.SIGHUP})
    try:
        yield
        hooks.end()
    finally:
        signal.alarm(0)


async def _announce(servers: Sequence[_Server], announce: Callable[[], None]) -> None:
    await asyncio.gather(*(server.up.wait() for server in servers))
    # What there is now stays until the end: the garbage collector need not look at it again and again, which would cost
    # more than answering does.
    gc.collect()
    gc.freeze()
    gc.set_threshold(NEW_OBJECTS, *gc.get_threshold()[1:])
    announce()


def uvicorn_config(app: ASGIApp | Callable[..., object], limits: ConnectionLimits, workers: int = 1) -> uvicorn.Config:
    """How uvicorn serves `app`, which is made elsewhere where there are several `workers`."""
    return uvicorn.Config(
        app,
        workers=workers,
        server_header=False,
        access_log=False,
        log_config=None,
        log_level="warning",
        timeout_graceful_shutdown=GRACE_SECONDS,
        loop="auto" if sys.platform == "win32" else "uvloop",
        http=partial(BoundedConnection, limits=limits),  # type: ignore[arg-type] # uvicorn only calls it
        # There is nothing to subscribe to.
        ws="none",
    )

"""Serves apps with uvicorn in this process, until a signal stops them; supervisor.py serves one in several."""

import asyncio
import signal
import socket
import sys
from collections.abc import Callable, Coroutine, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from functools import partial
from typing import Any, Final, TypeAlias

import uvicorn
from starlette.types import ASGIApp

from linkweave.errors import ConfigurationError
from linkweave.runtime.garbage_collector import set_garbage_collector
from linkweave.server.connections import ConnectionLimits
from linkweave.server.known_requests import AnsweringConnection
from linkweave.server.websockets import MAX_MESSAGE_BYTES, BoundedWebSocket

# Seconds after which running operations are cancelled at shutdown.
GRACE_SECONDS: Final = 10
# Seconds in which the client of an open connection may send a last request, and how often that is looked at.
LAST_REQUEST_SECONDS: Final = 0.5
LAST_REQUEST_CHECKS: Final = 25
# Seconds after which the system ends a process that has not ended. Closing the apps takes app_swap.CLOSE_SECONDS of it.
ALARM_SECONDS: Final = 14
LIMITS: Final = ConnectionLimits()


@dataclass(frozen=True, slots=True)
class BoundApp:
    """An app, the socket that it listens on, and the limits of its connections."""

    app: ASGIApp
    listener: socket.socket
    limits: ConnectionLimits = LIMITS


Reload: TypeAlias = Callable[[], Coroutine[Any, Any, None]]


def _do_nothing() -> None:
    """The default of a hook."""


@dataclass(frozen=True, slots=True)
class Hooks:
    """What a process does at signals.

    It calls `start_draining` at SIGTERM or SIGINT, `drain_seconds` before it stops accepting connections. It calls
    `reload` at SIGHUP, and `close` last of all.
    """

    start_draining: Callable[[], None] = _do_nothing
    drain_seconds: float = 0
    reload: Reload | None = None
    close: Callable[[], None] = _do_nothing


class _Server(uvicorn.Server):
    """A server that sets `up` once it accepts connections. It leaves signals to `run`: several share a process."""

    def __init__(self, bound: BoundApp) -> None:
        super().__init__(uvicorn_config(bound.app, bound.limits))
        self.up = asyncio.Event()

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        """Accept connections."""
        await super().startup(sockets)
        self.up.set()

    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        """Stop accepting connections, answer what arrives on open ones, and close them.

        uvicorn alone closes an idle connection at once, and loses the request that its client is just sending.
        """
        for listener in (*self.servers, *(sockets or ())):
            listener.close()
        self.server_state.default_headers = [*self.server_state.default_headers, (b"connection", b"close")]
        for _ in range(LAST_REQUEST_CHECKS):
            if self.server_state.connections:
                await asyncio.sleep(LAST_REQUEST_SECONDS / LAST_REQUEST_CHECKS)
        await super().shutdown(sockets)

    @contextmanager
    def capture_signals(self) -> Iterator[None]:
        """Capture no signal."""
        yield


def listen(host: str, port: int, remedy: str = "choose another port with --port") -> socket.socket:
    """Returns a socket that listens at `host`:`port`; port 0 is any free port. A client that connects early waits.

    Raises:
        ConfigurationError: the address is in use, or not this machine's. The message ends with `remedy`.
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
    """Returns the address of `listener`, such as http://127.0.0.1:8000."""
    host, port = listener.getsockname()[:2]
    return f"http://[{host}]:{port}" if ":" in host else f"http://{host}:{port}"


def serve(apps: Sequence[BoundApp], announce: Callable[[], None], hooks: Hooks = Hooks()) -> None:
    """Calls `run` in an event loop of its own: uvloop's, except on Windows."""
    with asyncio.Runner(loop_factory=uvicorn_config(apps[0].app, LIMITS).get_loop_factory()) as runner:
        runner.run(run(apps, announce, hooks))


async def run(apps: Sequence[BoundApp], announce: Callable[[], None], hooks: Hooks = Hooks()) -> None:
    """Serve `apps` in this event loop until SIGINT or SIGTERM, then let running requests end.

    `announce` is called once, when all of them accept connections.
    """
    servers = [_Server(bound) for bound in apps]
    with _signal_handlers(servers, hooks):
        await asyncio.gather(
            _announce(servers, announce),
            *(server.serve([bound.listener]) for server, bound in zip(servers, apps, strict=True)),
        )


@contextmanager
def _signal_handlers(servers: Sequence[_Server], hooks: Hooks) -> Iterator[None]:
    loop = asyncio.get_running_loop()

    def stop() -> None:
        for server in servers:
            server.should_exit = True

    def drain() -> None:
        hooks.start_draining()
        signal.alarm(round(hooks.drain_seconds) + ALARM_SECONDS)
        loop.call_later(hooks.drain_seconds, stop)

    for number in (signal.SIGINT, signal.SIGTERM):
        loop.add_signal_handler(number, drain)
    if hooks.reload is not None:
        _reload_at_hangup(loop, hooks.reload)
    try:
        yield
        hooks.close()
    finally:
        signal.alarm(0)


def _reload_at_hangup(loop: asyncio.AbstractEventLoop, reload: Reload) -> None:
    tasks: set[asyncio.Task[None]] = set()

    def start_reload() -> None:
        task = loop.create_task(reload())
        # asyncio itself holds only a weak reference to a task.
        tasks.add(task)
        task.add_done_callback(tasks.discard)

    loop.add_signal_handler(signal.SIGHUP, start_reload)
    signal.pthread_sigmask(signal.SIG_UNBLOCK, {signal.SIGHUP})


async def _announce(servers: Sequence[_Server], announce: Callable[[], None]) -> None:
    await asyncio.gather(*(server.up.wait() for server in servers))
    set_garbage_collector()
    announce()


def uvicorn_config(app: ASGIApp | Callable[..., object], limits: ConnectionLimits, workers: int = 1) -> uvicorn.Config:
    """Returns uvicorn's configuration for `app`; with several `workers`, `app` makes one worker's app."""
    return uvicorn.Config(
        app,
        workers=workers,
        server_header=False,
        access_log=False,
        log_config=None,
        log_level="warning",
        timeout_graceful_shutdown=GRACE_SECONDS,
        loop="auto" if sys.platform == "win32" else "uvloop",
        http=partial(AnsweringConnection, limits=limits, source=app),  # type: ignore[arg-type] # uvicorn only calls it
        ws=partial(BoundedWebSocket, stalled_seconds=limits.stalled_seconds),  # type: ignore[arg-type] # as above
        ws_max_size=MAX_MESSAGE_BYTES,
        # It would take a quarter of a megabyte for each connection.
        ws_per_message_deflate=False,
    )

"""Serves one app in several processes on one socket: starts them, watches them, ends them."""

import asyncio
import logging
import os
import signal
import socket
import threading
from collections.abc import Callable
from contextlib import suppress
from multiprocessing import resource_tracker
from multiprocessing.connection import wait
from types import FrameType
from typing import Final, Protocol

from starlette.types import ASGIApp
from uvicorn.supervisors.multiprocess import Multiprocess, Process

from linkweave.server.run import LAST_SECONDS, LIMITS, Hooks, Site, run, uvicorn_config

# A worker that does not answer its parent for so long hangs, and is replaced. Starting takes a part of it.
HUNG_SECONDS: Final = 30
# A worker's own alarm is nearer.
_KILL_SECONDS: Final = LAST_SECONDS + 0.5

_LOG: Final = logging.getLogger("linkweave.workers")


class Served(Protocol):
    """An app in a process of its own, and what it does at signals."""

    @property
    def app(self) -> ASGIApp:
        """The app."""
        ...

    def hooks(self) -> Hooks:
        """What is done at signals."""
        ...


class WorkerFactory(Protocol):
    """What the supervisor needs to know of the app; it does not make one itself."""

    @property
    def drain_seconds(self) -> float:
        """How long workers go on before they end."""
        ...

    def make(self) -> Callable[[], Served]:
        """Something that pickles and makes what a worker serves."""
        ...

    def reload(self) -> None:
        """Make workers that start later serve the configuration as it is now, if it can be used."""
        ...

    def lost(self, worker: int) -> None:
        """The process `worker` is no more."""
        ...


class _Worker(Process):
    """A worker as its parent sees it, and as it sees itself."""

    up = False

    def target(self, sockets: list[socket.socket] | None = None) -> None:
        """Serve, in the worker itself."""
        threading.Thread(target=self.always_pong, daemon=True).start()
        with asyncio.Runner(loop_factory=self.config.get_loop_factory()) as runner:
            runner.run(self._serve((sockets or [])[0]))

    def ping(self, timeout: float = HUNG_SECONDS) -> bool:
        """Whether it answers its parent, as seen there.

        uvicorn's own looks at the pipe alone, whose far end the parent holds too: one that dies before it has answered
        would be waited for in vain, and the end of everything with it.
        """
        self.parent_conn.send(b"ping")
        answers = self.parent_conn in wait([self.parent_conn, self.process.sentinel], timeout)
        if answers:
            self.parent_conn.recv()
        return answers

    def pong(self) -> None:
        """Answer the parent."""
        self.child_conn.recv()
        self.child_conn.send(self.up)

    async def _serve(self, listener: socket.socket) -> None:
        make: Callable[[], Served] = self.config.app  # type: ignore[assignment] # uvicorn thinks it is an app
        served = make()
        await run([Site(served.app, listener)], self._is_up, served.hooks())

    def _is_up(self) -> None:
        self.up = True


class _Supervisor(Multiprocess):
    """Starts, watches and ends workers. Signals of a terminal are for it alone: workers inherit SIGINT blocked.

    A worker that is still importing would answer Ctrl+C with a traceback, and SIGHUP with its end.
    """

    def __init__(self, crew: WorkerFactory, listener: socket.socket, workers: int) -> None:
        super().__init__(uvicorn_config(crew.make(), LIMITS, workers), [listener])
        self._crew = crew
        self._ending = False
        signal.signal(signal.SIGTERM, self._end)
        signal.signal(signal.SIGALRM, self._kill)

    def init_processes(self) -> None:
        """Start all of them."""
        self.processes = [self._start() for _ in range(self.processes_num)]

    def keep_subprocess_alive(self) -> None:
        """Replace those that ended or hang."""
        for index, worker in enumerate(self.processes):
            if self.should_exit.is_set() or worker.is_alive(timeout=HUNG_SECONDS):
                continue
            worker.kill()
            worker.join()
            self._crew.lost(worker.pid or 0)
            if not self._ending:
                _LOG.error("worker %s ended with status %s and is replaced", worker.pid, worker.exitcode)
                self.processes[index] = self._start()

    def handle_signals(self) -> None:
        """Look for signals, also among those that wait."""
        waiting = signal.sigpending()
        if signal.SIGINT in waiting and not self._ending:
            self._end(signal.SIGINT, None)
        if signal.SIGHUP in waiting:
            signal.sigwait({signal.SIGHUP})
            self.handle_hup()
        if self._ending:
            self.should_exit.set()
        super().handle_signals()

    def handle_hup(self) -> None:
        """Tell workers to load the configuration anew; those that start later have it too, if it is good."""
        self._crew.reload()
        self.config.app = self._crew.make()
        for worker in self.processes:
            _signal(worker, signal.SIGHUP)

    def handle_ttin(self) -> None:
        """The number of workers stays as it was chosen: vendors' limits are divided by it."""

    def handle_ttou(self) -> None:
        """As `handle_ttin`."""

    def _start(self) -> _Worker:
        worker = _Worker(self.config, self.sockets)
        worker.start()
        return worker

    def _end(self, _: int, __: FrameType | None) -> None:
        """Begin to end at once, whatever the supervisor waits for.

        The socket is closed here first, so that nobody stands in line for workers that do not accept any more.
        """
        if not self._ending:
            self._ending = True
            for listener in self.sockets:
                listener.close()
            for worker in self.processes:
                _signal(worker, signal.SIGTERM)
            signal.setitimer(signal.ITIMER_REAL, self._crew.drain_seconds + _KILL_SECONDS)

    def _kill(self, _: int, __: FrameType | None) -> None:
        for worker in self.processes:
            _signal(worker, signal.SIGKILL)


def run_workers(crew: WorkerFactory, listener: socket.socket, workers: int, announce: Callable[[], None]) -> None:
    """Serve what `crew` makes in each of `workers` processes, until SIGINT or SIGTERM.

    A worker that dies is replaced. `announce` is called when signals are heard; who connects then is answered as
    soon as the first worker is up.
    """
    listener.set_inheritable(True)
    # It unblocks SIGINT when it starts, which it otherwise does with the first worker.
    resource_tracker.ensure_running()
    signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT, signal.SIGHUP})
    supervisor = _Supervisor(crew, listener, workers)
    announce()
    supervisor.run()


def _signal(worker: Process, number: signal.Signals) -> None:
    with suppress(ProcessLookupError):
        if worker.pid is not None and worker.exitcode is None:
            os.kill(worker.pid, number)

"""Serves one app in several processes on one socket: starts, watches and ends them."""

import asyncio
import gc
import logging
import os
import pickle
import signal
import socket
import threading
from collections.abc import Callable
from contextlib import suppress
from functools import partial
from multiprocessing import resource_tracker
from multiprocessing.connection import wait
from types import FrameType
from typing import Final, Protocol

from starlette.types import ASGIApp
from uvicorn.supervisors.multiprocess import Multiprocess, Process

from linkweave.server.run import ALARM_SECONDS, LIMITS, BoundApp, Hooks, run, uvicorn_config

# Seconds after which a worker that does not answer its parent is replaced. They include its start.
HUNG_SECONDS: Final = 30
# Seconds after which the parent kills a worker at shutdown. The worker's own alarm is earlier.
_KILL_SECONDS: Final = ALARM_SECONDS + 0.5

_LOG: Final = logging.getLogger("linkweave.workers")


class WorkerService(Protocol):
    """What one worker serves, and what it does at signals."""

    @property
    def app(self) -> ASGIApp:
        """The app."""
        ...

    def hooks(self) -> Hooks:
        """Returns what the worker does at signals."""
        ...


class WorkerFactory(Protocol):
    """What the supervisor knows of the app, which only the workers make."""

    @property
    def drain_seconds(self) -> float:
        """Seconds for which workers still accept connections after a signal to stop."""
        ...

    def service_factory(self) -> Callable[[], WorkerService]:
        """Returns a function that pickles, and that makes the service of a worker."""
        ...

    def reload(self) -> None:
        """Load the configuration for workers that start later; a faulty one changes nothing."""
        ...

    def worker_ended(self, pid: int) -> None:
        """Clean up after a worker whose process has ended."""
        ...


class _Worker(Process):
    """A worker: `target` and `pong` run in its own process, the other methods in the parent."""

    up = False

    def target(self, sockets: list[socket.socket] | None = None) -> None:
        """Serve."""
        threading.Thread(target=self.always_pong, daemon=True).start()
        with asyncio.Runner(loop_factory=self.config.get_loop_factory()) as runner:
            runner.run(self._serve((sockets or [])[0]))

    def ping(self, timeout: float = HUNG_SECONDS) -> bool:
        """Whether the worker answers its parent within `timeout` seconds.

        uvicorn's own method waits for the pipe alone. The parent holds the far end of the pipe too, so that it would
        wait in vain for a worker that has died.
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
        make_service: Callable[[], WorkerService] = self.config.app  # type: ignore[assignment] # uvicorn thinks it is an app
        service = make_service()
        await run([BoundApp(service.app, listener)], self._set_up, service.hooks())

    def _set_up(self) -> None:
        self.up = True


class _Supervisor(Multiprocess):
    """Starts, watches and ends workers. It alone handles signals of a terminal: workers start with them blocked.

    Otherwise Ctrl+C would make a worker that still imports print a traceback, and SIGHUP would end it.
    """

    def __init__(self, workers: WorkerFactory, listener: socket.socket, count: int) -> None:
        super().__init__(uvicorn_config(_pickled(workers.service_factory()), LIMITS, count), [listener])
        self._workers = workers
        self._stopping = False
        signal.signal(signal.SIGTERM, self._stop)
        signal.signal(signal.SIGALRM, self._kill)

    def init_processes(self) -> None:
        """Start all workers."""
        self.processes = [self._start() for _ in range(self.processes_num)]

    def keep_subprocess_alive(self) -> None:
        """Replace the workers that have ended or do not answer."""
        for index, worker in enumerate(self.processes):
            if self.should_exit.is_set() or worker.is_alive(timeout=HUNG_SECONDS):
                continue
            worker.kill()
            worker.join()
            self._workers.worker_ended(worker.pid or 0)
            if not self._stopping:
                _LOG.error("worker %s ended with status %s and is replaced", worker.pid, worker.exitcode)
                self.processes[index] = self._start()

    def handle_signals(self) -> None:
        """Handle signals, also those that are blocked and pending."""
        pending = signal.sigpending()
        if signal.SIGINT in pending and not self._stopping:
            self._stop(signal.SIGINT, None)
        if signal.SIGHUP in pending:
            signal.sigwait({signal.SIGHUP})
            self.handle_hup()
        if self._stopping:
            self.should_exit.set()
        super().handle_signals()

    def handle_hup(self) -> None:
        """Tell the workers to load the configuration again, and load it for those that start later."""
        self._workers.reload()
        self.config.app = _pickled(self._workers.service_factory())
        for worker in self.processes:
            _send_signal(worker, signal.SIGHUP)

    def handle_ttin(self) -> None:
        """Does nothing: vendors' limits are divided by the number of workers, which stays as it was chosen."""

    def handle_ttou(self) -> None:
        """Does nothing, as `handle_ttin`."""

    def _start(self) -> _Worker:
        worker = _Worker(self.config, self.sockets)
        worker.start()
        return worker

    def _stop(self, _: int, __: FrameType | None) -> None:
        """Begin to shut down at once, whatever the supervisor waits for."""
        if not self._stopping:
            self._stopping = True
            # As long as one process holds the socket open, clients can connect that no worker accepts any more.
            for listener in self.sockets:
                listener.close()
            for worker in self.processes:
                _send_signal(worker, signal.SIGTERM)
            signal.setitimer(signal.ITIMER_REAL, self._workers.drain_seconds + _KILL_SECONDS)

    def _kill(self, _: int, __: FrameType | None) -> None:
        for worker in self.processes:
            _send_signal(worker, signal.SIGKILL)


def run_workers(workers: WorkerFactory, listener: socket.socket, count: int, announce: Callable[[], None]) -> None:
    """Serve the app of `workers` in `count` processes, until SIGINT or SIGTERM. A worker that dies is replaced.

    `announce` is called once signals are handled. A client that connects then is answered when the first worker is up.
    """
    listener.set_inheritable(True)
    # The resource tracker unblocks SIGINT when it starts; without this it would start with the first worker.
    resource_tracker.ensure_running()
    signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT, signal.SIGHUP})
    supervisor = _Supervisor(workers, listener, count)
    announce()
    supervisor.run()


def _pickled(make_service: Callable[[], WorkerService]) -> Callable[[], WorkerService]:
    """Returns `make_service`, so that its modules are imported when a worker calls it, and not before."""
    return partial(_make_service, pickle.dumps(make_service))


def _make_service(pickled: bytes) -> WorkerService:
    # Nearly nothing of the start becomes garbage, and to look for it takes a third of the time. MEASURED.
    gc.disable()
    try:
        make_service: Callable[[], WorkerService] = pickle.loads(pickled)  # noqa: S301 - of the worker's own parent
        return make_service()
    finally:
        gc.enable()


def _send_signal(worker: Process, number: signal.Signals) -> None:
    with suppress(ProcessLookupError):
        if worker.pid is not None and worker.exitcode is None:
            os.kill(worker.pid, number)

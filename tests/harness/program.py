"""Programs in processes of their own. Their output goes to a file, so that no test has to read it meanwhile."""

import os
import re
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

# Far longer than any step takes, so that a step that hangs fails.
PATIENCE_SECONDS = 120.0
# A program is killed after this time, so that a test that hangs fails. A run of the whole suite takes less.
_LONGEST_LIFE_SECONDS = 3600.0
# A process that sleeps at so many checks in a row does not work between two of them.
_IDLE_CHECKS = 10
_LINKWEAVE = str(Path(sys.executable).with_name("linkweave"))


@dataclass(frozen=True)
class Program:
    """A running `linkweave` and its log, which has standard output and standard error."""

    process: subprocess.Popen[bytes]
    log: Path

    @property
    def output(self) -> str:
        return self.log.read_text("utf-8", "replace")

    def wait_for(self, pattern: str) -> re.Match[str]:
        """Waits for the first match in its output, and returns it."""
        for _ in in_time():
            if found := re.search(pattern, self.output):
                return found
            assert self.process.poll() is None, self.output
        raise AssertionError(f"nothing like {pattern!r} in:\n{self.output}")

    def children(self) -> list[int]:
        """The process ids of its workers."""
        pid = self.process.pid
        children = Path(f"/proc/{pid}/task/{pid}/children").read_text("ascii").split()
        return [int(child) for child in children if b"spawn_main" in _command_line(child)]

    def wait_for_workers(self, number: int) -> None:
        """Returns when so many workers wait for requests: one that still starts would delay its callers."""
        idle = 0
        for _ in in_time():
            workers = self.children()
            idle = idle + 1 if len(workers) == number and all(map(_waits, workers)) else 0
            if idle == _IDLE_CHECKS:
                return
        raise AssertionError(f"not all {number} workers are up:\n{self.output}")

    def sockets(self) -> int:
        """The number of sockets that it and its workers have open."""
        pids = [self.process.pid, *self.children()]
        links = (_target(link) for pid in pids for link in Path(f"/proc/{pid}/fd").iterdir())
        return sum(target.startswith("socket:") for target in links)

    def resident_megabytes(self) -> float:
        """The resident memory of it and its workers."""
        pids = [self.process.pid, *self.children()]
        statuses = (Path(f"/proc/{pid}/status").read_text("ascii") for pid in pids)
        return sum(int(re.findall(r"VmRSS:\s+(\d+) kB", status)[0]) for status in statuses) / 1000


def in_time(seconds: float = PATIENCE_SECONDS) -> Iterator[None]:
    """Yields every few milliseconds until the time is over."""
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        yield
        time.sleep(0.02)


@contextmanager
def running(arguments: Sequence[str], log: Path) -> Iterator[Program]:
    """Runs `linkweave` with `arguments` in a process group of its own, which is killed at the end."""
    with log.open("wb") as file:
        process = subprocess.Popen(  # noqa: S603 - our own command
            [_LINKWEAVE, *arguments], stdout=file, stderr=subprocess.STDOUT, start_new_session=True
        )
    watchdog = threading.Timer(_LONGEST_LIFE_SECONDS, _kill_group, [process.pid])
    watchdog.start()
    try:
        yield Program(process, log)
    finally:
        watchdog.cancel()
        _kill_group(process.pid)
        process.wait()


def _kill_group(leader: int) -> None:
    with suppress(ProcessLookupError):
        os.killpg(leader, signal.SIGKILL)


def _command_line(pid: str) -> bytes:
    with suppress(FileNotFoundError):
        return Path(f"/proc/{pid}/cmdline").read_bytes()
    return b""


def _waits(pid: int) -> bool:
    """Whether a process sleeps and has an event loop to sleep in."""
    with suppress(FileNotFoundError, ProcessLookupError):
        state = Path(f"/proc/{pid}/stat").read_text("ascii").rpartition(") ")[2][0]
        loops = any("eventpoll" in _target(link) for link in Path(f"/proc/{pid}/fd").iterdir())
        return state == "S" and loops
    return False


def _target(link: Path) -> str:
    with suppress(FileNotFoundError):
        return str(link.readlink())
    return ""

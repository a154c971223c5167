"""Programs in processes of their own, all of whose output is kept in a file: nobody has to read along."""

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

# Far more than anything takes here; what hangs is killed rather than waited for.
PATIENCE_SECONDS = 120.0
# A program is killed after this time, so that a test that hangs fails. A run of the whole suite takes less.
_LONGEST_LIFE_SECONDS = 3600.0
# A process that sleeps at so many looks in a row is not at work between two of them.
_IDLE_LOOKS = 10
_LINKWEAVE = str(Path(sys.executable).with_name("linkweave"))


@dataclass(frozen=True)
class Program:
    """A running `linkweave` and what it has written so far, standard output and error together."""

    process: subprocess.Popen[bytes]
    log: Path

    @property
    def output(self) -> str:
        return self.log.read_text("utf-8", "replace")

    def wait_for(self, pattern: str) -> re.Match[str]:
        """The first match in what it has written."""
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
        """Return when so many workers wait for requests: one that still starts keeps callers waiting with it."""
        idle = 0
        for _ in in_time():
            workers = self.children()
            idle = idle + 1 if len(workers) == number and all(map(_waits, workers)) else 0
            if idle == _IDLE_LOOKS:
                return
        raise AssertionError(f"not all {number} workers are up:\n{self.output}")

    def sockets(self) -> int:
        """How many sockets it and its workers have open."""
        pids = [self.process.pid, *self.children()]
        links = (_target(link) for pid in pids for link in Path(f"/proc/{pid}/fd").iterdir())
        return sum(target.startswith("socket:") for target in links)

    def resident_megabytes(self) -> float:
        """Memory of it and its workers that is not swapped out."""
        pids = [self.process.pid, *self.children()]
        told = (Path(f"/proc/{pid}/status").read_text("ascii") for pid in pids)
        return sum(int(re.findall(r"VmRSS:\s+(\d+) kB", status)[0]) for status in told) / 1000


def in_time(seconds: float = PATIENCE_SECONDS) -> Iterator[None]:
    """Turns of waiting for something that will be so, some milliseconds each."""
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        yield
        time.sleep(0.02)


@contextmanager
def running(arguments: Sequence[str], log: Path) -> Iterator[Program]:
    """`linkweave` with `arguments`, in a process group of its own, gone at the end whatever happens."""
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

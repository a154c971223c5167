"""The command line as its users start it: processes of their own, stopped by signals."""

import json
import os
import queue
import re
import signal
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path

from linkweave.providers.discovery import discover

# Maximum number of seconds to wait for a process; a longer wait fails the test.
PATIENCE_SECONDS = 300


@dataclass
class Running:
    """A `linkweave` process and the lines it has printed, standard output and error together.

    They are read as they come: a process stops when its pipe is full.
    """

    process: subprocess.Popen[str]
    lines: list[str] = field(default_factory=list)
    _unseen: queue.SimpleQueue[str | None] = field(default_factory=queue.SimpleQueue)
    _reading: threading.Thread = field(init=False)

    def __post_init__(self) -> None:
        self._reading = threading.Thread(target=self._read, daemon=True)
        self._reading.start()

    @property
    def output(self) -> str:
        return "".join(self.lines)

    def wait_for(self, pattern: str) -> re.Match[str]:
        """The first printed line that matches."""
        while (line := self._unseen.get(timeout=PATIENCE_SECONDS)) is not None:
            match = re.search(pattern, line)
            if match:
                return match
        # Another call of this method gets the same end.
        self._unseen.put(None)
        raise AssertionError(f"ended without printing {pattern!r}:\n{self.output}")

    def stop(self, number: signal.Signals) -> int:
        """The status with which it ends after a signal; `output` is complete then."""
        self.process.send_signal(number)
        return self.end()

    def stop_group(self, number: signal.Signals) -> int:
        """The status with which it ends when it and all of its workers get a signal, as from a terminal."""
        os.killpg(self.process.pid, number)
        return self.end()

    def workers(self) -> list[int]:
        """The process ids of its workers."""
        children = Path(f"/proc/{self.process.pid}/task/{self.process.pid}/children").read_text().split()
        return [int(child) for child in children if b"spawn_main" in Path(f"/proc/{child}/cmdline").read_bytes()]

    @contextmanager
    def paused(self, worker: int) -> Iterator[None]:
        """`worker` does nothing meanwhile."""
        os.kill(worker, signal.SIGSTOP)
        try:
            yield
        finally:
            os.kill(worker, signal.SIGCONT)

    def end(self) -> int:
        """The status with which it ends by itself."""
        self.process.wait(PATIENCE_SECONDS)
        self._reading.join(PATIENCE_SECONDS)
        return self.process.returncode

    def _read(self) -> None:
        assert self.process.stdout is not None
        for line in self.process.stdout:
            self.lines.append(line)
            self._unseen.put(line)
        self._unseen.put(None)


@contextmanager
def linkweave(*arguments: str, modules: Path | None = None, answers: str | None = None) -> Iterator[Running]:
    """`linkweave` with `arguments`, in a process group of its own, gone at the end whatever happens.

    It finds modules in the folder `modules` before others, and `answers` on its standard input.
    """
    path = os.pathsep.join(filter(None, ["" if modules is None else str(modules), os.environ.get("PYTHONPATH")]))
    process = subprocess.Popen(  # noqa: S603 - our own command
        [str(Path(sys.executable).with_name("linkweave")), *arguments],
        stdin=None if answers is None else subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        start_new_session=True,
        env={**os.environ, "PYTHONPATH": path},
    )
    if process.stdin is not None and answers is not None:
        process.stdin.write(answers)
        process.stdin.close()
    running = Running(process)
    try:
        yield running
    finally:
        _kill_group(process.pid)
        running.end()
        if process.stdout is not None:
            process.stdout.close()


def _kill_group(leader: int) -> None:
    with suppress(ProcessLookupError):
        os.killpg(leader, signal.SIGKILL)


def account_table(base_url: str, provider: str, **options: str) -> str:
    """A configuration of the provider's first sandbox account, with `options` changed."""
    known = discover()[provider].sandbox_accounts[0].options
    lines = {"key": provider, "provider": provider, "base_url": f"{base_url}/{provider}", **known, **options}
    # For one value, JSON is also TOML.
    return "[[accounts]]\n" + "".join(f"{name} = {json.dumps(value)}\n" for name, value in lines.items())

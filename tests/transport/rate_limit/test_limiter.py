"""Vendors' limits: who waits, for how long, who is refused, and what a 429 and a cancellation leave behind."""

import asyncio
from dataclasses import dataclass, field, replace
from datetime import timedelta
from email.utils import format_datetime

import pytest

from harness.virtual_time import NOW, LoopClock
from harness.wires import READ, answer, in_virtual_time
from linkweave.clock import SystemClock
from linkweave.context.deadline import use_deadline
from linkweave.errors import ErrorCode, LocalRateLimitError, RateLimitedError
from linkweave.transport.call import Answer, Call, Transport
from linkweave.transport.rate_limit.limiter import RateLimit, RateLimited, SlidingWindow, WaitTooLongError

CALL = replace(READ, bucket="api")
THREE_IN_TEN = RateLimit("api", 3, 10)


@dataclass
class Vendor:
    """Answers after `seconds`, with what `answers` says or a plain yes, and notes when each call came."""

    seconds: float = 0.0
    answers: dict[int, Answer] = field(default_factory=dict)
    came: list[float] = field(default_factory=list)

    async def send(self, call: Call) -> Answer:  # noqa: ARG002 - the protocol's signature
        place = len(self.came)
        self.came.append(LoopClock().monotonic())
        await asyncio.sleep(self.seconds)
        return self.answers.get(place, answer())


def window_of(rate: RateLimit = THREE_IN_TEN) -> SlidingWindow:
    return SlidingWindow(rate, LoopClock())


def limited(inner: Transport, window: SlidingWindow) -> RateLimited:
    return RateLimited(inner, "main", {window.rate.bucket: window}, LoopClock())


async def send_all(transport: Transport, count: int) -> None:
    await asyncio.gather(*(transport.send(CALL) for _ in range(count)))


def test_calls_within_the_limit_leave_at_once_and_the_next_a_window_later() -> None:
    vendor = Vendor()
    in_virtual_time(send_all(limited(vendor, window_of()), 8))
    assert vendor.came == [0, 0, 0, 10, 10, 10, 20, 20]


def test_a_slot_is_free_a_window_after_its_answer_not_after_its_start() -> None:
    vendor = Vendor(seconds=4)
    in_virtual_time(send_all(limited(vendor, window_of()), 4))
    assert vendor.came == [0, 0, 0, 14]


@pytest.mark.parametrize("bucket", [None, "another"])
def test_calls_of_groups_without_a_limit_do_not_wait(bucket: str | None) -> None:
    async def story() -> None:
        free = limited(vendor, window_of())
        await asyncio.gather(*(free.send(replace(CALL, bucket=bucket)) for _ in range(9)))

    vendor = Vendor()
    in_virtual_time(story())
    assert vendor.came == [0] * 9


def test_what_is_free_and_when_the_next_may_leave_can_be_told() -> None:
    async def story() -> None:
        window = window_of()
        told: list[tuple[int, float]] = []
        transport = limited(Vendor(), window)
        for _ in range(3):
            told.append((window.free(), window.wait_for(0)))
            await transport.send(CALL)
            await asyncio.sleep(1)
        assert told == [(3, 0), (2, 0), (1, 0)]
        assert (window.free(), [window.wait_for(ahead) for ahead in range(7)]) == (0, [7, 8, 9, 17, 18, 19, 27])
        assert window.next_at() == LoopClock().now() + timedelta(seconds=7)
        await asyncio.sleep(7)
        assert (window.free(), window.wait_for(0), window.next_at()) == (1, 0, None)

    in_virtual_time(story())


def test_with_calls_ahead_free_slots_are_theirs() -> None:
    async def story() -> None:
        assert [window_of().wait_for(ahead) for ahead in (0, 2, 3, 6)] == [0, 0, 10, 20]

    in_virtual_time(story())


def test_calls_under_way_are_expected_to_free_their_slots_after_one_window() -> None:
    async def story() -> None:
        window = window_of()
        under_way = asyncio.create_task(send_all(limited(Vendor(seconds=99), window), 3))
        await asyncio.sleep(1)
        assert (window.free(), window.wait_for(0), window.wait_for(3)) == (0, 10, 20)
        await under_way

    in_virtual_time(story())


def test_the_next_call_is_told_behind_those_that_wait() -> None:
    async def story() -> None:
        window = window_of(RateLimit("api", 1, 10))
        waiting = asyncio.create_task(send_all(limited(Vendor(), window), 3))
        await asyncio.sleep(1)
        assert window.waiting == 2
        assert window.next_at() == LoopClock().now() + timedelta(seconds=29)
        await waiting
        assert window.waiting == 0

    in_virtual_time(story())


def test_a_call_that_cannot_leave_before_the_deadline_is_not_made() -> None:
    async def story() -> None:
        transport = limited(vendor, window_of())
        with use_deadline(5, LoopClock()):
            await send_all(transport, 3)
            with pytest.raises(LocalRateLimitError) as caught:
                await transport.send(CALL)
        error = caught.value
        assert isinstance(error, RateLimitedError)
        assert (error.code, error.safe_to_repeat) == (ErrorCode.RATE_LIMITED, True)
        assert str(error) == "main allows 3 calls in 10 s to list links"
        assert error.extensions == {"code": "RATE_LIMITED", "account": "main", "retryAfterSeconds": 10}
        assert error.__cause__ is None

    vendor = Vendor()
    in_virtual_time(story())
    assert vendor.came == [0, 0, 0]


def test_a_call_that_could_leave_only_at_the_deadline_is_not_made_either() -> None:
    async def story() -> None:
        transport = limited(vendor, window_of())
        await send_all(transport, 3)
        with use_deadline(10, LoopClock()), pytest.raises(LocalRateLimitError):
            await transport.send(CALL)

    vendor = Vendor()
    in_virtual_time(story())
    assert len(vendor.came) == 3


def test_a_call_that_can_leave_before_the_deadline_waits_for_its_turn() -> None:
    async def story() -> None:
        with use_deadline(10.5, LoopClock()):
            await send_all(limited(vendor, window_of()), 6)

    vendor = Vendor()
    in_virtual_time(story())
    assert vendor.came == [0, 0, 0, 10, 10, 10]


def test_those_who_wait_count_before_one_who_comes_later() -> None:
    async def story() -> None:
        transport = limited(vendor, window_of())
        waiting = asyncio.create_task(send_all(transport, 6))
        await asyncio.sleep(1)
        with use_deadline(15, LoopClock()), pytest.raises(LocalRateLimitError) as caught:
            await transport.send(CALL)
        assert caught.value.retry_after == 19
        await waiting

    vendor = Vendor()
    in_virtual_time(story())
    assert len(vendor.came) == 6


def test_one_who_waits_for_a_slow_call_is_refused_as_soon_as_it_is_known_that_there_is_no_time() -> None:
    async def story() -> float:
        window = window_of(RateLimit("api", 1, 1))
        transport = limited(Vendor(seconds=9.5), window)
        first = asyncio.create_task(transport.send(CALL))
        await asyncio.sleep(0)
        with use_deadline(10, LoopClock()), pytest.raises(LocalRateLimitError) as caught:
            await transport.send(CALL)
        assert caught.value.retry_after == 1
        refused_at = LoopClock().monotonic()
        await first
        return refused_at

    assert in_virtual_time(story()) == 9.5


def test_one_who_waits_for_a_call_without_end_is_refused_at_the_deadline() -> None:
    async def story() -> float:
        window = window_of(RateLimit("api", 1, 1))
        transport = limited(Vendor(seconds=300), window)
        first = asyncio.create_task(transport.send(CALL))
        await asyncio.sleep(0)
        with use_deadline(10, LoopClock()), pytest.raises(LocalRateLimitError):
            await asyncio.gather(transport.send(CALL), transport.send(CALL))
        assert window.waiting == 0
        refused_at = LoopClock().monotonic()
        await first
        return refused_at

    assert in_virtual_time(story()) == 10


def test_a_window_by_itself_says_how_long_the_wait_would_be() -> None:
    async def story() -> None:
        window = window_of(RateLimit("api", 1, 10))
        async with window.slot():
            pass
        with pytest.raises(WaitTooLongError, match=r"^10 s$"):
            async with window.slot(9):
                pass
        async with window.slot(11):
            assert LoopClock().monotonic() == 10

    in_virtual_time(story())


def in_a_minute(seconds: float) -> str:
    return format_datetime(NOW + timedelta(seconds=seconds), usegmt=True)


@pytest.mark.parametrize(
    ("header", "seconds"),
    [
        (None, 10),
        ("25", 25),
        (in_a_minute(25), 25),
        ("7200", 3600),
        ("0", 10),
        (in_a_minute(-60), 10),
        ("soon", 10),
    ],
)
def test_a_429_closes_the_window_for_as_long_as_the_vendor_says_or_one_window(
    header: str | None, seconds: float
) -> None:
    async def story() -> None:
        window = window_of()
        transport = limited(vendor, window)
        refused = await transport.send(CALL)
        assert refused.status == 429
        assert window.free() == 0
        assert window.next_at() == NOW + timedelta(seconds=seconds)
        await transport.send(CALL)

    vendor = Vendor(answers={0: answer(429, headers=() if header is None else (("retry-after", header),))})
    in_virtual_time(story())
    assert vendor.came == [0, seconds]


def test_a_short_retry_after_opens_no_slot_that_calls_before_it_have_taken() -> None:
    vendor = Vendor(answers={2: answer(429, headers=(("retry-after", "1"),))})
    in_virtual_time(send_all(limited(vendor, window_of()), 6))
    assert vendor.came == [0, 0, 0, 10, 10, 10]


def test_a_second_429_never_opens_the_window_earlier() -> None:
    answers = {0: answer(429, headers=(("retry-after", "60"),)), 1: answer(429, headers=(("retry-after", "1"),))}
    vendor = Vendor(answers=answers)
    in_virtual_time(send_all(limited(vendor, window_of()), 4))
    assert vendor.came == [0, 0, 0, 60]


def test_a_429_holds_back_those_who_wait_and_refuses_whose_deadline_it_passes() -> None:
    async def story() -> float:
        transport = limited(vendor, window_of(RateLimit("api", 1, 1)))
        with use_deadline(10, LoopClock()):
            first = asyncio.create_task(transport.send(CALL))
            second = asyncio.create_task(transport.send(CALL))
            assert (await first).status == 429
            with pytest.raises(LocalRateLimitError) as caught:
                await second
        assert caught.value.retry_after == 60
        return LoopClock().monotonic()

    vendor = Vendor(seconds=3, answers={0: answer(429, headers=(("retry-after", "60"),))})
    assert in_virtual_time(story()) == 3
    assert vendor.came == [0]


def test_calls_that_are_answered_while_the_window_is_closed_still_count() -> None:
    async def story() -> None:
        window = window_of()
        slow = asyncio.create_task(limited(Vendor(seconds=5), window).send(CALL))
        await asyncio.sleep(0)
        await limited(Vendor(answers={0: answer(429, headers=(("retry-after", "2"),))}), window).send(CALL)
        assert window.free() == 0
        await asyncio.sleep(2)
        assert window.free() == 1
        await slow
        assert window.free() == 1
        await asyncio.sleep(9.5)
        assert window.free() == 2
        await asyncio.sleep(1)
        assert window.free() == 3

    in_virtual_time(story())


def test_one_who_gives_up_waiting_takes_no_slot_and_holds_up_nobody() -> None:
    async def story() -> None:
        window = window_of(RateLimit("api", 1, 10))
        transport = limited(vendor, window)
        await transport.send(CALL)
        sleeping, behind, last = (asyncio.create_task(transport.send(CALL)) for _ in range(3))
        await asyncio.sleep(1)
        assert window.waiting == 3
        sleeping.cancel()
        behind.cancel()
        await asyncio.wait({sleeping, behind})
        assert window.waiting == 1
        await last

    vendor = Vendor()
    in_virtual_time(story())
    assert vendor.came == [0, 10]


def test_one_who_gives_up_waiting_for_an_answer_of_another_holds_up_nobody() -> None:
    async def story() -> None:
        transport = limited(vendor, window_of(RateLimit("api", 1, 10)))
        first, second, third = (asyncio.create_task(transport.send(CALL)) for _ in range(3))
        await asyncio.sleep(1)
        second.cancel()
        await asyncio.wait({first, second, third})
        assert second.cancelled()

    vendor = Vendor(seconds=5)
    in_virtual_time(story())
    assert vendor.came == [0, 15]


def test_a_call_that_is_cancelled_under_way_keeps_its_slot_for_one_window() -> None:
    async def story() -> None:
        transport = limited(vendor, window_of(RateLimit("api", 1, 10)))
        under_way = asyncio.create_task(transport.send(CALL))
        await asyncio.sleep(2)
        under_way.cancel()
        await asyncio.wait({under_way})
        await transport.send(CALL)

    vendor = Vendor(seconds=5)
    in_virtual_time(story())
    assert vendor.came == [0, 12]


def test_a_call_that_fails_keeps_its_slot_for_one_window() -> None:
    class Broken:
        async def send(self, call: Call) -> Answer:
            raise LocalRateLimitError("no", account="main", operation=call.operation)

    async def story() -> None:
        window = window_of()
        with pytest.raises(LocalRateLimitError, match=r"^no$"):
            await limited(Broken(), window).send(CALL)
        assert window.free() == 2
        await asyncio.sleep(10)
        assert window.free() == 3

    in_virtual_time(story())


@pytest.mark.real_time
async def test_a_deadline_ends_a_wait_in_real_time_too() -> None:
    async def hang() -> None:
        async with window.slot():
            await asyncio.Event().wait()

    clock = SystemClock()
    window = SlidingWindow(RateLimit("api", 1, 0.001), clock)
    hanging = asyncio.create_task(hang())
    await asyncio.sleep(0)
    with pytest.raises(WaitTooLongError):
        async with window.slot(0.01):
            pass
    hanging.cancel()
    await asyncio.wait({hanging})

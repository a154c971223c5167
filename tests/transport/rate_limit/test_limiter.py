"""Vendors' limits: which calls wait, for how long, which are refused, and what a 429 or a cancelled call changes."""

import asyncio
from dataclasses import dataclass, field, replace
from datetime import timedelta
from email.utils import format_datetime

import pytest

from harness.virtual_time import NOW, LoopClock
from harness.wires import READ, answer
from linkweave.clock import SystemClock
from linkweave.context.deadline import use_deadline
from linkweave.errors import ErrorCode, LocalRateLimitError, RateLimitedError
from linkweave.transport.call import Answer, Call, Transport
from linkweave.transport.rate_limit.limiter import RateLimit, RateLimited, SlidingWindow, WaitTooLongError
from linkweave.transport.refusal import Refusal

CALL = replace(READ, bucket="api")


def too_many(retry_after: str | None = None) -> Answer:
    return answer(429, headers=() if retry_after is None else (("retry-after", retry_after),))


@dataclass
class Vendor:
    """Answers after `seconds` with what `answers` has for the number of the call, and notes when each call came."""

    seconds: float = 0.0
    answers: dict[int, Answer] = field(default_factory=dict)
    times: list[float] = field(default_factory=list)

    async def send(self, call: Call) -> Answer:  # noqa: ARG002 - the protocol's signature
        number = len(self.times)
        self.times.append(LoopClock().monotonic())
        await asyncio.sleep(self.seconds)
        return self.answers.get(number, answer())


def window_of(limit: int = 3, seconds: float = 10) -> SlidingWindow:
    return SlidingWindow(RateLimit("api", limit, seconds), LoopClock())


def limited(inner: Transport, window: SlidingWindow) -> RateLimited:
    return RateLimited(inner, "main", {window.rate.bucket: [window]}, LoopClock())


async def send_all(transport: Transport, count: int, call: Call = CALL) -> None:
    await asyncio.gather(*(transport.send(call) for _ in range(count)))


@pytest.mark.parametrize(
    ("vendor", "times"),
    [
        pytest.param(Vendor(), [0, 0, 0, 10, 10, 10, 20, 20], id="calls beyond the limit wait one window"),
        pytest.param(Vendor(4), [0, 0, 0, 14], id="a slot is free one window after the answer"),
        pytest.param(Vendor(answers={2: too_many("1")}), [0, 0, 0, 10, 10], id="a short Retry-After frees no slot"),
        pytest.param(
            Vendor(answers={0: too_many("60"), 1: too_many("1")}),
            [0, 0, 0, 60],
            id="a second 429 never opens it earlier",
        ),
        pytest.param(
            Vendor(answers={0: replace(answer(), refusal=Refusal(RateLimitedError, "too many"))}),
            [0, 0, 0, 10],
            id="a refusal in words closes the window too",
        ),
    ],
)
async def test_calls_are_sent_when_their_window_has_a_slot(vendor: Vendor, times: list[float]) -> None:
    await send_all(limited(vendor, window_of()), len(times))
    assert vendor.times == times


@pytest.mark.parametrize(
    ("vendor", "times"),
    [
        pytest.param(Vendor(), [0, 0, 0, 10, 60, 60, 60, 70, 120], id="each window has its own slots"),
        pytest.param(Vendor(answers={0: too_many()}), [0, 0, 0, 10, 60], id="a 429 closes them for the shortest alone"),
        pytest.param(Vendor(answers={0: too_many("90")}), [0, 0, 0, 90], id="a Retry-After closes them all"),
    ],
)
async def test_a_group_with_two_windows_keeps_both(vendor: Vendor, times: list[float]) -> None:
    windows = [window_of(), window_of(limit=4, seconds=60)]
    await send_all(RateLimited(vendor, "main", {"api": windows}, LoopClock()), len(times))
    assert vendor.times == times


async def test_a_call_without_a_slot_in_one_window_gives_back_that_of_the_other() -> None:
    short, long = window_of(limit=1), window_of(limit=9, seconds=60)
    transport = RateLimited(Vendor(), "main", {"api": [short, long]}, LoopClock())
    await transport.send(CALL)
    with use_deadline(5, LoopClock()), pytest.raises(LocalRateLimitError, match="1 calls in 10 s"):
        await transport.send(CALL)
    waiting = asyncio.create_task(transport.send(CALL))
    await asyncio.sleep(1)
    assert long.free() == 7
    waiting.cancel()
    await asyncio.wait([waiting])
    assert long.free() == 8


@pytest.mark.parametrize("bucket", [None, "another"])
async def test_calls_of_groups_without_a_limit_do_not_wait(bucket: str | None) -> None:
    vendor = Vendor()
    await send_all(limited(vendor, window_of()), 9, replace(CALL, bucket=bucket))
    assert vendor.times == [0] * 9


async def test_a_window_knows_its_free_slots_and_when_the_next_call_may_be_sent() -> None:
    window, seen = window_of(), list[tuple[int, float]]()
    transport = limited(Vendor(), window)
    assert [window.wait_seconds(ahead) for ahead in (0, 2, 3, 6)] == [0, 0, 10, 20]
    for _ in range(3):
        seen.append((window.free(), window.wait_seconds(0)))
        await transport.send(CALL)
        await asyncio.sleep(1)
    assert seen == [(3, 0), (2, 0), (1, 0)]
    assert (window.free(), [window.wait_seconds(ahead) for ahead in range(7)]) == (0, [7, 8, 9, 17, 18, 19, 27])
    assert window.next_at() == LoopClock().now() + timedelta(seconds=7)
    await asyncio.sleep(7)
    assert (window.free(), window.wait_seconds(0), window.next_at()) == (1, 0, None)


async def test_calls_under_way_are_expected_to_free_their_slots_after_one_window() -> None:
    window = window_of()
    under_way = asyncio.create_task(send_all(limited(Vendor(seconds=99), window), 3))
    await asyncio.sleep(1)
    assert (window.free(), window.wait_seconds(0), window.wait_seconds(3)) == (0, 10, 20)
    await under_way


async def test_the_next_call_is_expected_after_those_that_wait() -> None:
    window = window_of(limit=1)
    waiting = asyncio.create_task(send_all(limited(Vendor(), window), 3))
    await asyncio.sleep(1)
    assert window.waiting == 2
    assert window.next_at() == LoopClock().now() + timedelta(seconds=29)
    await waiting
    assert window.waiting == 0


async def test_a_call_that_cannot_be_sent_before_the_deadline_is_not_made() -> None:
    vendor = Vendor()
    transport = limited(vendor, window_of())
    with use_deadline(5, LoopClock()):
        await send_all(transport, 3)
        with pytest.raises(LocalRateLimitError) as caught:
            await transport.send(CALL)
    error = caught.value
    assert (error.code, error.safe_to_repeat, error.__cause__) == (ErrorCode.RATE_LIMITED, True, None)
    assert str(error) == "main allows 3 calls in 10 s to list links"
    assert error.extensions == {"code": "RATE_LIMITED", "account": "main", "retryAfterSeconds": 10}
    assert vendor.times == [0, 0, 0]


@pytest.mark.parametrize(("deadline", "sent"), [(10, 3), (10.5, 4)])
async def test_a_call_waits_only_if_it_can_be_sent_before_the_deadline(deadline: float, sent: int) -> None:
    vendor = Vendor()
    transport = limited(vendor, window_of())
    with use_deadline(deadline, LoopClock()):
        await asyncio.gather(*(transport.send(CALL) for _ in range(4)), return_exceptions=True)
    assert vendor.times == [0, 0, 0, 10][:sent]


async def test_calls_in_the_queue_count_before_one_that_comes_later() -> None:
    vendor = Vendor()
    transport = limited(vendor, window_of())
    waiting = asyncio.create_task(send_all(transport, 6))
    await asyncio.sleep(1)
    with use_deadline(15, LoopClock()), pytest.raises(LocalRateLimitError) as caught:
        await transport.send(CALL)
    assert caught.value.retry_after == 19
    await waiting
    assert len(vendor.times) == 6


@pytest.mark.parametrize(
    ("latency", "refused_at"),
    [pytest.param(9.5, 9.5, id="when the slow call has ended"), pytest.param(300, 10, id="at the deadline")],
)
async def test_a_call_that_waits_for_a_slow_one_is_refused_as_soon_as_it_is_known_to_be_too_late(
    latency: float, refused_at: float
) -> None:
    window = window_of(1, 1)
    transport = limited(Vendor(seconds=latency), window)
    first = asyncio.create_task(transport.send(CALL))
    await asyncio.sleep(0)
    with use_deadline(10, LoopClock()), pytest.raises(LocalRateLimitError) as caught:
        await asyncio.gather(transport.send(CALL), transport.send(CALL))
    assert (caught.value.retry_after, window.waiting) == (1, 0)
    assert LoopClock().monotonic() == refused_at
    await first


async def test_a_window_reports_how_long_the_wait_would_be() -> None:
    window = window_of(limit=1)
    async with window.slot():
        pass
    with pytest.raises(WaitTooLongError, match=r"^10 s$"):
        async with window.slot(9):
            pass
    async with window.slot(11):
        assert LoopClock().monotonic() == 10


def date_in(seconds: float) -> str:
    return format_datetime(NOW + timedelta(seconds=seconds), usegmt=True)


@pytest.mark.parametrize(
    ("header", "seconds"),
    [(None, 10), ("25", 25), (date_in(25), 25), ("7200", 3600), ("0", 10), (date_in(-60), 10), ("soon", 10)],
)
async def test_a_429_closes_the_window_for_as_long_as_the_vendor_says_or_one_window(
    header: str | None, seconds: float
) -> None:
    vendor, window = Vendor(answers={0: too_many(header)}), window_of()
    transport = limited(vendor, window)
    assert (await transport.send(CALL)).status == 429
    assert (window.free(), window.next_at()) == (0, NOW + timedelta(seconds=seconds))
    await transport.send(CALL)
    assert vendor.times == [0, seconds]


async def test_a_429_refuses_a_waiting_call_whose_deadline_it_passes() -> None:
    vendor = Vendor(seconds=3, answers={0: too_many("60")})
    transport = limited(vendor, window_of(1, 1))
    with use_deadline(10, LoopClock()):
        first, second = (asyncio.create_task(transport.send(CALL)) for _ in range(2))
        assert (await first).status == 429
        with pytest.raises(LocalRateLimitError) as caught:
            await second
    assert (caught.value.retry_after, LoopClock().monotonic(), vendor.times) == (60, 3, [0])


async def test_calls_that_are_answered_while_the_window_is_closed_still_count() -> None:
    window = window_of()
    slow = asyncio.create_task(limited(Vendor(seconds=5), window).send(CALL))
    await asyncio.sleep(0)
    await limited(Vendor(answers={0: too_many("2")}), window).send(CALL)
    assert window.free() == 0
    await asyncio.sleep(2)
    assert window.free() == 1
    await slow
    assert window.free() == 1
    await asyncio.sleep(9.5)
    assert window.free() == 2
    await asyncio.sleep(1)
    assert window.free() == 3


async def test_a_waiting_call_that_is_cancelled_takes_no_slot_and_delays_no_other() -> None:
    vendor, window = Vendor(), window_of(limit=1)
    transport = limited(vendor, window)
    await transport.send(CALL)
    first, second, last = (asyncio.create_task(transport.send(CALL)) for _ in range(3))
    await asyncio.sleep(1)
    assert window.waiting == 3
    first.cancel()
    second.cancel()
    await asyncio.wait({first, second})
    assert window.waiting == 1
    await last
    assert vendor.times == [0, 10]


async def test_a_call_that_is_cancelled_while_it_waits_for_another_to_end_delays_no_other() -> None:
    vendor = Vendor(seconds=5)
    transport = limited(vendor, window_of(limit=1))
    first, second, third = (asyncio.create_task(transport.send(CALL)) for _ in range(3))
    await asyncio.sleep(1)
    second.cancel()
    await asyncio.wait({first, second, third})
    assert second.cancelled()
    assert vendor.times == [0, 15]


async def test_a_call_that_is_cancelled_under_way_keeps_its_slot_for_one_window() -> None:
    vendor = Vendor(seconds=5)
    transport = limited(vendor, window_of(limit=1))
    under_way = asyncio.create_task(transport.send(CALL))
    await asyncio.sleep(2)
    under_way.cancel()
    await asyncio.wait({under_way})
    await transport.send(CALL)
    assert vendor.times == [0, 12]


async def test_a_call_that_fails_keeps_its_slot_for_one_window() -> None:
    class Broken:
        async def send(self, call: Call) -> Answer:
            raise LocalRateLimitError("no", account="main", operation=call.operation)

    window = window_of()
    with pytest.raises(LocalRateLimitError, match=r"^no$"):
        await limited(Broken(), window).send(CALL)
    assert window.free() == 2
    await asyncio.sleep(10)
    assert window.free() == 3


@pytest.mark.real_time
async def test_a_deadline_ends_a_wait_in_real_time_too() -> None:
    async def hang() -> None:
        async with window.slot():
            await asyncio.Event().wait()

    window = SlidingWindow(RateLimit("api", 1, 0.001), SystemClock())
    hanging = asyncio.create_task(hang())
    await asyncio.sleep(0)
    with pytest.raises(WaitTooLongError):
        async with window.slot(0.01):
            pass
    hanging.cancel()
    await asyncio.wait({hanging})

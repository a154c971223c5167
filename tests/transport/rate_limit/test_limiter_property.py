"""Vendors' limits hold in any window, whenever calls come, however long they take, and whichever are cancelled."""

import asyncio
from dataclasses import dataclass, field

from hypothesis import given
from hypothesis import strategies as st

from harness.virtual_time import LoopClock
from harness.wires import answer, in_virtual_time
from linkweave.transport.call import Answer, Call
from linkweave.transport.rate_limit.limiter import RateLimit, RateLimited, SlidingWindow

# Eighths of seconds are exact in floating point, so that the limit can be checked without a tolerance.
EIGHTH = 0.125


@dataclass(frozen=True)
class Arrival:
    """A call: seconds after the call before it, seconds under way, the part of them after which the vendor counts it,
    seconds after which its caller cancels it, and the Retry-After with which the vendor refuses it."""

    after: float
    latency: float = 0.0
    counted_at: float = 0.0
    cancelled_after: float | None = None
    retry_after: int | None = None


@dataclass
class Vendor:
    arrivals: list[Arrival]
    order: list[int] = field(default_factory=list)
    counted: list[float] = field(default_factory=list)
    closed: list[tuple[float, float]] = field(default_factory=list)
    sent: list[float] = field(default_factory=list)

    async def send(self, call: Call) -> Answer:
        arrival = self.arrivals[int(call.operation)]
        clock = LoopClock()
        self.order.append(int(call.operation))
        self.sent.append(clock.monotonic())
        try:
            await asyncio.sleep(arrival.latency * arrival.counted_at)
        finally:
            self.counted.append(clock.monotonic())
        await asyncio.sleep(arrival.latency * (1 - arrival.counted_at))
        if arrival.retry_after is None:
            return answer()
        self.closed.append((clock.monotonic(), clock.monotonic() + arrival.retry_after))
        return answer(429, headers=(("retry-after", str(arrival.retry_after)),))


eighths = st.integers(0, 40).map(lambda number: number * EIGHTH)
rates = st.builds(RateLimit, st.just("api"), st.integers(1, 4), st.sampled_from([0.5, 1.0, 2.0, 5.0]))
uncancelled = st.builds(Arrival, eighths, eighths, st.sampled_from([0.0, 0.5, 1.0]))
anything = st.builds(
    Arrival,
    eighths,
    eighths,
    st.sampled_from([0.0, 0.5, 1.0]),
    st.none() | eighths,
    st.none() | st.none() | st.integers(1, 20),
)


async def play(vendor: Vendor, window: SlidingWindow) -> list[tuple[float, float]]:
    """Send all calls; the expected and the real wait of each that was not cancelled."""
    transport = RateLimited(vendor, "main", {"api": [window]}, LoopClock())
    waits: list[tuple[float, float]] = []

    async def send(number: int, arrival: Arrival) -> None:
        came, expected = LoopClock().monotonic(), window.wait_seconds(window.waiting)
        try:
            async with asyncio.timeout(arrival.cancelled_after):
                await transport.send(Call(str(number), "GET", "/", bucket="api"))
        except TimeoutError:
            return
        waits.append((expected, vendor.sent[vendor.order.index(number)] - came))

    async with asyncio.TaskGroup() as calls:
        for number, arrival in enumerate(vendor.arrivals):
            if arrival.after:
                await asyncio.sleep(arrival.after)
            calls.create_task(send(number, arrival))
    return waits


@given(rate=rates, arrivals=st.lists(anything, min_size=1, max_size=25))
def test_no_window_at_the_vendor_holds_more_calls_than_its_limit(rate: RateLimit, arrivals: list[Arrival]) -> None:
    vendor = Vendor(arrivals)
    in_virtual_time(play(vendor, SlidingWindow(rate, LoopClock())))
    counted = sorted(vendor.counted)
    for first, one_too_many in zip(counted, counted[rate.limit :], strict=False):
        assert one_too_many - first >= rate.seconds


@given(rate=rates, arrivals=st.lists(anything, min_size=1, max_size=25))
def test_no_call_is_sent_while_a_429_closes_the_window(rate: RateLimit, arrivals: list[Arrival]) -> None:
    vendor = Vendor(arrivals)
    in_virtual_time(play(vendor, SlidingWindow(rate, LoopClock())))
    assert not [sent for sent in vendor.sent for since, until in vendor.closed if since < sent < until]


@given(rate=rates, arrivals=st.lists(uncancelled, min_size=1, max_size=25))
def test_calls_are_sent_in_the_order_in_which_they_came(rate: RateLimit, arrivals: list[Arrival]) -> None:
    vendor = Vendor(arrivals)
    window = SlidingWindow(rate, LoopClock())
    in_virtual_time(play(vendor, window))
    assert vendor.order == list(range(len(arrivals)))
    assert window.waiting == 0


@given(rate=rates, arrivals=st.lists(uncancelled, min_size=1, max_size=25))
def test_no_call_is_sent_earlier_than_expected(rate: RateLimit, arrivals: list[Arrival]) -> None:
    for expected, waited in in_virtual_time(play(Vendor(arrivals), SlidingWindow(rate, LoopClock()))):
        assert expected <= waited


@given(rate=rates, arrivals=st.lists(st.builds(Arrival, eighths), min_size=1, max_size=25))
def test_the_expected_wait_is_exact_where_answers_take_no_time(rate: RateLimit, arrivals: list[Arrival]) -> None:
    for expected, waited in in_virtual_time(play(Vendor(arrivals), SlidingWindow(rate, LoopClock()))):
        assert expected == waited


@given(rate=rates, arrivals=st.lists(anything, min_size=1, max_size=25))
def test_all_slots_are_free_again_after_the_last_call(rate: RateLimit, arrivals: list[Arrival]) -> None:
    async def story() -> int:
        window = SlidingWindow(rate, LoopClock())
        await play(Vendor(arrivals), window)
        await asyncio.sleep(rate.seconds + 20)
        return window.free()

    assert in_virtual_time(story()) == rate.limit

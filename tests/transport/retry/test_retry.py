"""Reads that failed for a moment are sent again: how often, when, and which calls never are."""

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import timedelta
from email.utils import format_datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from harness.virtual_time import NOW, LoopClock
from harness.wires import READ, WRITE, answer, in_virtual_time
from linkweave.context.call_context import use_priority
from linkweave.context.deadline import use_deadline
from linkweave.context.priority import Priority
from linkweave.errors import (
    BadResponseError,
    CircuitOpenError,
    LocalRateLimitError,
    NotFoundError,
    RateLimitedError,
    UnavailableError,
    VendorError,
    VendorTimeoutError,
)
from linkweave.observability import Observer
from linkweave.transport.call import Answer, Call
from linkweave.transport.refusal import Refusal
from linkweave.transport.retry.retry import CALLS_PER_RETRY, Retrying, silence_retries

GOOD = answer()
DOWN = replace(answer(503), refusal=Refusal(UnavailableError, "no"))


NOT_FOUND = replace(answer(404), refusal=Refusal(NotFoundError, "no"))


def too_many(retry_after: str | None = None) -> Answer:
    headers = () if retry_after is None else (("retry-after", retry_after),)
    return replace(answer(429, headers=headers), refusal=Refusal(RateLimitedError, "no"))


def failure(kind: type[VendorError]) -> VendorError:
    return kind("it broke", account="main", operation="list links")


@dataclass
class Vendor(Observer):
    """Returns or raises `outcomes` in order, then good answers. It is the observer, too."""

    outcomes: list[Answer | VendorError] = field(default_factory=list)
    times: list[float] = field(default_factory=list)
    retries: list[tuple[str, str]] = field(default_factory=list)

    async def send(self, call: Call) -> Answer:  # noqa: ARG002 - the protocol's signature
        self.times.append(LoopClock().monotonic())
        outcome = self.outcomes.pop(0) if self.outcomes else GOOD
        if isinstance(outcome, VendorError):
            raise outcome
        return outcome

    def call_retried(self, account: str, operation: str) -> None:
        self.retries.append((account, operation))


def layer_over(vendor: Vendor, saved: int = 2) -> Retrying:
    """The layer of an account that has saved so many repetitions."""
    silence_retries()
    layer = Retrying(vendor, "main", LoopClock(), vendor)
    for _ in range(saved * CALLS_PER_RETRY):
        layer.budget.earn()
    return layer


async def send(vendor: Vendor, call: Call = READ, *, saved: int = 2, seconds: float = 10) -> Answer | VendorError:
    with use_deadline(seconds, LoopClock()):
        try:
            return await layer_over(vendor, saved).send(call)
        except VendorError as error:
            return error


@pytest.mark.parametrize("first", [failure(UnavailableError), failure(VendorTimeoutError), DOWN, too_many()])
async def test_a_read_that_failed_for_a_moment_is_sent_again_after_a_short_pause(first: Answer | VendorError) -> None:
    vendor = Vendor([first])
    assert await send(vendor) is GOOD
    assert vendor.times[0] == 0
    assert 0.1 <= vendor.times[1] <= 0.3
    assert vendor.retries == [("main", "list links")]


async def test_the_second_pause_is_longer_and_there_is_no_third() -> None:
    vendor = Vendor([DOWN] * 9)
    assert await send(vendor, saved=9) is DOWN
    first, second, third = vendor.times
    assert 0.1 <= second - first <= 0.3
    assert 0.2 <= third - second <= 0.4


async def test_the_last_failure_is_raised() -> None:
    last = failure(NotFoundError)
    vendor = Vendor([failure(UnavailableError), failure(VendorTimeoutError), last])
    assert await send(vendor) is last
    assert len(vendor.times) == 3


@pytest.mark.parametrize(
    ("outcome", "call", "seconds"),
    [
        pytest.param(failure(BadResponseError), READ, 10, id="a bad response"),
        pytest.param(failure(NotFoundError), READ, 10, id="an error that would come again"),
        pytest.param(failure(LocalRateLimitError), READ, 10, id="a refusal of the limiter"),
        pytest.param(failure(CircuitOpenError), READ, 10, id="a refusal of the circuit breaker"),
        pytest.param(NOT_FOUND, READ, 10, id="a refusal that would come again"),
        pytest.param(GOOD, READ, 10, id="a good answer"),
        pytest.param(DOWN, WRITE, 10, id="a write"),
        pytest.param(DOWN, READ, 0.25, id="a pause that would end after the deadline"),
        pytest.param(too_many("10"), READ, 10, id="a Retry-After that would end after the deadline"),
        pytest.param(too_many("3600"), READ, 1e6, id="a Retry-After of an hour"),
    ],
)
async def test_a_call_is_sent_once_after(outcome: Answer | VendorError, call: Call, seconds: float) -> None:
    vendor = Vendor([outcome])
    assert await send(vendor, call, seconds=seconds) is outcome
    assert (len(vendor.times), vendor.retries) == (1, [])


@pytest.mark.parametrize(("promoted", "calls"), [(False, 1), (True, 2)])
async def test_a_call_in_the_background_is_sent_again_only_if_it_has_a_waiter_when_it_fails(
    promoted: bool, calls: int
) -> None:
    class Broken(Vendor):
        async def send(self, call: Call) -> Answer:
            if promoted:
                priority.promote()
            return await super().send(call)

    vendor, priority = Broken([DOWN]), Priority(background=True)
    with use_priority(priority):
        await send(vendor)
    assert len(vendor.times) == calls


async def test_an_error_that_is_not_a_vendors_is_raised_at_once() -> None:
    class Wrong:
        async def send(self, call: Call) -> Answer:
            raise ZeroDivisionError(call.operation)

    with pytest.raises(ZeroDivisionError):
        await Retrying(Wrong(), "main", LoopClock()).send(READ)


@pytest.mark.parametrize(
    ("header", "seconds"),
    [("3", 3), (format_datetime(NOW + timedelta(seconds=4), usegmt=True), 4), ("0", 0), ("10", 10), ("11", None)],
)
async def test_the_next_attempt_comes_after_the_vendors_retry_after_of_ten_seconds_at_most(
    header: str, seconds: float | None
) -> None:
    vendor = Vendor([too_many(header)])
    await layer_over(vendor).send(READ)
    assert vendor.times == ([0] if seconds is None else [0, seconds])


@pytest.mark.parametrize("refused", [LocalRateLimitError, CircuitOpenError])
@pytest.mark.parametrize("first", [DOWN, failure(VendorTimeoutError)])
async def test_if_the_gateway_refuses_the_repetition_the_first_outcome_counts(
    first: Answer | VendorError, refused: type[VendorError]
) -> None:
    vendor = Vendor([first, failure(refused)])
    assert await send(vendor) is first
    assert len(vendor.times) == 2


async def test_a_new_account_has_earned_no_repetition_and_five_calls_earn_one() -> None:
    vendor = Vendor()
    layer, counts = layer_over(vendor, saved=0), []
    for _ in range(10):
        vendor.outcomes = [DOWN]
        before = len(vendor.times)
        await layer.send(READ)
        counts.append(len(vendor.times) - before)
    assert counts == [1, 1, 1, 1, 2, 1, 1, 1, 1, 2]


async def test_at_most_ten_repetitions_are_saved() -> None:
    vendor = Vendor([DOWN] * 1000)
    layer = layer_over(vendor, saved=1000)
    for _ in range(16):
        await layer.send(READ)
    # Ten that were saved, and three that these sixteen calls have earned.
    assert len(vendor.retries) == 13


OUTCOMES = [
    GOOD,
    DOWN,
    too_many(),
    too_many("2"),
    failure(UnavailableError),
    failure(VendorTimeoutError),
    failure(NotFoundError),
    failure(LocalRateLimitError),
    failure(CircuitOpenError),
]


@given(
    outcomes=st.lists(st.sampled_from(OUTCOMES), max_size=120),
    bursts=st.lists(st.integers(1, 12), min_size=1, max_size=12),
)
def test_repetitions_never_add_more_than_a_fifth_of_the_calls(
    outcomes: list[Answer | VendorError], bursts: Sequence[int]
) -> None:
    async def story() -> None:
        layer, calls = layer_over(vendor, saved=0), 0
        for count in bursts:
            await asyncio.gather(*(layer.send(READ) for _ in range(count)), return_exceptions=True)
            calls += count
            assert len(vendor.times) * 5 <= calls * 6

    vendor = Vendor(list(outcomes))
    in_virtual_time(story())

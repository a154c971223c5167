"""Reads that failed for a moment are asked again: how often, when, and who never is."""

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import timedelta
from email.utils import format_datetime

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from harness.virtual_time import NOW, LoopClock
from harness.wires import READ, WRITE, answer, in_virtual_time
from linkweave.context.call_context import use_background_priority
from linkweave.context.deadline import use_deadline
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
from linkweave.transport.call import Answer, Call, Pairs
from linkweave.transport.refusal import Refusal
from linkweave.transport.retry.retry import CALLS_PER_RETRY, Retrying, silence_retries

GOOD = answer()
DOWN = replace(answer(503), refusal=Refusal(UnavailableError, "no"))


def too_many(headers: Pairs = ()) -> Answer:
    return replace(answer(429, headers=headers), refusal=Refusal(RateLimitedError, "no"))


def failure(kind: type[VendorError]) -> VendorError:
    return kind("it broke", account="main", operation="list links")


@dataclass
class Vendor(Observer):
    """Answers in order, then with a yes for ever. Hears of retries, too."""

    outcomes: list[Answer | VendorError] = field(default_factory=list)
    came: list[float] = field(default_factory=list)
    retries: list[tuple[str, str]] = field(default_factory=list)

    async def send(self, call: Call) -> Answer:  # noqa: ARG002 - the protocol's signature
        self.came.append(LoopClock().monotonic())
        outcome = self.outcomes.pop(0) if self.outcomes else GOOD
        if isinstance(outcome, VendorError):
            raise outcome
        return outcome

    def retried(self, account: str, operation: str) -> None:
        self.retries.append((account, operation))


def layer_over(vendor: Vendor, saved: int = 2) -> Retrying:
    layer = Retrying(vendor, "main", LoopClock(), vendor)
    for _ in range(saved * CALLS_PER_RETRY):
        layer.budget.earn()
    return layer


def ask(vendor: Vendor, call: Call = READ, *, saved: int = 2, seconds: float = 10) -> Answer:
    silence_retries()

    async def story() -> Answer:
        with use_deadline(seconds, LoopClock()):
            return await layer_over(vendor, saved).send(call)

    return in_virtual_time(story())


@pytest.mark.parametrize("first", [failure(UnavailableError), failure(VendorTimeoutError), DOWN, too_many()])
def test_a_read_that_failed_for_a_moment_is_asked_again_after_a_short_pause(first: Answer | VendorError) -> None:
    vendor = Vendor([first])
    assert ask(vendor) is GOOD
    assert vendor.came[0] == 0
    assert 0.1 <= vendor.came[1] <= 0.3
    assert vendor.retries == [("main", "list links")]


def test_the_second_pause_is_longer_and_there_is_no_third() -> None:
    vendor = Vendor([DOWN] * 9)
    assert ask(vendor, saved=9).status == 503
    first, second, third = vendor.came
    assert 0.1 <= second - first <= 0.3
    assert 0.2 <= third - second <= 0.4


def test_the_last_failure_is_raised() -> None:
    vendor = Vendor([failure(UnavailableError), failure(VendorTimeoutError), failure(NotFoundError)])
    with pytest.raises(NotFoundError):
        ask(vendor)
    assert len(vendor.came) == 3


@pytest.mark.parametrize(
    "outcome",
    [
        failure(BadResponseError),
        failure(NotFoundError),
        failure(LocalRateLimitError),
        failure(CircuitOpenError),
        replace(answer(404), refusal=Refusal(NotFoundError, "no")),
        GOOD,
    ],
)
def test_what_asking_again_would_not_mend_is_asked_once(outcome: Answer | VendorError) -> None:
    vendor = Vendor([outcome])
    if isinstance(outcome, VendorError):
        with pytest.raises(type(outcome)):
            ask(vendor)
    else:
        assert ask(vendor) is outcome
    assert (len(vendor.came), vendor.retries) == (1, [])


def test_a_write_is_never_asked_again() -> None:
    vendor = Vendor([DOWN])
    assert ask(vendor, WRITE).status == 503
    assert len(vendor.came) == 1


def test_what_nobody_waits_for_is_not_asked_again() -> None:
    vendor = Vendor([DOWN])
    with use_background_priority():
        assert ask(vendor).status == 503
    assert len(vendor.came) == 1


def test_an_error_that_is_none_of_a_vendor_is_raised_at_once() -> None:
    class Wrong:
        async def send(self, call: Call) -> Answer:
            raise ZeroDivisionError(call.operation)

    with pytest.raises(ZeroDivisionError):
        in_virtual_time(Retrying(Wrong(), "main", LoopClock()).send(READ))


@pytest.mark.parametrize(
    ("header", "came"),
    [
        ("3", [0, 3]),
        (format_datetime(NOW + timedelta(seconds=4), usegmt=True), [0, 4]),
        ("0", [0, 0]),
        ("10", [0]),
        ("3600", [0]),
    ],
)
def test_the_vendors_own_time_is_kept_where_it_fits_into_the_deadline(header: str, came: list[float]) -> None:
    vendor = Vendor([too_many((("retry-after", header),))])
    ask(vendor, seconds=10)
    assert vendor.came == came


def test_without_a_deadline_a_vendor_that_wants_minutes_is_asked_another_time() -> None:
    async def story(header: str) -> float:
        await layer_over(Vendor([too_many((("retry-after", header),))])).send(READ)
        return LoopClock().monotonic()

    assert in_virtual_time(story("10")) == 10
    assert in_virtual_time(story("11")) == 0


def test_no_pause_ends_after_the_deadline() -> None:
    vendor = Vendor([DOWN])
    assert ask(vendor, seconds=0.25).status == 503
    assert len(vendor.came) == 1


@pytest.mark.parametrize("refused", [LocalRateLimitError, CircuitOpenError])
@pytest.mark.parametrize("first", [DOWN, failure(VendorTimeoutError)])
def test_where_the_repetition_is_refused_by_the_gateway_the_first_outcome_counts(
    first: Answer | VendorError, refused: type[VendorError]
) -> None:
    vendor = Vendor([first, failure(refused)])
    if isinstance(first, VendorError):
        with pytest.raises(VendorTimeoutError):
            ask(vendor)
    else:
        assert ask(vendor) is first
    assert len(vendor.came) == 2


def test_a_new_account_has_earned_no_repetition_and_five_calls_earn_one() -> None:
    async def story() -> list[int]:
        layer, counts = layer_over(vendor, saved=0), []
        for _ in range(10):
            vendor.outcomes = [DOWN]
            before = len(vendor.came)
            await layer.send(READ)
            counts.append(len(vendor.came) - before)
        return counts

    vendor = Vendor()
    assert in_virtual_time(story()) == [1, 1, 1, 1, 2, 1, 1, 1, 1, 2]


def test_not_more_than_ten_repetitions_are_saved() -> None:
    async def story() -> None:
        layer = layer_over(vendor, saved=1000)
        vendor.outcomes = [DOWN] * 1000
        for _ in range(16):
            await layer.send(READ)

    vendor = Vendor()
    in_virtual_time(story())
    # Ten that were saved, and three that these sixteen calls have earned.
    assert len(vendor.retries) == 13


OUTCOMES = [
    GOOD,
    DOWN,
    too_many(),
    too_many((("retry-after", "2"),)),
    failure(UnavailableError),
    failure(VendorTimeoutError),
    failure(NotFoundError),
    failure(LocalRateLimitError),
    failure(CircuitOpenError),
]


@settings(deadline=None)
@given(
    outcomes=st.lists(st.sampled_from(OUTCOMES), max_size=120),
    bursts=st.lists(st.integers(1, 12), min_size=1, max_size=12),
)
def test_there_are_never_more_than_a_fifth_more_calls_than_asked(
    outcomes: list[Answer | VendorError], bursts: Sequence[int]
) -> None:
    async def story() -> None:
        layer, asked = layer_over(vendor, saved=0), 0
        for count in bursts:
            await asyncio.gather(*(layer.send(READ) for _ in range(count)), return_exceptions=True)
            asked += count
            assert len(vendor.came) * 5 <= asked * 6

    vendor = Vendor(list(outcomes))
    in_virtual_time(story())

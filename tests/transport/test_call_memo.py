"""One operation makes the same call once; after a write, in another operation or account it is made again."""

import asyncio
from dataclasses import dataclass, field, replace

import pytest

from harness.emulators import ManualClock
from harness.wires import READ, WRITE, Canned, answer
from linkweave.context.operation_context import OperationContext, use_operation
from linkweave.context.scope import ContextScope
from linkweave.errors import UnavailableError
from linkweave.transport.call import Answer, Call
from linkweave.transport.call_memo import fetch_once, forget_calls, new_memo
from linkweave.transport.classified import Classified
from linkweave.transport.health import Health
from linkweave.transport.vendor_client import VendorClient


@dataclass
class Vendor:
    """Answers each call after a second with its number, from 1."""

    calls: list[Call] = field(default_factory=list)
    answered: int = 0

    async def send(self, call: Call) -> int:
        self.calls.append(call)
        number = len(self.calls)
        await asyncio.sleep(1)
        self.answered += 1
        return number

    async def fetch(self, call: Call = READ, account: str = "main") -> int:
        return await fetch_once(account, call, self.send)


def operation() -> ContextScope[OperationContext, OperationContext]:
    return use_operation(OperationContext(memo=new_memo()))


async def test_outside_of_operations_every_call_is_made() -> None:
    vendor = Vendor()
    forget_calls("main")
    assert [await vendor.fetch(), await vendor.fetch()] == [1, 2]


async def test_tasks_that_make_the_same_call_together_or_later_get_one_answer() -> None:
    vendor = Vendor()
    with operation():
        together = await asyncio.gather(*(vendor.fetch() for _ in range(3)))
        assert [*together, await vendor.fetch()] == [1, 1, 1, 1]


@pytest.mark.parametrize(
    ("account", "call"),
    [
        ("other", READ),
        ("main", replace(READ, path="/v1/other")),
        ("main", replace(READ, query=())),
        ("main", replace(READ, json={"a": 1})),
        ("main", replace(READ, json={"a": "\ud800"})),
        ("main", replace(READ, form=(("a", "b"),))),
    ],
)
async def test_another_call_is_made_by_itself(account: str, call: Call) -> None:
    vendor = Vendor()
    with operation():
        numbers = [await vendor.fetch(), await vendor.fetch(call, account), await vendor.fetch(call, account)]
    assert numbers == [1, 2, 2]


async def test_another_operation_makes_the_call_again() -> None:
    async def run() -> int:
        with operation():
            return await vendor.fetch()

    vendor = Vendor()
    assert [*await asyncio.gather(run(), run()), await run()] == [1, 2, 3]


async def test_a_failure_is_raised_for_all_tasks_and_is_one_call_in_the_accounts_health() -> None:
    clock, vendor = ManualClock(), Canned([answer(500)])
    client = VendorClient(Classified(vendor, lambda _status, _data: None), "main", Health(clock), clock)
    with operation():
        outcomes = await asyncio.gather(*(client.fetch(READ) for _ in range(3)), return_exceptions=True)
        with pytest.raises(UnavailableError):
            await client.fetch(READ)
    assert [type(outcome) for outcome in outcomes] == [UnavailableError] * 3
    assert (len(vendor.seen), client.health.calls, client.health.consecutive_failures) == (1, 1, 1)


async def test_a_write_is_made_each_time_and_lets_the_reads_of_its_account_be_made_again() -> None:
    vendor = Vendor()
    with operation():
        assert [await vendor.fetch(), await vendor.fetch(account="other")] == [1, 2]
        assert [await vendor.fetch(WRITE), await vendor.fetch(WRITE)] == [3, 4]
        assert [await vendor.fetch(), await vendor.fetch(account="other")] == [5, 2]
        forget_calls("other")
        assert [await vendor.fetch(), await vendor.fetch(account="other")] == [5, 6]


async def test_a_read_that_was_made_during_a_write_is_made_again_after_it() -> None:
    vendor = Vendor()
    with operation():
        during = await asyncio.gather(vendor.fetch(WRITE), vendor.fetch())
        assert [*during, await vendor.fetch()] == [1, 2, 3]


async def test_a_write_that_fails_lets_reads_be_made_again_too() -> None:
    async def fail(call: Call) -> Answer:
        raise UnavailableError("no", account="main", operation=call.operation)

    vendor = Vendor()
    with operation():
        await vendor.fetch()
        with pytest.raises(UnavailableError):
            await fetch_once("main", WRITE, fail)
        assert await vendor.fetch() == 2


async def test_a_waiter_that_is_cancelled_leaves_the_call_to_the_others() -> None:
    vendor = Vendor()
    with operation():
        first, second = (asyncio.create_task(vendor.fetch()) for _ in range(2))
        await asyncio.sleep(0.5)
        first.cancel()
        assert await second == 1
    assert (len(vendor.calls), vendor.answered) == (1, 1)


async def test_a_call_is_cancelled_with_its_last_waiter_and_made_again_by_the_next() -> None:
    vendor = Vendor()
    with operation():
        waiters = [asyncio.create_task(vendor.fetch()) for _ in range(2)]
        await asyncio.sleep(0.5)
        for waiter in waiters:
            waiter.cancel()
        await asyncio.wait(waiters)
        assert await vendor.fetch() == 2
    assert vendor.answered == 1


async def test_a_task_that_comes_while_a_call_is_being_cancelled_is_not_cancelled_with_it() -> None:
    async def persist() -> int:
        try:
            return await vendor.fetch()
        except asyncio.CancelledError:
            return await vendor.fetch()

    vendor = Vendor()
    with operation():
        waiter = asyncio.create_task(persist())
        await asyncio.sleep(0.5)
        waiter.cancel()
        assert await waiter == 2


async def test_cancelling_a_call_of_before_a_write_leaves_the_one_of_after_it() -> None:
    vendor = Vendor()
    with operation():
        early = asyncio.create_task(vendor.fetch())
        await asyncio.sleep(0.25)
        await fetch_once("main", WRITE, lambda call: asyncio.sleep(0, call))
        late = asyncio.create_task(vendor.fetch())
        await asyncio.sleep(0.25)
        early.cancel()
        assert [await late, await vendor.fetch()] == [2, 2]

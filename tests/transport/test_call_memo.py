"""One operation asks the same question once; a write, another operation or another account asks anew."""

import asyncio
from dataclasses import dataclass, field, replace

import pytest

from harness.emulators import ManualClock
from harness.wires import READ, WRITE, Canned, answer, in_virtual_time
from linkweave.context.operation_context import OperationContext, use_operation
from linkweave.errors import UnavailableError
from linkweave.transport.call import Answer, Call
from linkweave.transport.call_memo import fetch_once, new_memo
from linkweave.transport.classified import Classified
from linkweave.transport.health import Health
from linkweave.transport.vendor_client import VendorClient


@dataclass
class Slow:
    """Answers with how many calls came before, after a second."""

    came: list[Call] = field(default_factory=list)
    answered: int = 0

    async def ask(self, call: Call) -> int:
        self.came.append(call)
        number = len(self.came)
        await asyncio.sleep(1)
        self.answered += 1
        return number


async def test_outside_an_operation_every_call_is_made() -> None:
    slow = Canned([answer()])
    assert await fetch_once("main", READ, slow.send) == await fetch_once("main", READ, slow.send)
    assert len(slow.seen) == 2


def test_askers_at_the_same_time_and_later_get_one_answer() -> None:
    async def story() -> list[int]:
        with use_operation(OperationContext(memo=new_memo())):
            together = await asyncio.gather(*(fetch_once("main", READ, slow.ask) for _ in range(3)))
            return [*together, await fetch_once("main", READ, slow.ask)]

    slow = Slow()
    assert in_virtual_time(story()) == [1, 1, 1, 1]


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
def test_another_question_is_asked_by_itself(account: str, call: Call) -> None:
    async def story() -> list[int]:
        with use_operation(OperationContext(memo=new_memo())):
            return [
                await fetch_once("main", READ, slow.ask),
                await fetch_once(account, call, slow.ask),
                await fetch_once(account, call, slow.ask),
            ]

    slow = Slow()
    assert in_virtual_time(story()) == [1, 2, 2]


def test_another_operation_asks_anew() -> None:
    async def operation() -> int:
        with use_operation(OperationContext(memo=new_memo())):
            return await fetch_once("main", READ, slow.ask)

    async def story() -> list[int]:
        return [*await asyncio.gather(operation(), operation()), await operation()]

    slow = Slow()
    assert in_virtual_time(story()) == [1, 2, 3]


async def test_a_failure_is_the_answer_for_everybody_too() -> None:
    broken = Canned([UnavailableError("no", account="main", operation="list links")])
    with use_operation(OperationContext(memo=new_memo())):
        outcomes = await asyncio.gather(
            *(fetch_once("main", READ, broken.send) for _ in range(3)), return_exceptions=True
        )
        with pytest.raises(UnavailableError):
            await fetch_once("main", READ, broken.send)
    assert [type(outcome) for outcome in outcomes] == [UnavailableError] * 3
    assert len(broken.seen) == 1


async def test_an_answer_that_several_wait_for_is_one_call_in_the_accounts_health() -> None:
    clock = ManualClock()
    vendor = Canned([answer(500)])
    client = VendorClient(Classified(vendor, lambda _status, _data: None), "main", Health(clock), clock)
    with use_operation(OperationContext(memo=new_memo())):
        await asyncio.gather(*(client.fetch(READ) for _ in range(3)), return_exceptions=True)
    assert (client.health.calls, client.health.consecutive_failures) == (1, 1)


def test_a_write_is_made_each_time_and_forgets_what_its_account_was_asked() -> None:
    async def story() -> list[int]:
        with use_operation(OperationContext(memo=new_memo())):
            return [
                await fetch_once("main", READ, slow.ask),
                await fetch_once("other", READ, slow.ask),
                await fetch_once("main", WRITE, slow.ask),
                await fetch_once("main", WRITE, slow.ask),
                await fetch_once("main", READ, slow.ask),
                await fetch_once("other", READ, slow.ask),
            ]

    slow = Slow()
    assert in_virtual_time(story()) == [1, 2, 3, 4, 5, 2]


def test_what_was_asked_while_a_write_was_under_way_is_asked_anew_after_it() -> None:
    async def story() -> list[int]:
        with use_operation(OperationContext(memo=new_memo())):
            during = await asyncio.gather(fetch_once("main", WRITE, slow.ask), fetch_once("main", READ, slow.ask))
            return [*during, await fetch_once("main", READ, slow.ask)]

    slow = Slow()
    assert in_virtual_time(story()) == [1, 2, 3]


async def test_a_write_that_fails_forgets_too() -> None:
    async def fail(call: Call) -> Answer:
        raise UnavailableError("no", account="main", operation=call.operation)

    reads = Canned([answer()])
    with use_operation(OperationContext(memo=new_memo())):
        await fetch_once("main", READ, reads.send)
        with pytest.raises(UnavailableError):
            await fetch_once("main", WRITE, fail)
        await fetch_once("main", READ, reads.send)
    assert len(reads.seen) == 2


def test_one_who_gives_up_does_not_touch_the_others() -> None:
    async def story() -> int:
        with use_operation(OperationContext(memo=new_memo())):
            first, second = (asyncio.create_task(fetch_once("main", READ, slow.ask)) for _ in range(2))
            await asyncio.sleep(0.5)
            first.cancel()
            return await second

    slow = Slow()
    assert in_virtual_time(story()) == 1
    assert (len(slow.came), slow.answered) == (1, 1)


def test_when_all_have_given_up_the_call_is_given_up_and_the_next_asks_anew() -> None:
    async def story() -> int:
        with use_operation(OperationContext(memo=new_memo())):
            askers = [asyncio.create_task(fetch_once("main", READ, slow.ask)) for _ in range(2)]
            await asyncio.sleep(0.5)
            for asker in askers:
                asker.cancel()
            await asyncio.wait(askers)
            return await fetch_once("main", READ, slow.ask)

    slow = Slow()
    assert in_virtual_time(story()) == 2
    assert slow.answered == 1


def test_one_who_comes_while_a_call_is_being_given_up_is_not_cancelled_with_it() -> None:
    async def give_up() -> int:
        try:
            return await fetch_once("main", READ, slow.ask)
        except asyncio.CancelledError:
            return await fetch_once("main", READ, slow.ask)

    async def story() -> int:
        with use_operation(OperationContext(memo=new_memo())):
            asker = asyncio.create_task(give_up())
            await asyncio.sleep(0.5)
            asker.cancel()
            return await asker

    slow = Slow()
    assert in_virtual_time(story()) == 2


def test_a_call_that_was_given_up_does_not_take_the_one_after_a_write_with_it() -> None:
    async def story() -> list[int]:
        with use_operation(OperationContext(memo=new_memo())):
            early = asyncio.create_task(fetch_once("main", READ, slow.ask))
            await asyncio.sleep(0.25)
            await fetch_once("main", WRITE, lambda call: asyncio.sleep(0, call))
            late = asyncio.create_task(fetch_once("main", READ, slow.ask))
            await asyncio.sleep(0.25)
            early.cancel()
            return [await late, await fetch_once("main", READ, slow.ask)]

    slow = Slow()
    assert in_virtual_time(story()) == [2, 2]

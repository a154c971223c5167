"""The small parts of idle connections do what those of asyncio do."""

import asyncio

from linkweave.server.idle_parts import Gate, Inbox, Pipeline


async def test_a_gate_lets_all_through_that_wait_and_those_that_come_while_it_is_open() -> None:
    gate = Gate()
    waiting = [asyncio.ensure_future(gate.wait()) for _ in range(3)]
    await asyncio.sleep(0)
    waiting[0].cancel()
    await asyncio.sleep(0)
    assert not gate.is_set()
    gate.set()
    assert await asyncio.gather(*waiting[1:], gate.wait()) == [True, True, True]
    gate.clear()
    late = asyncio.ensure_future(gate.wait())
    await asyncio.sleep(0)
    assert not late.done()
    gate.set()
    assert await late


async def test_an_inbox_gives_its_reader_each_message_once_in_order() -> None:
    inbox = Inbox()
    first = asyncio.ensure_future(inbox.get())
    await asyncio.sleep(0)
    given_up = asyncio.ensure_future(inbox.get())
    given_up.cancel()
    for message in range(3):
        inbox.put_nowait(message)
    assert [await first, await inbox.get(), await inbox.get()] == [0, 1, 2]
    assert inbox.empty()


def test_a_pipeline_is_read_from_its_other_end() -> None:
    pipeline = Pipeline()
    for request in range(3):
        pipeline.appendleft(request)
    assert [pipeline.pop() for _ in range(3)] == [0, 1, 2]
    assert not pipeline

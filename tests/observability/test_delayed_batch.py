"""Items of one moment are delivered together, and none is lost."""

import asyncio

from linkweave.observability.delayed_batch import MAX_ITEMS, SECONDS, DelayedBatch


async def test_items_of_one_moment_are_delivered_together_a_moment_later() -> None:
    delivered: list[list[int]] = []
    batch = DelayedBatch(delivered.append)
    for number in range(3):
        batch.add(number)
    assert delivered == []
    await asyncio.sleep(2 * SECONDS)
    batch.add(3)
    await asyncio.sleep(2 * SECONDS)
    assert delivered == [[0, 1, 2], [3]]


async def test_a_flush_delivers_the_items_at_once_and_only_once() -> None:
    delivered: list[list[int]] = []
    batch = DelayedBatch(delivered.append)
    batch.add(1)
    batch.flush()
    await asyncio.sleep(2 * SECONDS)
    assert delivered == [[1]]


def test_without_an_event_loop_an_item_is_delivered_at_once() -> None:
    delivered: list[list[int]] = []
    DelayedBatch(delivered.append).add(1)
    assert delivered == [[1]]


async def test_no_more_items_than_allowed_are_handled_at_once() -> None:
    delivered: list[list[int]] = []
    batch = DelayedBatch(delivered.append)
    for item in range(2 * MAX_ITEMS + 1):
        batch.add(item)
    assert [len(each) for each in delivered] == [MAX_ITEMS, MAX_ITEMS]
    batch.flush()
    assert [item for each in delivered for item in each] == list(range(2 * MAX_ITEMS + 1))

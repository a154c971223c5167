"""What can wait a moment is done together, and nothing of it is lost."""

import asyncio

from linkweave.observability.delayed_batch import SECONDS, Gathered


async def test_what_comes_together_is_delivered_together_a_moment_later() -> None:
    delivered: list[list[int]] = []
    gathered = Gathered(delivered.append)
    for number in range(3):
        gathered.add(number)
    assert delivered == []
    await asyncio.sleep(2 * SECONDS)
    gathered.add(3)
    await asyncio.sleep(2 * SECONDS)
    assert delivered == [[0, 1, 2], [3]]


async def test_what_waits_is_delivered_at_once_when_it_is_asked_for_and_only_once() -> None:
    delivered: list[list[int]] = []
    gathered = Gathered(delivered.append)
    gathered.add(1)
    gathered.flush()
    await asyncio.sleep(2 * SECONDS)
    assert delivered == [[1]]


def test_without_an_event_loop_nothing_waits() -> None:
    delivered: list[list[int]] = []
    Gathered(delivered.append).add(1)
    assert delivered == [[1]]

"""Runs work on many items: in groups, in chunks, or a few at a time. Results keep the order of the items."""

import asyncio
from collections.abc import Awaitable, Callable, Coroutine, Hashable, Sequence
from contextlib import nullcontext
from typing import Any, Final, TypeVar

Item = TypeVar("Item")
Result = TypeVar("Result")

# Maximum number of calls in flight to an account whose vendor takes one link per call.
MAX_CONCURRENT_CALLS: Final = 10


async def map_groups(
    items: Sequence[Item],
    key: Callable[[Item], Hashable],
    work: Callable[[Sequence[Item]], Coroutine[Any, Any, Sequence[Result]]],
    max_concurrent: int | None = None,
) -> list[Result]:
    """Runs `work` on each group of items with the same key. Groups run at the same time, up to `max_concurrent`.

    `work` returns one result per item of its group, in order.
    """
    groups: dict[Hashable, list[int]] = {}
    for index, item in enumerate(items):
        groups.setdefault(key(item), []).append(index)

    async def run(indexes: list[int]) -> list[tuple[int, Result]]:
        return list(zip(indexes, await work([items[index] for index in indexes]), strict=True))

    done = await map_concurrently(list(groups.values()), run, max_concurrent)
    results = dict(pair for group in done for pair in group)
    return [results[index] for index in range(len(items))]


async def map_chunks(
    items: Sequence[Item], size: int, work: Callable[[Sequence[Item]], Awaitable[Sequence[Result]]]
) -> list[Result]:
    """Runs `work` on at most `size` items at a time, one chunk after the other."""
    chunks = [items[start : start + size] for start in range(0, len(items), size)]
    return [result for chunk in chunks for result in await work(chunk)]


async def map_concurrently(
    items: Sequence[Item],
    work: Callable[[Item], Coroutine[Any, Any, Result]],
    max_concurrent: int | None = MAX_CONCURRENT_CALLS,
) -> list[Result]:
    """Runs `work` on each item, on at most `max_concurrent` items at the same time; None sets no limit."""
    gate = nullcontext() if max_concurrent is None else asyncio.Semaphore(max_concurrent)

    async def run(item: Item) -> Result:
        async with gate:
            return await work(item)

    return list(await asyncio.gather(*(run(item) for item in items)))

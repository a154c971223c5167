"""Goes through many items without holding up the event loop."""

import asyncio
from collections.abc import AsyncIterator, Iterable
from typing import TypeVar

T = TypeVar("T")


async def in_turns(items: Iterable[T], per_turn: int) -> AsyncIterator[T]:
    """Yields the items. Other tasks run after each `per_turn` of them."""
    for index, item in enumerate(items, start=1):
        yield item
        if index % per_turn == 0:
            await asyncio.sleep(0)

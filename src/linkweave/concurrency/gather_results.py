"""Waits for several coroutines at once, and returns the errors of those that fail."""

import asyncio
from collections.abc import Coroutine, Sequence
from typing import Any, TypeVar

from linkweave.concurrency.eager_tasks import start_eagerly

T = TypeVar("T")


async def gather_results(coroutines: Sequence[Coroutine[Any, Any, T]]) -> list[T | BaseException]:
    """Returns the result of each coroutine, or the error that it raised, in their order."""
    if len(coroutines) == 1:
        # The most frequent case. A task takes longer than most coroutines, whose answers are cached.
        try:
            return [await coroutines[0]]
        except Exception as error:  # noqa: BLE001 - as with several: the caller looks at the errors
            return [error]
    started: list[asyncio.Future[T]] = [start_eagerly(each) for each in coroutines]
    if not all(each.done() for each in started):
        return await asyncio.gather(*started, return_exceptions=True)
    return [_outcome(each) for each in started]


def _outcome(ended: asyncio.Future[Any]) -> Any:
    if ended.cancelled():
        return asyncio.CancelledError()
    error = ended.exception()
    return ended.result() if error is None else error

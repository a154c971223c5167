"""Several answers at the same time, whatever becomes of each."""

import asyncio
from collections.abc import Coroutine, Sequence
from typing import Any, TypeVar

T = TypeVar("T")


async def gather_results(answers: Sequence[Coroutine[Any, Any, T]]) -> list[T | BaseException]:
    """What each of `answers` brings or raises, in their order."""
    if len(answers) == 1:
        # It is the most frequent case, and a task would cost more than most answers that are there already.
        try:
            return [await answers[0]]
        except Exception as error:  # noqa: BLE001 - as with several: whoever asked looks at what was raised
            return [error]
    return await asyncio.gather(*answers, return_exceptions=True)

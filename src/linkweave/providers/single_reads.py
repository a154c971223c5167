"""Reads of one thing per call, several at the same time."""

import asyncio
from collections.abc import Awaitable, Callable, Iterable, Sequence
from typing import Final, TypeVar

from linkweave.errors import VendorError
from linkweave.models import Link

FIRST_CALLS: Final = 6
"""Maximum number of calls for one request to a vendor that fails each of them."""

MAX_PARALLEL_READS: Final = 4

Item = TypeVar("Item")
Result = TypeVar("Result")


async def get_singly(
    handles: Sequence[str], read: Callable[[str], Awaitable[Link | None]]
) -> dict[str, Link | VendorError]:
    """The links that exist, read at the same time; a failed read has its error in its place.

    When all of the first few calls fail, the others are not made and get the same error.
    """
    wanted = list(dict.fromkeys(handles))
    first, rest = wanted[:FIRST_CALLS], wanted[FIRST_CALLS:]
    links = await _read_all(first, read)
    errors = [each for each in links.values() if isinstance(each, VendorError)]
    if rest and len(errors) == len(first):
        return links | dict.fromkeys(rest, errors[0])
    return links | await _read_all(rest, read)


async def _read_all(
    handles: Sequence[str], read: Callable[[str], Awaitable[Link | None]]
) -> dict[str, Link | VendorError]:
    async def attempt(handle: str) -> Link | VendorError | None:
        try:
            return await read(handle)
        except VendorError as error:
            return error

    answers = await asyncio.gather(*(attempt(handle) for handle in handles))
    return {handle: answer for handle, answer in zip(handles, answers, strict=True) if answer is not None}


async def read_each(items: Iterable[Item], read: Callable[[Item], Awaitable[Result]]) -> list[Result]:
    """What `read` returns for each item, in their order, a few at a time; the first failure cancels the others.

    Raises:
        Exception: the first failure, as it is: callers know errors by their class, NotCachedError too.
    """
    places = asyncio.Semaphore(MAX_PARALLEL_READS)

    async def read_one(item: Item) -> Result:
        await places.acquire()
        result = await read(item)
        # A failed read keeps its place, so that none starts between the failure and the end of the group.
        places.release()
        return result

    try:
        async with asyncio.TaskGroup() as group:
            tasks = [group.create_task(read_one(item)) for item in items]
    except ExceptionGroup as failed:
        first = failed.exceptions[0]
    else:
        return [task.result() for task in tasks]
    raise first

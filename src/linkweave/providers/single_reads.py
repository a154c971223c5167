"""Getting links from vendors that tell of one link per call."""

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from typing import Final

from linkweave.errors import VendorError
from linkweave.models import Link

# A vendor that is down is not called more often than this for one list of links.
FIRST_CALLS: Final = 6


async def get_singly(
    handles: Sequence[str], read: Callable[[str], Awaitable[Link | None]]
) -> dict[str, Link | VendorError]:
    """The links that exist, read at the same time; one that fails has its error in its place.

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

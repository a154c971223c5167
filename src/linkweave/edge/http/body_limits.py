"""No body is read further than it may be long, nor waited for longer than its sender may take."""

import asyncio
from dataclasses import dataclass
from typing import ClassVar

from starlette.types import Message, Receive


class BodyRefusedError(Exception):
    """What comes is not read any further. The message is for the caller."""

    status: ClassVar[int]


class BodyTooLargeError(BodyRefusedError):
    """More came, or was announced, than `limit` bytes."""

    status = 413

    def __init__(self, limit: int) -> None:
        super().__init__(f"The body is larger than {limit} bytes.")


class BodyTooSlowError(BodyRefusedError):
    """Not enough came in `seconds`."""

    status = 408

    def __init__(self, seconds: float) -> None:
        super().__init__(f"The body was not sent within {seconds:g} seconds.")


@dataclass(frozen=True, slots=True)
class MinimumRate:
    """A body is complete after `seconds`; but whoever sends `enough` bytes has as long again for the next ones."""

    seconds: float
    enough: float = float("inf")


def with_size_limit(receive: Receive, limit: int) -> Receive:
    """`receive`, raising BodyTooLargeError once more than `limit` bytes of body have come."""
    seen = 0

    async def receive_limited() -> Message:
        nonlocal seen
        message = await receive()
        seen += len(message.get("body", b""))
        if seen > limit:
            raise BodyTooLargeError(limit)
        return message

    return receive_limited


def with_timeout(receive: Receive, pace: MinimumRate) -> Receive:
    """`receive`, raising BodyTooSlowError when a body keeps it waiting beyond its `pace`; time counts from now.

    What comes after the body, which is that the caller leaves, may take as long as it likes.
    """
    loop = asyncio.get_running_loop()
    until: float | None = loop.time() + pace.seconds
    seen = 0

    async def receive_timely() -> Message:
        nonlocal until, seen
        try:
            async with asyncio.timeout_at(until):
                message = await receive()
        except TimeoutError:
            raise BodyTooSlowError(pace.seconds) from None
        seen += len(message.get("body", b""))
        if not message.get("more_body", False):
            until = None
        elif seen >= pace.enough:
            until, seen = loop.time() + pace.seconds, 0
        return message

    return receive_timely

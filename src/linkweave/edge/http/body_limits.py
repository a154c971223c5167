"""Bounds for reading a body: its size, and the time that its sender may take."""

import asyncio
from collections.abc import Mapping
from dataclasses import dataclass
from typing import ClassVar

from starlette.datastructures import Headers
from starlette.types import Message, Receive

from linkweave.errors import ErrorCode


class BodyRefusedError(Exception):
    """The rest of a body is not read. The message is for the caller."""

    status: ClassVar[int]
    code: ClassVar[ErrorCode] = ErrorCode.INVALID_INPUT
    headers: ClassVar[Mapping[str, str]] = {}


class BodyTooLargeError(BodyRefusedError):
    """A body has, or announces, more than `limit` bytes."""

    status = 413

    def __init__(self, limit: int) -> None:
        super().__init__(f"The body is larger than {limit} bytes.")


class BodyTooSlowError(BodyRefusedError):
    """Too little of a body arrived within `seconds`."""

    status = 408
    # A slow sender would be waited for again. A sender of much reads the answer only if the connection stays open for a
    # while; server/connections.py closes it.
    headers: ClassVar[Mapping[str, str]] = {"Connection": "close"}

    def __init__(self, seconds: float) -> None:
        super().__init__(f"The body was not sent within {seconds:g} seconds.")


@dataclass(frozen=True, slots=True)
class MinimumRate:
    """A body must be complete after `seconds`. Every `extending_bytes` of it give its sender as long again."""

    seconds: float
    extending_bytes: float = float("inf")


def announced_bytes(headers: Headers) -> float:
    """Returns the header Content-Length; 0 if it is not a decimal number."""
    length = headers.get("content-length", "")
    return float(length) if length.isascii() and length.isdecimal() else 0.0


def with_size_limit(receive: Receive, limit: int) -> Receive:
    """Returns a `receive` that raises BodyTooLargeError once more than `limit` bytes of body have arrived."""
    received = 0

    async def receive_limited() -> Message:
        nonlocal received
        message = await receive()
        received += len(message.get("body", b""))
        if received > limit:
            raise BodyTooLargeError(limit)
        return message

    return receive_limited


def with_timeout(receive: Receive, rate: MinimumRate) -> Receive:
    """Returns a `receive` that raises BodyTooSlowError when a body arrives more slowly than `rate`, counted from now.

    The wait for what follows the body, which is the client's disconnect, has no limit.
    """
    loop = asyncio.get_running_loop()
    until: float | None = loop.time() + rate.seconds
    received = 0

    async def receive_in_time() -> Message:
        nonlocal until, received
        try:
            async with asyncio.timeout_at(until):
                message = await receive()
        except TimeoutError:
            raise BodyTooSlowError(rate.seconds) from None
        received += len(message.get("body", b""))
        if not message.get("more_body", False):
            until = None
        elif received >= rate.extending_bytes:
            until, received = loop.time() + rate.seconds, 0
        return message

    return receive_in_time

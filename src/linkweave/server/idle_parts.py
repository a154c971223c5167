"""Parts of connections that take little memory while nothing happens: thousands of subscribers are idle."""

import asyncio
from typing import Any


class Gate:
    """What asyncio.Event is, without its queue of 620 bytes while nobody waits."""

    __slots__ = ("_is_open", "_waiting")

    def __init__(self) -> None:
        self._is_open = False
        self._waiting: set[asyncio.Future[None]] | None = None

    def is_set(self) -> bool:
        """Whether the gate is open."""
        return self._is_open

    def set(self) -> None:
        """Open the gate, for all who wait."""
        self._is_open = True
        for each in self._waiting or ():
            if not each.done():
                each.set_result(None)
        self._waiting = None

    def clear(self) -> None:
        """Close the gate."""
        self._is_open = False

    async def wait(self) -> bool:
        """Return once the gate was opened."""
        if self._is_open:
            return True
        opened: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self._waiting = self._waiting or set()
        self._waiting.add(opened)
        try:
            await opened
        finally:
            if self._waiting is not None:
                self._waiting.discard(opened)
        return True


class Pipeline(list[Any]):
    """Requests that wait for the answers before them: what a deque is to uvicorn, without its 620 bytes."""

    __slots__ = ()

    def appendleft(self, request: Any) -> None:
        """Add a request behind all others."""
        self.insert(0, request)


class Inbox:
    """Messages for one reader: what an asyncio.Queue is, without its 3 kB."""

    __slots__ = ("_gate", "_messages")

    def __init__(self) -> None:
        self._messages: list[Any] = []
        self._gate = Gate()

    def put_nowait(self, message: Any) -> None:
        """Add a message."""
        self._messages.append(message)
        self._gate.set()

    def empty(self) -> bool:
        """Whether there is no message."""
        return not self._messages

    async def get(self) -> Any:
        """Return the next message, and take it away."""
        while not self._messages:
            self._gate.clear()
            await self._gate.wait()
        return self._messages.pop(0)

"""Within one operation, the same question is asked of a vendor once, whoever asks it and how often."""

import asyncio
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, field, replace
from typing import Final, TypeAlias

import orjson

from linkweave.transport.call import Answer, Call, Transport

Question: TypeAlias = tuple[str, Call, bytes]


@dataclass(slots=True)
class _Asked:
    """A question under way or answered, and how many wait for it."""

    task: asyncio.Task[Answer]
    waiting: int = 0


@dataclass(slots=True)
class Memo:
    """The questions of one operation."""

    asked: dict[Question, _Asked] = field(default_factory=dict)


_MEMO: Final[ContextVar[Memo | None]] = ContextVar("memo", default=None)


@contextmanager
def memo() -> Iterator[None]:
    """Everything asked inside is asked once; a write forgets what was asked of its account before it."""
    token = _MEMO.set(Memo())
    try:
        yield
    finally:
        _MEMO.reset(token)


@dataclass(frozen=True, slots=True)
class AskedOnce:
    """Gives every asker of the same question the same answer, a failure included.

    Nobody's cancellation touches the others; when the last one who waits is gone, the call is cancelled.
    """

    inner: Transport
    account: str

    async def send(self, call: Call) -> Answer:
        """Send `call`, or wait for the one that was sent before."""
        known = _MEMO.get()
        if known is None:
            return await self.inner.send(call)
        if call.writes:
            known.asked = {question: asked for question, asked in known.asked.items() if question[0] != self.account}
            return await self.inner.send(call)
        question = (self.account, replace(call, json=None), orjson.dumps(call.json))
        asked = known.asked.get(question)
        if asked is None or asked.task.cancelled():
            asked = known.asked[question] = _Asked(asyncio.create_task(self._send(call)))
        asked.waiting += 1
        try:
            return await asyncio.shield(asked.task)
        finally:
            asked.waiting -= 1
            if not asked.waiting and not asked.task.done():
                asked.task.cancel()

    async def _send(self, call: Call) -> Answer:
        return await self.inner.send(call)

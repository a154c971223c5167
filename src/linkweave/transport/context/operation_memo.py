"""Within one operation, the same question is asked of a vendor once, whoever asks it and how often."""

import asyncio
import json
from collections.abc import Callable, Coroutine, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, field, replace
from typing import Any, Final, TypeAlias, TypeVar

from linkweave.transport.call import Call
from linkweave.transport.context.freshness import bypasses_cache

T = TypeVar("T")
Question: TypeAlias = tuple[str, Call, str, bool]


@dataclass(slots=True)
class _Asked:
    """A question under way or answered, and how many wait for it."""

    task: asyncio.Task[Any]
    waiting: int = 0


@dataclass(slots=True)
class Memo:
    """The questions of one operation."""

    asked: dict[Question, _Asked] = field(default_factory=dict)

    def forget(self, account: str) -> None:
        """Ask this account anew from now on; who waits already gets the answer that is on its way."""
        self.asked = {question: asked for question, asked in self.asked.items() if question[0] != account}

    def give_up(self, question: Question, asked: _Asked) -> None:
        """Cancel a call for which nobody waits any more.

        It is forgotten at once, not when its task has ended: who comes in between must not wait for it.
        """
        asked.task.cancel()
        if self.asked.get(question) is asked:
            del self.asked[question]


_MEMO: Final[ContextVar[Memo | None]] = ContextVar("memo", default=None)


def forget_asked(account: str) -> None:
    """Let this operation ask `account` anew from now on."""
    known = _MEMO.get()
    if known is not None:
        known.forget(account)


@contextmanager
def memo() -> Iterator[None]:
    """Everything asked inside is asked once; a write forgets what was asked of its account before it ended."""
    token = _MEMO.set(Memo())
    try:
        yield
    finally:
        _MEMO.reset(token)


async def asked_once(account: str, call: Call, ask: Callable[[Call], Coroutine[Any, Any, T]]) -> T:
    """What `ask(call)` returns or raises, the same for all who ask `account` for the same in this operation.

    Nobody's cancellation touches the others; when the last one who waits is gone, the call is cancelled.
    """
    known = _MEMO.get()
    if known is None:
        return await ask(call)
    if call.writes:
        return await _write(known, account, ask(call))
    # The json module, because orjson refuses what only the request itself must not hold.
    question = (account, replace(call, json=None), json.dumps(call.json), bypasses_cache())
    asked = known.asked.get(question)
    if asked is None:
        asked = known.asked[question] = _Asked(asyncio.create_task(ask(call)))
    asked.waiting += 1
    try:
        answer: T = await asyncio.shield(asked.task)
    finally:
        asked.waiting -= 1
        if not asked.waiting and not asked.task.done():
            known.give_up(question, asked)
    return answer


async def _write(known: Memo, account: str, answer: Coroutine[Any, Any, T]) -> T:
    known.forget(account)
    try:
        return await answer
    finally:
        known.forget(account)

"""Within one operation, the same question is asked of a vendor once, whoever asks it and how often."""

import asyncio
import json
from collections.abc import Callable, Coroutine, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import replace
from typing import Any, Final, TypeAlias, TypeVar

from linkweave.concurrency.single_flight import SharedTask, SharedTasks
from linkweave.transport.call import Call
from linkweave.transport.context.freshness import bypasses_cache

T = TypeVar("T")

# The questions of one operation, under way or answered.
_Memo: TypeAlias = SharedTasks[SharedTask[Any]]

_MEMO: Final[ContextVar[_Memo | None]] = ContextVar("memo", default=None)


def forget_asked(account: str) -> None:
    """Let this operation ask `account` anew from now on."""
    known = _MEMO.get()
    if known is not None:
        _forget(known, account)


@contextmanager
def memo() -> Iterator[None]:
    """Everything asked inside is asked once; a write forgets what was asked of its account before it ended."""
    token = _MEMO.set(SharedTasks(remember_results=True))
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
    question: tuple[str, Call, str | None, bool] = (account, call, None, bypasses_cache())
    if call.json is not None:
        # The json module, because orjson refuses what only the request itself must not hold.
        question = (account, replace(call, json=None), json.dumps(call.json), bypasses_cache())
    asked = known.join(question, lambda: SharedTask(asyncio.create_task(ask(call))))
    try:
        answer: T = await asyncio.shield(asked.task)
    finally:
        known.leave(question, asked)
    return answer


async def _write(known: _Memo, account: str, answer: Coroutine[Any, Any, T]) -> T:
    _forget(known, account)
    try:
        return await answer
    finally:
        _forget(known, account)


def _forget(known: _Memo, account: str) -> None:
    """Ask this account anew from now on; who waits already gets the answer that is on its way."""
    known.forget(lambda question: question[0] == account)

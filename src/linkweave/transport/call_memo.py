"""Within one operation, the same call to a vendor is made once."""

import asyncio
import json
from collections.abc import Callable, Coroutine
from dataclasses import replace
from typing import Any, TypeVar

from linkweave.concurrency.eager_tasks import start_eagerly
from linkweave.concurrency.single_flight import SharedTask, SharedTasks
from linkweave.context.operation_context import CallMemo, OperationContext, current_operation
from linkweave.transport.call import Call

T = TypeVar("T")


def new_memo() -> CallMemo:
    """The memo of an operation that begins."""
    return SharedTasks(remember_results=True)


async def fetch_once(account: str, call: Call, fetch: Callable[[Call], Coroutine[Any, Any, T]]) -> T:
    """Returns or raises what `fetch(call)` does, and the same to all tasks of the operation that make this call.

    A waiter that is cancelled leaves the call to the other waiters. A call that writes is made each time, and lets all
    reads of its account be made again.
    """
    operation = current_operation()
    memo = operation.memo
    if memo is None:
        return await fetch(call)
    if call.writes:
        return await _write(memo, account, fetch(call))
    key: tuple[str, Call, str | None, bool] = (account, call, None, operation.bypasses_cache)
    if call.json is not None:
        # The json module, because orjson refuses lone surrogates, which only the request itself must not contain.
        key = (account, replace(call, json=None), json.dumps(call.json), operation.bypasses_cache)
    shared = memo.join(key, lambda: SharedTask(start_eagerly(fetch(call))))
    try:
        answer: T = await (shared.task if shared.task.done() else asyncio.shield(shared.task))
    finally:
        memo.leave(key, shared)
    return answer


def forget_calls(account: str) -> None:
    """Lets the current operation make all calls to `account` again; current waiters still get their answer."""
    memo = current_operation().memo
    if memo is not None:
        _forget(memo, account)


def forget_all_calls(operation: OperationContext) -> None:
    """Forgets the calls of an operation that has ended: their tasks refer to it, and would be garbage in cycles."""
    if operation.memo is not None:
        operation.memo.forget(lambda _: True)


async def _write(memo: CallMemo, account: str, answer: Coroutine[Any, Any, T]) -> T:
    _forget(memo, account)
    try:
        return await answer
    finally:
        _forget(memo, account)


def _forget(memo: CallMemo, account: str) -> None:
    memo.forget(lambda key: key[0] == account)

"""The calls of one account that are under way: each is made once for all tasks of this process that wait for it."""

import asyncio
import logging
from collections.abc import Callable, Coroutine, Hashable
from contextvars import Context
from dataclasses import dataclass, field
from functools import partial
from typing import Any, Generic, TypeAlias, TypeVar

from linkweave.clock import Clock
from linkweave.concurrency.single_flight import SharedTask, SharedTasks
from linkweave.context.call_context import CallContext, current_priority, use_call
from linkweave.context.deadline import remaining_seconds
from linkweave.context.operation_context import current_operation, use_operation
from linkweave.context.priority import Priority
from linkweave.errors import LocalRateLimitError, VendorError
from linkweave.observability import NO_OBSERVER, Observer

T = TypeVar("T")

MakeCall: TypeAlias = Callable[[], Coroutine[Any, Any, T]]


class WaitedTooLongError(Exception):
    """The waiter's own deadline came; the call goes on."""


@dataclass(slots=True, eq=False, kw_only=True)
class SharedCall(SharedTask[T]):
    """A call and its waiters.

    It must be sent by `send_by`, by the monotonic clock; None is no limit. As soon as a caller waits for a call in the
    background, the call gets the `priority` of callers.
    """

    send_by: float | None
    priority: Priority

    def failed(self, error: BaseException) -> None:
        """Logs an error that nothing else reports."""
        if self.detached and not isinstance(error, VendorError):
            logging.getLogger("linkweave").error("unexpected error in a call that has no waiters", exc_info=error)


@dataclass(slots=True)
class SharedCalls(Generic[T]):
    """Makes each call in a task of its own, with a deadline of its own.

    A call may take `more_seconds` after it was sent. After the deadline of a waiter it goes on, to fill the cache.
    """

    clock: Clock
    more_seconds: float
    observer: Observer = NO_OBSERVER
    _calls: SharedTasks[SharedCall[T]] = field(default_factory=SharedTasks)

    async def join(self, key: Hashable, make_call: MakeCall[T]) -> T:
        """Returns the answer of the call named `key`, which `make_call` makes unless it is under way.

        A call that could not be sent in time for its first waiter is made again by a waiter that has more time.

        Raises:
            WaitedTooLongError: the waiter's own deadline came.
            VendorError: the call failed; each waiter gets an instance of its own.
        """
        while (max_wait_seconds := remaining_seconds(self.clock)) != 0:
            if is_shared := key in self._calls:
                self.observer.result_shared("call")
            call = self._calls.join(key, partial(self._start, make_call, max_wait_seconds))
            if not current_priority().background:
                call.priority.promote()
            try:
                return await self._wait(key, call)
            except LocalRateLimitError:
                if not (is_shared and self._has_longer(call)):
                    raise
        raise WaitedTooLongError

    def start_in_background(self, key: Hashable, make_call: MakeCall[T], max_wait_seconds: float) -> None:
        """Starts the call named `key` unless it is under way. All calls with waiters go first."""
        if key not in self._calls:
            start = partial(self._start, make_call, max_wait_seconds, in_background=True)
            self._calls.add(key, start).detached = True

    async def close(self) -> None:
        """Cancels all calls, and returns when they have ended."""
        await self._calls.close()

    def _start(
        self, make_call: MakeCall[T], max_wait_seconds: float | None, *, in_background: bool = False
    ) -> SharedCall[T]:
        priority = Priority(in_background or current_priority().background)
        send_by = None if max_wait_seconds is None else self.clock.monotonic() + max_wait_seconds
        deadline = None if send_by is None else send_by + self.more_seconds

        async def run() -> T:
            operation = current_operation()._replace(deadline=deadline)
            with use_operation(operation), use_call(CallContext(priority, send_by)):
                return await make_call()

        # A call in the background must not see the context of the operation that caused it.
        task = asyncio.get_running_loop().create_task(run(), context=Context() if in_background else None)
        return SharedCall(task, send_by=send_by, priority=priority)

    async def _wait(self, key: Hashable, call: SharedCall[T]) -> T:
        try:
            async with asyncio.timeout(remaining_seconds(self.clock)) as limit:
                return await asyncio.shield(call.task)
        except TimeoutError:
            if not limit.expired():
                raise
            call.detached = True
            raise WaitedTooLongError from None
        except VendorError as error:
            # An instance of its own: each task adds its traceback to what it raises.
            raise error.copy() from None
        finally:
            self._calls.leave(key, call)

    def _has_longer(self, call: SharedCall[T]) -> bool:
        left = remaining_seconds(self.clock)
        return call.send_by is not None and (left is None or self.clock.monotonic() + left > call.send_by)

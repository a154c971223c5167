"""The results of a subscription, one for each event, until it ends."""

import asyncio
import logging
from collections.abc import Awaitable, Callable
from typing import Final, TypeAlias, TypeVar

from linkweave.edge.auth.callers import Caller
from linkweave.edge.http.rejections import RequestRejectedError
from linkweave.edge.subscriptions.open_streams import FAILED, TOKEN_GONE, TOO_SLOW, Ending, StreamEndedError
from linkweave.events.subscriber import SubscriberTooSlowError
from linkweave.schema.execution.subscriptions import EventMaker, EventSource, OpenSubscription

T = TypeVar("T")

# Returns the caller, who may have other rights than before. Raises RequestRejectedError where its token is gone.
IdentifyAgain: TypeAlias = Callable[[], Awaitable[Caller]]

MAX_CHECK_SECONDS: Final = 10.0
"""Maximum number of seconds between two checks of a caller."""


async def send_results(
    subscription: OpenSubscription,
    ending: Ending,
    identify: IdentifyAgain,
    execute: Callable[[EventMaker, Caller], Awaitable[T | None]],
    send: Callable[[T | None], Awaitable[None]],
) -> None:
    """Sends the result of each event that the caller may see then; None where nothing happens for some seconds.

    Returns when there are no more events.

    Raises:
        StreamEndedError: the gateway ends the subscription.
    """
    # All that waits is this coroutine: a task for each event would take two kilobytes of an idle subscriber.
    waiting = _Waiting(subscription.events)
    ending.add_done_callback(waiting.interrupt)
    while not ending.done():
        try:
            event = await waiting.next()
        except StopAsyncIteration:
            return
        if ending.done():
            break
        caller = await _identified(identify)
        result = None if event is None else await execute(event, caller)
        if event is None or result is not None:
            await send(result)
    raise StreamEndedError(ending.result())


class _Waiting:
    """Waits for the next event: some seconds, or until it is interrupted."""

    __slots__ = ("_source", "_timeout")

    def __init__(self, source: EventSource) -> None:
        self._source = source
        self._timeout: asyncio.Timeout | None = None

    def interrupt(self, _: object) -> None:
        """Ends the wait."""
        if self._timeout is not None and not self._timeout.expired():
            self._timeout.reschedule(asyncio.get_running_loop().time())

    async def next(self) -> EventMaker | None:
        """Returns the next event; None if there is none yet.

        Raises:
            StopAsyncIteration: there are no more events.
            StreamEndedError: the source fails.
        """
        try:
            async with asyncio.timeout(MAX_CHECK_SECONDS) as self._timeout:
                return await self._ask()
        except TimeoutError:
            return None
        finally:
            self._timeout = None

    async def _ask(self) -> EventMaker:
        try:
            return await anext(self._source)
        except SubscriberTooSlowError:
            raise StreamEndedError(TOO_SLOW) from None
        except StopAsyncIteration:
            raise
        except Exception:
            logging.getLogger("linkweave").exception("unexpected error in a subscription")
            raise StreamEndedError(FAILED) from None


async def _identified(identify: IdentifyAgain) -> Caller:
    try:
        return await identify()
    except RequestRejectedError:
        raise StreamEndedError(TOKEN_GONE) from None

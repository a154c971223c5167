"""The results of a subscription, one for each event, until it ends."""

import asyncio
import logging
from collections.abc import AsyncGenerator, Awaitable, Callable
from typing import Any, Final, TypeAlias, TypeVar

from linkweave.edge.auth.callers import Caller
from linkweave.edge.http.rejections import RequestRejectedError
from linkweave.edge.subscriptions.open_streams import FAILED, TOKEN_GONE, TOO_SLOW, Ending, StreamEndedError
from linkweave.events.subscriber import SubscriberTooSlowError
from linkweave.schema.execution.subscriptions import EventMaker, OpenSubscription

T = TypeVar("T")

# Returns the caller, who may have other rights than before. Raises RequestRejectedError where its token is gone.
IdentifyAgain: TypeAlias = Callable[[], Awaitable[Caller]]

MAX_CHECK_SECONDS: Final = 10.0
"""Maximum number of seconds between two checks of a caller."""


async def event_results(
    subscription: OpenSubscription,
    ending: Ending,
    identify: IdentifyAgain,
    execute: Callable[[EventMaker, Caller], Awaitable[T | None]],
) -> AsyncGenerator[T | None, None]:
    """Yields the result of each event that the caller may see then; None where nothing happens for some seconds.

    Raises:
        StreamEndedError: the gateway ends the subscription.
    """
    following: asyncio.Task[EventMaker] | None = None
    try:
        while True:
            if following is None:
                following = asyncio.ensure_future(_next(subscription))
            waited: set[asyncio.Future[Any]] = {following, ending}
            await asyncio.wait(waited, timeout=MAX_CHECK_SECONDS, return_when=asyncio.FIRST_COMPLETED)
            if ending.done():
                raise StreamEndedError(ending.result())
            caller = await _identified(identify)
            if not following.done():
                yield None
                continue
            try:
                event = following.result()
            except _SourceEndedError:
                return
            following = None
            result = await execute(event, caller)
            if result is not None:
                yield result
    finally:
        if following is not None:
            following.cancel()
            await asyncio.gather(following, return_exceptions=True)
        await subscription.close()


class _SourceEndedError(Exception):
    """There are no more events."""


async def _next(subscription: OpenSubscription) -> EventMaker:
    try:
        return await anext(subscription.events)
    except StopAsyncIteration:
        raise _SourceEndedError from None
    except SubscriberTooSlowError:
        raise StreamEndedError(TOO_SLOW) from None
    except Exception:
        logging.getLogger("linkweave").exception("unexpected error in a subscription")
        raise StreamEndedError(FAILED) from None


async def _identified(identify: IdentifyAgain) -> Caller:
    try:
        return await identify()
    except RequestRejectedError:
        raise StreamEndedError(TOKEN_GONE) from None

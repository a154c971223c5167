"""A subscription ends with its caller's token, and for a client that does not read."""

import asyncio
from collections.abc import AsyncGenerator

import pytest

from linkweave.edge.auth.callers import ANONYMOUS, Caller
from linkweave.edge.http.rejections import RequestRejectedError
from linkweave.edge.subscriptions.event_results import MAX_CHECK_SECONDS, event_results
from linkweave.edge.subscriptions.open_streams import (
    FAILED,
    TOKEN_GONE,
    TOO_SLOW,
    OpenStreams,
    StreamEnd,
    StreamEndedError,
)
from linkweave.errors import ErrorCode
from linkweave.events.subscriber import SubscriberTooSlowError
from linkweave.schema.context import Context
from linkweave.schema.execution.subscriptions import EventMaker, OpenSubscription


def made(_: Context) -> object:
    return "event"


async def never(*_: object) -> None:
    raise NotImplementedError


async def one_event_then_silence() -> AsyncGenerator[EventMaker, None]:
    yield made
    await asyncio.Event().wait()


async def failing(error: Exception) -> AsyncGenerator[EventMaker, None]:
    yield made
    raise error


async def executed(_: EventMaker, caller: Caller) -> str:
    return caller.name


async def test_a_subscription_ends_soon_after_its_token_even_if_nothing_happens() -> None:
    valid = True

    async def identify() -> Caller:
        if not valid:
            raise RequestRejectedError(401, ErrorCode.UNAUTHENTICATED, "expired")
        return ANONYMOUS

    with OpenStreams(1).opened("a") as ending:
        results = event_results(OpenSubscription(one_event_then_silence(), never), ending, identify, executed)
        assert await anext(results) == "anonymous"
        assert await anext(results) is None
        valid = False
        started = asyncio.get_running_loop().time()
        with pytest.raises(StreamEndedError) as ended:
            await anext(results)
    assert ended.value.end is TOKEN_GONE
    assert asyncio.get_running_loop().time() - started <= MAX_CHECK_SECONDS


@pytest.mark.parametrize(("error", "end"), [(SubscriberTooSlowError(), TOO_SLOW), (ZeroDivisionError(), FAILED)])
async def test_a_source_that_fails_ends_the_subscription_with_a_reason(error: Exception, end: StreamEnd) -> None:
    async def identify() -> Caller:
        return ANONYMOUS

    with OpenStreams(1).opened("a") as ending:
        results = event_results(OpenSubscription(failing(error), never), ending, identify, executed)
        assert await anext(results) == "anonymous"
        with pytest.raises(StreamEndedError) as ended:
            await anext(results)
    assert ended.value.end is end

"""A subscription ends with its caller's token, and for a client that does not read."""

import asyncio
from collections.abc import Awaitable, Callable
from typing import Self, cast

import pytest

from harness.virtual_time import NOW
from linkweave.edge.auth.callers import ANONYMOUS, Caller
from linkweave.edge.http.rejections import RequestRejectedError
from linkweave.edge.subscriptions.event_results import MAX_CHECK_SECONDS, send_results
from linkweave.edge.subscriptions.open_streams import (
    FAILED,
    TOKEN_GONE,
    TOO_SLOW,
    OpenStreams,
    StreamEnd,
    StreamEndedError,
)
from linkweave.errors import ErrorCode
from linkweave.events.event_log import ProcessEventLog
from linkweave.events.events import LinkEvent, Topic
from linkweave.events.subscriber import Entry, Subscriber, SubscriberTooSlowError
from linkweave.models.link_changes import ChangeKind, SeenBy
from linkweave.schema.context import Context
from linkweave.schema.execution.subscriptions import EventMaker, OpenSubscription


def made(_: Context) -> object:
    return "event"


async def never(*_: object) -> None:
    raise NotImplementedError


class OneEvent:
    """One event, and then what `follow` does."""

    def __init__(self, follow: Callable[[], Awaitable[object]]) -> None:
        self._follow = follow
        self._was_told = False

    def __aiter__(self) -> Self:
        return self

    async def __anext__(self) -> EventMaker:
        if self._was_told:
            await self._follow()
        self._was_told = True
        return made

    def close(self) -> None:
        raise NotImplementedError


async def executed(_: EventMaker, caller: Caller) -> str:
    return caller.name


async def test_a_subscription_ends_soon_after_its_token_even_if_nothing_happens() -> None:
    sent: list[tuple[str | None, float]] = []
    now = asyncio.get_running_loop().time

    async def identify() -> Caller:
        if len(sent) > 1:
            raise RequestRejectedError(401, ErrorCode.UNAUTHENTICATED, "expired")
        return ANONYMOUS

    async def send(result: str | None) -> None:
        sent.append((result, now()))

    with OpenStreams(1).opened("a") as ending:
        subscription = OpenSubscription(OneEvent(asyncio.Event().wait), never)
        with pytest.raises(StreamEndedError) as ended:
            await send_results(subscription, ending, identify, executed, send)
    assert [result for result, _ in sent] == ["anonymous", None]
    assert ended.value.end is TOKEN_GONE
    assert now() - sent[-1][1] <= MAX_CHECK_SECONDS


class LogSource:
    """The events of a log, as they are."""

    def __init__(self, subscriber: Subscriber) -> None:
        self._subscriber = subscriber

    def __aiter__(self) -> Self:
        return self

    async def __anext__(self) -> EventMaker:
        entry = await anext(self._subscriber)
        return lambda _: entry

    def close(self) -> None:
        raise NotImplementedError


async def test_no_event_is_lost_that_comes_when_a_wait_ends() -> None:
    told: list[object] = []
    log, streams, loop = ProcessEventLog(), OpenStreams(1), asyncio.get_running_loop()

    async def identify() -> Caller:
        return ANONYMOUS

    async def execute(event: EventMaker, _: Caller) -> object:
        return event(cast("Context", None))

    async def send(result: object) -> None:
        told.append(result)
        # The next wait ends at this very moment, too.
        loop.call_later(MAX_CHECK_SECONDS, publish)

    def publish() -> None:
        log.publish([LinkEvent("a", "h", ChangeKind.CREATED, NOW, SeenBy.GATEWAY)])

    with streams.opened("a") as ending:
        source = LogSource(await log.subscribe(Topic.LINKS, ["a"], None))
        loop.call_later(MAX_CHECK_SECONDS, publish)
        running = asyncio.ensure_future(send_results(OpenSubscription(source, never), ending, identify, execute, send))
        loop.call_later(MAX_CHECK_SECONDS, publish)
        await asyncio.sleep(MAX_CHECK_SECONDS * 1.5)
        streams.end_all()
        with pytest.raises(StreamEndedError):
            await running
    assert [entry.position.number for entry in told if isinstance(entry, Entry)] == [1, 2]


@pytest.mark.parametrize(("error", "end"), [(SubscriberTooSlowError(), TOO_SLOW), (ZeroDivisionError(), FAILED)])
async def test_a_source_that_fails_ends_the_subscription_with_a_reason(error: Exception, end: StreamEnd) -> None:
    sent: list[str | None] = []

    async def identify() -> Caller:
        return ANONYMOUS

    async def send(result: str | None) -> None:
        sent.append(result)

    async def fail() -> None:
        raise error

    with OpenStreams(1).opened("a") as ending, pytest.raises(StreamEndedError) as ended:
        await send_results(OpenSubscription(OneEvent(fail), never), ending, identify, executed, send)
    assert sent == ["anonymous"]
    assert ended.value.end is end

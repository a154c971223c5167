"""A stream goes on once the layers have ended, and is reported when it ends."""

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field

import pytest
from starlette.types import Message, Receive, Scope, Send

from linkweave.edge.http.request_state import ON_DISCONNECT, STREAM_END
from linkweave.edge.subscriptions.open_streams import RESTARTING, Ending, OpenStreams, StreamEnd, StreamEndedError
from linkweave.edge.subscriptions.streams import SendText, Stream, StreamLayer, StreamStart


@dataclass
class Source:
    """What a stream sends: one piece, and then what `follow` does."""

    follow: Callable[[Ending], Awaitable[object]]
    is_closed: bool = False

    async def send_all(self, ending: Ending, send: SendText) -> None:
        await send("piece")
        await self.follow(ending)

    def last(self, end: StreamEnd | None) -> str:
        return "end" if end is None else str(end.close_code)

    def close(self) -> None:
        self.is_closed = True


@dataclass
class Run:
    """One stream through the layer."""

    source: Source
    streams: OpenStreams = field(default_factory=lambda: OpenStreams(1))
    sent: list[bytes] = field(default_factory=list)
    failures: list[bool] = field(default_factory=list)
    gone: asyncio.Event = field(default_factory=asyncio.Event)
    layers_ended: bool = False

    async def __call__(self, state: dict[str, object]) -> None:
        await StreamLayer(self._app)({"type": "http", "state": state}, self._receive, self._send)

    async def _app(self, scope: Scope, receive: Receive, send: Send) -> None:
        stream = Stream(self.streams, "client", self.source)
        stream.on_end = self.failures.append
        await StreamStart(stream, {}, "first")(scope, receive, send)
        self.layers_ended = True

    async def _receive(self) -> Message:
        await self.gone.wait()
        return {"type": "http.disconnect"}

    async def _send(self, message: Message) -> None:
        if "body" in message:
            assert message["body"] == b"first" or self.layers_ended
            self.sent.append(message["body"])


async def ended(ending: Ending) -> None:
    raise StreamEndedError(await ending)


async def broken(_: Ending) -> None:
    raise ZeroDivisionError


async def test_a_stream_ends_with_its_source() -> None:
    async def no_more(_: Ending) -> None:
        pass

    run = Run(Source(no_more))
    await run({})
    assert (run.sent, run.failures, run.source.is_closed) == ([b"first", b"piece", b"end"], [False], True)


async def test_a_stream_that_the_gateway_ends_says_why() -> None:
    run, state = Run(Source(ended)), dict[str, object]()
    running = asyncio.ensure_future(run(state))
    await asyncio.sleep(0)
    run.streams.end_all()
    await running
    assert (run.sent[-1], run.failures, state[STREAM_END]) == (b"1012", [False], RESTARTING)


@pytest.mark.parametrize("is_told", [True, False])
async def test_a_stream_ends_without_a_word_when_its_client_is_gone(is_told: bool) -> None:
    run, told = Run(Source(ended)), list[Callable[[], None]]()
    state: dict[str, object] = {ON_DISCONNECT: told.append} if is_told else {}
    running = asyncio.ensure_future(run(state))
    await asyncio.sleep(0)
    told[0]() if is_told else run.gone.set()
    await running
    assert (run.sent, run.failures, run.source.is_closed) == ([b"first", b"piece"], [False], True)
    assert STREAM_END not in state
    run.streams.check("client")


async def test_a_stream_that_fails_says_so_and_is_reported_and_logged(caplog: pytest.LogCaptureFixture) -> None:
    run = Run(Source(broken))
    await run({"request_id": "r-1"})
    assert (run.sent[-1], run.failures, run.source.is_closed) == (b"1011", [True], True)
    assert caplog.messages == ["unexpected error in the stream of request r-1"]

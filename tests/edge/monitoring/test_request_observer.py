import asyncio
import json
import logging
import re
from dataclasses import dataclass, field
from types import SimpleNamespace

import pytest
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from harness.emulators import ManualClock
from linkweave.context.operation_context import current_operation
from linkweave.edge.http.request_ids import RequestIds
from linkweave.edge.http.request_state import STREAM, request_id
from linkweave.edge.monitoring.request_observer import RequestObserverMiddleware
from linkweave.observability import Observer, OperationOutcome, OperationRecord


@dataclass
class RecordingObserver(Observer):
    """What the layer has reported."""

    running: int = 0
    ends: list[tuple[OperationOutcome, float, int | None, str]] = field(default_factory=list)
    notes: list[OperationRecord] = field(default_factory=list)

    def operation_started(self, record: OperationRecord) -> None:
        self.running += 1
        self.notes.append(record)

    def operation_ended(
        self, record: OperationRecord, outcome: OperationOutcome, seconds: float, status: int | None, client: str
    ) -> None:
        self.running -= 1
        assert record is self.notes[-1]
        self.ends.append((outcome, seconds, status, client))


@dataclass
class Answering:
    """An app that answers after two seconds, and writes `unanswered` and `error` into the operation's record."""

    clock: ManualClock
    status: int = 200
    error: str | None = None
    unanswered: bool = False
    seen: list[str] = field(default_factory=list)

    async def __call__(self, scope: Scope, _: Receive, send: Send) -> None:
        notes = current_operation().record
        assert notes is not None
        self.seen += [request_id(scope), notes.request_id]
        notes.unanswered = self.unanswered
        if self.error is not None:
            notes.failed(self.error)
        self.clock.advance(2)
        await send({"type": "http.response.start", "status": self.status, "headers": [(b"a", b"b")]})
        await send({"type": "http.response.body", "body": b"x"})


def hiding(text: str) -> str:
    return text.replace("s3cret", "***")


async def nothing() -> Message:
    raise AssertionError("nothing is read here")


async def ask(app: ASGIApp, observer: Observer, clock: ManualClock, **scope: object) -> list[Message]:
    sent: list[Message] = []

    async def send(message: Message) -> None:
        sent.append(message)

    given = {"type": "http", "headers": [(b"host", b"x")], **scope}
    try:
        await RequestObserverMiddleware(app, observer, clock, RequestIds(hiding))(given, nothing, send)
    finally:
        assert current_operation().record is None
    return sent


@pytest.mark.parametrize(
    ("app", "outcome"),
    [
        ({}, "ok"),
        ({"error": "TIMEOUT"}, "partial"),
        ({"error": "INVALID_INPUT", "unanswered": True}, "refused"),
        ({"status": 413}, "refused"),
        ({"status": 500}, "failed"),
    ],
)
async def test_the_outcome_of_a_request_is_reported(app: dict[str, object], outcome: OperationOutcome) -> None:
    observer, clock = RecordingObserver(), ManualClock()
    answering = Answering(clock, **app)  # type: ignore[arg-type] # the table holds fields of it
    await ask(answering, observer, clock)
    assert observer.ends == [(outcome, 2, answering.status, "unknown")]
    assert observer.running == 0


async def test_the_client_is_reported_by_name() -> None:
    observer, clock = RecordingObserver(), ManualClock()
    await ask(Answering(clock), observer, clock, state={"caller": SimpleNamespace(name="dashboard")})
    assert observer.ends[0][3] == "dashboard"


async def test_a_request_id_is_in_the_answer_the_state_and_the_record() -> None:
    clock = ManualClock()
    app = Answering(clock)
    (start, _) = await ask(app, RecordingObserver(), clock, headers=[(b"x-request-id", b"req-7")])
    assert start["headers"] == [(b"a", b"b"), (b"x-request-id", b"req-7")]
    assert app.seen == ["req-7", "req-7"]


@pytest.mark.parametrize("given", [b"", b"a" * 65, b"a\n", b"<script>", b"\xff", b"my-s3cret", None])
async def test_an_invalid_id_is_replaced(given: bytes | None) -> None:
    clock = ManualClock()
    headers = [] if given is None else [(b"x-request-id", given)]
    (start, _) = await ask(Answering(clock), RecordingObserver(), clock, headers=headers)
    assert re.fullmatch(rb"[0-9a-f]{32}", start["headers"][-1][1])


async def test_a_message_that_an_app_still_holds_is_not_changed() -> None:
    clock = ManualClock()
    start: Message = {"type": "http.response.start", "status": 200, "headers": ()}

    async def app_with_one_message(_: Scope, __: Receive, send: Send) -> None:
        await send(start)

    await ask(app_with_one_message, RecordingObserver(), clock)
    assert start["headers"] == ()


async def broken(*_: object) -> None:
    raise ZeroDivisionError("canary")


@pytest.mark.parametrize("accept", [b"application/json", b"application/graphql-response+json"])
async def test_an_unexpected_error_of_an_app_is_answered(accept: bytes) -> None:
    observer, clock = RecordingObserver(), ManualClock()
    start, body = await ask(broken, observer, clock, headers=[(b"accept", accept), (b"x-request-id", b"req-7")])
    headers = dict(start["headers"])
    assert (start["status"], headers[b"x-request-id"]) == (500, b"req-7")
    assert headers[b"content-type"] == accept + b"; charset=utf-8"
    (error,) = json.loads(body["body"])["errors"]
    assert error["extensions"] == {"code": "INTERNAL"}
    assert "req-7" in error["message"]
    assert b"canary" not in body["body"]
    assert b"ZeroDivision" not in body["body"]
    assert observer.ends == [("failed", 0, 500, "unknown")]


async def test_an_unexpected_error_is_logged_under_the_requests_id(caplog: pytest.LogCaptureFixture) -> None:
    await ask(broken, RecordingObserver(), ManualClock(), headers=[(b"x-request-id", b"req-7")])
    (record,) = caplog.records
    assert (record.name, record.levelno) == ("linkweave", logging.ERROR)
    assert "req-7" in record.getMessage()
    assert record.exc_info
    assert record.exc_info[0] is ZeroDivisionError


async def test_an_answer_that_fails_after_its_start_is_cut_off(caplog: pytest.LogCaptureFixture) -> None:
    observer, clock = RecordingObserver(), ManualClock()

    async def broken_halfway(_: Scope, __: Receive, send: Send) -> None:
        await send({"type": "http.response.start", "status": 200, "headers": []})
        raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        await ask(broken_halfway, observer, clock, headers=[(b"x-request-id", b"req-7")])
    assert observer.ends == [("failed", 0, 200, "unknown")]
    assert "req-7" in caplog.text


async def test_a_client_that_disconnects_before_the_answer_is_reported_as_gone() -> None:
    observer, clock = RecordingObserver(), ManualClock()

    async def endless(*_: object) -> None:
        await asyncio.Event().wait()

    running = asyncio.create_task(ask(endless, observer, clock))
    await asyncio.sleep(0)
    assert observer.running == 1
    running.cancel()
    with pytest.raises(asyncio.CancelledError):
        await running
    assert observer.ends == [("gone", 0, None, "unknown")]


async def test_a_request_without_an_answer_is_reported_as_gone() -> None:
    observer, clock = RecordingObserver(), ManualClock()

    async def silent(*_: object) -> None:
        return

    await ask(silent, observer, clock)
    assert observer.ends[0][0] == "gone"


async def test_other_protocols_are_passed_on_unreported() -> None:
    observer, passed = RecordingObserver(), []

    async def app(scope: Scope, _: Receive, __: Send) -> None:
        passed.append(scope["type"])

    async def send(_: Message) -> None:
        raise AssertionError("nothing is sent here")

    await RequestObserverMiddleware(app, observer, ManualClock(), RequestIds(str))({"type": "websocket"}, nothing, send)
    assert passed == ["websocket"]
    assert observer.ends == []


async def test_a_stream_is_reported_when_it_ends() -> None:
    observer, clock, stream = RecordingObserver(), ManualClock(), SimpleNamespace(on_end=None)
    answering = Answering(clock)

    async def app(scope: Scope, receive: Receive, send: Send) -> None:
        await answering(scope, receive, send)
        scope["state"][STREAM] = stream

    layer = RequestObserverMiddleware(app, observer, clock, RequestIds(str))

    async def receive() -> Message:
        return {}

    async def send(_: Message) -> None:
        pass

    await layer({"type": "http", "headers": []}, receive, send)
    assert (observer.running, observer.ends) == (1, [])
    clock.advance(58)
    stream.on_end(failed=True)
    assert (observer.running, observer.ends) == (0, [("failed", 60, 200, "unknown")])

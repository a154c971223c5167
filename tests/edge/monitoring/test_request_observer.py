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
from linkweave.edge.http.request_state import request_id
from linkweave.edge.monitoring.request_observer import RequestObserverMiddleware
from linkweave.observability import Observer, OperationOutcome, OperationRecord


@dataclass
class Told(Observer):
    """What a watch has told."""

    running: int = 0
    ends: list[tuple[OperationOutcome, float, int | None, str]] = field(default_factory=list)
    notes: list[OperationRecord] = field(default_factory=list)

    def operation_started(self, tally: OperationRecord) -> None:
        self.running += 1
        self.notes.append(tally)

    def operation_ended(
        self, tally: OperationRecord, outcome: OperationOutcome, seconds: float, status: int | None, client: str
    ) -> None:
        self.running -= 1
        assert tally is self.notes[-1]
        self.ends.append((outcome, seconds, status, client))


@dataclass
class Answering:
    """An app that takes two seconds to answer, and notes on the way what it is told to."""

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


async def ask(app: ASGIApp, told: Observer, clock: ManualClock, **scope: object) -> list[Message]:
    sent: list[Message] = []

    async def send(message: Message) -> None:
        sent.append(message)

    given = {"type": "http", "headers": [(b"host", b"x")], **scope}
    try:
        await RequestObserverMiddleware(app, told, clock, RequestIds(hiding))(given, nothing, send)
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
async def test_how_a_request_ended_is_told(app: dict[str, object], outcome: OperationOutcome) -> None:
    told, clock = Told(), ManualClock()
    answering = Answering(clock, **app)  # type: ignore[arg-type] # the table holds fields of it
    await ask(answering, told, clock)
    assert told.ends == [(outcome, 2, answering.status, "unknown")]
    assert told.running == 0


async def test_the_client_is_told_by_name() -> None:
    told, clock = Told(), ManualClock()
    await ask(Answering(clock), told, clock, state={"caller": SimpleNamespace(name="dashboard")})
    assert told.ends[0][3] == "dashboard"


async def test_a_request_id_goes_in_and_out_and_below() -> None:
    clock = ManualClock()
    app = Answering(clock)
    (start, _) = await ask(app, Told(), clock, headers=[(b"x-request-id", b"req-7")])
    assert start["headers"] == [(b"a", b"b"), (b"x-request-id", b"req-7")]
    assert app.seen == ["req-7", "req-7"]


@pytest.mark.parametrize("given", [b"", b"a" * 65, b"a\n", b"<script>", b"\xff", b"my-s3cret", None])
async def test_an_id_that_is_none_is_replaced(given: bytes | None) -> None:
    clock = ManualClock()
    headers = [] if given is None else [(b"x-request-id", given)]
    (start, _) = await ask(Answering(clock), Told(), clock, headers=headers)
    assert re.fullmatch(rb"[0-9a-f]{32}", start["headers"][-1][1])


async def test_a_message_that_an_app_keeps_is_not_changed() -> None:
    clock = ManualClock()
    start: Message = {"type": "http.response.start", "status": 200, "headers": ()}

    async def keeping(_: Scope, __: Receive, send: Send) -> None:
        await send(start)

    await ask(keeping, Told(), clock)
    assert start["headers"] == ()


async def broken(*_: object) -> None:
    raise ZeroDivisionError("canary")


@pytest.mark.parametrize("accept", [b"application/json", b"application/graphql-response+json"])
async def test_an_app_that_breaks_is_answered_for(accept: bytes) -> None:
    told, clock = Told(), ManualClock()
    start, body = await ask(broken, told, clock, headers=[(b"accept", accept), (b"x-request-id", b"req-7")])
    headers = dict(start["headers"])
    assert (start["status"], headers[b"x-request-id"]) == (500, b"req-7")
    assert headers[b"content-type"] == accept + b"; charset=utf-8"
    (error,) = json.loads(body["body"])["errors"]
    assert error["extensions"] == {"code": "INTERNAL"}
    assert "req-7" in error["message"]
    assert b"canary" not in body["body"]
    assert b"ZeroDivision" not in body["body"]
    assert told.ends == [("failed", 0, 500, "unknown")]


async def test_what_broke_is_in_the_log_under_the_requests_id(caplog: pytest.LogCaptureFixture) -> None:
    await ask(broken, Told(), ManualClock(), headers=[(b"x-request-id", b"req-7")])
    (record,) = caplog.records
    assert (record.name, record.levelno) == ("linkweave", logging.ERROR)
    assert "req-7" in record.getMessage()
    assert record.exc_info
    assert record.exc_info[0] is ZeroDivisionError


async def test_an_answer_that_breaks_when_it_has_begun_is_cut_off(caplog: pytest.LogCaptureFixture) -> None:
    told, clock = Told(), ManualClock()

    async def broken_halfway(_: Scope, __: Receive, send: Send) -> None:
        await send({"type": "http.response.start", "status": 200, "headers": []})
        raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        await ask(broken_halfway, told, clock, headers=[(b"x-request-id", b"req-7")])
    assert told.ends == [("failed", 0, 200, "unknown")]
    assert "req-7" in caplog.text


async def test_who_leaves_before_the_answer_is_gone() -> None:
    told, clock = Told(), ManualClock()

    async def endless(*_: object) -> None:
        await asyncio.Event().wait()

    asking = asyncio.create_task(ask(endless, told, clock))
    await asyncio.sleep(0)
    assert told.running == 1
    asking.cancel()
    with pytest.raises(asyncio.CancelledError):
        await asking
    assert told.ends == [("gone", 0, None, "unknown")]


async def test_an_app_that_sends_nothing_has_nobody_to_send_it_to() -> None:
    told, clock = Told(), ManualClock()

    async def silent(*_: object) -> None:
        return

    await ask(silent, told, clock)
    assert told.ends[0][0] == "gone"


async def test_what_is_no_request_is_let_through_untold() -> None:
    told, passed = Told(), []

    async def app(scope: Scope, _: Receive, __: Send) -> None:
        passed.append(scope["type"])

    async def send(_: Message) -> None:
        raise AssertionError("nothing is sent here")

    await RequestObserverMiddleware(app, told, ManualClock(), RequestIds(str))({"type": "websocket"}, nothing, send)
    assert passed == ["websocket"]
    assert told.ends == []

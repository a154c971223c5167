"""The layer that gives each request its id and its record, answers unexpected errors, and reports how it ended."""

from functools import partial
from typing import Final

from starlette.types import ASGIApp, Message, Receive, Scope, Send

from linkweave.clock import Clock
from linkweave.context.operation_context import OperationContext, use_operation
from linkweave.edge.http.internal_errors import internal_error_response
from linkweave.edge.http.request_ids import HEADER, RequestIds
from linkweave.edge.http.request_state import REQUEST_ID, STREAM, client_name, state_of
from linkweave.observability import Observer, OperationOutcome, OperationRecord

_CLIENT_ERROR: Final = 400
_SERVER_ERROR: Final = 500


class RequestObserverMiddleware:
    """Reports to `observer` every HTTP request that `app` answers. A valid id of the caller is kept."""

    def __init__(self, app: ASGIApp, observer: Observer, clock: Clock, ids: RequestIds) -> None:
        self._app = app
        self._observer = observer
        self._now = clock.monotonic
        self._ids = ids

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass the request on, and add its id to the answer."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        started = self._now()
        request_id, traceparent = self._ids.read(scope["headers"])
        record = OperationRecord(request_id.decode(), traceparent=traceparent)
        state_of(scope)[REQUEST_ID] = record.request_id
        send_with_id = _IdAddingSend(send, request_id)
        with use_operation(OperationContext(record=record, tasks=set())):
            self._observer.operation_started(record)
            outcome: OperationOutcome = "gone"
            try:
                await self._app(scope, receive, send_with_id)
                outcome = _outcome(record, send_with_id.status)
            except Exception as error:
                outcome = "failed"
                answer = internal_error_response(scope, error)
                if send_with_id.status is not None:
                    # The answer has started and cannot be taken back: the server closes the connection.
                    raise
                await answer(scope, receive, send_with_id)
            finally:
                self._report_end(scope, record, outcome, started, send_with_id.status)

    def _report_end(
        self, scope: Scope, record: OperationRecord, outcome: OperationOutcome, started: float, status: int | None
    ) -> None:
        """Report how a request ended: now, or when the stream ends that answers it."""
        stream = state_of(scope).get(STREAM)
        report = partial(self._report, record, outcome, started, status, client_name(scope))
        if stream is None:
            report(failed=False)
        else:
            stream.on_end = report

    def _report(
        self,
        record: OperationRecord,
        outcome: OperationOutcome,
        started: float,
        status: int | None,
        client: str,
        failed: bool,
    ) -> None:
        took = self._now() - started
        self._observer.operation_ended(record, "failed" if failed else outcome, took, status, client)


class _IdAddingSend:
    """A `send` that adds the request's id to the answer. It has the status once the answer has started."""

    def __init__(self, send: Send, request_id: bytes) -> None:
        self._send = send
        self._id = request_id
        self.status: int | None = None

    async def __call__(self, message: Message) -> None:
        if message["type"] == "http.response.start":
            self.status = message["status"]
            message = {**message, "headers": [*message["headers"], (HEADER, self._id)]}
        await self._send(message)


def _outcome(record: OperationRecord, status: int | None) -> OperationOutcome:
    if status is None:
        return "gone"
    if status >= _SERVER_ERROR:
        return "failed"
    if status >= _CLIENT_ERROR or record.unanswered:
        return "refused"
    return "partial" if record.errors else "ok"

"""The layer that gives each request its id, keeps its tally, answers for what breaks, and tells how it ended."""

from typing import Final

from starlette.types import ASGIApp, Message, Receive, Scope, Send

from linkweave.clock import Clock
from linkweave.context.operation_context import OperationContext, use_operation
from linkweave.edge.http.internal_errors import answer_unexpected
from linkweave.edge.http.request_ids import HEADER, RequestIds
from linkweave.edge.http.request_state import REQUEST_ID, client_name, state_of
from linkweave.observability import Observer, OperationRecord, Outcome

_REFUSED: Final = 400
_FAILED: Final = 500


class RequestObserverMiddleware:
    """Tells `observer` of every HTTP request that `app` answers. An id that the caller gives is kept if it is one."""

    def __init__(self, app: ASGIApp, observer: Observer, clock: Clock, ids: RequestIds) -> None:
        self._app = app
        self._observer = observer
        self._now = clock.monotonic
        self._ids = ids

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Let the request through, and its id with the answer."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        started = self._now()
        request_id, traceparent = self._ids.of(scope["headers"])
        notes = OperationRecord(request_id.decode(), traceparent=traceparent)
        state_of(scope)[REQUEST_ID] = notes.request_id
        sending = _SendingWithId(send, request_id)
        with use_operation(OperationContext(record=notes, tasks=set())):
            self._observer.began(notes)
            outcome: Outcome = "gone"
            try:
                await self._app(scope, receive, sending)
                outcome = _outcome(notes, sending.status)
            except Exception as error:
                outcome = "failed"
                answer = answer_unexpected(scope, error)
                if sending.status is not None:
                    # It has begun, and cannot be taken back: the server cuts it off.
                    raise
                await answer(scope, receive, sending)
            finally:
                took = self._now() - started
                self._observer.ended(notes, outcome, took, sending.status, client_name(scope))


class _SendingWithId:
    """Sends an answer with its request's id, and knows its status once it has begun."""

    def __init__(self, send: Send, request_id: bytes) -> None:
        self._send = send
        self._id = request_id
        self.status: int | None = None

    async def __call__(self, message: Message) -> None:
        if message["type"] == "http.response.start":
            self.status = message["status"]
            message = {**message, "headers": [*message["headers"], (HEADER, self._id)]}
        await self._send(message)


def _outcome(notes: OperationRecord, status: int | None) -> Outcome:
    if status is None:
        return "gone"
    if status >= _FAILED:
        return "failed"
    if status >= _REFUSED or notes.unanswered:
        return "refused"
    return "partial" if notes.errors else "ok"

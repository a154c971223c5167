"""The outermost layer: gives each request its id, keeps its tally, answers for what breaks, and tells how it ended."""

import os
import re
from collections.abc import Iterable
from typing import Final

from starlette.types import ASGIApp, Message, Receive, Scope, Send

from linkweave.clock import Clock
from linkweave.edge.request_state import client_name
from linkweave.edge.unexpected import answer_unexpected
from linkweave.observability import Observer, Outcome, Tally

_HEADER: Final = b"x-request-id"
_TRACEPARENT: Final = b"traceparent"
_GIVEN: Final = re.compile(rb"[A-Za-z0-9._-]{1,64}")
_REFUSED: Final = 400
_FAILED: Final = 500


class Watch:
    """Tells `observer` of every HTTP request that `app` answers. An id that the caller gives is kept if it is one."""

    def __init__(self, app: ASGIApp, observer: Observer, clock: Clock) -> None:
        self._app = app
        self._observer = observer
        self._now = clock.monotonic

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Let the request through, and its id with the answer."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        started = self._now()
        request_id, traceparent = _given(scope["headers"])
        notes = Tally(request_id.decode(), traceparent=traceparent.decode("latin-1"))
        scope.setdefault("state", {})["request_id"] = notes.request_id
        status: int | None = None

        async def send_with_id(message: Message) -> None:
            nonlocal status
            if message["type"] == "http.response.start":
                status = message["status"]
                message = {**message, "headers": [*message["headers"], (_HEADER, request_id)]}
            await send(message)

        with notes:
            self._observer.began(notes)
            outcome: Outcome = "gone"
            try:
                await self._app(scope, receive, send_with_id)
                outcome = _outcome(notes, status)
            except Exception as error:
                outcome = "failed"
                answer = answer_unexpected(scope, error)
                if status is not None:
                    # It has begun, and cannot be taken back: the server cuts it off.
                    raise
                await answer(scope, receive, send_with_id)
            finally:
                self._observer.ended(notes, outcome, self._now() - started, status, client_name(scope))


def _given(headers: Iterable[tuple[bytes, bytes]]) -> tuple[bytes, bytes]:
    """The request's id and the caller's traceparent, which is empty where there is none."""
    request_id = traceparent = b""
    for name, value in headers:
        if name == _HEADER:
            request_id = value
        elif name == _TRACEPARENT:
            traceparent = value
    if not _GIVEN.fullmatch(request_id):
        request_id = os.urandom(16).hex().encode()
    return request_id, traceparent


def _outcome(notes: Tally, status: int | None) -> Outcome:
    if status is None:
        return "gone"
    if status >= _FAILED:
        return "failed"
    if status >= _REFUSED or notes.unanswered:
        return "refused"
    return "partial" if notes.errors else "ok"

"""The layer that gives each request its id, keeps its tally, answers for what breaks, and tells how it ended."""

from typing import Final

from starlette.types import ASGIApp, Message, Receive, Scope, Send

from linkweave.clock import Clock
from linkweave.edge.request_ids import HEADER, RequestIds
from linkweave.edge.request_state import client_name
from linkweave.edge.unexpected import answer_unexpected
from linkweave.observability import Observer, Outcome, Tally

_REFUSED: Final = 400
_FAILED: Final = 500


class Watch:
    """Tells `observer` of every HTTP request that `app` answers. An id that the caller gives is kept if it is one."""

    def __init__(self, app: ASGIApp, observer: Observer, clock: Clock) -> None:
        self._app = app
        self._observer = observer
        self._now = clock.monotonic
        self._ids = RequestIds()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Let the request through, and its id with the answer."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        started = self._now()
        request_id, traceparent = self._ids.of(scope["headers"])
        notes = Tally(request_id.decode(), traceparent=traceparent)
        scope.setdefault("state", {})["request_id"] = notes.request_id
        status: int | None = None

        async def send_with_id(message: Message) -> None:
            nonlocal status
            if message["type"] == "http.response.start":
                status = message["status"]
                message = {**message, "headers": [*message["headers"], (HEADER, request_id)]}
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


def _outcome(notes: Tally, status: int | None) -> Outcome:
    if status is None:
        return "gone"
    if status >= _FAILED:
        return "failed"
    if status >= _REFUSED or notes.unanswered:
        return "refused"
    return "partial" if notes.errors else "ok"

"""The outermost layer: it answers those who ask once more, word for word, from the operation cache."""

from dataclasses import replace
from hashlib import sha256
from typing import Final

from starlette.types import ASGIApp, Message, Receive, Scope, Send

from linkweave.clock import Clock
from linkweave.edge.auth.callers import Caller
from linkweave.edge.http.body_buffer import replay
from linkweave.edge.http.request_ids import HEADER, RequestIds
from linkweave.edge.http.request_state import CACHED, CALLER, body_is_complete, state_of
from linkweave.edge.response_cache.entries import CachedResponse, ExactMatch
from linkweave.edge.response_cache.http_caching import if_none_match, send_finished
from linkweave.edge.response_cache.policy import ResponseCachePolicy
from linkweave.observability import CachedReply, Observer

# One that is longer is read each time.
MAX_BODY_BYTES: Final = 16_384
# What differs between two requests that ask the same, or is looked at here.
_OF_ONE_REQUEST: Final = frozenset({b"x-request-id", b"traceparent", b"tracestate", b"if-none-match"})
_OF_ONE_ANSWER: Final = frozenset({b"x-request-id", b"age"})
_OK: Final = 200


class ExactRequestCache:
    """Answers from `keeping` what came in the same words and headers before, and was let through to the cache then.

    Only where the layers in between look at nothing but the request: they would let it through again. So it is not for
    callers who have a rate limit, or whose tokens expire. Nor where the server does not tell that the whole body has
    come, because to wait for it is for those layers. `observer` is told of what is answered here.
    """

    def __init__(
        self, app: ASGIApp, keeping: ResponseCachePolicy, observer: Observer, clock: Clock, ids: RequestIds
    ) -> None:
        self._app = app
        self._keeping = keeping
        self._observer = observer
        self._now = clock.monotonic
        self._ids = ids

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer a repeated request, or hand it on."""
        if scope["type"] != "http" or not body_is_complete(scope):
            await self._app(scope, receive, send)
            return
        started = self._now()
        message = await receive()
        body = message.get("body", b"")
        if message["type"] != "http.request" or len(body) > MAX_BODY_BYTES:
            await self._app(scope, replay(message, receive), send)
            return
        words = digest(scope, body)
        repeat = await self._keeping.repeated(words)
        if repeat is None:
            await self._hand_on(words, scope, replay(message, receive), send)
        else:
            await self._answer(repeat, started, scope, send)

    async def _answer(self, repeat: ExactMatch, started: float, scope: Scope, send: Send) -> None:
        request_id, traceparent = self._ids.of(scope["headers"])
        age = self._keeping.age(repeat.entry)
        status = await send_finished(repeat.answer, age, if_none_match(scope), send, ((HEADER, request_id),))
        facts, seconds = repeat.entry.executed.notes.operation, self._now() - started
        told = CachedReply(request_id.decode(), traceparent, facts, repeat.caller.name, status, seconds)
        self._observer.repeated(told)

    async def _hand_on(self, words: bytes, scope: Scope, receive: Receive, send: Send) -> None:
        """Let the request be answered, and remember it where the answer is a kept one."""
        start: Message = {}

        async def noticing(message: Message) -> None:
            if message["type"] == "http.response.start":
                start.update(message)
            await send(message)

        await self._app(scope, receive, noticing)
        entry: CachedResponse | None = state_of(scope).get(CACHED)
        caller: Caller | None = state_of(scope).get(CALLER)
        if entry is None or caller is None or not caller.is_lasting or start.get("status") != _OK:
            return
        # As they left the last of the layers in between, some of which add to them.
        headers = tuple(header for header in start["headers"] if header[0] not in _OF_ONE_ANSWER)
        answer = replace(entry.executed.answer, headers=headers)
        self._keeping.repeat(words, ExactMatch(entry, answer, caller))


def digest(scope: Scope, body: bytes) -> bytes:
    """What is the same for two requests that cannot be told apart. Tokens are in it, so that it is a SHA-256."""
    told = [scope["method"].encode(), scope["query_string"]]
    for name, value in scope["headers"]:
        if name not in _OF_ONE_REQUEST:
            told += (name, value)
    # Nothing before the body holds a line's end, or is empty in a name's place.
    told += (b"", body)
    return sha256(b"\n".join(told)).digest()

"""The outermost layer: it answers a request that was sent before in the very same bytes."""

from dataclasses import replace
from hashlib import sha256
from typing import Final

from starlette.types import ASGIApp, Message, Receive, Scope, Send

from linkweave.clock import Clock
from linkweave.edge.auth.callers import Caller
from linkweave.edge.http.body_buffer import replay
from linkweave.edge.http.request_ids import HEADER, RequestIds
from linkweave.edge.http.request_state import CACHED, CALLER, EXACT_MATCH, body_is_complete, state_of
from linkweave.edge.response_cache.entries import CachedResponse, ExactMatch
from linkweave.edge.response_cache.http_caching import if_none_match, in_accepted_encoding, send_response
from linkweave.edge.response_cache.policy import ResponseCachePolicy
from linkweave.observability import CachedReply, Observer

# Maximum size of a body. A longer one is parsed each time.
MAX_BODY_BYTES: Final = 16_384
# Headers that differ between two requests for the same, or that this layer itself evaluates.
_PER_REQUEST: Final = frozenset({b"x-request-id", b"traceparent", b"tracestate", b"if-none-match"})
# Headers that differ in each answer.
_PER_RESPONSE: Final = frozenset({b"x-request-id", b"age"})
_OK: Final = 200


class ExactRequestCache:
    """Answers from the response cache a request whose bytes and headers were answered from there before.

    The layers in between would pass the request on again, because they look at nothing but the request. That is not so
    for a caller with a rate limit, or with a token that expires: such requests are passed on. So are those whose body
    may not have arrived yet, because the layers below bound the wait for it.
    """

    def __init__(
        self, app: ASGIApp, cache: ResponseCachePolicy, observer: Observer, clock: Clock, ids: RequestIds
    ) -> None:
        self._app = app
        self._cache = cache
        self._observer = observer
        self._now = clock.monotonic
        self._ids = ids

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer a repeated request, or pass it on."""
        if scope["type"] != "http" or not body_is_complete(scope):
            await self._app(scope, receive, send)
            return
        started = self._now()
        message = await receive()
        body = message.get("body", b"")
        if message["type"] != "http.request" or len(body) > MAX_BODY_BYTES:
            await self._app(scope, replay(message, receive), send)
            return
        digest = request_digest(scope, body)
        match = await self._cache.find_exact(digest)
        if match is None:
            await self._pass_on(digest, scope, replay(message, receive), send)
        else:
            await self._answer(match, started, scope, send)

    async def _answer(self, match: ExactMatch, started: float, scope: Scope, send: Send) -> None:
        request_id, traceparent = self._ids.read(scope["headers"])
        age, stored_by_client = self._cache.age(match.cached), if_none_match(scope)
        if stored_by_client is None:
            state_of(scope)[EXACT_MATCH] = match
        status = await send_response(match.response, age, stored_by_client, send, ((HEADER, request_id),))
        facts, seconds = match.cached.result.record.operation, self._now() - started
        reply = CachedReply(request_id.decode(), traceparent, facts, match.caller.name, status, seconds)
        self._observer.cached_reply_sent(reply)

    async def _pass_on(self, digest: bytes, scope: Scope, receive: Receive, send: Send) -> None:
        """Let the request be answered, and remember it if the answer is from the response cache."""
        start: Message = {}

        async def send_noting_start(message: Message) -> None:
            if message["type"] == "http.response.start":
                start.update(message)
            await send(message)

        await self._app(scope, receive, send_noting_start)
        cached: CachedResponse | None = state_of(scope).get(CACHED)
        caller: Caller | None = state_of(scope).get(CALLER)
        if cached is None or caller is None or not caller.is_lasting or start.get("status") != _OK:
            return
        # With the headers that the layers in between have added.
        headers = tuple(header for header in start["headers"] if header[0] not in _PER_RESPONSE)
        response = replace(await in_accepted_encoding(cached.result.response, scope), headers=headers)
        self._cache.store_exact(digest, ExactMatch(cached, response, caller))


def request_digest(scope: Scope, body: bytes) -> bytes:
    """Returns a digest that is equal for requests of equal bytes. It is a SHA-256 because tokens are part of it."""
    parts = [scope["method"].encode(), scope["query_string"]]
    for name, value in scope["headers"]:
        if name not in _PER_REQUEST:
            parts += (name, value)
    # No part before the body contains a line break, and no name is empty: requests that differ have other bytes here.
    parts += (b"", body)
    return sha256(b"\n".join(parts)).digest()

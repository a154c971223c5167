"""Answers a request by its bytes, before anything of it is parsed. The server's connections ask for it."""

from collections.abc import Iterable
from dataclasses import replace
from hashlib import sha256
from typing import Final

from starlette.types import Scope

from linkweave.clock import Clock
from linkweave.edge.http.request_ids import HEADER, RequestIds
from linkweave.edge.http.request_state import EXACT_MATCH, state_of
from linkweave.edge.response_cache.entries import ExactMatch
from linkweave.edge.response_cache.http_caching import Header
from linkweave.edge.response_cache.policy import ResponseCachePolicy
from linkweave.observability import CachedReply, Observer

# Maximum size of a request. A longer one is parsed each time.
MAX_REQUEST_BYTES: Final = 32_768
_STATUS_LINE: Final = b"HTTP/1.1 200 OK\r\n"
_OK: Final = 200
# An answer depends on the first three beside the request's other bytes; the others change how a request is framed.
_NOT_KNOWN_WITH: Final = frozenset({HEADER, b"traceparent", b"tracestate", b"expect", b"upgrade", b"transfer-encoding"})


class KnownRequests:
    """The requests that `ExactRequestCache` has answered, by their bytes.

    That layer decides who may be answered from the cache. Here only what is equal to such a request, from the first
    byte of its head to the last byte of its body, is answered again. No tasks, scopes or layers are made for it.
    """

    def __init__(self, cache: ResponseCachePolicy, observer: Observer, clock: Clock, ids: RequestIds) -> None:
        self._cache = cache
        self._observer = observer
        self._now = clock.monotonic
        self._ids = ids

    def answer(self, data: bytes, server_headers: Iterable[Header]) -> bytes | None:
        """Returns the whole answer to the request `data`, with `server_headers`.

        Returns None if the request is not known, or if it takes a wait to find out whether the answer is still valid.
        """
        started = self._now()
        match = self._cache.find_exact_now(sha256(data).digest()) if len(data) <= MAX_REQUEST_BYTES else None
        if match is None:
            return None
        request_id = self._ids.make()
        age = self._cache.age(match.cached)
        own = _lines((*server_headers, (b"age", b"%d" % age), (HEADER, request_id)))
        facts, seconds = match.cached.result.record.operation, self._now() - started
        self._observer.cached_reply_sent(CachedReply(request_id.decode(), "", facts, match.caller.name, _OK, seconds))
        return b"".join((_STATUS_LINE, own, match.head, b"\r\n", match.response.body))

    def remember(self, data: bytes, scope: Scope) -> None:
        """Let `answer` know the request in `scope`, whose bytes are `data`, if `ExactRequestCache` has answered it."""
        match: ExactMatch | None = state_of(scope).get(EXACT_MATCH)
        if match is not None and scope["method"] in {"GET", "POST"} and _is_whole(data, dict(scope["headers"])):
            self._cache.store_exact(sha256(data).digest(), replace(match, head=_lines(match.response.headers)))


def _is_whole(data: bytes, headers: dict[bytes, bytes]) -> bool:
    """Whether `data` is one request with these headers, and nothing else."""
    _, separator, body = data.partition(b"\r\n\r\n")
    whole = bool(separator) and len(body) == int(headers.get(b"content-length", b"0"))
    return whole and _NOT_KNOWN_WITH.isdisjoint(headers)


def _lines(headers: Iterable[Header]) -> bytes:
    return b"".join([b"%b: %b\r\n" % header for header in headers])

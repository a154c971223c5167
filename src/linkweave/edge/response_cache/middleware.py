"""The layer that answers queries from the response cache, and executes once what several clients request at once."""

import asyncio
from collections.abc import Callable
from enum import Enum, auto
from typing import NamedTuple

from graphql import OperationType
from starlette.types import ASGIApp, Receive, Scope, Send

from linkweave.context.operation_context import current_operation, track_freshness
from linkweave.edge.http.disconnects import run_for_client
from linkweave.edge.http.request_parsing import parsed_request
from linkweave.edge.http.request_state import CACHED, NAMED_DOCUMENT, state_of
from linkweave.edge.response_cache.cache_key import (
    CacheKey,
    RequestedOperation,
    cache_key,
    caller_name,
    repeats_a_decisive_header,
    requested_operation,
)
from linkweave.edge.response_cache.entries import CachedResponse, ExecutionResult
from linkweave.edge.response_cache.http_caching import (
    BufferedResponse,
    buffer_response,
    compressing_sender,
    if_none_match,
    in_accepted_encoding,
    no_store_sender,
    send_response,
    with_public_caching,
)
from linkweave.edge.response_cache.in_flight import SharedExecutions
from linkweave.edge.response_cache.policy import ResponseCachePolicy, VersionTags
from linkweave.observability import NO_OBSERVER, Answered, CacheResult, Observer, OperationRecord
from linkweave.schema.execution.document import Document


class Handling(Enum):
    """How an operation is executed.

    SHARED: once for all clients that request it at the same moment. OF_CALLER: once for those of one caller.
    ALONE: for its client, until that disconnects. PASS_THROUGH: for its client, and to its end.
    """

    SHARED = auto()
    OF_CALLER = auto()
    ALONE = auto()
    PASS_THROUGH = auto()


class _Exchange(NamedTuple):
    """A request whose body was read, and the way back to its client."""

    scope: Scope
    receive: Receive
    send: Send


class ResponseCacheMiddleware:
    """Stores in `cache` what `app` answers to queries. `read_document` parses and validates a document.

    With `public`, caches in front of the gateway may store the answer to a GET that only names its document.
    Mutations and incremental answers are neither stored nor shared. A query is cancelled when its last client
    disconnects; a mutation is not.
    """

    def __init__(
        self,
        app: ASGIApp,
        read_document: Callable[[str], Document],
        cache: ResponseCachePolicy,
        observer: Observer = NO_OBSERVER,
        *,
        public: bool = False,
    ) -> None:
        self._app = app
        self._read_document = read_document
        self._cache = cache
        self._observer = observer
        self._public = public
        self._executions: SharedExecutions[ExecutionResult] = SharedExecutions()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer a request from the cache, execute it, or pass it on."""
        parsed = parsed_request(scope)
        operation = None if parsed is None or repeats_a_decisive_header(scope) else requested_operation(parsed)
        if operation is None or not await self._answer(_Exchange(scope, receive, send), operation):
            await self._app(scope, receive, no_store_sender(compressing_sender(scope, send)))

    async def _answer(self, exchange: _Exchange, operation: RequestedOperation) -> bool:
        """Answer a request. Returns False if it must be passed on instead."""
        key = cache_key(exchange.scope, operation)
        cached = await self._cache.find(key)
        if cached is not None:
            await self._send_cached(exchange, cached)
            return True
        handling, is_new = self._handling(operation)
        if handling is Handling.PASS_THROUGH:
            return False
        if is_new:
            # To read a new document is work enough for one turn of the event loop.
            await asyncio.sleep(0)
        versions = None if handling is Handling.ALONE else await self._cache.current_versions()
        if versions is None:
            # Without versions nothing is shared: a client that asks after a write must not get what was read before it.
            send = no_store_sender(compressing_sender(exchange.scope, exchange.send))
            await run_for_client(self._app, exchange.scope, exchange.receive, send)
        else:
            sharing = caller_name(exchange.scope) if handling is Handling.OF_CALLER else None
            await self._share(exchange, key, versions, sharing)
        return True

    def _handling(self, operation: RequestedOperation) -> tuple[Handling, bool]:
        """Returns how the operation is executed, and whether its document is new."""
        try:
            document = self._read_document(operation.document)
        except Exception:  # noqa: BLE001 - the endpoint reads the document too, and answers with the error
            return Handling.PASS_THROUGH, True
        return handling_of(document, operation.name), document.plans is None or document.plans.is_new

    async def _share(self, exchange: _Exchange, key: CacheKey, versions: VersionTags, caller: str | None) -> None:
        """Execute the operation, or wait for the execution that runs: that of `caller`, or of anyone for None."""
        self._observer.cache_looked_up("operations", None, CacheResult.MISS)
        execution = (key, frozenset(versions.items()), caller)
        was_running = self._executions.is_running(execution)
        result = await self._executions.join(
            execution, lambda: self._execute(exchange, key, versions), exchange.receive
        )
        if was_running:
            self._observer.result_shared("operation")
            _record_answer("shared", None if result is None else result.record)
        if result is not None:
            await self._send(exchange, key, result.response, None)

    async def _execute(self, exchange: _Exchange, key: CacheKey, versions: VersionTags) -> ExecutionResult:
        with track_freshness() as freshness:
            response = await buffer_response(self._app, exchange.scope)
        result = ExecutionResult(response, current_operation().record or OperationRecord())
        return self._cache.store(key, result, freshness, versions)

    async def _send_cached(self, exchange: _Exchange, cached: CachedResponse) -> None:
        self._observer.cache_looked_up("operations", None, CacheResult.FRESH)
        state_of(exchange.scope)[CACHED] = cached
        _record_answer("cached", cached.result.record)
        await self._send(exchange, cached.key, cached.result.response, self._cache.age(cached))

    async def _send(self, exchange: _Exchange, key: CacheKey, response: BufferedResponse, age: int | None) -> None:
        encodings = len(response.compressed)
        sent = await in_accepted_encoding(response, exchange.scope)
        if len(response.compressed) != encodings:
            self._cache.count_compressed(key)
        if self._public and exchange.scope["method"] == "GET" and state_of(exchange.scope).get(NAMED_DOCUMENT, False):
            sent = with_public_caching(sent)
        await send_response(sent, age, if_none_match(exchange.scope), exchange.send)


def handling_of(document: Document, name: str | None) -> Handling:
    """Returns the handling of the operation `name`. One that cannot be executed is passed on: the endpoint says why."""
    operation = document.operation(name)
    ambiguous = name is None and len(document.operations) > 1
    if document.errors or operation is None or ambiguous or operation.operation is not OperationType.QUERY:
        return Handling.PASS_THROUGH
    if document.incremental:
        return Handling.ALONE
    return Handling.OF_CALLER if document.callers_own else Handling.SHARED


def _record_answer(answered: Answered, executed: OperationRecord | None) -> None:
    """Write into the request's own record how it was answered, and what the record of the execution says of it."""
    record = current_operation().record
    if record is None:
        return
    record.answered = answered
    if executed is not None:
        record.operation, record.errors, record.unanswered = executed.operation, executed.errors, executed.unanswered

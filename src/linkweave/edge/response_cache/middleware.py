"""The layer that answers queries which were answered a moment ago, and executes once what many ask at one moment."""

from collections.abc import Callable
from enum import Enum, auto
from typing import NamedTuple

from graphql import OperationType
from starlette.types import ASGIApp, Receive, Scope, Send

from linkweave.context.operation_context import current_operation, track_freshness
from linkweave.edge.http.disconnects import run_for_client
from linkweave.edge.http.request_parsing import parsed_request
from linkweave.edge.http.request_state import CACHED, state_of
from linkweave.edge.response_cache.cache_key import (
    Key,
    RequestedOperation,
    cache_key,
    repeats_a_decisive_header,
    requested_operation,
)
from linkweave.edge.response_cache.entries import CachedResponse, ExecutionResult
from linkweave.edge.response_cache.http_caching import buffer_response, if_none_match, no_store_sender, send_finished
from linkweave.edge.response_cache.in_flight import OperationFlights
from linkweave.edge.response_cache.policy import ResponseCachePolicy, VersionTags
from linkweave.observability import NOBODY, Answered, CacheResult, Observer, OperationRecord
from linkweave.schema.execution.document_cache import Document


class Handling(Enum):
    """How an operation is executed: for all who ask the same now, for its own client, or come what may."""

    SHARED = auto()
    ALONE = auto()
    PASS_THROUGH = auto()


class _Exchange(NamedTuple):
    """A request whose body was read, and the way back to its client."""

    scope: Scope
    receive: Receive
    send: Send


class OperationCache:
    """Keeps in `keeping` what `app` answers to queries. `read` tells what a document is.

    Neither kept nor shared are mutations, subscriptions and answers in parts. A query ends when nobody waits for its
    answer any more; what writes goes on to its end.
    """

    def __init__(
        self, app: ASGIApp, read: Callable[[str], Document], keeping: ResponseCachePolicy, observer: Observer = NOBODY
    ) -> None:
        self._app = app
        self._read = read
        self._keeping = keeping
        self._observer = observer
        self._flights: OperationFlights[ExecutionResult] = OperationFlights()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer a request from what is kept, or have it answered."""
        parsed = parsed_request(scope)
        operation = None if parsed is None or repeats_a_decisive_header(scope) else requested_operation(parsed)
        if operation is None or not await self._answer(_Exchange(scope, receive, send), operation):
            await self._app(scope, receive, no_store_sender(send))

    async def _answer(self, exchange: _Exchange, operation: RequestedOperation) -> bool:
        """Answer a request, unless it has to be passed on."""
        key = cache_key(exchange.scope, operation)
        entry = await self._keeping.find(key)
        if entry is not None:
            await self._send_entry(exchange, entry)
            return True
        way = self._way(operation)
        if way is Handling.PASS_THROUGH:
            return False
        marks = await self._keeping.marks() if way is Handling.SHARED else None
        if marks is None:
            # Whoever asks after a write must not get what was read before it, so nothing is shared that has no marks.
            await run_for_client(self._app, exchange.scope, exchange.receive, no_store_sender(exchange.send))
        else:
            await self._share(exchange, key, marks)
        return True

    def _way(self, operation: RequestedOperation) -> Handling:
        try:
            document = self._read(operation.text)
        except Exception:  # noqa: BLE001 - whoever is to execute it meets the same, and tells the caller
            return Handling.PASS_THROUGH
        return way_of(document, operation.name)

    async def _share(self, exchange: _Exchange, key: Key, marks: VersionTags) -> None:
        """Execute the operation, or wait for those who do."""
        self._observer.looked_up("operations", None, CacheResult.MISS)
        flight = (key, frozenset(marks.items()))
        shared = self._flights.under_way(flight)
        done = await self._flights.join(flight, lambda: self._execute(exchange, key, marks), exchange.receive)
        if shared:
            self._observer.shared("operation")
            _note("shared", None if done is None else done.notes)
        if done is not None:
            await send_finished(done.answer, None, if_none_match(exchange.scope), exchange.send)

    async def _execute(self, exchange: _Exchange, key: Key, marks: VersionTags) -> ExecutionResult:
        with track_freshness() as seen:
            answer = await buffer_response(self._app, exchange.scope)
        executed = ExecutionResult(answer, current_operation().record or OperationRecord())
        return self._keeping.keep(key, executed, seen, marks)

    async def _send_entry(self, exchange: _Exchange, entry: CachedResponse) -> None:
        self._observer.looked_up("operations", None, CacheResult.FRESH)
        state_of(exchange.scope)[CACHED] = entry
        _note("cached", entry.executed.notes)
        await send_finished(
            entry.executed.answer, self._keeping.age(entry), if_none_match(exchange.scope), exchange.send
        )


def way_of(document: Document, name: str | None) -> Handling:
    """How the operation `name` of `document` is executed; what is not to be executed goes through to who says why."""
    operation = document.operation(name)
    ambiguous = name is None and len(document.operations) > 1
    if document.errors or operation is None or ambiguous or operation.operation is not OperationType.QUERY:
        return Handling.PASS_THROUGH
    return Handling.ALONE if document.incremental else Handling.SHARED


def _note(answered: Answered, leader: OperationRecord | None) -> None:
    """Tell the request's own tally where its answer came from, and what is known of it from the one who had it made."""
    notes = current_operation().record
    if notes is None:
        return
    notes.answered = answered
    if leader is not None:
        notes.operation, notes.errors, notes.unanswered = leader.operation, leader.errors, leader.unanswered

"""Subscriptions over HTTP: server-sent events in distinct connections mode, and multipart answers."""

from collections.abc import AsyncGenerator, Awaitable, Callable, Mapping
from dataclasses import dataclass
from typing import Any, Final

import orjson
from cross_web import HTTPException
from graphql import GraphQLError
from starlette.requests import Request
from starlette.responses import Response, StreamingResponse
from strawberry.http import GraphQLHTTPResponse, GraphQLRequestData
from strawberry.http.streaming import HTTPStreamTransport
from strawberry.types import ExecutionResult

from linkweave.clock import Clock
from linkweave.context.operation_context import OperationContext, use_operation
from linkweave.context.operation_record import OperationRecord
from linkweave.edge.auth.callers import Caller, caller_of, identify_again
from linkweave.edge.http.request_state import STREAM_END, request_id, state_of
from linkweave.edge.subscriptions.event_results import event_results
from linkweave.edge.subscriptions.formats import EventStream, stream_format
from linkweave.edge.subscriptions.open_streams import TOO_MANY, OpenStreams, StreamEnd, StreamEndedError
from linkweave.errors import ErrorCode, SubscriptionsOffError
from linkweave.schema.context import Context
from linkweave.schema.execution.schema import Schema
from linkweave.schema.execution.subscriptions import EventMaker, OpenSubscription
from linkweave.settings import ServerSettings
from linkweave.transport.call_memo import new_memo

_NO_FORMAT: Final = (
    'A subscription is answered as text/event-stream, as multipart/mixed; subscriptionSpec="1.0", or over a WebSocket: '
    "accept one of them."
)
# Proxies must neither store a stream nor hold its parts back.
_HEADERS: Final[Mapping[str, str]] = {"Cache-Control": "no-store, no-transform", "X-Accel-Buffering": "no"}


@dataclass(frozen=True, slots=True)
class HttpStreams:
    """Answers subscriptions. `open_context` opens a context for one event, and `encode` makes the members of an answer.

    Each event has the deadline of an operation.
    """

    schema: Schema
    streams: OpenStreams
    server: ServerSettings
    clock: Clock
    open_context: Callable[[Request, Caller], Context]
    encode: Callable[[Request, ExecutionResult], Awaitable[GraphQLHTTPResponse]]

    async def open(
        self, request: Request, data: GraphQLRequestData, context: Context
    ) -> ExecutionResult | AsyncGenerator[str, None]:
        """Returns the parts of the answer, or the result that says why there is no subscription.

        Raises:
            HTTPException: 429 or 503. The reason says why.
        """
        if not self.server.subscriptions:
            problem = SubscriptionsOffError()
            return ExecutionResult(None, [GraphQLError(problem.message, original_error=problem)])
        try:
            self.streams.check(caller_of(request.scope).name)
        except StreamEndedError as error:
            state_of(request.scope)[STREAM_END] = error.end
            raise HTTPException(429 if error.end is TOO_MANY else 503, error.end.reason) from None
        opened = await self.schema.open_subscription(
            data.query, data.variables, context, data.operation_name, data.extensions
        )
        if isinstance(opened, ExecutionResult):
            return opened
        wanted = stream_format(request.scope)
        if wanted is None:
            await opened.close()
            return ExecutionResult(None, [GraphQLError(_NO_FORMAT, extensions={"code": ErrorCode.INVALID_INPUT.value})])
        return self._parts(request, opened, wanted)

    def response(self, request: Request, parts: AsyncGenerator[str, None]) -> Response:
        """Returns the answer with these `parts`."""
        wanted = stream_format(request.scope) or EventStream()
        return StreamingResponse(parts, headers={**wanted.headers, **_HEADERS})

    async def _parts(
        self, request: Request, subscription: OpenSubscription, wanted: HTTPStreamTransport
    ) -> AsyncGenerator[str, None]:
        async def execute(event: EventMaker, caller: Caller) -> GraphQLHTTPResponse | None:
            with use_operation(self._operation(request)):
                result = await subscription.execute(event, self.open_context(request, caller))
                return None if result is None else await self.encode(request, result)

        yield wanted.heartbeat_message(_encode)
        try:
            with self.streams.opened(caller_of(request.scope).name) as ending:
                results = event_results(subscription, ending, lambda: identify_again(request.scope), execute)
                try:
                    async for result in results:
                        yield (
                            wanted.heartbeat_message(_encode) if result is None else wanted.encode_next(result, _encode)
                        )
                finally:
                    await results.aclose()
        except StreamEndedError as error:
            state_of(request.scope)[STREAM_END] = error.end
            yield wanted.encode_next(_ended(error.end), _encode)
        yield wanted.encode_complete()

    def _operation(self, request: Request) -> OperationContext:
        record = OperationRecord(request_id(request.scope))
        deadline = self.clock.monotonic() + self.server.deadline_seconds
        return OperationContext(record=record, deadline=deadline, memo=new_memo(), trials={}, tasks=set())


def one_event(answer: object) -> Response:
    """Returns the answer to an operation that is no subscription, for a client that accepts nothing but events."""
    wanted = EventStream()
    body = wanted.encode_event("next", _encode(answer)) + wanted.encode_complete()
    return Response(body, headers={**wanted.headers, **_HEADERS})


def _ended(end: StreamEnd) -> Any:
    return {"errors": [{"message": end.reason, "extensions": {"code": end.code.value}}]}


def _encode(data: object) -> str:
    return orjson.dumps(data).decode()

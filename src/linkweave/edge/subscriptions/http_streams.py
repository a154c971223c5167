"""Subscriptions over HTTP: server-sent events in distinct connections mode, and multipart answers."""

from collections.abc import AsyncGenerator, Awaitable, Callable, Mapping
from dataclasses import dataclass
from functools import partial
from typing import Any, Final

import orjson
from cross_web import HTTPException
from graphql import GraphQLError
from starlette.requests import Request
from starlette.responses import Response
from strawberry.http import GraphQLHTTPResponse, GraphQLRequestData
from strawberry.http.streaming import HTTPStreamTransport
from strawberry.types import ExecutionResult

from linkweave.clock import Clock
from linkweave.context.operation_context import OperationContext, use_operation
from linkweave.context.operation_record import OperationRecord
from linkweave.edge.auth.callers import Caller, caller_of, identify_again
from linkweave.edge.http.request_state import STREAM_END, request_id, state_of
from linkweave.edge.subscriptions.event_results import send_results
from linkweave.edge.subscriptions.formats import EventStream, stream_format
from linkweave.edge.subscriptions.open_streams import TOO_MANY, Ending, OpenStreams, StreamEnd, StreamEndedError
from linkweave.edge.subscriptions.streams import SendText, Stream, StreamStart
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
    ) -> ExecutionResult | AsyncGenerator[Response, None]:
        """Returns the answer, or the result that says why there is no subscription.

        Strawberry knows the answer to a subscription by this alone: it can be iterated over.

        Raises:
            HTTPException: 429 or 503. The reason says why.
        """
        if not self.server.subscriptions:
            problem = SubscriptionsOffError()
            return ExecutionResult(None, [GraphQLError(problem.message, original_error=problem)])
        client = caller_of(request.scope).name
        try:
            self.streams.check(client)
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
            opened.events.close()
            return ExecutionResult(None, [GraphQLError(_NO_FORMAT, extensions={"code": ErrorCode.INVALID_INPUT.value})])
        # The request of the layers would keep what they have received.
        stream = Stream(self.streams, client, _Results(self, Request(request.scope), opened, wanted))
        return _only(StreamStart(stream, {**wanted.headers, **_HEADERS}, wanted.heartbeat_message(_encode)))

    async def response(self, opened: AsyncGenerator[Response, None]) -> Response:
        """Returns the answer that `open` has returned."""
        (response,) = [each async for each in opened]
        return response

    async def execute(
        self, request: Request, subscription: OpenSubscription, event: EventMaker, caller: Caller
    ) -> GraphQLHTTPResponse | None:
        """Returns the members of the answer to one event; None if the caller must not see it."""
        with use_operation(self._operation(request)):
            result = await subscription.execute(event, self.open_context(request, caller))
            return None if result is None else await self.encode(request, result)

    def _operation(self, request: Request) -> OperationContext:
        record = OperationRecord(request_id(request.scope))
        deadline = self.clock.monotonic() + self.server.deadline_seconds
        return OperationContext(record=record, deadline=deadline, memo=new_memo(), trials={}, tasks=set())


@dataclass(frozen=True, slots=True)
class _Results:
    """The results of a subscription, in the format that its client accepts."""

    streams: HttpStreams
    request: Request
    subscription: OpenSubscription
    wanted: HTTPStreamTransport

    def send_all(self, ending: Ending, send: SendText) -> Awaitable[None]:
        """Sends each result, and signs of life between them."""
        return send_results(self.subscription, ending, self._identify, self._execute, partial(self._send, send))

    async def _send(self, send: SendText, result: GraphQLHTTPResponse | None) -> None:
        wanted = self.wanted
        await send(wanted.heartbeat_message(_encode) if result is None else wanted.encode_next(result, _encode))

    async def _identify(self) -> Caller:
        return await identify_again(self.request.scope)

    async def _execute(self, event: EventMaker, caller: Caller) -> GraphQLHTTPResponse | None:
        return await self.streams.execute(self.request, self.subscription, event, caller)

    def last(self, end: StreamEnd | None) -> str:
        """Returns the reason for the end, as a result with errors, and the end."""
        reason = "" if end is None else self.wanted.encode_next(_ended(end), _encode)
        return reason + self.wanted.encode_complete()

    def close(self) -> None:
        """Ends the source of the events."""
        self.subscription.events.close()


def one_event(answer: object) -> Response:
    """Returns the answer to an operation that is no subscription, for a client that accepts nothing but events."""
    wanted = EventStream()
    body = wanted.encode_event("next", _encode(answer)) + wanted.encode_complete()
    return Response(body, headers={**wanted.headers, **_HEADERS})


async def _only(response: Response) -> AsyncGenerator[Response, None]:
    yield response


def _ended(end: StreamEnd) -> Any:
    return {"errors": [{"message": end.reason, "extensions": {"code": end.code.value}}]}


def _encode(data: object) -> str:
    return orjson.dumps(data).decode()

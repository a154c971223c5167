"""The GraphQL endpoint: Strawberry's HTTP view, with stricter checks of requests."""

from collections.abc import AsyncIterator, Callable, Mapping
from typing import Any, Final, cast

import orjson
from cross_web import AsyncHTTPRequestAdapter, HTTPException, StarletteRequestAdapter
from starlette.requests import ClientDisconnect, Request
from starlette.responses import Response
from starlette.types import Receive, Scope, Send
from starlette.websockets import WebSocket
from strawberry.asgi import GraphQL
from strawberry.http import GraphQLHTTPResponse, GraphQLRequestData
from strawberry.schema.exceptions import InvalidOperationTypeError
from strawberry.types import ExecutionResult
from strawberry.types.graphql import OperationType

from linkweave.clock import Clock
from linkweave.context.deadline import nearest_deadline
from linkweave.context.operation_context import OperationContext, current_operation, use_operation
from linkweave.edge.auth.callers import Caller, caller_of
from linkweave.edge.graphiql import GRAPHIQL, asks_for_page
from linkweave.edge.http.body_limits import BodyRefusedError
from linkweave.edge.http.content_negotiation import (
    EVENT_STREAM,
    GRAPHQL_JSON,
    JSON,
    ResponseFormat,
    accepted_format,
    negotiated_format,
)
from linkweave.edge.http.incremental_delivery import IncrementalFormat, IncrementalWriter
from linkweave.edge.http.internal_errors import internal_error_response
from linkweave.edge.http.media_types import check_content, is_form
from linkweave.edge.http.multipart_requests import read_multipart
from linkweave.edge.http.request_parsing import operation_in, parsed_request
from linkweave.edge.http.request_parsing_middleware import INCOMPLETE
from linkweave.edge.http.request_state import request_id
from linkweave.edge.http.responses import error_response, json_response, shortened
from linkweave.edge.subscriptions.http_streams import HttpStreams, one_event
from linkweave.edge.subscriptions.open_streams import OpenStreams
from linkweave.gather.session import Session
from linkweave.schema.context import Context
from linkweave.schema.execution.request_errors import was_not_executed
from linkweave.schema.execution.schema import Schema
from linkweave.schema.operations.node_factory import SchemaNodeFactory
from linkweave.settings import ServerSettings
from linkweave.transport.call_memo import forget_all_calls, new_memo

_NODES: Final = SchemaNodeFactory()
_NO_PAGE: Final = "There is no page here, because server.graphiql is off. Send a query to get an answer in JSON."
_NOT_ACCEPTABLE: Final = f"Accept {GRAPHQL_JSON} or {JSON}; for a subscription, {EVENT_STREAM} or multipart/mixed."
_BAD_REQUEST: Final = 400
_NOT_FOUND: Final = 404
_NOT_ALLOWED: Final = 405


class RequestAdapter(StarletteRequestAdapter):
    """Strawberry's adapter of a request, with the request itself."""

    def __init__(self, request: Request) -> None:
        super().__init__(request)
        self.starlette = request


class Endpoint(GraphQL[Context, None]):
    """Answers GraphQL requests, each with a session of its own and a deadline, and browsers with GraphiQL."""

    request_adapter_class = RequestAdapter

    def __init__(
        self,
        schema: Schema,
        open_session: Callable[[Caller], Session],
        clock: Clock,
        server: ServerSettings,
        streams: OpenStreams,
    ) -> None:
        super().__init__(
            schema,
            graphql_ide="graphiql" if server.serves_graphiql else None,
            subscription_protocols=(),
            multipart_uploads_enabled=True,
        )
        self._open_session = open_session
        self._clock = clock
        self._server = server
        self._subscriptions = HttpStreams(schema, streams, server, clock, self._event_context, self.process_result)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request. No request of a caller is answered with 500."""
        if scope["type"] != "http":
            await WebSocket(scope, receive, send).close(1003)
            return
        request = Request(scope, receive)
        with use_operation(self._operation(scope)) as operation:
            try:
                response = await self._respond(request)
            finally:
                await request.close()
            await response(scope, receive, send)
            forget_all_calls(operation)

    def _operation(self, scope: Scope) -> OperationContext:
        server = self._server
        seconds = server.upload_deadline_seconds if is_form(scope) else server.deadline_seconds
        deadline = nearest_deadline(seconds, self._clock)
        return current_operation()._replace(deadline=deadline, memo=new_memo(), trials={})

    async def _respond(self, request: Request) -> Response:
        try:
            return await self.run(request)
        except HTTPException as error:
            # Strawberry raises 404 only for a page that is off, and its own reason says no more.
            reason = _NO_PAGE if error.status_code == _NOT_FOUND else error.reason
            return _error(request, *self._status_and_headers(error), reason)
        except BodyRefusedError:
            raise
        except ClientDisconnect:
            return _error(request, 400, {}, INCOMPLETE)
        except RecursionError:
            return _error(request, 400, {}, "The query is nested too deeply.")
        except Exception as error:  # noqa: BLE001 - the next line logs it
            return internal_error_response(request.scope, error)

    def _status_and_headers(self, error: HTTPException) -> tuple[int, Mapping[str, str]]:
        cause = error.__cause__
        is_mutation = isinstance(cause, InvalidOperationTypeError) and cause.operation_type is OperationType.MUTATION
        if not is_mutation and error.status_code != _NOT_ALLOWED:
            return error.status_code, {}
        return _NOT_ALLOWED, {"Allow": "GET, HEAD, POST" if self._server.get_queries and not is_mutation else "POST"}

    async def get_context(self, request: Request | WebSocket, response: Response | WebSocket) -> Context:  # noqa: ARG002 - Strawberry's signature
        """Returns the context of a request, with a session of its caller."""
        session = self._open_session(caller_of(request.scope))
        return Context(session, request_id(request.scope), _NODES, _format(request).incremental is not None)

    def _event_context(self, request: Request, caller: Caller) -> Context:
        return Context(self._open_session(caller), request_id(request.scope), _NODES)

    async def execute_operation(
        self,
        request: Request,
        request_adapter: AsyncHTTPRequestAdapter,
        request_data: GraphQLRequestData | list[GraphQLRequestData],
        context: Context,
        root_value: None,
        sub_response: Response,
    ) -> Any:
        """Returns the result of an operation, or what holds the answer to a subscription."""
        if isinstance(request_data, GraphQLRequestData) and cast("Schema", self.schema).subscribes(request_data):
            return await self._subscriptions.open(request, request_data, context)
        return await super().execute_operation(
            request, request_adapter, request_data, context, root_value, sub_response
        )

    async def _create_streaming_response(self, request: Request, result: Any, protocol: Any, sub_response: Any) -> Any:  # noqa: ARG002 - Strawberry's signature
        return await self._subscriptions.response(result)

    async def get_sub_response(self, request: Request | WebSocket) -> Response:
        """Returns a response with the media type of the answer: `create_response` does not see the request."""
        response = await super().get_sub_response(request)
        response.media_type = _format(request).media_type
        return response

    async def parse_http_body(self, request: AsyncHTTPRequestAdapter) -> GraphQLRequestData | list[GraphQLRequestData]:
        """Returns the request in the body or the query string.

        Raises:
            HTTPException: 400, 406, 413 or 415. The reason says what is wrong.
        """
        given = cast("RequestAdapter", request).starlette
        if accepted_format(given.scope) is None:
            raise HTTPException(406, _NOT_ACCEPTABLE)
        parsed = parsed_request(given.scope)
        if parsed is not None:
            return parsed.operation()
        check_content(given.headers)
        return operation_in(await read_multipart(given))

    async def process_result(self, request: Request, result: ExecutionResult) -> GraphQLHTTPResponse:
        """Returns the answer's members. A caller that learns from the status that nothing was executed gets no data."""
        answer = await super().process_result(request, result)
        if _format(request).uses_status and was_not_executed(result.data, result.errors or ()):
            del answer["data"]
        if result.errors:
            answer["errors"] = [{**error.formatted, "message": shortened(error.message)} for error in result.errors]
        return answer

    async def _process_stream_result(self, request: Request, value: Any, all_pending: Any) -> Any:
        """Returns a part of the answer in the client's format. Strawberry hands `all_pending` to the next part."""
        writer = all_pending or IncrementalWriter(_format(request).incremental or IncrementalFormat.BOTH)
        return writer.write(value.formatted), writer

    async def create_streaming_response(
        self,
        request: Request | WebSocket,
        stream: Callable[[], AsyncIterator[str]],
        sub_response: Response,
        headers: Mapping[str, str],
    ) -> Response:
        """Returns the answer in parts; its media type names the format."""
        wanted = _format(request).incremental or IncrementalFormat.BOTH
        return await super().create_streaming_response(
            request, stream, sub_response, {**headers, "Content-Type": wanted.content_type}
        )

    def encode_json(self, data: object) -> bytes:
        """Returns the bytes of a part of an answer."""
        return orjson.dumps(data)

    def create_response(
        self, response_data: GraphQLHTTPResponse | list[GraphQLHTTPResponse], sub_response: Response
    ) -> Response:
        """Returns the whole answer."""
        if sub_response.media_type == EVENT_STREAM:
            return one_event(response_data)
        status = 200 if "data" in response_data else _BAD_REQUEST
        return json_response(response_data, status, sub_response.media_type or JSON)

    def should_render_graphql_ide(self, request: Any) -> bool:
        """Whether a browser opens the address: only then it gets the page."""
        given = cast("RequestAdapter", request).starlette
        parsed = parsed_request(given.scope)
        return parsed is not None and not parsed.error and "query" not in parsed.members and asks_for_page(given)

    async def render_graphql_ide(self, request: Request) -> Response:  # noqa: ARG002 - Strawberry's signature
        """Returns GraphiQL's page, from this package's own files."""
        return GRAPHIQL.response()


def _format(request: Request | WebSocket) -> ResponseFormat:
    return negotiated_format(request.scope)


def _error(request: Request, status: int, headers: Mapping[str, str], message: str) -> Response:
    return error_response(status, message, media_type=_format(request).media_type, headers=headers)

"""GraphQL over HTTP: Strawberry's view, with bodies checked before anything trusts them."""

import logging
import re
from collections.abc import Callable
from typing import Any, Final, cast
from uuid import uuid4

import orjson
from cross_web import AsyncHTTPRequestAdapter, HTTPException, StarletteRequestAdapter
from starlette.datastructures import Headers
from starlette.requests import ClientDisconnect, Request
from starlette.responses import JSONResponse, Response
from starlette.types import Message, Receive, Scope, Send
from starlette.websockets import WebSocket
from strawberry.asgi import GraphQL
from strawberry.http import GraphQLRequestData

from linkweave.clock import Clock
from linkweave.edge.body_limit import BodyTooLargeError, limited
from linkweave.edge.graphiql import graphiql_page
from linkweave.edge.multipart import read_multipart
from linkweave.errors import ErrorCode
from linkweave.gather.session import Session
from linkweave.schema.context import Context
from linkweave.schema.execution import Schema
from linkweave.settings import ServerSettings
from linkweave.transport.deadline import deadline
from linkweave.transport.memo import memo

MAX_BODY_BYTES: Final = 1_000_000
JSON: Final = "application/json"
MULTIPART: Final = "multipart/form-data"
_REQUEST_ID = re.compile(r"^[A-Za-z0-9._-]{1,64}$")
_SERVER_ERROR: Final = 500
_MEMBERS: Final = frozenset({"query", "variables", "operationName", "extensions"})


class RequestAdapter(StarletteRequestAdapter):
    """Strawberry's view of a request, with the request itself."""

    def __init__(self, request: Request) -> None:
        super().__init__(request)
        self.starlette = request

    @property
    def content_type(self) -> str:
        """The media type in lower case, which is how Strawberry compares it."""
        return _media_type(super().content_type)


class Endpoint(GraphQL[Context, None]):
    """Answers GraphQL requests, each with a session of its own and a deadline, and browsers with GraphiQL."""

    request_adapter_class = RequestAdapter

    def __init__(
        self,
        schema: Schema,
        open_session: Callable[[], Session],
        clock: Clock,
        server: ServerSettings,
    ) -> None:
        super().__init__(schema, graphql_ide="graphiql", subscription_protocols=(), multipart_uploads_enabled=True)
        self._open_session = open_session
        self._clock = clock
        self._server = server

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request; whatever a caller can send gets an answer that is not a 500."""
        if scope["type"] != "http":
            await WebSocket(scope, receive, send).close(1003)
            return
        request_id = _request_id(Request(scope))
        scope.setdefault("state", {})["request_id"] = request_id

        async def send_with_id(message: Message) -> None:
            if message["type"] == "http.response.start":
                message["headers"] = [*message["headers"], (b"x-request-id", request_id.encode())]
            await send(message)

        with deadline(self._seconds(scope), self._clock), memo():
            request = Request(scope, limited(receive, self._limit(scope)))
            try:
                response = await self._respond(request)
            finally:
                await request.close()
            await response(scope, receive, send_with_id)

    async def _respond(self, request: Request) -> Response:
        try:
            return await self.run(request)
        except HTTPException as error:
            return _refusal(error.status_code, error.reason)
        except BodyTooLargeError as error:
            return _refusal(413, str(error))
        except ClientDisconnect:
            return _refusal(400, "The request ended before all of it had come.")
        except RecursionError:
            return _refusal(400, "The query is nested too deeply.")
        except Exception:
            request_id = request.state.request_id
            logging.getLogger("linkweave").exception("unexpected error in request %s", request_id)
            return _refusal(
                500, f"Something went wrong in the gateway. The log says more under request id {request_id}."
            )

    async def get_context(self, request: Request | WebSocket, response: Response | WebSocket) -> Context:  # noqa: ARG002 - Strawberry's signature
        """A fresh session for every request."""
        return Context(self._open_session(), request.state.request_id)

    async def parse_http_body(self, request: AsyncHTTPRequestAdapter) -> GraphQLRequestData | list[GraphQLRequestData]:
        """The request in the body or the query string.

        Raises:
            HTTPException: 400, 413 or 415, with what is wrong with it.
        """
        if request.method == "POST" and request.content_type not in {JSON, MULTIPART}:
            raise HTTPException(415, f"Send the request as {JSON}, or with files as {MULTIPART}.")
        return await super().parse_http_body(request)

    async def parse_multipart(self, request: AsyncHTTPRequestAdapter) -> dict[str, Any]:
        """The operation in a multipart request, its files in their places.

        Raises:
            HTTPException: 400, with what is wrong with it.
        """
        return await read_multipart(cast("RequestAdapter", request).starlette, self.parse_json)

    def _seconds(self, scope: Scope) -> float:
        return self._server.upload_deadline_seconds if _has_files(scope) else self._server.deadline_seconds

    def _limit(self, scope: Scope) -> int:
        return self._server.max_upload_bytes if _has_files(scope) else MAX_BODY_BYTES

    def parse_json(self, data: str | bytes) -> Any:
        """A GraphQL request, or its variables, from JSON.

        Raises:
            HTTPException: 400; it is not JSON, or not an object with members of the right kinds.
        """
        try:
            decoded = orjson.loads(data)
        except orjson.JSONDecodeError as error:
            raise HTTPException(400, f"The request is not JSON: {error}.") from None
        if not isinstance(decoded, dict):
            raise HTTPException(400, "The request must be a JSON object with the member query.")
        name = decoded.get("operationName")
        if _MEMBERS & decoded.keys() and not isinstance(name, str | None):
            raise HTTPException(400, "operationName must be a string or null, if provided.")
        return decoded

    def encode_json(self, data: object) -> bytes:
        """The answer's bytes."""
        return orjson.dumps(data)

    def should_render_graphql_ide(self, request: Any) -> bool:
        """Only a browser that opens the address gets the page."""
        return (
            request.method == "GET"
            and request.query_params.get("query") is None
            and "text/html" in request.headers.get("accept", "")
        )

    async def render_graphql_ide(self, request: Request) -> Response:  # noqa: ARG002 - Strawberry's signature
        """GraphiQL, from this package's own files."""
        return graphiql_page()


def _has_files(scope: Scope) -> bool:
    return _media_type(Headers(scope=scope).get("content-type")) == MULTIPART


def _media_type(content_type: str | None) -> str:
    return (content_type or "").partition(";")[0].strip().lower()


def _request_id(request: Request) -> str:
    given = request.headers.get("x-request-id", "")
    return given if _REQUEST_ID.match(given) else uuid4().hex


def _refusal(status: int, message: str) -> Response:
    code = ErrorCode.INTERNAL if status >= _SERVER_ERROR else ErrorCode.INVALID_INPUT
    return JSONResponse({"errors": [{"message": message, "extensions": {"code": code.value}}]}, status)

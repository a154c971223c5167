"""The layer that puts documents into requests that only name them, so that all below sees whole requests."""

from typing import Any, Final
from urllib.parse import parse_qsl, urlencode

import orjson
from starlette.datastructures import Headers
from starlette.types import ASGIApp, Receive, Scope, Send

from linkweave.edge.http.body_buffer import again, read_body
from linkweave.edge.http.content_negotiation import JSON, Wanted, wanted_by
from linkweave.edge.http.media_types import media_type
from linkweave.edge.persisted_queries.lookup import PersistedDocuments, PersistedError

_NAMES: Final = (b"documentId", b"persistedQuery")


class PersistedLayer:
    """Completes requests to `app` by `documents`. Requests with files bring their documents themselves."""

    def __init__(self, app: ASGIApp, documents: PersistedDocuments) -> None:
        self._app = app
        self._documents = documents

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Hand on the request, with its document in it."""
        try:
            if scope["type"] == "http" and scope["method"] == "GET":
                scope = await self._in_address(scope)
            elif scope["type"] == "http" and scope["method"] == "POST" and _is_json(scope):
                scope, receive = await self._in_body(scope, receive)
        except PersistedError as error:
            await error.answer(wanted_by(scope) or Wanted())(scope, receive, send)
            return
        await self._app(scope, receive, send)

    async def _in_address(self, scope: Scope) -> Scope:
        query = scope["query_string"]
        if not any(name in query for name in _NAMES):
            return scope
        parameters = dict(parse_qsl(query.decode("latin-1"), keep_blank_values=True))
        members: dict[str, Any] = {**parameters, "extensions": _json(parameters.get("extensions") or "null")}
        completed = await self._documents.complete(members)
        if completed is members:
            return scope
        rest = {name: value for name, value in parameters.items() if name not in {"documentId", "query"}}
        return {**scope, "query_string": urlencode({"query": completed["query"], **rest}).encode()}

    async def _in_body(self, scope: Scope, receive: Receive) -> tuple[Scope, Receive]:
        body, unread = await read_body(receive)
        if body is None or not any(name in body for name in _NAMES):
            return scope, unread
        members = _json(body)
        completed = await self._documents.complete(members) if isinstance(members, dict) else members
        if completed is members:
            return scope, unread
        return _with_body(scope, receive, orjson.dumps(completed))


def _with_body(scope: Scope, receive: Receive, body: bytes) -> tuple[Scope, Receive]:
    headers = [each for each in scope["headers"] if each[0] != b"content-length"]
    headers.append((b"content-length", str(len(body)).encode()))
    # The old body has been read: what comes after it is that the client goes.
    return {**scope, "headers": headers}, again([{"type": "http.request", "body": body, "more_body": False}], receive)


def _is_json(scope: Scope) -> bool:
    return media_type(Headers(scope=scope).get("content-type")) == JSON


def _json(text: str | bytes) -> Any:
    """What `text` says; None where it is not JSON, which others tell the caller."""
    try:
        return orjson.loads(text)
    except orjson.JSONDecodeError:
        return None

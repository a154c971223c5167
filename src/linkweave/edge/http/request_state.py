"""What the layers store about a request for each other: the entries of `scope["state"]`, and who writes each.

| entry | type | written by |
|---|---|---|
| "body_complete" | bool | the server: server/connections.py |
| "on_disconnect" | OnDisconnect | the server: server/connections.py; and subscriptions/websocket_operations.py |
| "request_id" | str | monitoring/request_observer.py |
| "caller" | auth.callers.Caller | auth/authentication.py; absent if a layer above it answers |
| "identify" | Identify | auth/authentication.py; identifies the caller again |
| "stream" | subscriptions.streams.Stream | the endpoint, if the answer goes on once the layers have ended |
| "stream_end" | StreamEnd or None | the endpoint, if it has not opened a stream, and the stream, at its end |
| "response_format" | ResponseFormat or None | content_negotiation.py, for the first layer that needs it |
| "parsed_request" | ParsedRequest | request_parsing_middleware.py; replaced by persisted_queries/middleware.py |
| "named_document" | True | persisted_queries/middleware.py, if the request only named its document |
| "cached_response" | CachedResponse | response_cache/middleware.py, if the answer is a cached one |
| "exact_match" | ExactMatch | response_cache/exact_match.py, if the server may answer an equal request itself |

What goes into the operation's log line is in its OperationRecord instead: layers below the edge write there too.
"""

from collections.abc import Callable
from typing import Any, Final, TypeAlias

from starlette.types import Scope

UNKNOWN: Final = "unknown"
CALLER: Final = "caller"
IDENTIFY: Final = "identify"
STREAM: Final = "stream"
STREAM_END: Final = "stream_end"
RESPONSE_FORMAT: Final = "response_format"
REQUEST_ID: Final = "request_id"
BODY_COMPLETE: Final = "body_complete"
ON_DISCONNECT: Final = "on_disconnect"
PARSED: Final = "parsed_request"
NAMED_DOCUMENT: Final = "named_document"
CACHED: Final = "cached_response"
EXACT_MATCH: Final = "exact_match"


# Takes what is to be called when the client disconnects. To wait for `receive` takes a task of 1.3 kB.
OnDisconnect: TypeAlias = Callable[[Callable[[], None]], None]


def state_of(scope: Scope) -> dict[str, Any]:
    """Returns the entries, which the caller may change."""
    state: dict[str, Any] = scope.setdefault("state", {})
    return state


def body_is_complete(scope: Scope) -> bool:
    """Whether the whole body has arrived, so that reading it does not wait. Not every server says so."""
    return BODY_COMPLETE in scope.get("state", ())


def request_id(scope: Scope) -> str:
    """Returns the id of the request; empty if no layer has set one."""
    given: str = scope.get("state", {}).get(REQUEST_ID, "")
    return given


def client_name(scope: Scope) -> str:
    """Returns the caller's name; UNKNOWN if no layer has identified the caller."""
    caller = scope.get("state", {}).get(CALLER)
    return UNKNOWN if caller is None else str(caller.name)

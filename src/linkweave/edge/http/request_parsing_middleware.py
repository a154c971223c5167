"""The layer that reads and decodes a request, once for all layers below it."""

from dataclasses import dataclass
from typing import Final

import orjson
from starlette.types import ASGIApp, Receive, Scope, Send

from linkweave.edge.http.body_buffer import read_body
from linkweave.edge.http.content_negotiation import negotiated_format
from linkweave.edge.http.media_types import is_form
from linkweave.edge.http.request_parsing import Decode, parse_request, refuse_get
from linkweave.edge.http.request_state import PARSED, state_of
from linkweave.edge.http.responses import error_response

INCOMPLETE: Final = "The request ended before its body was complete."


@dataclass(frozen=True, slots=True)
class RequestParsingMiddleware:
    """Stores the ParsedRequest of a GET or POST in the request's state; `app` then receives only what follows its body.

    A form is left to the endpoint, which reads it file by file. Without `get_queries` a GET may only ask for a page.
    The time that a body takes is not the operation's.
    """

    app: ASGIApp
    decode: Decode = orjson.loads
    get_queries: bool = True

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Parse the request and pass it on, or answer 400 if its client disconnects before the body is complete."""
        if scope["type"] == "http" and _is_parsed_here(scope):
            body = await read_body(receive)
            if body is None:
                media_type = negotiated_format(scope).media_type
                await error_response(400, INCOMPLETE, media_type=media_type)(scope, receive, send)
                return
            parsed = parse_request(scope, body, self.decode)
            state_of(scope)[PARSED] = parsed if self.get_queries or scope["method"] != "GET" else refuse_get(parsed)
        await self.app(scope, receive, send)


def _is_parsed_here(scope: Scope) -> bool:
    return scope["method"] == "GET" or (scope["method"] == "POST" and not is_form(scope))

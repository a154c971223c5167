"""The formats of a stream over HTTP."""

from typing import Final

from starlette.types import Scope
from strawberry.http.streaming import HTTPStreamTransport, MultipartSubscriptionTransport, SSETransport

from linkweave.edge.http.content_negotiation import EVENT_STREAM, MULTIPART_MIXED, accept_of, weighted_items

_SPEC: Final = "subscriptionspec=1.0"


class EventStream(SSETransport):
    """Server-sent events whose lines end with LF. Strawberry's end with CRLF, in which urql finds no event (FOUND)."""

    def encode_event(self, event: str, data: str | None = None) -> str:
        """Returns one event, whose `data` is one line."""
        # urql reads a space behind `data:` as JSON.
        return f"event: {event}\ndata: {data}\n\n" if data else f"event: {event}\ndata:\n\n"

    def encode_comment(self, comment: str) -> str:
        """Returns a sign of life."""
        return f": {comment}\n\n"


def stream_format(scope: Scope) -> HTTPStreamTransport | None:
    """Returns the format of a stream that the `Accept` header of a request names first; None if it names none."""
    for name, weight, parameters in weighted_items(accept_of(scope) or ""):
        if name == EVENT_STREAM and weight > 0:
            return EventStream()
        if name == MULTIPART_MIXED and weight > 0 and _SPEC in {each.replace('"', "") for each in parameters}:
            return MultipartSubscriptionTransport()
    return None

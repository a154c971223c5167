"""The formats of a stream over HTTP, as Strawberry writes them."""

from typing import Final

from starlette.types import Scope
from strawberry.http.streaming import HTTPStreamTransport, MultipartSubscriptionTransport, SSETransport

from linkweave.edge.http.content_negotiation import EVENT_STREAM, MULTIPART_MIXED, accept_of, weighted_items

_SPEC: Final = "subscriptionspec=1.0"


def stream_format(scope: Scope) -> HTTPStreamTransport | None:
    """Returns the format of a stream that the `Accept` header of a request names first; None if it names none."""
    for name, weight, parameters in weighted_items(accept_of(scope) or ""):
        if name == EVENT_STREAM and weight > 0:
            return SSETransport()
        if name == MULTIPART_MIXED and weight > 0 and _SPEC in {each.replace('"', "") for each in parameters}:
            return MultipartSubscriptionTransport()
    return None

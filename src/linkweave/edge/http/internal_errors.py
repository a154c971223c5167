"""The answer to a request that made the gateway itself fail: only the id under which the log says more."""

import logging
from typing import Final

from starlette.responses import Response
from starlette.types import Scope

from linkweave.edge.http.content_negotiation import negotiated_format
from linkweave.edge.http.request_state import request_id
from linkweave.edge.http.responses import error_response

_STATUS: Final = 500


def internal_error_response(scope: Scope, error: Exception) -> Response:
    """Log `error` under the request's id, and return the answer to the request."""
    given = request_id(scope)
    logging.getLogger("linkweave").error("unexpected error in request %s", given, exc_info=error)
    message = f"Something went wrong in the gateway. The log says more under request id {given}."
    return error_response(_STATUS, message, media_type=negotiated_format(scope).media_type)

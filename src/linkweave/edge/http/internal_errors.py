"""What is answered where the gateway itself is wrong: nothing but the id under which the log says more."""

import logging
from typing import Final

from starlette.responses import Response
from starlette.types import Scope

from linkweave.edge.http.content_negotiation import Wanted, wanted_by
from linkweave.edge.http.request_state import request_id
from linkweave.edge.http.responses import refusal

_STATUS: Final = 500


def answer_unexpected(scope: Scope, error: Exception) -> Response:
    """The answer to a request that raised `error`, which is logged under the request's id."""
    given = request_id(scope)
    logging.getLogger("linkweave").error("unexpected error in request %s", given, exc_info=error)
    message = f"Something went wrong in the gateway. The log says more under request id {given}."
    return refusal(_STATUS, message, media_type=(wanted_by(scope) or Wanted()).media_type)

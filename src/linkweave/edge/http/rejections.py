"""Requests that a layer rejects before they reach the endpoint."""

from collections.abc import Mapping
from typing import Final

from starlette.responses import Response
from starlette.types import Scope

from linkweave.edge.http.content_negotiation import negotiated_format
from linkweave.edge.http.responses import error_response
from linkweave.errors import ErrorCode

# The same request of another caller, or a little later, may be answered: no cache may store the rejection.
_HEADERS: Final = {"Cache-Control": "no-store"}


class RequestRejectedError(Exception):
    """A request that is not passed on. The message is for the caller."""

    def __init__(self, status: int, code: ErrorCode, message: str, headers: Mapping[str, str] | None = None) -> None:
        super().__init__(message)
        self.status = status
        self.code = code
        self.message = message
        self.headers = {**_HEADERS, **(headers or {})}

    def response(self, scope: Scope) -> Response:
        """Returns one error and no data, in the media type that the request asks for."""
        media_type = negotiated_format(scope).media_type
        return error_response(self.status, self.message, code=self.code, media_type=media_type, headers=self.headers)

"""Requests that are turned away by a layer before the endpoint."""

from collections.abc import Mapping
from typing import Final

from starlette.responses import Response
from starlette.types import Scope

from linkweave.edge.http.content_negotiation import Wanted, wanted_by
from linkweave.edge.http.responses import refusal
from linkweave.errors import ErrorCode

# The same request of somebody else, or a little later, may be answered: nothing between may keep the refusal.
_HEADERS: Final = {"Cache-Control": "no-store"}


class RefusedError(Exception):
    """A request that is not let through. The message is for the caller."""

    def __init__(self, status: int, code: ErrorCode, message: str, headers: Mapping[str, str] | None = None) -> None:
        super().__init__(message)
        self.status = status
        self.code = code
        self.message = message
        self.headers = {**_HEADERS, **(headers or {})}

    def answer_to(self, scope: Scope) -> Response:
        """One error and no data, in the media type that the request asks for."""
        wanted = wanted_by(scope) or Wanted()
        return refusal(self.status, self.message, code=self.code, media_type=wanted.media_type, headers=self.headers)

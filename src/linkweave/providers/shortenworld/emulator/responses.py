"""The form of every answer."""

from collections.abc import Mapping
from typing import TypeAlias

from starlette.responses import JSONResponse

from linkweave.clock import Clock

Body: TypeAlias = Mapping[str, object]


class RefusedError(Exception):
    """A refusal. INFERRED: the numbers of `status.code`, of which only 0 is documented, and the HTTP statuses."""

    def __init__(self, code: int, message: str, http: int = 200) -> None:
        super().__init__(message)
        self.code = code
        self.message = message
        self.http = http


class Responses:
    """Puts `status` on every answer (DOC: code, message, timestamp; INFERRED: milliseconds)."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock

    def good(self, body: Body) -> JSONResponse:
        """A success: HTTP 200 with code 0."""
        return JSONResponse({"status": self._status(0, "Success"), **body})

    def refusal(self, refused: RefusedError) -> JSONResponse:
        """A refusal."""
        return JSONResponse({"status": self._status(refused.code, refused.message)}, refused.http)

    def _status(self, code: int, message: str) -> Body:
        return {"code": code, "message": message, "timestamp": int(self._clock.now().timestamp() * 1000)}

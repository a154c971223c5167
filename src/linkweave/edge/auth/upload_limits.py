"""The layer in front of forms with files: who may send them, and how much of them this process stores at once."""

from collections.abc import Mapping
from typing import ClassVar, Final

from starlette.datastructures import Headers
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from linkweave.edge.auth.callers import caller_of
from linkweave.edge.http.body_limits import BodyRefusedError, announced_bytes
from linkweave.edge.http.media_types import is_form
from linkweave.edge.http.rejections import RequestRejectedError
from linkweave.errors import ErrorCode

_RETRY_SECONDS: Final = 5
_NO_WRITER: Final = "Only mutations have files: a multipart request needs the scope write."


class UploadsBusyError(BodyRefusedError):
    """The forms that are being read have too many bytes together."""

    status = 503
    code = ErrorCode.UNAVAILABLE
    headers: ClassVar[Mapping[str, str]] = {"Retry-After": str(_RETRY_SECONDS)}

    def __init__(self) -> None:
        super().__init__(f"Too many files are being uploaded at the moment: try again in {_RETRY_SECONDS} seconds.")


class UploadLimits:
    """Refuses the forms of callers that may not write, and forms that would make this process store over `max_bytes`.

    A form's bytes count until its request is answered. Nothing of a refused form is read.
    """

    def __init__(self, app: ASGIApp, max_bytes: int) -> None:
        self._app = app
        self._max_bytes = max_bytes
        self._stored = 0

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass the request on.

        Raises:
            UploadsBusyError: the form does not fit beside the others.
        """
        if scope["type"] != "http" or scope["method"] != "POST" or not is_form(scope):
            await self._app(scope, receive, send)
        elif not caller_of(scope).may_write:
            rejection = RequestRejectedError(403, ErrorCode.FORBIDDEN, _NO_WRITER)
            await rejection.response(scope)(scope, receive, send)
        else:
            await self._pass_on(scope, receive, send)

    async def _pass_on(self, scope: Scope, receive: Receive, send: Send) -> None:
        if self._stored + announced_bytes(Headers(scope=scope)) > self._max_bytes:
            raise UploadsBusyError
        stored = 0

        async def receive_counting() -> Message:
            nonlocal stored
            message = await receive()
            size = len(message.get("body", b""))
            if self._stored + size > self._max_bytes:
                raise UploadsBusyError
            stored += size
            self._stored += size
            return message

        try:
            await self._app(scope, receive_counting, send)
        finally:
            self._stored -= stored

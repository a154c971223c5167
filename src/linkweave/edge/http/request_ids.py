"""The id of each request, under which the log has its lines: the caller's own id, or a new one."""

import re
from collections.abc import Callable, Iterable
from random import Random
from typing import Final

HEADER: Final = b"x-request-id"

_TRACEPARENT: Final = b"traceparent"
_VALID: Final = re.compile(r"[A-Za-z0-9._-]{1,64}")


class RequestIds:
    """Makes ids that differ, within a process and between processes. They are not secret.

    An id goes into logs, traces and answers unmasked: a caller's id that `mask` would change is replaced.
    """

    def __init__(self, mask: Callable[[str], str]) -> None:
        self._mask = mask
        self._random = Random()  # noqa: S311 - see above

    def read(self, headers: Iterable[tuple[bytes, bytes]]) -> tuple[bytes, str]:
        """Returns the id of a request with these headers, and its traceparent, which is empty if there is none."""
        request_id, traceparent = b"", ""
        for name, value in headers:
            if name == HEADER:
                request_id = value
            elif name == _TRACEPARENT:
                traceparent = value.decode("latin-1")
        if not request_id or not self._is_valid(request_id):
            request_id = self.make()
        return request_id, traceparent

    def make(self) -> bytes:
        """Returns a new id."""
        return b"%032x" % self._random.getrandbits(128)

    def _is_valid(self, given: bytes) -> bool:
        text = given.decode("latin-1")
        return _VALID.fullmatch(text) is not None and self._mask(text) == text

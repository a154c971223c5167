"""The id of each request, by which its lines in the log are found: the caller's own, or a new one."""

import re
from collections.abc import Callable, Iterable
from random import Random
from typing import Final

HEADER: Final = b"x-request-id"

_TRACEPARENT: Final = b"traceparent"
_GIVEN: Final = re.compile(r"[A-Za-z0-9._-]{1,64}")


class RequestIds:
    """Ids that differ, within a process and between processes; they are no secrets.

    An id goes into logs, traces and answers as it is, so that one which `mask` changes is not taken from a caller.
    """

    def __init__(self, mask: Callable[[str], str]) -> None:
        self._mask = mask
        self._random = Random()  # noqa: S311 - see above

    def of(self, headers: Iterable[tuple[bytes, bytes]]) -> tuple[bytes, str]:
        """The id of a request with these headers, and its caller's traceparent, which is empty where there is none."""
        request_id, traceparent = b"", ""
        for name, value in headers:
            if name == HEADER:
                request_id = value
            elif name == _TRACEPARENT:
                traceparent = value.decode("latin-1")
        if not request_id or not self._is_good(request_id):
            request_id = b"%032x" % self._random.getrandbits(128)
        return request_id, traceparent

    def _is_good(self, given: bytes) -> bool:
        text = given.decode("latin-1")
        return _GIVEN.fullmatch(text) is not None and self._mask(text) == text

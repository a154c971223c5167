"""The key of a cached response: equal for all requests that ask for the same."""

from collections.abc import Hashable
from hashlib import sha256
from typing import Any, Final, NamedTuple

import orjson
from cross_web import HTTPException
from starlette.types import Scope

from linkweave.edge.auth.callers import Caller
from linkweave.edge.http.content_negotiation import ResponseFormat, accepted_format
from linkweave.edge.http.request_parsing import ParsedRequest
from linkweave.edge.http.request_state import CALLER

# The headers that decide how a request is read and answered.
_DECISIVE: Final = frozenset({b"accept", b"content-type"})


class RequestedOperation(NamedTuple):
    """The members of a GraphQL request. Variables and extensions are JSON with sorted keys."""

    document: str
    name: str | None
    variables: bytes
    extensions: bytes


class CacheKey(NamedTuple):
    """Requests with equal keys have the same answer, even if they are spelled differently."""

    rights: Hashable
    format: ResponseFormat | None
    document_hash: bytes
    name: str | None
    variables: bytes
    extensions: bytes

    @property
    def size(self) -> int:
        """The bytes that the key takes, roughly."""
        return sum(map(len, (self.document_hash, self.name or "", self.variables, self.extensions)))


def repeats_a_decisive_header(scope: Scope) -> bool:
    """Whether two headers could each decide how the request is answered: then its answer is not shared."""
    names = [name for name, _ in scope["headers"] if name in _DECISIVE]
    return len(names) != len(set(names))


def requested_operation(request: ParsedRequest) -> RequestedOperation | None:
    """Returns the operation that `request` asks for; None if it is not well-formed or has no document."""
    try:
        given = request.operation()
        variables, extensions = _canonical(given.variables), _canonical(given.extensions)
    # orjson writes fewer levels of nesting than it reads.
    except (HTTPException, orjson.JSONEncodeError):
        return None
    return RequestedOperation(given.query, given.operation_name, variables, extensions) if given.query else None


def cache_key(scope: Scope, operation: RequestedOperation) -> CacheKey:
    """Returns the key of `operation`'s answer for all callers with the rights of the request in `scope`."""
    caller = scope.get("state", {}).get(CALLER)
    rights = None if caller is None else caller.rights
    document_hash = sha256(operation.document.encode()).digest()
    response_format = accepted_format(scope)
    return CacheKey(rights, response_format, document_hash, operation.name, operation.variables, operation.extensions)


def caller_name(scope: Scope) -> str | None:
    """Returns the name of the caller; None where no layer has identified one."""
    caller: Caller | None = scope.get("state", {}).get(CALLER)
    return None if caller is None else caller.name


def _canonical(members: dict[str, Any] | None) -> bytes:
    # orjson leaves its buffer of 4 kB behind a short text (FOUND in 3.13), and this one is kept.
    return memoryview(orjson.dumps(members, option=orjson.OPT_SORT_KEYS)).tobytes() if members else b""

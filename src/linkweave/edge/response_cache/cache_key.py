"""What a request asks, in words that are the same for all requests that ask the same."""

from collections.abc import Hashable, Mapping
from hashlib import sha256
from typing import Any, Final, NamedTuple

import orjson
from cross_web import HTTPException
from starlette.datastructures import QueryParams
from starlette.types import Scope

from linkweave.edge.http.content_negotiation import JSON, Wanted, wanted_by
from linkweave.edge.http.media_types import is_utf8, media_type
from linkweave.edge.http.request_parsing import address_members, json_object, request_of
from linkweave.edge.http.request_state import CALLER

_CONTENT_TYPE: Final = b"content-type"
# What decides how a request is read and answered, beside its body or address.
_RELEVANT: Final = frozenset({b"accept", _CONTENT_TYPE})

Headers = Mapping[bytes, bytes]


class RequestInput(NamedTuple):
    """A request as it came, and in which form it is to be answered; None where that is none of ours."""

    rights: Hashable
    method: str
    wanted: Wanted | None
    content: bytes


class RequestedOperation(NamedTuple):
    """The members of a GraphQL request. Variables and extensions are JSON with sorted keys."""

    text: str
    name: str | None
    variables: bytes
    extensions: bytes


class Key(NamedTuple):
    """Requests with equal keys have the same answer: in the same words, or in other ones that mean the same."""

    rights: Hashable
    wanted: Wanted | None
    document: bytes
    name: str | None
    variables: bytes
    extensions: bytes

    @property
    def size(self) -> int:
        """Bytes, roughly."""
        return sum(map(len, (self.document, self.name or "", self.variables, self.extensions)))


def headers_of(scope: Scope) -> Headers | None:
    """The request's headers; None where one that matters is there twice, and which one counts is others' business."""
    headers = dict(scope["headers"])
    if len(headers) != len(scope["headers"]):
        names = [name for name, _ in scope["headers"] if name in _RELEVANT]
        if len(names) != len(set(names)):
            return None
    return headers


def request_input(scope: Scope, body: bytes) -> RequestInput:
    """The request as it came, of whoever has the rights that are written in it."""
    method = scope["method"]
    content = scope["query_string"] if method == "GET" else body
    caller = scope.get("state", {}).get(CALLER)
    rights = None if caller is None else caller.rights
    return RequestInput(rights, method, wanted_by(scope), content)


def is_json(headers: Headers) -> bool:
    """Whether the body says that it is JSON, as it is; others are refused, also where the same is known already."""
    content_type = headers.get(_CONTENT_TYPE, b"").decode("latin-1")
    return media_type(content_type) == JSON and is_utf8(content_type) and b"content-encoding" not in headers


def parse_operation(request: RequestInput) -> RequestedOperation | None:
    """What `request` asks; None where it is not well-formed, which others tell the caller."""
    try:
        in_address = request.method == "GET"
        members = address_members(QueryParams(request.content)) if in_address else json_object(request.content)
        given = request_of(members)
        variables, extensions = _canonical(given.variables), _canonical(given.extensions)
    # orjson writes objects that are nested less deeply than those that it reads.
    except (HTTPException, orjson.JSONEncodeError):
        return None
    return RequestedOperation(given.query, given.operation_name, variables, extensions) if given.query else None


def cache_key(request: RequestInput, wanted: RequestedOperation) -> Key:
    """Under which the answer to `wanted` is kept for those who have the rights of `request`."""
    document = sha256(wanted.text.encode()).digest()
    return Key(request.rights, request.wanted, document, wanted.name, wanted.variables, wanted.extensions)


def _canonical(members: dict[str, Any] | None) -> bytes:
    return orjson.dumps(members, option=orjson.OPT_SORT_KEYS) if members else b""

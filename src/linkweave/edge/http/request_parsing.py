"""Turns the JSON of a body, or the parameters of an address, into the members of a GraphQL request."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Final, TypeAlias

from cross_web import HTTPException
from starlette.datastructures import Headers, QueryParams
from starlette.types import Scope
from strawberry.http import GraphQLRequestData

from linkweave.edge.http.media_types import check_content
from linkweave.edge.http.request_state import PARSED

# Raises a ValueError, such as orjson.JSONDecodeError, for what is not JSON.
Decode: TypeAlias = Callable[[str | bytes], Any]

# Parameters of an address that are JSON. An empty one counts as absent.
_JSON_PARAMETERS: Final = ("variables", "extensions")
# A browser's request for a page has none of them.
_OPERATION_MEMBERS: Final = frozenset({"query", "documentId", "extensions"})


@dataclass(frozen=True, slots=True)
class ParsedRequest:
    """The members of a GraphQL request, or the error that its caller gets in place of an answer."""

    members: Mapping[str, Any]
    error: HTTPException | None = None

    def operation(self) -> GraphQLRequestData:
        """Returns the document, its variables and its extensions; other members are ignored.

        Raises:
            HTTPException: 400 or 415, if the request could not be parsed or a member is of the wrong kind.
        """
        if self.error is not None:
            raise self.error
        return operation_in(self.members)


def parsed_request(scope: Scope) -> ParsedRequest | None:
    """Returns what RequestParsingMiddleware has parsed; None for a form, another method or another protocol."""
    parsed: ParsedRequest | None = scope.get("state", {}).get(PARSED)
    return parsed


def parse_request(scope: Scope, body: bytes, decode: Decode) -> ParsedRequest:
    """Returns the request in the address of a GET, or in the `body` of a POST."""
    try:
        if scope["method"] == "GET":
            return ParsedRequest(address_members(QueryParams(scope["query_string"]), decode))
        check_content(Headers(scope=scope))
        return ParsedRequest(json_object(body, decode))
    except HTTPException as error:
        return ParsedRequest({}, error)


def refuse_get(parsed: ParsedRequest) -> ParsedRequest:
    """Returns an error in the place of a query in an address, also of one that is only named there."""
    if _OPERATION_MEMBERS.isdisjoint(parsed.members):
        return parsed
    return ParsedRequest({}, HTTPException(405, "Send queries by POST: server.get_queries is off."))


def operation_in(members: Mapping[str, Any]) -> GraphQLRequestData:
    """Returns the operation that `members` describe. An empty `operationName` counts as absent.

    Raises:
        HTTPException: 400, if a member is of the wrong kind.
    """
    query, name = (_member(members, key, str, "a string") for key in ("query", "operationName"))
    variables, extensions = (_member(members, key, dict, "an object") for key in _JSON_PARAMETERS)
    return GraphQLRequestData(query=query, variables=variables, operation_name=name or None, extensions=extensions)


def json_object(data: str | bytes, decode: Decode) -> dict[str, Any]:
    """Returns the members of the JSON object in `data`.

    Raises:
        HTTPException: 400, if it is not JSON or not an object.
    """
    decoded = _decoded(data, "", decode)
    if isinstance(decoded, list):
        raise HTTPException(400, "Batching is not enabled: send one request, an object with the member query.")
    if not isinstance(decoded, dict):
        raise HTTPException(400, "The request must be a JSON object with the member query.")
    return decoded


def address_members(parameters: Mapping[str, str], decode: Decode) -> dict[str, Any]:
    """Returns the members of a request from the parameters of its address.

    Raises:
        HTTPException: 400, if variables or extensions are not JSON.
    """
    members: dict[str, Any] = dict(parameters)
    for key in _JSON_PARAMETERS:
        if key in members:
            members[key] = _decoded(members[key], f"{key}: ", decode) if members[key] else None
    return members


def _decoded(data: str | bytes, place: str, decode: Decode) -> Any:
    try:
        return decode(data)
    except ValueError as error:
        raise HTTPException(400, f"{place}Unable to parse request body as JSON: {error}.") from None


def _member(members: Mapping[str, Any], key: str, kind: type, article: str) -> Any:
    value = members.get(key)
    if not isinstance(value, kind | None):
        raise HTTPException(400, f"The GraphQL operation's `{key}` must be {article} or null, if provided.")
    return value

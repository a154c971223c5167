"""A GraphQL request out of what came: JSON in a body, or parameters in an address."""

from collections.abc import Mapping
from typing import Any, Final

import orjson
from cross_web import HTTPException
from strawberry.http import GraphQLRequestData

# What is JSON in an address. An empty one is as good as none, and so is an empty operationName.
_JSON_PARAMETERS: Final = ("variables", "extensions")


def request_of(members: Mapping[str, Any]) -> GraphQLRequestData:
    """The request with these members; others are left alone.

    Raises:
        HTTPException: 400; a member is of the wrong kind.
    """
    query, name = (_member(members, key, str, "a string") for key in ("query", "operationName"))
    variables, extensions = (_member(members, key, dict, "an object") for key in _JSON_PARAMETERS)
    return GraphQLRequestData(query=query, variables=variables, operation_name=name, extensions=extensions)


def json_object(data: str | bytes) -> dict[str, Any]:
    """The members of the JSON object that `data` is.

    Raises:
        HTTPException: 400; it is not JSON, or not an object.
    """
    decoded = _decoded(data, "")
    if isinstance(decoded, list):
        raise HTTPException(400, "Batching is not enabled: send one request, an object with the member query.")
    if not isinstance(decoded, dict):
        raise HTTPException(400, "The request must be a JSON object with the member query.")
    return decoded


def address_members(parameters: Mapping[str, str]) -> dict[str, Any]:
    """The members of a request whose parameters are in its address.

    Raises:
        HTTPException: 400; variables or extensions are not JSON.
    """
    members: dict[str, Any] = dict(parameters)
    for key in _JSON_PARAMETERS:
        if key in members:
            members[key] = _decoded(members[key], f"{key}: ") if members[key] else None
    members["operationName"] = members.get("operationName") or None
    return members


def _decoded(data: str | bytes, place: str) -> Any:
    try:
        return orjson.loads(data)
    except orjson.JSONDecodeError as error:
        raise HTTPException(400, f"{place}Unable to parse request body as JSON: {error}.") from None


def _member(members: Mapping[str, Any], key: str, kind: type, article: str) -> Any:
    value = members.get(key)
    if not isinstance(value, kind | None):
        raise HTTPException(400, f"The GraphQL operation's `{key}` must be {article} or null, if provided.")
    return value

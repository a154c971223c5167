"""The errors for documents and variables over a limit."""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Any, Final

from graphql import GraphQLError, Node, Source

from linkweave.errors import ErrorCode

# A larger count is cut to this, because not every JSON parser reads larger integers exactly.
MAX_REPORTED: Final = 1_000_000_000

_SPLIT: Final = "Ask for the rest in another operation."

# What each limit counts, and what the client can do.
LIMITS: Final[Mapping[str, tuple[str, str]]] = MappingProxyType(
    {
        "characters": ("characters", "Pass long values as variables."),
        "tokens": ("tokens", "Pass long lists as variables, or split the document."),
        "operations": ("operations", "Send only the one that is to run."),
        "fragments": ("fragments", "Send only those that the operation spreads."),
        "variables": ("variables", "Collect them in input objects and lists."),
        "nesting": ("brackets or fragments inside of each other", "Ask for what is deep inside by its id."),
        "depth": ("levels of fields", "Continue from a node's id in another operation."),
        "introspection_depth": ("levels of fields in __schema or __type", "The schema is also in schema.graphql."),
        "selections": ("fields and fragments, each fragment counted wherever it is spread", _SPLIT),
        "root_fields": ("fields at its root", "nodes(ids:) gets many objects at once; or use another operation."),
        "aliases": ("aliases", _SPLIT),
        "directives": ("directives", "Leave out what is not needed instead of skipping it."),
        "repeats": ("selections of the same field in one place", "Select it once."),
        "variable_values": ("values in its variables", "Send them in several requests."),
    }
)


def limit_exceeded(name: str, value: int, maximum: int, *, at_least: bool = False, **position: Any) -> GraphQLError:
    """Returns the error for `value` over the limit called `name`. It says what the client can do.

    `at_least` says that counting stopped at `value`. `position` is passed to GraphQLError.
    """
    counted, remedy = LIMITS[name]
    reported = min(value, MAX_REPORTED)
    count = f"more than {maximum}" if at_least or value > MAX_REPORTED else f"{reported}"
    message = f"The request has {count} {counted}; at most {maximum} are allowed (limits.{name}). {remedy}"
    return limit_error(name, reported, maximum, message, **position)


def limit_error(name: str, value: int, maximum: int, message: str, **position: Any) -> GraphQLError:
    """Returns an error with `message`, the code INVALID_INPUT and the numbers of the limit `name`."""
    limit = {"name": name, "value": value, "max": maximum}
    return GraphQLError(message, extensions={"code": ErrorCode.INVALID_INPUT.value, "limit": limit}, **position)


def at_offset(text: str, offset: int) -> Mapping[str, Any]:
    """Returns the position `offset` in a document that is not parsed yet."""
    return {"source": Source(text), "positions": [offset]}


def at_nodes(*nodes: Node | None) -> Mapping[str, Any]:
    """Returns the position of `nodes`."""
    return {"nodes": [node for node in nodes if node is not None]}

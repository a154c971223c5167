"""What is answered to a document that asks for too much."""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Any, Final

from graphql import GraphQLError, Node, Source

from linkweave.errors import ErrorCode

# JSON's readers know no larger whole numbers for sure; nobody needs to know by how many digits it is too much.
MOST_TOLD: Final = 1_000_000_000

_SPLIT: Final = "Ask for the rest in another operation."

WORDS: Final[Mapping[str, tuple[str, str]]] = MappingProxyType(
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
        "root_fields": ("fields at its root", "nodes(ids:) gets many things at once; or use another operation."),
        "aliases": ("aliases", _SPLIT),
        "directives": ("directives", "Leave out what is not needed instead of skipping it."),
        "repeats": ("selections of the same field in one place", "Select it once."),
        "variable_values": ("values in its variables", "Send them in several requests."),
    }
)


def refusal(name: str, value: int, most: int, *, at_least: bool = False, **place: Any) -> GraphQLError:
    """An error that says that `value` is more than the limit called `name` allows, and what to do.

    `at_least` when counting stopped there. `place` is where it is, as GraphQLError takes it.
    """
    what, remedy = WORDS[name]
    told = min(value, MOST_TOLD)
    count = f"more than {most}" if at_least or value > MOST_TOLD else f"{told}"
    message = f"The request has {count} {what}; at most {most} are allowed (limits.{name}). {remedy}"
    return limit_error(name, told, most, message, **place)


def limit_error(name: str, value: int, most: int, message: str, **place: Any) -> GraphQLError:
    """`message` with the code and the figures of the limit `name`."""
    limit = {"name": name, "value": value, "max": most}
    return GraphQLError(message, extensions={"code": ErrorCode.INVALID_INPUT.value, "limit": limit}, **place)


def at(text: str, position: int) -> Mapping[str, Any]:
    """The place `position` in a document that is not parsed."""
    return {"source": Source(text), "positions": [position]}


def on(*nodes: Node | None) -> Mapping[str, Any]:
    """The place of `nodes`."""
    return {"nodes": [node for node in nodes if node is not None]}

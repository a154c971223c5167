"""Positions in a document, and their places in an answer."""

from collections.abc import Callable, Sequence
from typing import Any, Final, NamedTuple

from graphql import FieldNode, GraphQLOutputType, is_non_null_type


class Position:
    """A field of a selection, or the items of its list.

    Attributes:
        type_name: the name of the object type that has the field; None for the items of a list.
        nodes: where the document selects the field.
        nullable: whether null may stand here.
        complete: returns a resolver's value as the answer has it. Its arguments are the run, the value and its place.
    """

    __slots__ = ("complete", "nodes", "nullable", "type_name")

    def __init__(
        self,
        type_name: str | None,
        nodes: Sequence[FieldNode],
        kind: GraphQLOutputType,
        complete: Callable[[Any, Any, "Place"], Any],
    ) -> None:
        self.type_name = type_name
        self.nodes = nodes
        self.nullable = not is_non_null_type(kind)
        self.complete = complete


class Place(NamedTuple):
    """One place in an answer: `container[key]`. `parent` is the place of the container itself, None for the root.

    Resolvers get it as the path of their field, which most of them do not read.
    """

    parent: "Place | None"
    container: Any
    key: str | int
    position: Position

    @property
    def prev(self) -> "Place | None":
        """The path without its last key, as graphql-core calls it."""
        return self.parent

    @property
    def typename(self) -> str | None:
        """The name of the object type that has the field, as graphql-core calls it."""
        return self.position.type_name

    def as_list(self) -> list[str | int]:
        """Returns the keys of the path."""
        keys: list[str | int] = []
        place: Place | None = self
        while place is not None:
            keys.append(place.key)
            place = place.parent
        return keys[::-1]


# `new_place(Place, (parent, container, key, position))` takes half of the time of `Place(…)`. An answer has hundreds.
new_place: Final = tuple.__new__

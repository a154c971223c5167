"""Functions that write a resolver's value as the answer has it, one for each type and selection."""

from collections.abc import Callable
from typing import Any, TypeAlias

from graphql import (
    FieldNode,
    GraphQLError,
    GraphQLLeafType,
    GraphQLOutputType,
    Undefined,
    is_leaf_type,
    is_list_type,
    is_non_null_type,
    is_object_type,
)
from graphql.pyutils import is_iterable

from linkweave.schema.execution.compiled.places import Place, Position, new_place
from linkweave.schema.execution.compiled.run import Run
from linkweave.schema.execution.error_masking import MaskingExecutor

# Returns a value as the answer has it. Raises the error of the field.
Completer: TypeAlias = Callable[[Run, Any, Place], Any]


class Completers:
    """Makes the functions for one field, which is selected by `nodes`.

    `label` is the field's name in errors. `complete_object` makes the function for the objects of a type. With a
    message, that function raises it in place of null.
    """

    def __init__(
        self, nodes: list[FieldNode], label: str, complete_object: Callable[[GraphQLOutputType, str | None], Completer]
    ) -> None:
        self._nodes = nodes
        self._label = label
        self._complete_object = complete_object

    def of(self, kind: GraphQLOutputType) -> Completer:
        """Returns the function for values of a type."""
        if is_non_null_type(kind):
            message = f"Cannot return null for non-nullable field {self._label}."
            if is_object_type(kind.of_type):
                return self._complete_object(kind.of_type, message)
            return _non_null(self.of(kind.of_type), message)
        if is_list_type(kind):
            return self._list(kind.of_type)
        if is_leaf_type(kind):
            return _leaf(kind)
        return self._complete_object(kind, None)

    def _list(self, kind: GraphQLOutputType) -> Completer:
        complete = self.of(kind)
        position = Position(None, self._nodes, kind, complete)
        message = f"Expected Iterable, but did not find one for field '{self._label}'."

        def complete_list(run: Run, value: Any, place: Place) -> list[Any] | None:
            if value is None or value is Undefined:
                return None
            if value.__class__ is not list and not is_iterable(value):
                raise GraphQLError(message)
            items: list[Any] = []
            plain = run.plain_classes
            for index, item in enumerate(value):
                at = new_place(Place, (place, items, index, position))
                items.append(None)
                try:
                    if item.__class__ in plain or not run.must_wait(item, at):
                        items[index] = complete(run, item, at)
                except Exception as error:  # noqa: BLE001 - every error of an item becomes one in the answer
                    run.failures.handle(error, at)
            return items

        return complete_list


def _non_null(complete: Completer, message: str) -> Completer:
    def complete_non_null(run: Run, value: Any, place: Place) -> Any:
        completed = complete(run, value, place)
        if completed is None:
            raise TypeError(message)
        return completed

    return complete_non_null


def _leaf(kind: GraphQLLeafType) -> Completer:
    complete_leaf = MaskingExecutor.complete_leaf_value

    def complete(_: Run, value: Any, __: Place) -> Any:
        return None if value is None or value is Undefined else complete_leaf(kind, value)

    return complete

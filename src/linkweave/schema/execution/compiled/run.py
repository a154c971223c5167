"""One execution of a plan."""

from collections.abc import Awaitable, Callable
from functools import partial
from types import GeneratorType
from typing import Any, Final, TypeAlias

from graphql import GraphQLAbstractType, GraphQLField, GraphQLObjectType
from graphql.execution.collect_fields import FieldDetails
from graphql.execution.values import get_argument_values
from strawberry.execution import optimized_is_awaitable

from linkweave.concurrency.late_value import NOT_KNOWN, LateValue
from linkweave.schema.execution.compiled.entities import Entities
from linkweave.schema.execution.compiled.failures import Failures, FieldFailedError
from linkweave.schema.execution.compiled.places import Place
from linkweave.schema.execution.compiled.waiting import Waiting
from linkweave.schema.execution.error_masking import MaskingExecutor
from linkweave.schema.execution.resolve_info import ResolveInfo

# Writes the fields of an object. The place is None for the root.
Writer: TypeAlias = Callable[["Run", Any, Place | None], dict[str, Any]]

PLAIN_CLASSES: Final = frozenset({bool, dict, float, int, list, str, tuple, type(None)})


class Run:
    """The state of one execution.

    `plain_classes` are the classes of values that are neither errors nor awaitable. The run adds those that it meets.
    """

    def __init__(self, executor: MaskingExecutor, plain_classes: set[type]) -> None:
        self.plain_classes = plain_classes
        self.entities = Entities()
        self._executor = executor
        self._waiting = Waiting(self._settle, self._settle_known, self._give_up, executor.settle_in_background)
        self.failures = Failures(executor, self.entities, self._waiting.check_lost_places)
        self._arguments: dict[int, dict[str, Any]] = {}

    def execute(self, write: Writer, root_value: Any) -> dict[str, Any] | Awaitable[dict[str, Any]]:
        """Returns the data of the answer, or an awaitable of it.

        Raises:
            GraphQLError: The data is null.
        """
        try:
            data = write(self, root_value, None)
        except FieldFailedError as failure:
            self._waiting.abandon_new()
            raise self.failures.root_error(failure) from None
        if self._waiting:
            return self._finish(data)
        self._end()
        return data

    def must_wait(self, value: Any, place: Place) -> bool:
        """Returns whether the value must be awaited. Then it will be written at its place later.

        Raises:
            Exception: The value is this error.
        """
        if optimized_is_awaitable(value):
            self._waiting.add(value, place)
            return True
        if isinstance(value, Exception):
            raise value
        if not isinstance(value, GeneratorType):
            self.plain_classes.add(value.__class__)
        return False

    def info(self, definition: GraphQLField, parent_type: GraphQLObjectType, place: Place) -> ResolveInfo:
        """Returns what a resolver may know."""
        executor, nodes = self._executor, place.position.nodes
        return ResolveInfo(
            nodes[0].name.value,
            list(nodes),
            definition.type,
            parent_type,
            place,
            executor.schema,
            executor.fragment_definitions,
            executor.root_value,
            executor.operation,
            executor.variable_values.coerced,
            executor.context_value,
            executor.is_awaitable,
            executor.abort_signal,
            executor.async_helpers,
            executor.operation_extensions,
            partial(self.failures.add, place=place),
        )

    def arguments(self, definition: GraphQLField, place: Place) -> dict[str, Any]:
        """Returns the arguments of a field, which are the same at all its places.

        Raises:
            GraphQLError: A variable has a value that the argument cannot have.
        """
        position = place.position
        known = self._arguments.get(id(position))
        if known is None:
            executor = self._executor
            known = self._arguments[id(position)] = get_argument_values(
                definition, position.nodes[0], executor.variable_values, None, executor.hide_suggestions
            )
        return known

    def runtime_type(
        self,
        kind: GraphQLAbstractType,
        definition: GraphQLField,
        parent_type: GraphQLObjectType,
        value: Any,
        place: Place,
        selected: list[FieldDetails],
    ) -> GraphQLObjectType:
        """Returns the object type of a value.

        Raises:
            GraphQLError: It has none.
        """
        info: Any = self.info(definition, parent_type, place)
        resolve_type: Any = kind.resolve_type
        name = resolve_type(value, info, kind)
        return self._executor.ensure_valid_runtime_type(name, kind, selected, info, value)

    def _give_up(self, place: Place) -> bool:
        return self.failures.give_up(place)

    async def _finish(self, data: dict[str, Any]) -> dict[str, Any]:
        try:
            await self._waiting.run()
            if self.failures.root is not None:
                raise self.failures.root
            return data
        finally:
            self._end()

    def _end(self) -> None:
        """Breaks the cycles, so that what the run has made is freed without the garbage collector."""
        self.entities.clear()
        self._waiting.end()
        # Methods of the executor, for resolvers alone.
        del self._executor.async_helpers

    async def _settle(self, value: Awaitable[Any], place: Place) -> None:
        try:
            self._write(await value, place)
        except Exception as error:  # noqa: BLE001 - every error of a field becomes one in the answer
            self.failures.handle_later(error, place)

    def _settle_known(self, value: Awaitable[Any], place: Place) -> bool:
        if not isinstance(value, LateValue):
            return False
        try:
            known = value.now()
            if known is NOT_KNOWN:
                return False
            self._write(known, place)
        except Exception as error:  # noqa: BLE001 - as above
            self.failures.handle_later(error, place)
        return True

    def _write(self, result: Any, place: Place) -> None:
        _raise_error(result)
        place.container[place.key] = place.position.complete(self, result, place)


def _raise_error(value: object) -> None:
    if isinstance(value, Exception):
        raise value

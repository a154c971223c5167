"""Errors of fields, and the null that an error leaves behind."""

from collections.abc import Callable, Sequence
from typing import Protocol

from graphql import FieldNode, GraphQLError, located_error
from graphql.execution.executor import CollectedErrors
from graphql.pyutils import Path

from linkweave.schema.execution.compiled.entities import Entities
from linkweave.schema.execution.compiled.places import Place


class FieldFailedError(Exception):
    """A field without a value, on its way up to the next place where null may stand.

    Attributes:
        error: what the resolver raised.
        nodes: where the document selects the field.
        keys: the path of the field below the place that has been reached, last key first.
    """

    def __init__(self, error: Exception, nodes: Sequence[FieldNode]) -> None:
        super().__init__()
        self.error = error
        self.nodes = nodes
        self.keys: list[str | int] = []


class ErrorSink(Protocol):
    """What receives the errors: graphql-core's executor."""

    collected_errors: CollectedErrors

    def masked(self, error: Exception) -> Exception:
        """Returns the error that the caller may see."""
        ...


class Failures:
    """The failed fields of one answer."""

    def __init__(self, sink: ErrorSink, entities: Entities, on_null: Callable[[], None]) -> None:
        self._sink = sink
        self._entities = entities
        self._on_null = on_null
        self.root: GraphQLError | None = None

    def handle(self, error: Exception, place: Place) -> None:
        """Records that `place` has no value, which makes it null.

        Raises:
            FieldFailedError: Null may not stand there.
        """
        failure = _as_failure(error, place)
        if not place.position.nullable:
            failure.keys.append(place.key)
            raise failure
        self._record(failure, place)

    def handle_later(self, error: Exception, place: Place) -> None:
        """Works as `handle`, for a place whose container is written: null goes up to where it may stand."""
        self._lose(_as_failure(error, place), place)

    def root_error(self, failure: FieldFailedError) -> GraphQLError:
        """Returns the error that makes the whole answer null."""
        return located_error(self._sink.masked(failure.error), list(failure.nodes), failure.keys[::-1])

    def add(self, error: GraphQLError, place: Place) -> None:
        """Adds an error at a field that has a value all the same."""
        self._entities.mark_failed(place)
        for path in self._entities.paths(place):
            copy = GraphQLError(error.message, error.nodes, path=path.as_list(), original_error=error.original_error)
            self._sink.collected_errors.errors.append(copy)

    def give_up(self, place: Place) -> bool:
        """Returns whether nothing that contains `place` is in the answer any more.

        Then its value will not be written, and its entities are not used at further places.
        """
        nulled = self._sink.collected_errors.has_nulled_position
        is_lost = self.root is not None or all(nulled(path) for path in self._entities.paths(place))
        if is_lost:
            self._entities.mark_failed(place)
        return is_lost

    def _lose(self, failure: FieldFailedError, place: Place) -> None:
        if place.position.nullable:
            place.container[place.key] = None
            self._record(failure, place)
            return
        self._entities.mark_failed(place)
        failure.keys.append(place.key)
        keys = list(failure.keys)
        for parent in self._entities.occurrences(place.parent):
            failure.keys[:] = keys
            if parent is not None:
                self._lose(failure, parent)
            elif self.root is None:
                self.root = self.root_error(failure)
                self._on_null()

    def _record(self, failure: FieldFailedError, place: Place) -> None:
        self._entities.mark_failed(place)
        for path in self._entities.paths(place):
            self._add_at(failure, path)
        if failure.keys:
            self._on_null()

    def _add_at(self, failure: FieldFailedError, path: Path) -> None:
        keys = [*path.as_list(), *failure.keys[::-1]]
        error = located_error(self._sink.masked(failure.error), list(failure.nodes), keys)
        self._sink.collected_errors.add(error, path)


def _as_failure(error: Exception, place: Place) -> FieldFailedError:
    return error if isinstance(error, FieldFailedError) else FieldFailedError(error, place.position.nodes)

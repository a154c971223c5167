"""Subscriptions: graphql-core finds the source of the events, and each event is executed like an operation."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from inspect import isawaitable
from typing import Any, Protocol, Self, TypeAlias

from graphql import DocumentNode, ExecutionResult, GraphQLError, GraphQLSchema, create_source_event_stream
from strawberry.execution import optimized_is_awaitable
from strawberry.types.execution import ExecutionResult as StrawberryResult

from linkweave.schema.context import Context
from linkweave.schema.execution.executor import Executor

# Makes the root value of an event, for the context in which it is executed; None if its caller must not see it.
EventMaker: TypeAlias = Callable[[Context], object | None]


class EventSource(Protocol):
    """The events of a subscription. Whoever stops waiting for the next one loses none."""

    def __aiter__(self) -> Self:
        """Returns the source."""
        ...

    async def __anext__(self) -> EventMaker:
        """Returns the next event."""
        ...

    def close(self) -> None:
        """Ends the source."""
        ...


@dataclass(frozen=True, slots=True)
class OpenSubscription:
    """The events of a subscription. `execute` returns the result of one; None if the caller must not see it."""

    events: EventSource
    execute: Callable[[EventMaker, Context], Awaitable[StrawberryResult | None]]


async def open_source(
    schema: GraphQLSchema, syntax: DocumentNode, **arguments: Any
) -> EventSource | list[GraphQLError]:
    """Returns the source of the events, or the errors that keep it from being opened."""
    executor = Executor.build(schema, syntax, is_awaitable=optimized_is_awaitable, **arguments)  # type: ignore[arg-type] # Strawberry's is no type guard
    if isinstance(executor, list):
        return executor
    found: Any = create_source_event_stream(executor)
    source = await found if isawaitable(found) else found
    if not isinstance(source, ExecutionResult):
        return source  # type: ignore[no-any-return] # each field of Subscription returns one
    return [_masked(executor, error) for error in source.errors or ()]


def _masked(executor: Any, error: GraphQLError) -> GraphQLError:
    """Returns the error that the caller may see. It has no path: no event was executed."""
    original = error.original_error
    shown = original if original is None else executor.masked(original)
    message = error.message if shown is original or shown is None else shown.message
    return GraphQLError(message, error.nodes, original_error=shown)

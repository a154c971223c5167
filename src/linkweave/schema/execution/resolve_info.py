"""What a resolver learns about its field and its operation."""

from collections.abc import Callable
from typing import Any, NamedTuple, Protocol

from graphql import (
    FieldNode,
    FragmentDefinitionNode,
    GraphQLError,
    GraphQLObjectType,
    GraphQLOutputType,
    GraphQLSchema,
    OperationDefinitionNode,
)

from linkweave.schema.context import Context


class FieldPath(Protocol):
    """The path of a field in the answer."""

    def as_list(self) -> list[str | int]:
        """Returns the keys of the path."""
        ...


class ResolveInfo(NamedTuple):
    """What a resolver gets: the members that graphql-core and Strawberry know, and a way to add errors."""

    field_name: str
    field_nodes: list[FieldNode]
    return_type: GraphQLOutputType
    parent_type: GraphQLObjectType
    path: FieldPath
    schema: GraphQLSchema
    fragments: dict[str, FragmentDefinitionNode]
    root_value: Any
    operation: OperationDefinitionNode
    variable_values: dict[str, Any]
    context: Context
    is_awaitable: Callable[[Any], bool]
    abort_signal: Any
    async_helpers: Any
    operation_extensions: dict[str, Any]
    add_error: Callable[[GraphQLError], None]

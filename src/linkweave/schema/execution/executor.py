"""Executes operations with graphql-core's executor, but reads plain fields directly from their objects."""

from collections.abc import Awaitable, Callable
from typing import Any, NamedTuple

from graphql import (
    FieldNode,
    FragmentDefinitionNode,
    GraphQLField,
    GraphQLObjectType,
    GraphQLOutputType,
    GraphQLSchema,
    OperationDefinitionNode,
)
from graphql.execution.executor import CollectedErrors
from graphql.pyutils import Path

from linkweave.schema.context import Context
from linkweave.schema.execution.error_masking import MaskingExecutor
from linkweave.schema.execution.fast_fields import NOT_READABLE, fast_readers


class ResolveInfo(NamedTuple):
    """What a resolver gets: the members that graphql-core and Strawberry know, and the list of collected errors."""

    field_name: str
    field_nodes: list[FieldNode]
    return_type: GraphQLOutputType
    parent_type: GraphQLObjectType
    path: Path
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
    collected_errors: CollectedErrors


class Executor(MaskingExecutor):
    """Reads plain fields directly from an object. graphql-core executes the other fields."""

    def execute_fields(
        self,
        parent_type: GraphQLObjectType,
        source_value: Any,
        path: Path | None,
        grouped_field_set: Any,
        position_context: Any,
    ) -> Any:
        """Returns the fields of an object, or an awaitable of them."""
        readers = fast_readers(parent_type)
        results: dict[str, Any] = {}
        others: dict[str, Any] = {}
        for name, fields in grouped_field_set.items():
            read = readers.get(fields[0].node.name.value)
            value = NOT_READABLE if read is None else read(source_value)
            if value is NOT_READABLE:
                others[name] = fields
            # A placeholder keeps the order of the fields if graphql-core executes this one.
            results[name] = value
        if not others:
            return results
        executed = super().execute_fields(parent_type, source_value, path, others, position_context)
        return results | executed if isinstance(executed, dict) else _complete(results, executed)

    def build_resolve_info(  # type: ignore[override] # a named tuple cannot have one more member than its base
        self, field_def: GraphQLField, field_nodes: list[FieldNode], parent_type: GraphQLObjectType, path: Path
    ) -> ResolveInfo:
        """Returns graphql-core's info, with the errors collected in the same part of the response."""
        return ResolveInfo(
            field_nodes[0].name.value,
            field_nodes,
            field_def.type,
            parent_type,
            path,
            self.schema,
            self.fragment_definitions,
            self.root_value,
            self.operation,
            self.variable_values.coerced,
            self.context_value,
            self.is_awaitable,
            self.abort_signal,
            self.async_helpers,
            self.operation_extensions,
            self.collected_errors,
        )


async def _complete(results: dict[str, Any], others: Awaitable[dict[str, Any]]) -> dict[str, Any]:
    return results | await others

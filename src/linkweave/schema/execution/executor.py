"""Executes operations: graphql-core's executor, which is spared what needs no execution."""

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
    """What a resolver is told: graphql-core's and Strawberry's members, and where failures beside the field go."""

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
    """Takes values that lie ready in an object from there; graphql-core executes the other fields."""

    def execute_fields(
        self,
        parent_type: GraphQLObjectType,
        source_value: Any,
        path: Path | None,
        grouped_field_set: Any,
        position_context: Any,
    ) -> Any:
        """The object's fields, or an awaitable of them."""
        plain = fast_readers(parent_type)
        results: dict[str, Any] = {}
        others: dict[str, Any] = {}
        for name, fields in grouped_field_set.items():
            read = plain.get(fields[0].node.name.value)
            value = NOT_READABLE if read is None else read(source_value)
            if value is NOT_READABLE:
                others[name] = fields
            # Also where it comes later, so that the answer has its fields in their order.
            results[name] = value
        if not others:
            return results
        executed = super().execute_fields(parent_type, source_value, path, others, position_context)
        return results | executed if isinstance(executed, dict) else _complete(results, executed)

    def build_resolve_info(  # type: ignore[override] # a named tuple cannot have one more member than its base
        self, field_def: GraphQLField, field_nodes: list[FieldNode], parent_type: GraphQLObjectType, path: Path
    ) -> ResolveInfo:
        """As graphql-core's, with the errors of the part of the answer that the field is in."""
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

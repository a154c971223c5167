"""How failures leave: ours with their code, everything unexpected as INTERNAL with the original in the log."""

import logging
from collections.abc import Callable
from typing import Any, ClassVar, NamedTuple

from graphql import (
    FieldNode,
    FragmentDefinitionNode,
    GraphQLError,
    GraphQLField,
    GraphQLObjectType,
    GraphQLOutputType,
    GraphQLSchema,
    OperationDefinitionNode,
)
from graphql.execution.executor import CollectedErrors
from graphql.pyutils import Path
from strawberry.schema.schema import StrawberryGraphQLCoreExecutionContext

from linkweave.errors import ErrorCode, LinkweaveError
from linkweave.schema.context import Context
from linkweave.schema.scopes import check_scopes


class InternalError(LinkweaveError):
    """Something that should not happen; the log has the original under the request id."""

    code: ClassVar[ErrorCode] = ErrorCode.INTERNAL

    def __init__(self, request_id: str) -> None:
        super().__init__(f"Something went wrong in the gateway. The log says more under request id {request_id}.")


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


class MaskingExecutor(StrawberryGraphQLCoreExecutionContext):
    """Lets only errors out that are meant for callers, and all of those, in deferred parts too."""

    def execute_collected_root_fields(
        self, root_type: GraphQLObjectType, root_value: Any, grouped_field_set: Any, *rest: Any
    ) -> Any:
        """Execute the operation, unless the caller has not the scope for it.

        Checked here because nothing is executed by another way, whoever parsed and validated the document.
        """
        context: Context = self.context_value
        check_scopes(
            context.session, self.operation, (fields[0].node.name.value for fields in grouped_field_set.values())
        )
        return super().execute_collected_root_fields(root_type, root_value, grouped_field_set, *rest)

    def handle_field_error(self, raw_error: Exception, *args: Any, **kwargs: Any) -> None:
        """Hide `raw_error` unless it is GraphQL's or ours."""
        if not isinstance(raw_error, GraphQLError | LinkweaveError):
            context: Context = self.context_value
            log = logging.getLogger("linkweave")
            log.error("unexpected error in request %s", context.request_id, exc_info=raw_error)
            raw_error = InternalError(context.request_id)
        super().handle_field_error(raw_error, *args, **kwargs)

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

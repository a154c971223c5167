"""How failures leave: ours with their code, everything unexpected as INTERNAL with the original in the log."""

import logging
from typing import Any, ClassVar

from graphql import (
    GraphQLError,
    GraphQLObjectType,
)
from strawberry.schema.schema import StrawberryGraphQLCoreExecutionContext

from linkweave.errors import ErrorCode, LinkweaveError
from linkweave.schema.context import Context
from linkweave.schema.execution.scopes import check_scopes


class InternalError(LinkweaveError):
    """Something that should not happen; the log has the original under the request id."""

    code: ClassVar[ErrorCode] = ErrorCode.INTERNAL

    def __init__(self, request_id: str) -> None:
        super().__init__(f"Something went wrong in the gateway. The log says more under request id {request_id}.")


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

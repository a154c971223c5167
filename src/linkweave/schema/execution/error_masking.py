"""Masks unexpected errors as INTERNAL and logs the original. Errors of our own keep their code."""

import logging
from typing import Any, ClassVar

from graphql import (
    GraphQLError,
    GraphQLLeafType,
    GraphQLObjectType,
)
from strawberry.schema.schema import StrawberryGraphQLCoreExecutionContext

from linkweave.errors import ErrorCode, LinkweaveError
from linkweave.schema.context import Context
from linkweave.schema.execution.scopes import check_scopes


class InternalError(LinkweaveError):
    """An unexpected error. The log has the original under the request ID."""

    code: ClassVar[ErrorCode] = ErrorCode.INTERNAL

    def __init__(self, request_id: str) -> None:
        super().__init__(f"Something went wrong in the gateway. The log says more under request id {request_id}.")


class MaskingExecutor(StrawberryGraphQLCoreExecutionContext):
    """Sends only errors that are meant for callers, also in deferred parts."""

    def execute_collected_root_fields(
        self, root_type: GraphQLObjectType, root_value: Any, grouped_field_set: Any, *rest: Any
    ) -> Any:
        """Executes the operation, if the caller has the scopes for it.

        The check is here because every operation passes here, whatever parsed and validated its document.
        """
        context: Context = self.context_value
        check_scopes(
            context.session, self.operation, (fields[0].node.name.value for fields in grouped_field_set.values())
        )
        return super().execute_collected_root_fields(root_type, root_value, grouped_field_set, *rest)

    @staticmethod
    def complete_leaf_value(return_type: GraphQLLeafType, result: Any) -> Any:
        """Returns the value of a scalar or an enum for the response.

        A value that its type cannot represent is a fault of the gateway. GraphQL's own error would blame the caller.
        """
        try:
            return StrawberryGraphQLCoreExecutionContext.complete_leaf_value(return_type, result)
        except GraphQLError as error:
            raise TypeError(error.message) from None

    def handle_field_error(self, raw_error: Exception, *args: Any, **kwargs: Any) -> None:
        """Masks `raw_error`, and adds it to the errors of the response."""
        super().handle_field_error(self.masked(raw_error), *args, **kwargs)

    def masked(self, raw_error: Exception) -> Exception:
        """Returns the error that the caller may see: an error of GraphQL or of our own, or INTERNAL for any other."""
        if isinstance(raw_error, GraphQLError | LinkweaveError):
            return raw_error
        context: Context = self.context_value
        log = logging.getLogger("linkweave")
        log.error("unexpected error in request %s", context.request_id, exc_info=raw_error)
        return InternalError(context.request_id)

"""How failures leave: ours with their code, everything unexpected as INTERNAL with the original in the log."""

import logging
from typing import Any, ClassVar

from graphql import GraphQLError, GraphQLOutputType
from graphql.pyutils import Path
from strawberry.schema.schema import StrawberryGraphQLCoreExecutionContext

from linkweave.errors import ErrorCode, LinkweaveError
from linkweave.schema.context import Context


class InternalError(LinkweaveError):
    """Something that should not happen; the log has the original under the request id."""

    code: ClassVar[ErrorCode] = ErrorCode.INTERNAL

    def __init__(self, request_id: str) -> None:
        super().__init__(f"Something went wrong in the gateway. The log says more under request id {request_id}.")


class MaskingExecutor(StrawberryGraphQLCoreExecutionContext):
    """Lets only errors out that are meant for callers, and all of those, in deferred parts too."""

    def handle_field_error(self, raw_error: Exception, *args: Any, **kwargs: Any) -> None:
        """Hide `raw_error` unless it is GraphQL's or ours."""
        if not isinstance(raw_error, GraphQLError | LinkweaveError):
            context: Context = self.context_value
            log = logging.getLogger("linkweave")
            log.error("unexpected error in request %s", context.request_id, exc_info=raw_error)
            raw_error = InternalError(context.request_id)
        super().handle_field_error(raw_error, *args, **kwargs)

    def complete_value(
        self,
        return_type: GraphQLOutputType,
        field_details_list: Any,
        info: Any,
        path: Path,
        *rest: Any,
    ) -> Any:
        """Tell what the field's resolver noted, in the same part of the answer as the field."""
        context: Context = self.context_value
        if context.problems:
            self.collected_errors.errors.extend(context.take_problems(path.as_list()))
        return super().complete_value(return_type, field_details_list, info, path, *rest)

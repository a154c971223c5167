"""How failures leave: ours with their code, everything unexpected as INTERNAL with the original in the log."""

import logging
from collections.abc import AsyncIterator
from typing import Any, ClassVar

from graphql import GraphQLError
from strawberry.extensions import SchemaExtension
from strawberry.schema.schema import StrawberryGraphQLCoreExecutionContext

from linkweave.errors import ErrorCode, LinkweaveError
from linkweave.schema.context import Context


class InternalError(LinkweaveError):
    """Something that should not happen; the log has the original under the request id."""

    code: ClassVar[ErrorCode] = ErrorCode.INTERNAL

    def __init__(self, request_id: str) -> None:
        super().__init__(f"Something went wrong in the gateway. The log says more under request id {request_id}.")


class MaskingExecutor(StrawberryGraphQLCoreExecutionContext):
    """Lets only errors out that are meant for callers, in deferred parts too."""

    def handle_field_error(self, raw_error: Exception, *args: Any, **kwargs: Any) -> None:
        """Hide `raw_error` unless it is GraphQL's or ours."""
        if not isinstance(raw_error, GraphQLError | LinkweaveError):
            context: Context = self.context_value
            log = logging.getLogger("linkweave")
            log.error("unexpected error in request %s", context.request_id, exc_info=raw_error)
            raw_error = InternalError(context.request_id)
        super().handle_field_error(raw_error, *args, **kwargs)


class ToldProblems(SchemaExtension):
    """Adds to the answer's errors what failed beside fields that cannot be null."""

    async def on_execute(self) -> AsyncIterator[None]:
        """After execution, tell the problems that resolvers noted."""
        yield
        context: Context = self.execution_context.context
        result: Any = self.execution_context.result
        initial = getattr(result, "initial_result", result)
        if context.problems and hasattr(initial, "errors"):
            initial.errors = [*(initial.errors or ()), *context.problems]

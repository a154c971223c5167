"""Records which operation runs, what it may cost, and which errors it has."""

from collections.abc import AsyncGenerator, Iterable
from contextlib import aclosing
from dataclasses import replace
from typing import Any, Final

from graphql import ExperimentalIncrementalExecutionResults, GraphQLError

from linkweave.errors import ErrorCode
from linkweave.observability import OperationFacts, OperationRecord
from linkweave.schema.execution.document import Document

# Clients choose the name, and a persisted document lets them send a long one cheaply. Log lines must stay short.
MAX_NAME_LENGTH: Final = 200


def record_operation(record: OperationRecord, document: Document, name: str | None) -> None:
    """Records that a request runs the operation `name` of `document`."""
    operation = document.operation(name)
    if operation is not None:
        own_name = None if operation.name is None else operation.name.value[:MAX_NAME_LENGTH]
        record.operation = OperationFacts(own_name, operation.operation.value, document.hash, trusted=document.trusted)


def record_cost(record: OperationRecord, calls: int) -> None:
    """Records how many vendor calls the current operation may need."""
    if record.operation is not None:
        record.operation = replace(record.operation, cost=calls)


def record_rejection(record: OperationRecord, errors: Iterable[GraphQLError]) -> None:
    """Records that `errors` kept the operation from being executed."""
    record.unanswered = True
    record_errors(record, errors)


def record_errors(record: OperationRecord, errors: Iterable[GraphQLError] | None) -> None:
    """Records the codes of the response's errors."""
    for error in errors or ():
        record.failed(str((error.extensions or {}).get("code", ErrorCode.INTERNAL.value)))


def record_part_errors(
    record: OperationRecord, results: ExperimentalIncrementalExecutionResults
) -> ExperimentalIncrementalExecutionResults:
    """Returns `results`, whose errors are recorded when their parts are sent."""
    record_errors(record, results.initial_result.errors)
    return results._replace(subsequent_results=_record_each(record, results.subsequent_results))


async def _record_each(record: OperationRecord, parts: AsyncGenerator[Any, None]) -> AsyncGenerator[Any, None]:
    async with aclosing(parts):
        async for part in parts:
            for piece in (*(part.incremental or ()), *(part.completed or ())):
                record_errors(record, piece.errors)
            yield part

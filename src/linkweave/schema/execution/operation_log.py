"""What the schema tells the operation's tally: which operation it is and what went wrong in it."""

from collections.abc import AsyncGenerator, Iterable
from contextlib import aclosing
from dataclasses import replace
from typing import Any, Final

from graphql import ExperimentalIncrementalExecutionResults, GraphQLError

from linkweave.errors import ErrorCode
from linkweave.observability import OperationFacts, OperationRecord
from linkweave.schema.execution.document_cache import Document

# A caller chooses it, and a persisted document makes it cheap to send again and again.
MOST_NAME: Final = 200


def note_operation(notes: OperationRecord, document: Document, name: str | None) -> None:
    """The operation `name` of `document` is asked for."""
    operation = document.operation(name)
    if operation is not None:
        own_name = None if operation.name is None else operation.name.value[:MOST_NAME]
        notes.operation = OperationFacts(own_name, operation.operation.value, document.hash, trusted=document.trusted)


def note_cost(notes: OperationRecord, cost: int) -> None:
    """The operation at hand may cost so many calls."""
    if notes.operation is not None:
        notes.operation = replace(notes.operation, cost=cost)


def note_refusal(notes: OperationRecord, errors: Iterable[GraphQLError]) -> None:
    """Nothing is executed, because of `errors`."""
    notes.unanswered = True
    note_errors(notes, errors)


def note_errors(notes: OperationRecord, errors: Iterable[GraphQLError] | None) -> None:
    """The answer has `errors`."""
    for error in errors or ():
        notes.failed(str((error.extensions or {}).get("code", ErrorCode.INTERNAL.value)))


def noting_parts(
    notes: OperationRecord, results: ExperimentalIncrementalExecutionResults
) -> ExperimentalIncrementalExecutionResults:
    """`results`, whose errors are noted as their parts leave."""
    note_errors(notes, results.initial_result.errors)
    return results._replace(subsequent_results=_noting(notes, results.subsequent_results))


async def _noting(notes: OperationRecord, parts: AsyncGenerator[Any, None]) -> AsyncGenerator[Any, None]:
    async with aclosing(parts):
        async for part in parts:
            for piece in (*(part.incremental or ()), *(part.completed or ())):
                note_errors(notes, piece.errors)
            yield part

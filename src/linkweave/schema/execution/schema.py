"""From a document's text to its result: Strawberry's types, executed without its extensions and per-field detours."""

from collections.abc import Iterable
from copy import copy
from inspect import isawaitable
from typing import Any

import strawberry
from graphql import ExecutionResult as GraphQLExecutionResult
from graphql import (
    ExperimentalIncrementalExecutionResults,
    GraphQLError,
    experimental_execute_incrementally,
    specified_rules,
)
from graphql.validation import ValuesOfCorrectTypeRule
from strawberry.exceptions import MissingQueryError
from strawberry.execution import optimized_is_awaitable
from strawberry.schema.exceptions import CannotGetOperationTypeError, InvalidOperationTypeError
from strawberry.schema.validation_rules.maybe_null import MaybeNullValidationRule
from strawberry.schema.validation_rules.one_of import OneOfInputValidationRule
from strawberry.types.execution import ExecutionResult
from strawberry.types.graphql import OperationType

from linkweave.context.operation_context import current_operation
from linkweave.observability import OperationRecord
from linkweave.schema.execution.cost_check import CostCheck, tell_in_first_part
from linkweave.schema.execution.document_cache import Document, DocumentReader, Documents
from linkweave.schema.execution.executor import Executor
from linkweave.schema.execution.fast_fields import install_fast_fields
from linkweave.schema.execution.fast_validation import QuickRule
from linkweave.schema.execution.operation_log import note_errors, note_operation, note_refusal, noting_parts
from linkweave.schema.execution.request_errors import NamedValuesRule, code_request_errors, was_not_executed
from linkweave.schema.limits.document_policy import DocumentRules

_OTHER_RULES = (MaybeNullValidationRule, OneOfInputValidationRule)
RULES = tuple(
    QuickRule.of(NamedValuesRule if rule is ValuesOfCorrectTypeRule else rule)
    for rule in (*specified_rules, *_OTHER_RULES)
)


class Schema(strawberry.Schema):
    """Strawberry's schema, whose documents are read once and whose operations run on graphql-core alone."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        install_fast_fields(self._schema)
        self._obey(DocumentRules())

    def obeying(self, rules: DocumentRules) -> "Schema":
        """The same schema, whose documents must keep to `rules`."""
        other = copy(self)
        other._obey(rules)  # noqa: SLF001 - it is one of us
        return other

    def _obey(self, rules: DocumentRules) -> None:
        self.rules = rules
        self.documents = Documents(DocumentReader(self._schema, RULES, rules))

    async def execute(
        self,
        query: str | None,
        variable_values: dict[str, Any] | None = None,
        context_value: Any | None = None,
        root_value: Any | None = None,
        operation_name: str | None = None,
        allowed_operation_types: Iterable[OperationType] | None = None,
        operation_extensions: dict[str, Any] | None = None,
    ) -> ExecutionResult:
        """The result of an operation; with @defer or @stream it is graphql-core's, which has parts that follow.

        Raises:
            MissingQueryError, CannotGetOperationTypeError, InvalidOperationTypeError: it is not to be executed at all.
        """
        if not query:
            raise MissingQueryError
        document = self.documents.read(query)
        notes = current_operation().record or OperationRecord()
        note_operation(notes, document, operation_name)
        errors = self._check(document, operation_name, allowed_operation_types)
        if errors or document.syntax is None or document.at_once is None:
            return _refused(notes, errors)
        admission = CostCheck(document, operation_name, variable_values, context_value, self.rules.limits)
        admission.note(notes)
        told = admission.told(operation_extensions)
        if admission.refusal is not None:
            return _refused(notes, [admission.refusal], told)
        in_parts = context_value is not None and context_value.in_parts
        result = experimental_execute_incrementally(
            self._schema,
            document.syntax if in_parts else document.at_once,
            root_value=root_value,
            context_value=context_value,
            variable_values=variable_values,
            operation_name=operation_name,
            executor_class=Executor,
            is_awaitable=optimized_is_awaitable,  # type: ignore[arg-type] # Strawberry's is no type guard
            operation_extensions=operation_extensions,
            hide_suggestions=not self.rules.suggestions,
        )
        return _noted(notes, await result if isawaitable(result) else result, told)

    def _check(
        self, document: Document, name: str | None, allowed: Iterable[OperationType] | None
    ) -> list[GraphQLError]:
        """What keeps the operation `name` of `document` from being executed."""
        if document.syntax is None:
            return list(document.errors)
        operation = document.operation(name)
        if operation is None and name is None:
            return list(document.errors) or _request_error("The document has no operation.")
        if operation is None:
            raise CannotGetOperationTypeError(name)
        kind = OperationType(operation.operation.value)
        if allowed is not None and kind not in allowed:
            raise InvalidOperationTypeError(kind)
        if document.errors or name is not None or len(document.operations) == 1:
            return list(document.errors)
        return _request_error("operationName: must name one of the operations, because there are several")


def _request_error(message: str) -> list[GraphQLError]:
    errors = [GraphQLError(message)]
    code_request_errors(errors)
    return errors


def _refused(notes: OperationRecord, errors: list[GraphQLError], told: dict[str, Any] | None = None) -> ExecutionResult:
    note_refusal(notes, errors)
    return ExecutionResult(data=None, errors=errors, extensions=told)


def _noted(
    notes: OperationRecord,
    result: GraphQLExecutionResult | ExperimentalIncrementalExecutionResults,
    told: dict[str, Any] | None,
) -> ExecutionResult:
    """`result` with what is `told` beside it, and noted how it went."""
    if isinstance(result, ExperimentalIncrementalExecutionResults):
        tell_in_first_part(result.initial_result, told)
        return noting_parts(notes, result)  # type: ignore[return-value] # as Strawberry's own: the view knows both
    errors = result.errors or ()
    code_request_errors(errors)
    note = note_refusal if was_not_executed(result.data, errors) else note_errors
    note(notes, errors)
    return ExecutionResult(data=result.data, errors=result.errors, extensions=told)

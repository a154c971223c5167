"""Executes documents over Strawberry's types, with graphql-core alone: without Strawberry's extensions."""

from collections.abc import Iterable, Mapping
from copy import copy
from functools import partial
from inspect import isawaitable
from typing import Any, Final, NamedTuple, cast

import strawberry
from graphql import (
    DocumentNode,
    ExperimentalIncrementalExecutionResults,
    GraphQLError,
    OperationDefinitionNode,
    experimental_execute_incrementally,
    specified_rules,
)
from graphql import ExecutionResult as GraphQLExecutionResult
from graphql import (
    OperationType as GraphQLOperation,
)
from graphql.validation import ScalarLeafsRule, ValuesOfCorrectTypeRule
from strawberry.exceptions import MissingQueryError
from strawberry.execution import optimized_is_awaitable
from strawberry.http import GraphQLRequestData
from strawberry.schema.exceptions import CannotGetOperationTypeError, InvalidOperationTypeError
from strawberry.schema.validation_rules.maybe_null import MaybeNullValidationRule
from strawberry.schema.validation_rules.one_of import OneOfInputValidationRule
from strawberry.types.execution import ExecutionResult
from strawberry.types.graphql import OperationType

from linkweave.context.operation_context import current_operation
from linkweave.observability import OperationRecord
from linkweave.schema.context import Context
from linkweave.schema.execution.cost_check import CostCheck, add_extensions
from linkweave.schema.execution.document import Document
from linkweave.schema.execution.document_cache import DocumentCache
from linkweave.schema.execution.document_parser import DocumentParser
from linkweave.schema.execution.document_shapes.shapes import ShapedDocuments
from linkweave.schema.execution.executor import Executor
from linkweave.schema.execution.fast_fields import install_fast_fields
from linkweave.schema.execution.fast_inputs import install_fast_inputs
from linkweave.schema.execution.fast_validation import FastRule
from linkweave.schema.execution.operation_log import (
    record_errors,
    record_operation,
    record_part_errors,
    record_rejection,
)
from linkweave.schema.execution.request_errors import (
    LeafSelectionsRule,
    NamedValuesRule,
    VariableErrors,
    add_input_codes,
    was_not_executed,
)
from linkweave.schema.execution.scopes import check_scopes
from linkweave.schema.execution.subscriptions import EventMaker, OpenSubscription, open_source
from linkweave.schema.limits.document_policy import DocumentPolicy

_OTHER_RULES = (MaybeNullValidationRule, OneOfInputValidationRule)
_OWN_RULES: Final[Mapping[type, Any]] = {ValuesOfCorrectTypeRule: NamedValuesRule, ScalarLeafsRule: LeafSelectionsRule}
RULES = tuple(FastRule.of(_OWN_RULES.get(rule, rule)) for rule in (*specified_rules, *_OTHER_RULES))


class Schema(strawberry.Schema):
    """Strawberry's schema with a document cache, whose operations run on graphql-core alone."""

    _latest: "Schema | None"

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        install_fast_fields(self._schema)
        install_fast_inputs(self._schema)
        self._set_policy(DocumentPolicy())

    def with_policy(self, policy: DocumentPolicy) -> "Schema":
        """Returns the same schema with a policy for its documents.

        For the policy of the call before, it is the schema of before with its documents. So a reload parses none again.
        """
        if self._latest is None or self._latest.policy != policy:
            self._latest = copy(self)
            self._latest._set_policy(policy)  # noqa: SLF001 - an object of the same class
        return self._latest

    def _set_policy(self, policy: DocumentPolicy) -> None:
        self._latest = None
        self.policy = policy
        self.documents = DocumentCache(ShapedDocuments(DocumentParser(self._schema, RULES, policy)))

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
        """Returns the result of an operation. With @defer or @stream it is graphql-core's incremental result.

        Raises:
            MissingQueryError, CannotGetOperationTypeError, InvalidOperationTypeError: There is nothing to execute.
        """
        prepared = self._prepare(
            query, variable_values, context_value, operation_name, allowed_operation_types, operation_extensions
        )
        if isinstance(prepared, ExecutionResult):
            return prepared
        document, syntax, values, record, extensions = prepared
        in_parts = context_value is not None and context_value.in_parts
        result = self._run(
            document.syntax or syntax if in_parts else syntax,
            plans=document.plans,
            root_value=root_value,
            context_value=context_value,
            variable_values=values,
            operation_name=operation_name,
            operation_extensions=operation_extensions,
        )
        result = self._name_variables(await result if isawaitable(result) else result, document, operation_name, values)
        if context_value is not None:
            context_value.session.forget_objects()
        return _finished(record, result, document, extensions)

    def subscribes(self, request: GraphQLRequestData) -> bool:
        """Whether a request is for a subscription."""
        operation = self.documents.read(request.query).operation(request.operation_name) if request.query else None
        return operation is not None and operation.operation is GraphQLOperation.SUBSCRIPTION

    async def open_subscription(
        self,
        query: str | None,
        variable_values: dict[str, Any] | None,
        context: Context,
        operation_name: str | None = None,
        operation_extensions: dict[str, Any] | None = None,
    ) -> OpenSubscription | ExecutionResult:
        """Returns a subscription, or the result that says why there is none.

        Raises:
            MissingQueryError, CannotGetOperationTypeError, InvalidOperationTypeError: There is nothing to execute.
        """
        kinds = (OperationType.SUBSCRIPTION,)
        prepared = self._prepare(query, variable_values, context, operation_name, kinds, operation_extensions)
        if isinstance(prepared, ExecutionResult):
            return prepared
        document, syntax, values, record, extensions = prepared
        operation = document.operation(operation_name)
        arguments = {"operation_name": operation_name, "hide_suggestions": not self.policy.suggestions}
        try:
            check_scopes(context.session, cast("OperationDefinitionNode", operation), ())
            source = await open_source(
                self._schema,
                syntax,
                context_value=context,
                raw_variable_values=values,
                operation_extensions=operation_extensions,
                **arguments,
            )
        except GraphQLError as error:
            source = [error]
        if isinstance(source, list):
            result = self._name_variables(GraphQLExecutionResult(None, source), document, operation_name, values)
            return _finished(record, result, document, extensions)

        return OpenSubscription(source, partial(self._execute_event, prepared, operation_name, operation_extensions))

    async def _execute_event(
        self,
        prepared: "_Prepared",
        operation_name: str | None,
        operation_extensions: dict[str, Any] | None,
        event: EventMaker,
        context: Context,
    ) -> ExecutionResult | None:
        """Returns the result of one event of a subscription; None if the caller must not see it."""
        root = event(context)
        if root is None:
            return None
        result = self._run(
            prepared.without_incremental,
            root_value=root,
            context_value=context,
            variable_values=prepared.values,
            operation_name=operation_name,
            operation_extensions=operation_extensions,
        )
        found = await result if isawaitable(result) else result
        record = current_operation().record or OperationRecord()
        return _finished(record, found, prepared.document, prepared.extensions)

    def _prepare(
        self,
        query: str | None,
        variables: dict[str, Any] | None,
        context: Context | None,
        name: str | None,
        allowed: Iterable[OperationType] | None,
        requested: dict[str, Any] | None,
    ) -> "_Prepared | ExecutionResult":
        """Returns an operation that may be executed, or the result that says why not."""
        if not query:
            raise MissingQueryError
        document = self.documents.read(query)
        record = current_operation().record or OperationRecord()
        record_operation(record, document, name)
        errors = self._check(document, name, allowed)
        if errors or document.syntax is None or document.without_incremental is None:
            return _rejected(record, errors)
        cost_check = CostCheck(document, name, variables, context, self.policy.limits)
        cost_check.add_to(record)
        extensions = cost_check.extensions(requested)
        if cost_check.error is not None:
            return _rejected(record, document.relocated([cost_check.error]), extensions)
        return _Prepared(document, document.without_incremental, document.values(variables), record, extensions)

    def _name_variables(
        self, result: Any, document: Document, name: str | None, values: Mapping[str, Any] | None
    ) -> Any:
        """Returns `result`. If variables kept the operation from being executed, its errors name them."""
        operation = document.operation(name)
        is_whole = isinstance(result, GraphQLExecutionResult)
        if operation is None or not is_whole or not was_not_executed(result.data, result.errors or ()):
            return result
        errors = VariableErrors(self._schema, not self.policy.suggestions).find(operation, values or {})
        return GraphQLExecutionResult(None, errors) if errors else result

    def _run(self, syntax: DocumentNode, **arguments: Any) -> Any:
        """Executes an operation with graphql-core. Returns its result, or an awaitable of it."""
        return experimental_execute_incrementally(
            self._schema,
            syntax,
            executor_class=Executor,
            is_awaitable=optimized_is_awaitable,  # type: ignore[arg-type] # Strawberry's is no type guard
            hide_suggestions=not self.policy.suggestions,
            **arguments,
        )

    def _check(
        self, document: Document, name: str | None, allowed: Iterable[OperationType] | None
    ) -> list[GraphQLError]:
        """Returns the errors that keep the operation `name` of `document` from being executed."""
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


class _Prepared(NamedTuple):
    """An operation that may be executed, the record of its request, and the extensions of its answer."""

    document: Document
    without_incremental: DocumentNode
    values: dict[str, Any]
    record: OperationRecord
    extensions: dict[str, Any] | None


def _request_error(message: str) -> list[GraphQLError]:
    errors = [GraphQLError(message)]
    add_input_codes(errors)
    return errors


def _rejected(
    record: OperationRecord, errors: list[GraphQLError], extensions: dict[str, Any] | None = None
) -> ExecutionResult:
    record_rejection(record, errors)
    return ExecutionResult(data=None, errors=errors, extensions=extensions)


def _finished(
    record: OperationRecord,
    result: GraphQLExecutionResult | ExperimentalIncrementalExecutionResults,
    document: Document,
    extensions: dict[str, Any] | None,
) -> ExecutionResult:
    """Adds `extensions` to `result`, and records its errors."""
    if isinstance(result, ExperimentalIncrementalExecutionResults):
        add_extensions(result.initial_result, extensions)
        return record_part_errors(record, result)  # type: ignore[return-value] # Strawberry's view knows both types
    errors = document.relocated(result.errors or ())
    add_input_codes(errors)
    record_result = record_rejection if was_not_executed(result.data, errors) else record_errors
    record_result(record, errors)
    return ExecutionResult(data=result.data, errors=errors or None, extensions=extensions)

"""Checks the cost of a request, right before it is executed."""

from collections.abc import Mapping
from typing import Any

from graphql import GraphQLError, InitialIncrementalExecutionResult

from linkweave.observability import OperationRecord
from linkweave.schema.context import Context
from linkweave.schema.execution.document import Document
from linkweave.schema.execution.operation_log import record_cost
from linkweave.schema.limits.answer_size import AnswerSize
from linkweave.schema.limits.cost.estimate import Estimate, check_variables, estimate, with_defaults
from linkweave.settings import LimitSettings


class CostCheck:
    """The check of one request for the operation `name` of `document`, which must be valid.

    `error` says why the request must not run. It is None if it may.
    """

    def __init__(
        self,
        document: Document,
        name: str | None,
        variables: Mapping[str, Any] | None,
        context: Context | None,
        limits: LimitSettings,
    ) -> None:
        self._estimate: Estimate | None = None
        self._size: AnswerSize | None = None
        self.error: GraphQLError | None = check_variables(variables, limits)
        operation = document.operation(name)
        if self.error is None and operation is not None and context is not None:
            terms, values = document.cost_terms_of(operation), document.values(variables)
            self._estimate = estimate(terms, operation, values, context.session.accounts, limits)
            given = with_defaults(operation, values)
            sizes = document.size_terms_of(operation)
            self._size = AnswerSize.of(sizes, given, len(context.session.accounts), limits)
            self.error = self._estimate.error(operation) or self._size.error(operation)

    def add_to(self, record: OperationRecord) -> None:
        """Adds the cost to the record of the operation."""
        if self._estimate is not None:
            record_cost(record, self._estimate.calls)

    def extensions(self, requested: Mapping[str, Any] | None) -> dict[str, Any] | None:
        """Returns the response's extensions: the cost, if the request's extensions ask for it."""
        if self._estimate is None or self._size is None or (requested or {}).get("cost") is not True:
            return None
        size = {"answerBytes": self._size.estimated, "maxAnswerBytes": self._size.maximum}
        return {"cost": {**self._estimate.as_extension(), **size}}


def add_extensions(result: InitialIncrementalExecutionResult, extensions: dict[str, Any] | None) -> None:
    """Adds `extensions` to the first part of an incremental response."""
    if extensions is not None:
        result.extensions = {**(result.extensions or {}), **extensions}

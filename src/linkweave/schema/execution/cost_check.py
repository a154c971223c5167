"""Whether a request may run, by what it would cost: the last look before anything is executed."""

from collections.abc import Mapping
from typing import Any

from graphql import GraphQLError, InitialIncrementalExecutionResult

from linkweave.observability import OperationRecord
from linkweave.schema.context import Context
from linkweave.schema.execution.document_cache import Document
from linkweave.schema.execution.operation_log import note_cost
from linkweave.schema.limits.cost.estimate import Estimate, check_variables, estimate
from linkweave.settings import LimitSettings


class CostCheck:
    """One request to run the operation `name` of `document`, which is valid and has it.

    `refusal` says why it must not run; None where it may.
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
        self.refusal: GraphQLError | None = check_variables(variables, limits)
        operation = document.operation(name)
        if self.refusal is None and operation is not None and context is not None:
            terms = document.terms_of(operation)
            self._estimate = estimate(terms, operation, variables, context.session.accounts, limits)
            self.refusal = self._estimate.refusal(operation)

    def note(self, notes: OperationRecord) -> None:
        """Note the cost."""
        if self._estimate is not None:
            note_cost(notes, self._estimate.cost)

    def told(self, asked: Mapping[str, Any] | None) -> dict[str, Any] | None:
        """The answer's extensions, for a request with the extensions `asked`."""
        if self._estimate is None or (asked or {}).get("cost") is not True:
            return None
        return {"cost": self._estimate.told()}


def tell_in_first_part(result: InitialIncrementalExecutionResult, extensions: dict[str, Any] | None) -> None:
    """Put `extensions` into an answer that comes in parts."""
    if extensions is not None:
        result.extensions = {**(result.extensions or {}), **extensions}

"""What an operation may cost, compared with what it may."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

from graphql import GraphQLError, OperationDefinitionNode, value_from_ast_untyped

from linkweave.gather.account_loaders import AccountLoaders
from linkweave.schema.limits.cost.cost_context import ObjectGroup, Request
from linkweave.schema.limits.cost.document_costs import CostTerm
from linkweave.schema.limits.cost.rules import PRICES
from linkweave.schema.limits.limit_errors import MOST_TOLD, limit_error, on, refusal
from linkweave.settings import LimitSettings

_REMEDY: Final = "Ask for fewer links (first), accounts (filter) or breakdowns at once."


@dataclass(frozen=True, slots=True)
class Estimate:
    """What an operation may cost and may at most. `path` leads to what most of it is for, in the answer's names."""

    cost: int
    most: int
    path: str

    def told(self) -> dict[str, Any]:
        """For those who ask for it."""
        return {"calls": self.cost, "max": self.most, "path": self.path or None}

    def refusal(self, operation: OperationDefinitionNode) -> GraphQLError | None:
        """Why `operation` must not run; None where it may."""
        if self.cost <= self.most:
            return None
        message = (
            f"The operation may need {self.cost} calls to vendors; at most {self.most} are allowed (limits.cost). "
            f"Most of them are for {self.path}. {_REMEDY}"
        )
        error = limit_error("cost", self.cost, self.most, message, **on(operation))
        error.extensions = {**(error.extensions or {}), "costliest": self.path}
        return error


def estimate(
    terms: tuple[CostTerm, ...],
    operation: OperationDefinitionNode,
    variables: Mapping[str, Any] | None,
    accounts: Mapping[str, AccountLoaders],
    limits: LimitSettings,
) -> Estimate:
    """The calls to vendors that `operation` may need at worst, where nothing is cached."""
    if not terms:
        return Estimate(0, limits.cost, "")
    request = Request(_with_defaults(operation, variables or {}), accounts, PRICES)
    bill = request.price(terms, [ObjectGroup(())])
    return Estimate(min(bill.total, MOST_TOLD), limits.cost, ".".join(bill.path))


def check_variables(variables: Mapping[str, Any] | None, limits: LimitSettings) -> GraphQLError | None:
    """Why a request with these variables must not run; looks at no more values than are allowed."""
    count = 0
    stack: list[Any] = [variables or {}]
    while stack:
        value = stack.pop()
        inside = value.values() if isinstance(value, dict) else value if isinstance(value, list) else ()
        count += len(inside)
        if count > limits.variable_values:
            return refusal("variable_values", count, limits.variable_values, at_least=True)
        stack.extend(inside)
    return None


def _with_defaults(operation: OperationDefinitionNode, variables: Mapping[str, Any]) -> dict[str, Any]:
    defaults = {
        each.variable.name.value: value_from_ast_untyped(each.default_value)
        for each in operation.variable_definitions or ()
        if each.default_value is not None
    }
    return {**defaults, **variables}

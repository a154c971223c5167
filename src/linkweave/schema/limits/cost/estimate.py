"""Compares the cost of an operation with the limit."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

from graphql import GraphQLError, OperationDefinitionNode, value_from_ast_untyped

from linkweave.gather.account_loaders import AccountLoaders
from linkweave.schema.limits.cost.cost_context import CostEstimator, ObjectGroup
from linkweave.schema.limits.cost.document_costs import CostTerm
from linkweave.schema.limits.cost.rules import COST_RULES
from linkweave.schema.limits.limit_errors import MAX_REPORTED, at_nodes, limit_error, limit_exceeded
from linkweave.settings import LimitSettings

_REMEDY: Final = "Ask for fewer links (first), accounts (filter) or breakdowns at once."


@dataclass(frozen=True, slots=True)
class Estimate:
    """The calls that an operation may need, and how many are allowed. `path` leads to the most expensive field."""

    calls: int
    max_calls: int
    path: str

    def as_extension(self) -> dict[str, Any]:
        """Returns the estimate for the response's extensions."""
        return {"calls": self.calls, "max": self.max_calls, "path": self.path or None}

    def error(self, operation: OperationDefinitionNode) -> GraphQLError | None:
        """Returns why `operation` must not run, or None if it may."""
        if self.calls <= self.max_calls:
            return None
        message = (
            f"The operation may need {self.calls} calls to vendors; at most {self.max_calls} are allowed "
            f"(limits.cost). Most of them are for {self.path}. {_REMEDY}"
        )
        error = limit_error("cost", self.calls, self.max_calls, message, **at_nodes(operation))
        error.extensions = {**(error.extensions or {}), "costliest": self.path}
        return error


def estimate(
    terms: tuple[CostTerm, ...],
    operation: OperationDefinitionNode,
    variables: Mapping[str, Any] | None,
    accounts: Mapping[str, AccountLoaders],
    limits: LimitSettings,
) -> Estimate:
    """Returns the maximum number of vendor calls that `operation` may need with an empty cache."""
    if not terms:
        return Estimate(0, limits.cost, "")
    estimator = CostEstimator(with_defaults(operation, variables or {}), accounts, COST_RULES)
    cost = estimator.cost(terms, [ObjectGroup(())])
    return Estimate(min(cost.total, MAX_REPORTED), limits.cost, ".".join(cost.path))


def check_variables(variables: Mapping[str, Any] | None, limits: LimitSettings) -> GraphQLError | None:
    """Returns why a request with these variables must not run, or None. It stops counting at the limit."""
    count = 0
    stack: list[Any] = [variables or {}]
    while stack:
        value = stack.pop()
        inside = value.values() if isinstance(value, dict) else value if isinstance(value, list) else ()
        count += len(inside)
        if count > limits.variable_values:
            return limit_exceeded("variable_values", count, limits.variable_values, at_least=True)
        stack.extend(inside)
    return None


def with_defaults(operation: OperationDefinitionNode, variables: Mapping[str, Any]) -> dict[str, Any]:
    """Returns the variables of a request, with the defaults of those that it leaves out."""
    defaults = {
        each.variable.name.value: value_from_ast_untyped(each.default_value)
        for each in operation.variable_definitions or ()
        if each.default_value is not None
    }
    return {**defaults, **variables}

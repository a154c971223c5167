"""What an operation may cost, compared with what it may."""

from collections.abc import Mapping
from typing import Any, Final

from graphql import GraphQLError, OperationDefinitionNode, value_from_ast_untyped

from linkweave.gather.loaders import AccountLoaders
from linkweave.schema.limits.asking import Group, Request
from linkweave.schema.limits.bill import Bill
from linkweave.schema.limits.prices import PRICES
from linkweave.schema.limits.refusals import MOST_TOLD, limit_error, on, refusal
from linkweave.schema.limits.terms import Term
from linkweave.settings import LimitSettings

_REMEDY: Final = "Ask for fewer links (first), accounts (filter) or breakdowns at once."


def estimate(
    terms: tuple[Term, ...],
    operation: OperationDefinitionNode,
    variables: Mapping[str, Any] | None,
    accounts: Mapping[str, AccountLoaders],
) -> Bill:
    """The calls to vendors that `operation` may need at worst, where nothing is cached."""
    if not terms:
        return Bill()
    request = Request(_with_defaults(operation, variables or {}), accounts, PRICES)
    return request.price(terms, [Group(())])


def check_cost(bill: Bill, operation: OperationDefinitionNode, limits: LimitSettings) -> GraphQLError | None:
    """Why an operation with this bill must not run; None where it may."""
    if bill.total <= limits.cost:
        return None
    path, total = ".".join(bill.path), min(bill.total, MOST_TOLD)
    message = (
        f"The operation may need {total} calls to vendors; at most {limits.cost} are allowed (limits.cost). "
        f"Most of them are for {path}. {_REMEDY}"
    )
    error = limit_error("cost", total, limits.cost, message, **on(operation))
    error.extensions = {**(error.extensions or {}), "path": path}
    return error


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


def _with_defaults(operation: OperationDefinitionNode, variables: Mapping[str, Any]) -> Mapping[str, Any]:
    defaults = {
        each.variable.name.value: value_from_ast_untyped(each.default_value)
        for each in operation.variable_definitions or ()
        if each.default_value is not None
    }
    return {**defaults, **variables}

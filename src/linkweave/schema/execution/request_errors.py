"""Errors of a request that is not executed. Like other input errors they have a code and name the argument."""

from collections.abc import Iterable
from typing import Any, Final

from graphql import (
    SKIP,
    ArgumentNode,
    GraphQLError,
    GraphQLInputType,
    ValueNode,
    VariableDefinitionNode,
    VisitorAction,
)
from graphql.utilities import validate_input_literal
from graphql.validation import ValuesOfCorrectTypeRule

from linkweave.errors import ErrorCode

_CODE: Final = {"code": ErrorCode.INVALID_INPUT.value}


class NamedValuesRule(ValuesOfCorrectTypeRule):
    """Checks literals as graphql-core does. Its errors also name the argument, and the field inside of it."""

    argument = ""

    def enter_argument(self, node: ArgumentNode, *_: Any) -> None:
        """Stores the name of the argument, whose value comes next."""
        self.argument = node.name.value

    def enter_variable_definition(self, node: VariableDefinitionNode, *_: Any) -> None:
        """Stores the name of the variable, whose default value comes next."""
        self.argument = f"${node.variable.name.value}"

    def is_valid_value_node(self, node: ValueNode, input_type: GraphQLInputType | None) -> VisitorAction:
        """Reports what is wrong with a value and with the values inside of it."""

        def report(error: GraphQLError, path: list[str | int]) -> None:
            field = self.argument + "".join(f"[{key}]" if isinstance(key, int) else f".{key}" for key in path)
            # Some nodes of graphql-core's errors are copies without a position in the document.
            nodes = [each for each in error.nodes or () if each.loc is not None] or node
            self.report_error(
                GraphQLError(f"{field}: {error.message}", nodes, extensions={**_CODE, "field": field}),
            )

        if input_type is not None:
            validate_input_literal(node, input_type, report, None, None, self.context.hide_suggestions)
        return SKIP


def was_not_executed(data: object, errors: Iterable[GraphQLError]) -> bool:
    """Returns whether `errors` kept an operation from being executed. Errors of a field have the field's path."""
    return data is None and all(error.path is None for error in errors)


def merge_same_errors(errors: Iterable[GraphQLError]) -> list[GraphQLError]:
    """Merges errors with the same message into one error with all their positions."""
    by_message: dict[str, list[GraphQLError]] = {}
    for error in errors:
        by_message.setdefault(error.message, []).append(error)
    return [_merge(same) for same in by_message.values()]


def _merge(same: list[GraphQLError]) -> GraphQLError:
    if len(same) == 1:
        return same[0]
    nodes = [node for error in same for node in error.nodes or ()]
    return GraphQLError(same[0].message, nodes, extensions=same[0].extensions)


def add_input_codes(errors: Iterable[GraphQLError]) -> None:
    """Adds the code INVALID_INPUT to GraphQL's own errors: syntax, unknown fields, variables of a wrong type.

    An error that a resolver raised has its own code.
    """
    for error in errors:
        if isinstance(error.original_error, GraphQLError | None) and "code" not in (error.extensions or {}):
            error.extensions = {**(error.extensions or {}), **_CODE}

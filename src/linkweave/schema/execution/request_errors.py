"""What is wrong with a request before anything is resolved, told like any other wrong argument: code, place, remedy."""

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
    """Checks literals as graphql-core does, and says in which argument the wrong one is, and where in it."""

    argument = ""

    def enter_argument(self, node: ArgumentNode, *_: Any) -> None:
        """Remember whose value comes next."""
        self.argument = node.name.value

    def enter_variable_definition(self, node: VariableDefinitionNode, *_: Any) -> None:
        """Remember whose default value comes next."""
        self.argument = f"${node.variable.name.value}"

    def is_valid_value_node(self, node: ValueNode, input_type: GraphQLInputType | None) -> VisitorAction:
        """Report what is wrong with the value at hand and with all that is in it."""

        def report(error: GraphQLError, path: list[str | int]) -> None:
            place = self.argument + "".join(f"[{key}]" if isinstance(key, int) else f".{key}" for key in path)
            # Some of the nodes that graphql-core names are copies that do not know where they stood.
            nodes = [each for each in error.nodes or () if each.loc is not None] or node
            self.report_error(
                GraphQLError(f"{place}: {error.message}", nodes, extensions={**_CODE, "field": place}),
            )

        if input_type is not None:
            validate_input_literal(node, input_type, report, None, None, self.context.hide_suggestions)
        return SKIP


def was_not_executed(data: object, errors: Iterable[GraphQLError]) -> bool:
    """Whether `errors` kept an operation from being executed: the error of a field has the field's path."""
    return data is None and all(error.path is None for error in errors)


def said_once(errors: Iterable[GraphQLError]) -> list[GraphQLError]:
    """`errors`, but those that say the same as one, with all their places: nobody is helped by ten in other places."""
    by_words: dict[str, list[GraphQLError]] = {}
    for error in errors:
        by_words.setdefault(error.message, []).append(error)
    return [_merged(same) for same in by_words.values()]


def _merged(same: list[GraphQLError]) -> GraphQLError:
    if len(same) == 1:
        return same[0]
    nodes = [node for error in same for node in error.nodes or ()]
    return GraphQLError(same[0].message, nodes, extensions=same[0].extensions)


def code_request_errors(errors: Iterable[GraphQLError]) -> None:
    """Give INVALID_INPUT to what GraphQL itself refuses: syntax, unknown fields, variables of a wrong type.

    What a resolver raised has a code of its own.
    """
    for error in errors:
        if isinstance(error.original_error, GraphQLError | None) and "code" not in (error.extensions or {}):
            error.extensions = {**(error.extensions or {}), **_CODE}

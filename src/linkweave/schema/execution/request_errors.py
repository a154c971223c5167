"""Errors of a request that is not executed. Like other input errors they have a code and name the argument."""

from collections.abc import Iterable, Mapping
from contextlib import suppress
from dataclasses import dataclass
from typing import Any, Final

from graphql import (
    SKIP,
    ArgumentNode,
    GraphQLError,
    GraphQLInputType,
    GraphQLSchema,
    NonNullTypeNode,
    OperationDefinitionNode,
    Undefined,
    ValueNode,
    VariableDefinitionNode,
    VisitorAction,
    is_input_type,
    type_from_ast,
)
from graphql.pyutils import print_path_list
from graphql.utilities import validate_input_literal, validate_input_value
from graphql.validation import ScalarLeafsRule, ValuesOfCorrectTypeRule

from linkweave.errors import ErrorCode

_CODE: Final = {"code": ErrorCode.INVALID_INPUT.value}
_SUGGESTION: Final = " Did you mean "
# graphql-core stops at as many errors of variables.
_MAX_VARIABLE_ERRORS: Final = 50


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
            field = self.argument + _path_within(path)
            # Some nodes of graphql-core's errors are copies without a position in the document.
            nodes = [each for each in error.nodes or () if each.loc is not None] or node
            self.report_error(
                GraphQLError(f"{field}: {error.message}", nodes, extensions={**_CODE, "field": field}),
            )

        if input_type is not None:
            validate_input_literal(node, input_type, report, None, None, self.context.hide_suggestions)
        return SKIP


class LeafSelectionsRule(ScalarLeafsRule):
    """Checks selections as graphql-core does. Its errors suggest nothing if suggestions are off. FOUND in 3.3.0."""

    def report_error(self, error: GraphQLError) -> None:
        """Reports `error`."""
        if self.context.hide_suggestions:
            error.message = error.message.partition(_SUGGESTION)[0]
        super().report_error(error)


class _TooManyErrorsError(Exception):
    pass


@dataclass(frozen=True, slots=True)
class VariableErrors:
    """Finds what is wrong with the values of an operation's variables."""

    schema: GraphQLSchema
    hide_suggestions: bool

    def find(self, operation: OperationDefinitionNode, values: Mapping[str, Any]) -> list[GraphQLError]:
        """Returns graphql-core's errors. They also name the variable, and the field inside of it."""
        errors: list[GraphQLError] = []
        with suppress(_TooManyErrorsError, RecursionError):
            for definition in operation.variable_definitions or ():
                self._check(definition, values.get(definition.variable.name.value, Undefined), errors)
        return errors

    def _check(self, definition: VariableDefinitionNode, value: Any, errors: list[GraphQLError]) -> None:
        name = f"${definition.variable.name.value}"
        value_type = type_from_ast(self.schema, definition.type)
        is_optional = definition.default_value is not None or not isinstance(definition.type, NonNullTypeNode)
        if not is_input_type(value_type) or (value is Undefined and is_optional):
            return

        def report(error: GraphQLError, path: list[str | int]) -> None:
            if len(errors) >= _MAX_VARIABLE_ERRORS:
                raise _TooManyErrorsError
            message = f"Variable '{name}' has invalid value{print_path_list(path)}: {error.message}"
            errors.append(GraphQLError(message, definition, extensions={**_CODE, "field": name + _path_within(path)}))

        validate_input_value(value, value_type, report, self.hide_suggestions)


def _path_within(path: Iterable[str | int]) -> str:
    return "".join(f"[{key}]" if isinstance(key, int) else f".{key}" for key in path)


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

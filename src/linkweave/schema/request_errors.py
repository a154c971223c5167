"""What is wrong with a request before anything is resolved, told like any other wrong argument: code, place, remedy."""

from collections.abc import Iterable, Iterator
from typing import Any, Final

from graphql import (
    SKIP,
    ArgumentNode,
    DocumentNode,
    GraphQLError,
    GraphQLInputType,
    OperationDefinitionNode,
    ValueNode,
    VariableDefinitionNode,
    VisitorAction,
)
from graphql.utilities import validate_input_literal
from graphql.validation import ValuesOfCorrectTypeRule
from strawberry.extensions import SchemaExtension

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


class RequestChecks(SchemaExtension):
    """Checks requests with NamedValuesRule, and refuses those that leave open which operation is meant."""

    def on_validate(self) -> Iterator[None]:
        """Exchange the rule before validation runs."""
        request = self.execution_context
        request.validation_rules = tuple(
            NamedValuesRule if rule is ValuesOfCorrectTypeRule else rule for rule in request.validation_rules
        )
        # Strawberry would take the first operation, where the specification wants an error.
        named = request._provided_operation_name is not None  # noqa: SLF001 - operation_name has the first one's already
        if not named and request.graphql_document is not None and _operations(request.graphql_document) > 1:
            message = "operationName: must name one of the operations, because there are several"
            request.pre_execution_errors = [GraphQLError(message)]
        yield


def _operations(document: DocumentNode) -> int:
    return sum(isinstance(definition, OperationDefinitionNode) for definition in document.definitions)


def code_request_errors(errors: Iterable[GraphQLError]) -> None:
    """Give INVALID_INPUT to what GraphQL itself refuses: syntax, unknown fields, variables of a wrong type.

    What a resolver raised has a code of its own.
    """
    for error in errors:
        if isinstance(error.original_error, GraphQLError | None) and "code" not in (error.extensions or {}):
            error.extensions = {**(error.extensions or {}), **_CODE}

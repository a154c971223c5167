"""Which operations this package executes. graphql-core executes the others."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Final

from graphql import (
    DirectiveNode,
    FieldNode,
    FragmentDefinitionNode,
    GraphQLIncludeDirective,
    GraphQLSchema,
    GraphQLSkipDirective,
    OperationDefinitionNode,
    OperationType,
    SelectionNode,
    SelectionSetNode,
    VariableNode,
)

from linkweave.schema.execution.fast_fields import fields_without_rule

_DIRECTIVES: Final = frozenset({GraphQLSkipDirective.name, GraphQLIncludeDirective.name})
_INTROSPECTION: Final = frozenset({"__schema", "__type"})


@dataclass(frozen=True, slots=True)
class OperationFacts:
    """What an operation and the fragments of its document say about its plan.

    Attributes:
        has_plan: whether there is a rule for each of its fields.
        condition_variables: the variables of @skip and @include, which decide the selected fields.
    """

    has_plan: bool
    condition_variables: tuple[str, ...]

    @classmethod
    def of(
        cls, schema: GraphQLSchema, operation: OperationDefinitionNode, fragments: Iterable[FragmentDefinitionNode]
    ) -> "OperationFacts":
        """Reads the facts in an operation and in all fragments."""
        nodes = [operation, *fragments]
        fields: set[str] = set()
        directives = [directive for node in nodes for directive in node.directives or ()]
        for node in nodes:
            for each in _selections(node.selection_set):
                directives += each.directives or ()
                if isinstance(each, FieldNode):
                    fields.add(each.name.value)
        names = {directive.name.value for directive in directives}
        has_plan = (
            operation.operation is OperationType.QUERY
            and names <= _DIRECTIVES
            and not fields & (_INTROSPECTION | fields_without_rule(schema))
            and not any(node.variable_definitions for node in nodes[1:])
        )
        return cls(has_plan, tuple(sorted(set(_variables(directives)))))


def _selections(selection_set: SelectionSetNode) -> Iterator[SelectionNode]:
    stack = [selection_set]
    while stack:
        for each in stack.pop().selections:
            yield each
            inner = getattr(each, "selection_set", None)
            if inner is not None:
                stack.append(inner)


def _variables(directives: Iterable[DirectiveNode]) -> Iterator[str]:
    for directive in directives:
        for argument in directive.arguments or ():
            if isinstance(argument.value, VariableNode):
                yield argument.value.name.value

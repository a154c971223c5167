"""The fields of an operation on which its cost depends. They are collected once per document."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, TypeAlias

from graphql import (
    DocumentNode,
    FragmentDefinitionNode,
    GraphQLCompositeType,
    GraphQLObjectType,
    GraphQLSchema,
    OperationDefinitionNode,
    SelectionSetNode,
    get_named_type,
    is_composite_type,
)

from linkweave.schema.limits.merged_fields import ArgumentValue, Conditions, Fragments, MergedField, merge_fields

# A type and one of its fields.
Coordinate: TypeAlias = tuple[str, str]


@dataclass(frozen=True, slots=True)
class CostTerm:
    """A field that may cost vendor calls, or whose selection may.

    `type_condition` is the object type that has the field, where the parent type is an interface. `conditions` are
    those of @skip and @include.
    """

    coordinate: Coordinate
    response_key: str
    type_condition: str | None
    arguments: Mapping[str, ArgumentValue]
    conditions: Conditions
    selection: tuple["CostTerm", ...] = ()

    def is_selected(self, variables: dict[str, Any]) -> bool:
        """Returns whether a request with `variables` reads the field."""
        return all(value.read(variables) is not excluding for excluding, value in self.conditions)


@dataclass(frozen=True, slots=True)
class CostTermCollector:
    """Collects the cost terms of operations of `schema`. `fields_with_cost` are those that have a cost rule.

    A document must be valid, and its size must have been checked.
    """

    schema: GraphQLSchema
    fields_with_cost: frozenset[Coordinate]

    def collect(self, document: DocumentNode, operation: OperationDefinitionNode) -> tuple[CostTerm, ...]:
        """Returns the terms at the root of `operation`."""
        fragments = {each.name.value: each for each in document.definitions if isinstance(each, FragmentDefinitionNode)}
        root = self.schema.get_root_type(operation.operation)
        return () if root is None else self._terms(root, [operation.selection_set], fragments)

    def _terms(
        self, parent: GraphQLCompositeType, selection_sets: list[SelectionSetNode], fragments: Fragments
    ) -> tuple[CostTerm, ...]:
        merged = merge_fields(self.schema, parent, selection_sets, fragments)
        on_interface = not isinstance(parent, GraphQLObjectType)
        terms = (self._term(key, found, fragments, on_interface=on_interface) for (_, key), found in merged)
        return tuple(term for term in terms if term is not None)

    def _term(
        self, response_key: str, found: MergedField, fragments: Fragments, *, on_interface: bool
    ) -> CostTerm | None:
        # The only field of an interface is `id`, which costs nothing.
        if not isinstance(found.parent, GraphQLObjectType):
            return None
        coordinate = (found.parent.name, found.node.name.value)
        definition = found.parent.fields.get(coordinate[1])
        output = None if definition is None else get_named_type(definition.type)
        selection = self._terms(output, found.selection_sets, fragments) if is_composite_type(output) else ()
        if not selection and coordinate not in self.fields_with_cost:
            return None
        type_condition = found.parent.name if on_interface else None
        arguments = {each.name.value: ArgumentValue.of(each.value) for each in found.node.arguments or ()}
        return CostTerm(coordinate, response_key, type_condition, arguments, found.conditions, selection)

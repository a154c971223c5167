"""The fields of an operation on which its cost depends. They are collected once per document."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any, Final, TypeAlias

from graphql import (
    DirectiveNode,
    DocumentNode,
    FieldNode,
    FragmentDefinitionNode,
    FragmentSpreadNode,
    GraphQLCompositeType,
    GraphQLObjectType,
    GraphQLSchema,
    InlineFragmentNode,
    OperationDefinitionNode,
    SelectionNode,
    SelectionSetNode,
    ValueNode,
    VariableNode,
    get_named_type,
    is_composite_type,
    value_from_ast_untyped,
)

Fragments: TypeAlias = Mapping[str, FragmentDefinitionNode]
# A type and one of its fields.
Coordinate: TypeAlias = tuple[str, str]

# The value of `if` with which a directive excludes a field.
_EXCLUDING: Final = {"include": False, "skip": True}


@dataclass(frozen=True, slots=True)
class ArgumentValue:
    """The value of an argument: `known`, or `node` where it depends on variables."""

    node: ValueNode | None
    known: Any = None

    @classmethod
    def of(cls, node: ValueNode) -> "ArgumentValue":
        """Reads the value from a document."""
        return cls(node) if _has_variables(node) else cls(None, value_from_ast_untyped(node))

    def read(self, variables: dict[str, Any]) -> Any:
        """Returns the value in a request with `variables`."""
        return self.known if self.node is None else value_from_ast_untyped(self.node, variables)


# For each `if`: the value that excludes the field, and the value in the request.
Conditions: TypeAlias = tuple[tuple[bool, ArgumentValue], ...]


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


@dataclass(slots=True)
class _MergedField:
    """All selections of a document that have the same key in the response."""

    parent: GraphQLObjectType
    node: FieldNode
    conditions: Conditions
    selection_sets: list[SelectionSetNode] = field(default_factory=list)


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
        merged: dict[tuple[str, str], _MergedField] = {}
        for selection_set in selection_sets:
            for object_type, node, conditions in self._fields(parent, selection_set, fragments, ()):
                key = (object_type.name, (node.alias or node.name).value)
                found = merged.setdefault(key, _MergedField(object_type, node, conditions))
                # The field is read if one of its selections has no condition.
                found.conditions = min(found.conditions, conditions, key=len)
                if node.selection_set is not None:
                    found.selection_sets.append(node.selection_set)
        on_interface = not isinstance(parent, GraphQLObjectType)
        terms = (self._term(key, found, fragments, on_interface=on_interface) for (_, key), found in merged.items())
        return tuple(term for term in terms if term is not None)

    def _term(
        self, response_key: str, found: _MergedField, fragments: Fragments, *, on_interface: bool
    ) -> CostTerm | None:
        coordinate = (found.parent.name, found.node.name.value)
        definition = found.parent.fields.get(coordinate[1])
        output = None if definition is None else get_named_type(definition.type)
        selection = self._terms(output, found.selection_sets, fragments) if is_composite_type(output) else ()
        if not selection and coordinate not in self.fields_with_cost:
            return None
        type_condition = found.parent.name if on_interface else None
        arguments = {each.name.value: ArgumentValue.of(each.value) for each in found.node.arguments or ()}
        return CostTerm(coordinate, response_key, type_condition, arguments, found.conditions, selection)

    def _fields(
        self,
        parent: GraphQLCompositeType,
        selection_set: SelectionSetNode,
        fragments: Fragments,
        outer: Conditions,
    ) -> Iterator[tuple[GraphQLObjectType, FieldNode, Conditions]]:
        for node in selection_set.selections:
            conditions = (*outer, *conditions_of(node))
            if isinstance(node, FieldNode):
                # The only field of an interface is `id`, which costs nothing.
                if isinstance(parent, GraphQLObjectType):
                    yield parent, node, conditions
            elif isinstance(node, InlineFragmentNode | FragmentSpreadNode):
                fragment = fragments[node.name.value] if isinstance(node, FragmentSpreadNode) else node
                narrowed = self._narrow(parent, fragment)
                yield from self._fields(narrowed, fragment.selection_set, fragments, conditions)

    def _narrow(
        self, parent: GraphQLCompositeType, fragment: InlineFragmentNode | FragmentDefinitionNode
    ) -> GraphQLCompositeType:
        condition = fragment.type_condition
        named = None if condition is None else self.schema.get_type(condition.name.value)
        return named if isinstance(named, GraphQLObjectType) else parent


def conditions_of(node: SelectionNode) -> Iterator[tuple[bool, ArgumentValue]]:
    """Yields the conditions of @skip and @include at `node`."""
    for directive in node.directives or ():
        excluding = _EXCLUDING.get(directive.name.value)
        if excluding is not None:
            yield excluding, ArgumentValue.of(_condition(directive))


def _condition(directive: DirectiveNode) -> ValueNode:
    return next(each.value for each in directive.arguments or () if each.name.value == "if")


def _has_variables(node: ValueNode) -> bool:
    if isinstance(node, VariableNode):
        return True
    parts = [*getattr(node, "values", ()), *(each.value for each in getattr(node, "fields", ()))]
    return any(_has_variables(part) for part in parts)

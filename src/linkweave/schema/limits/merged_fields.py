"""The fields that a selection reads, each once: its selections with the same key in the answer count together."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any, Final, TypeAlias

from graphql import (
    DirectiveNode,
    FieldNode,
    FragmentDefinitionNode,
    FragmentSpreadNode,
    GraphQLCompositeType,
    GraphQLObjectType,
    GraphQLSchema,
    InlineFragmentNode,
    SelectionNode,
    SelectionSetNode,
    ValueNode,
    VariableNode,
    value_from_ast_untyped,
)

Fragments: TypeAlias = Mapping[str, FragmentDefinitionNode]

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


@dataclass(slots=True)
class MergedField:
    """All selections with the same key in the answer, on one type."""

    parent: GraphQLCompositeType
    node: FieldNode
    conditions: Conditions
    selection_sets: list[SelectionSetNode] = field(default_factory=list)


def merge_fields(
    schema: GraphQLSchema,
    parent: GraphQLCompositeType,
    selection_sets: Iterable[SelectionSetNode],
    fragments: Fragments,
) -> Iterable[tuple[tuple[str, str], MergedField]]:
    """Returns the fields that `selection_sets` read of a `parent`, by the name of their type and their response key.

    Below an interface or union, a field belongs to the object type that its fragment is on.
    """
    merged: dict[tuple[str, str], MergedField] = {}
    for selection_set in selection_sets:
        for on_type, node, conditions in _fields(schema, parent, selection_set, fragments, ()):
            key = (on_type.name, (node.alias or node.name).value)
            found = merged.setdefault(key, MergedField(on_type, node, conditions))
            # The field is read if one of its selections has no condition.
            found.conditions = min(found.conditions, conditions, key=len)
            if node.selection_set is not None:
                found.selection_sets.append(node.selection_set)
    return merged.items()


def _fields(
    schema: GraphQLSchema,
    parent: GraphQLCompositeType,
    selection_set: SelectionSetNode,
    fragments: Fragments,
    outer: Conditions,
) -> Iterator[tuple[GraphQLCompositeType, FieldNode, Conditions]]:
    for node in selection_set.selections:
        conditions = (*outer, *_conditions_of(node))
        if isinstance(node, FieldNode):
            yield parent, node, conditions
        elif isinstance(node, InlineFragmentNode | FragmentSpreadNode):
            fragment = fragments[node.name.value] if isinstance(node, FragmentSpreadNode) else node
            condition = fragment.type_condition
            named = None if condition is None else schema.get_type(condition.name.value)
            inner = named if isinstance(named, GraphQLObjectType) else parent
            yield from _fields(schema, inner, fragment.selection_set, fragments, conditions)


def _conditions_of(node: SelectionNode) -> Iterator[tuple[bool, ArgumentValue]]:
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

"""How often the same field is selected in one place: graphql-core compares each of them with each other."""

from collections.abc import Iterable, Iterator, Mapping
from typing import TypeAlias

from graphql import (
    FieldNode,
    FragmentDefinitionNode,
    FragmentSpreadNode,
    InlineFragmentNode,
    OperationDefinitionNode,
    SelectionSetNode,
)

Fragments: TypeAlias = Mapping[str, FragmentDefinitionNode | OperationDefinitionNode]


def most_repeated(selection_set: SelectionSetNode, fragments: Fragments) -> list[FieldNode]:
    """The longest list of fields that stand for the same place in the answer.

    Walks what the fragments spread out to, which must be known to be little, and in no circle.
    """
    most: list[FieldNode] = []
    stack = [[selection_set]]
    while stack:
        for same in _by_place(stack.pop(), fragments).values():
            most = max(most, same, key=len)
            below = [node.selection_set for node in same if node.selection_set is not None]
            if below:
                stack.append(below)
    return most


def _by_place(selection_sets: Iterable[SelectionSetNode], fragments: Fragments) -> Mapping[str, list[FieldNode]]:
    places: dict[str, list[FieldNode]] = {}
    for selection_set in selection_sets:
        for node in fields_of(selection_set, fragments):
            places.setdefault((node.alias or node.name).value, []).append(node)
    return places


def fields_of(selection_set: SelectionSetNode, fragments: Fragments) -> Iterator[FieldNode]:
    """The fields of `selection_set` and of the fragments in it."""
    for node in selection_set.selections:
        if isinstance(node, FieldNode):
            yield node
        elif isinstance(node, InlineFragmentNode):
            yield from fields_of(node.selection_set, fragments)
        elif isinstance(node, FragmentSpreadNode) and node.name.value in fragments:
            yield from fields_of(fragments[node.name.value].selection_set, fragments)

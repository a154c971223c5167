"""Counts selections of the same field in one place. graphql-core compares each of them with every other."""

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


def find_most_repeated(selection_set: SelectionSetNode, fragments: Fragments) -> list[FieldNode]:
    """Returns the longest list of fields with the same key at one place in the response.

    It walks every spread fragment. So the document must be small and must have no cycle of fragments.
    """
    most: list[FieldNode] = []
    stack = [[selection_set]]
    while stack:
        for same in _by_response_key(stack.pop(), fragments).values():
            most = max(most, same, key=len)
            below = [node.selection_set for node in same if node.selection_set is not None]
            if below:
                stack.append(below)
    return most


def _by_response_key(selection_sets: Iterable[SelectionSetNode], fragments: Fragments) -> Mapping[str, list[FieldNode]]:
    by_key: dict[str, list[FieldNode]] = {}
    for selection_set in selection_sets:
        for node in _fields(selection_set, fragments):
            by_key.setdefault((node.alias or node.name).value, []).append(node)
    return by_key


def _fields(selection_set: SelectionSetNode, fragments: Fragments) -> Iterator[FieldNode]:
    """Yields the fields of `selection_set` and of the fragments in it."""
    for node in selection_set.selections:
        if isinstance(node, FieldNode):
            yield node
        elif isinstance(node, InlineFragmentNode):
            yield from _fields(node.selection_set, fragments)
        elif isinstance(node, FragmentSpreadNode) and node.name.value in fragments:
            yield from _fields(fragments[node.name.value].selection_set, fragments)

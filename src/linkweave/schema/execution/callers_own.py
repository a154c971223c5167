"""Finds queries that two callers with equal rights may get different answers to."""

from collections.abc import Iterator
from typing import Final

from graphql import (
    DocumentNode,
    FieldNode,
    FragmentDefinitionNode,
    FragmentSpreadNode,
    InlineFragmentNode,
    OperationDefinitionNode,
    SelectionSetNode,
)

# They show what belongs to one caller alone: its name, its subscribers, its plans of copies.
_CALLERS_OWN: Final = frozenset({"viewer", "subscribers", "copyPlan", "node", "nodes"})


def has_callers_own(syntax: DocumentNode) -> bool:
    """Whether an operation of this valid document selects, at its root, what belongs to its caller alone."""
    fragments = {each.name.value: each for each in syntax.definitions if isinstance(each, FragmentDefinitionNode)}
    operations = (each for each in syntax.definitions if isinstance(each, OperationDefinitionNode))
    return any(not _CALLERS_OWN.isdisjoint(_fields(each.selection_set, fragments, set())) for each in operations)


def _fields(
    selected: SelectionSetNode, fragments: dict[str, FragmentDefinitionNode], visited: set[str]
) -> Iterator[str]:
    for each in selected.selections:
        if isinstance(each, FieldNode):
            yield each.name.value
        elif isinstance(each, InlineFragmentNode):
            yield from _fields(each.selection_set, fragments, visited)
        elif isinstance(each, FragmentSpreadNode) and each.name.value not in visited:
            visited.add(each.name.value)
            yield from _fields(fragments[each.name.value].selection_set, fragments, visited)

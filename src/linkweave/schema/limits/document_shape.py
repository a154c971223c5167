"""Measures the size of a document. Each definition is counted once, however often its fragments are spread."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final, TypeAlias

from graphql import (
    DocumentNode,
    FieldNode,
    FragmentDefinitionNode,
    FragmentSpreadNode,
    InlineFragmentNode,
    Node,
    OperationDefinitionNode,
    SelectionNode,
    SelectionSetNode,
)

Definition: TypeAlias = OperationDefinitionNode | FragmentDefinitionNode

DEPTH: Final = "depth"
NESTING: Final = "nesting"
INTROSPECTION: Final = "introspection_depth"
_INTROSPECTING: Final = frozenset({"__schema", "__type"})


@dataclass(slots=True)
class Counts:
    """The counts of a definition, with those of the fragments that it spreads."""

    selections: int = 0
    root_fields: int = 0
    aliases: int = 0
    directives: int = 0

    def add(self, other: "Counts", *, at_root: bool) -> None:
        """Adds the counts of a fragment. Its first fields are root fields if it is spread at the root."""
        self.selections += other.selections
        self.aliases += other.aliases
        self.directives += other.directives
        self.root_fields += other.root_fields if at_root else 0


@dataclass(frozen=True, slots=True)
class Level:
    """How deep a selection set is. `kind` is DEPTH, or INTROSPECTION inside of __schema and __type."""

    kind: str
    depth: int
    nesting: int

    def inside(self, node: SelectionNode) -> "Level":
        """Returns the level of the selections inside `node`, which is on this level."""
        if not isinstance(node, FieldNode):
            return Level(self.kind, self.depth, self.nesting + 1)
        if self.kind == DEPTH and node.name.value in _INTROSPECTING:
            return Level(INTROSPECTION, 1, self.nesting + 1)
        return Level(self.kind, self.depth + 1, self.nesting + 1)


@dataclass(frozen=True, slots=True)
class Spread:
    """A fragment spread. `level` is the level of the fragment's selections."""

    node: FragmentSpreadNode
    level: Level

    @property
    def name(self) -> str:
        """The fragment's name."""
        return self.node.name.value


@dataclass(slots=True)
class DefinitionShape:
    """The measurements of one definition. `deepest` has the largest depth of each kind, and its node."""

    definition: Definition
    counts: Counts = field(default_factory=Counts)
    deepest: dict[str, tuple[int, Node]] = field(default_factory=dict)
    spreads: list[Spread] = field(default_factory=list)

    @property
    def fragment(self) -> str | None:
        """The fragment's name; None for an operation."""
        return self.definition.name.value if isinstance(self.definition, FragmentDefinitionNode) else None

    def record_depth(self, level: Level, node: Node) -> None:
        """Records that the selections in `node` are on `level`."""
        for kind, depth in ((level.kind, level.depth), (NESTING, level.nesting)):
            if depth > self.deepest.get(kind, (0, node))[0]:
                self.deepest[kind] = (depth, node)

    def add_fragment(self, spread: Spread, fragment: "DefinitionShape") -> None:
        """Adds the measurements of `fragment`, which has those of its own fragments already, at `spread`."""
        self.counts.add(fragment.counts, at_root=_is_root(spread.level))
        below = {kind: depth for kind, (depth, _) in fragment.deepest.items()}
        nesting = spread.level.nesting + below.get(NESTING, 0)
        self.record_depth(Level(spread.level.kind, spread.level.depth + below.get(DEPTH, 0), nesting), spread.node)
        above = spread.level.depth if spread.level.kind == INTROSPECTION else 0
        self.record_depth(Level(INTROSPECTION, above + below.get(INTROSPECTION, 0), nesting), spread.node)


_ROOT: Final = Level(DEPTH, 0, 0)
_ROOT_OF_INTROSPECTION: Final = Level(INTROSPECTION, 0, 0)


def _start(definition: Definition) -> Level:
    """Returns the level of the selections of `definition`. Only the types of introspection have names in `__`."""
    if not isinstance(definition, FragmentDefinitionNode):
        return _ROOT
    return _ROOT_OF_INTROSPECTION if definition.type_condition.name.value.startswith("__") else _ROOT


def _is_root(level: Level) -> bool:
    return level.kind == DEPTH and level.depth == 0


class FragmentCycleError(Exception):
    """A fragment spreads itself, directly or through others."""

    def __init__(self, spread: Spread) -> None:
        super().__init__(spread.name)
        self.spread = spread


def measure_definitions(document: DocumentNode) -> list[DefinitionShape]:
    """Returns the shape of every definition, with the fragments that it spreads.

    Raises:
        FragmentCycleError: A fragment spreads itself, directly or through others.
    """
    own = [_measure_alone(each) for each in document.definitions if isinstance(each, Definition)]
    named = {each.fragment: each for each in own if each.fragment is not None}
    ordered = _dependencies_first(named)
    operations = [each for each in own if each.fragment is None]
    for shape in (*ordered, *operations):
        for spread in shape.spreads:
            if spread.name in named:
                shape.add_fragment(spread, named[spread.name])
    return own


def _measure_alone(definition: Definition) -> DefinitionShape:
    shape = DefinitionShape(definition)
    shape.counts.directives = len(definition.directives or ())
    stack: list[tuple[SelectionSetNode, Level]] = [(definition.selection_set, _start(definition))]
    while stack:
        selection_set, level = stack.pop()
        for node in selection_set.selections:
            inner = level.inside(node)
            _count(shape, node, at_root=_is_root(level))
            shape.record_depth(inner, node)
            if isinstance(node, FragmentSpreadNode):
                shape.spreads.append(Spread(node, inner))
            elif isinstance(node, FieldNode | InlineFragmentNode) and node.selection_set is not None:
                stack.append((node.selection_set, inner))
    return shape


def _count(shape: DefinitionShape, node: SelectionNode, *, at_root: bool) -> None:
    shape.counts.selections += 1
    shape.counts.directives += len(node.directives or ())
    if isinstance(node, FieldNode):
        shape.counts.root_fields += at_root
        shape.counts.aliases += node.alias is not None


def _dependencies_first(named: Mapping[str, DefinitionShape]) -> Sequence[DefinitionShape]:
    """Orders fragments after those that they spread. It uses no recursion, because a chain may be long."""
    ordered: dict[str, DefinitionShape] = {}
    for start in named:
        path: dict[str, Iterator[Spread]] = {} if start in ordered else {start: iter(named[start].spreads)}
        while path:
            name = next(reversed(path))
            spread = next((each for each in path[name] if each.name in named and each.name not in ordered), None)
            if spread is None:
                del path[name]
                ordered[name] = named[name]
            elif spread.name in path:
                raise FragmentCycleError(spread)
            else:
                path[spread.name] = iter(named[spread.name].spreads)
    return tuple(ordered.values())

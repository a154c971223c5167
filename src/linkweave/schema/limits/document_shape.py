"""How much a document asks for, counted once per definition, however often its fragments are spread."""

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
    """What adds up over fragments."""

    selections: int = 0
    root_fields: int = 0
    aliases: int = 0
    directives: int = 0

    def add(self, other: "Counts", *, at_root: bool) -> None:
        """Count what a fragment adds where it is spread; its first fields are at the root where the spread is."""
        self.selections += other.selections
        self.aliases += other.aliases
        self.directives += other.directives
        self.root_fields += other.root_fields if at_root else 0


@dataclass(frozen=True, slots=True)
class Level:
    """How far down a selection set is, and of what kind the depth is: that of data or of introspection."""

    kind: str
    depth: int
    nesting: int

    def within(self, node: SelectionNode) -> "Level":
        """Inside of `node`, which is selected on this level."""
        if not isinstance(node, FieldNode):
            return Level(self.kind, self.depth, self.nesting + 1)
        if self.kind == DEPTH and node.name.value in _INTROSPECTING:
            return Level(INTROSPECTION, 1, self.nesting + 1)
        return Level(self.kind, self.depth + 1, self.nesting + 1)


@dataclass(frozen=True, slots=True)
class Spread:
    """A fragment in its place; `level` is that of what it selects."""

    node: FragmentSpreadNode
    level: Level

    @property
    def name(self) -> str:
        """The fragment's name."""
        return self.node.name.value


@dataclass(slots=True)
class Shape:
    """One definition. `deepest` tells per kind of depth how deep it goes, and where."""

    definition: Definition
    counts: Counts = field(default_factory=Counts)
    deepest: dict[str, tuple[int, Node]] = field(default_factory=dict)
    spreads: list[Spread] = field(default_factory=list)

    @property
    def fragment(self) -> str | None:
        """The fragment's name; None for an operation."""
        return self.definition.name.value if isinstance(self.definition, FragmentDefinitionNode) else None

    def reaches(self, level: Level, node: Node) -> None:
        """Note that what is in `node` would be on `level`."""
        for kind, depth in ((level.kind, level.depth), (NESTING, level.nesting)):
            if depth > self.deepest.get(kind, (0, node))[0]:
                self.deepest[kind] = (depth, node)

    def take_in(self, spread: Spread, fragment: "Shape") -> None:
        """Count `fragment`, which is complete itself, in the place of `spread`."""
        self.counts.add(fragment.counts, at_root=_is_root(spread.level))
        below = {kind: depth for kind, (depth, _) in fragment.deepest.items()}
        nesting = spread.level.nesting + below.get(NESTING, 0)
        self.reaches(Level(spread.level.kind, spread.level.depth + below.get(DEPTH, 0), nesting), spread.node)
        self.reaches(Level(INTROSPECTION, below.get(INTROSPECTION, 0), nesting), spread.node)


_TOP: Final = Level(DEPTH, 0, 0)


def _is_root(level: Level) -> bool:
    return level.kind == DEPTH and level.depth == 0


class CircleError(Exception):
    """A fragment is in itself."""

    def __init__(self, spread: Spread) -> None:
        super().__init__(spread.name)
        self.spread = spread


def shapes(document: DocumentNode) -> list[Shape]:
    """The shape of every definition, with its fragments taken in.

    Raises:
        CircleError: a fragment spreads itself, directly or through others.
    """
    own = [_own_shape(each) for each in document.definitions if isinstance(each, Definition)]
    named = {each.fragment: each for each in own if each.fragment is not None}
    ordered = _innermost_first(named)
    operations = [each for each in own if each.fragment is None]
    for shape in (*ordered, *operations):
        for spread in shape.spreads:
            if spread.name in named:
                shape.take_in(spread, named[spread.name])
    return own


def _own_shape(definition: Definition) -> Shape:
    shape = Shape(definition)
    shape.counts.directives = len(definition.directives or ())
    stack: list[tuple[SelectionSetNode, Level]] = [(definition.selection_set, _TOP)]
    while stack:
        selection_set, level = stack.pop()
        for node in selection_set.selections:
            inside = level.within(node)
            _count(shape, node, at_root=_is_root(level))
            shape.reaches(inside, node)
            if isinstance(node, FragmentSpreadNode):
                shape.spreads.append(Spread(node, inside))
            elif isinstance(node, FieldNode | InlineFragmentNode) and node.selection_set is not None:
                stack.append((node.selection_set, inside))
    return shape


def _count(shape: Shape, node: SelectionNode, *, at_root: bool) -> None:
    shape.counts.selections += 1
    shape.counts.directives += len(node.directives or ())
    if isinstance(node, FieldNode):
        shape.counts.root_fields += at_root
        shape.counts.aliases += node.alias is not None


def _innermost_first(named: Mapping[str, Shape]) -> Sequence[Shape]:
    """Fragments after those that they spread, found without recursion."""
    ordered: dict[str, Shape] = {}
    for start in named:
        path: dict[str, Iterator[Spread]] = {} if start in ordered else {start: iter(named[start].spreads)}
        while path:
            name = next(reversed(path))
            spread = next((each for each in path[name] if each.name in named and each.name not in ordered), None)
            if spread is None:
                del path[name]
                ordered[name] = named[name]
            elif spread.name in path:
                raise CircleError(spread)
            else:
                path[spread.name] = iter(named[spread.name].spreads)
    return tuple(ordered.values())

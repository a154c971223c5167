"""The parts of an operation on which its cost depends: put together once per document, read for each request."""

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
Priced: TypeAlias = frozenset[tuple[str, str]]

_CONDITIONS: Final = {"include": True, "skip": False}


@dataclass(frozen=True, slots=True)
class Value:
    """An argument's value: known already, or to be read off the variables."""

    node: ValueNode | None
    known: Any = None

    @classmethod
    def of(cls, node: ValueNode) -> "Value":
        """From the document."""
        return cls(node) if _has_variables(node) else cls(None, value_from_ast_untyped(node))

    def read(self, variables: dict[str, Any]) -> Any:
        """The value in a request with `variables`."""
        return self.known if self.node is None else value_from_ast_untyped(self.node, variables)


@dataclass(frozen=True, slots=True)
class CostTerm:
    """A field that may cost something, or in which something may.

    `only` is the type of object that the field is read of, where it may be one of several. `unless` are the conditions
    of which one keeps it from being read.
    """

    place: tuple[str, str]
    name: str
    only: str | None
    arguments: Mapping[str, Value]
    unless: tuple[tuple[bool, Value], ...]
    inside: tuple["CostTerm", ...] = ()

    def is_read(self, variables: dict[str, Any]) -> bool:
        """Whether a request with `variables` reads the field at all."""
        return all(value.read(variables) is not unwanted for unwanted, value in self.unless)


@dataclass(slots=True)
class _Found:
    """All that stands for one place in the answer."""

    kind: GraphQLObjectType
    node: FieldNode
    unless: tuple[tuple[bool, Value], ...]
    below: list[SelectionSetNode] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class TermReader:
    """Reads operations of `schema`, in which the fields `priced` have a price. The document must be valid and small."""

    schema: GraphQLSchema
    priced: Priced

    def read(self, document: DocumentNode, operation: OperationDefinitionNode) -> tuple[CostTerm, ...]:
        """The terms at the root of `operation`."""
        fragments = {each.name.value: each for each in document.definitions if isinstance(each, FragmentDefinitionNode)}
        root = self.schema.get_root_type(operation.operation)
        return () if root is None else self._terms(root, [operation.selection_set], fragments)

    def _terms(
        self, parent: GraphQLCompositeType, selection_sets: list[SelectionSetNode], fragments: Fragments
    ) -> tuple[CostTerm, ...]:
        places: dict[tuple[str, str], _Found] = {}
        for selection_set in selection_sets:
            for kind, node, unless in self._fields(parent, selection_set, fragments, ()):
                key = (kind.name, (node.alias or node.name).value)
                found = places.setdefault(key, _Found(kind, node, unless))
                # Where one of several is read whatever the variables say, the field is.
                found.unless = unless if len(unless) < len(found.unless) else found.unless
                if node.selection_set is not None:
                    found.below.append(node.selection_set)
        only = not isinstance(parent, GraphQLObjectType)
        terms = (self._term(name, found, fragments, only=only) for (_, name), found in places.items())
        return tuple(term for term in terms if term is not None)

    def _term(self, name: str, found: _Found, fragments: Fragments, *, only: bool) -> CostTerm | None:
        place = (found.kind.name, found.node.name.value)
        definition = found.kind.fields.get(place[1])
        output = None if definition is None else get_named_type(definition.type)
        inside = self._terms(output, found.below, fragments) if is_composite_type(output) else ()
        if not inside and place not in self.priced:
            return None
        arguments = {each.name.value: Value.of(each.value) for each in found.node.arguments or ()}
        return CostTerm(place, name, found.kind.name if only else None, arguments, found.unless, inside)

    def _fields(
        self,
        parent: GraphQLCompositeType,
        selection_set: SelectionSetNode,
        fragments: Fragments,
        unless: tuple[tuple[bool, Value], ...],
    ) -> Iterator[tuple[GraphQLObjectType, FieldNode, tuple[tuple[bool, Value], ...]]]:
        for node in selection_set.selections:
            conditions = (*unless, *_conditions(node))
            if isinstance(node, FieldNode):
                # An interface's own fields are told without a call: ids.
                if isinstance(parent, GraphQLObjectType):
                    yield parent, node, conditions
            elif isinstance(node, InlineFragmentNode | FragmentSpreadNode):
                part = fragments[node.name.value] if isinstance(node, FragmentSpreadNode) else node
                yield from self._fields(self._narrowed(parent, part), part.selection_set, fragments, conditions)

    def _narrowed(
        self, parent: GraphQLCompositeType, part: InlineFragmentNode | FragmentDefinitionNode
    ) -> GraphQLCompositeType:
        named = None if part.type_condition is None else self.schema.get_type(part.type_condition.name.value)
        return named if isinstance(named, GraphQLObjectType) else parent


def _conditions(node: SelectionNode) -> Iterator[tuple[bool, Value]]:
    """The values of @skip and @include with which `node` is not read."""
    for directive in node.directives or ():
        wanted = _CONDITIONS.get(directive.name.value)
        if wanted is not None:
            yield not wanted, Value.of(_condition(directive))


def _condition(directive: DirectiveNode) -> ValueNode:
    return next(each.value for each in directive.arguments or () if each.name.value == "if")


def _has_variables(node: ValueNode) -> bool:
    if isinstance(node, VariableNode):
        return True
    parts = [*getattr(node, "values", ()), *(each.value for each in getattr(node, "fields", ()))]
    return any(_has_variables(part) for part in parts)

"""Collects the parts of an operation's answer from its document, once per document."""

from collections.abc import Mapping
from dataclasses import replace
from types import MappingProxyType
from typing import Final, TypeAlias

from graphql import (
    DocumentNode,
    FieldNode,
    FragmentDefinitionNode,
    GraphQLCompositeType,
    GraphQLEnumType,
    GraphQLField,
    GraphQLInputObjectType,
    GraphQLInterfaceType,
    GraphQLObjectType,
    GraphQLSchema,
    OperationDefinitionNode,
    SchemaMetaFieldDef,
    SelectionSetNode,
    TypeMetaFieldDef,
    TypeNameMetaFieldDef,
    get_named_type,
    get_nullable_type,
    is_composite_type,
    is_list_type,
)

from linkweave.schema.limits.answer_size import (
    BRACKET_BYTES,
    MEMBER_BYTES,
    ONCE,
    Repetition,
    SizeTerm,
    joined,
    value_bytes,
)
from linkweave.schema.limits.merged_fields import ArgumentValue, Fragments, MergedField, merge_fields

Coordinate: TypeAlias = tuple[str, str]

# The length of a list that no argument bounds, and of a year of days.
_ASSUMED_LENGTH: Final = 5
_ASSUMED_DAYS: Final = 90
_PAGE_MEMBERS: Final = frozenset({"nodes", "edges"})
_LENGTHS: Final[Mapping[str, Repetition]] = MappingProxyType(
    {
        "accounts": Repetition(per_account=True),
        "byAccount": Repetition(per_account=True),
        "sources": Repetition(per_account=True),
        "series": Repetition(_ASSUMED_DAYS),
        "buckets": Repetition(20),
        "providers": Repetition(_ASSUMED_LENGTH),
        "capabilities": Repetition(30),
        "errors": Repetition(1),
    }
)
_META_FIELDS: Final[Mapping[str, GraphQLField]] = MappingProxyType(
    {"__schema": SchemaMetaFieldDef, "__type": TypeMetaFieldDef, "__typename": TypeNameMetaFieldDef}
)
# Fewer than every second type that introspection shows wraps another one.
_WRAPPING_SHARE: Final = 0.5


class SizeTermCollector:
    """Collects the size terms of operations of `schema`.

    A document must be valid, and its size must have been checked.
    """

    def __init__(self, schema: GraphQLSchema) -> None:
        self._schema = schema
        self._introspection = _introspection_lengths(schema)

    def collect(self, document: DocumentNode, operation: OperationDefinitionNode) -> tuple[SizeTerm, ...]:
        """Returns the terms at the root of `operation`."""
        fragments = {each.name.value: each for each in document.definitions if isinstance(each, FragmentDefinitionNode)}
        root = self._schema.get_root_type(operation.operation)
        return () if root is None else tuple(self._terms(root, [operation.selection_set], fragments, ONCE))

    def _terms(
        self,
        parent: GraphQLCompositeType,
        selection_sets: list[SelectionSetNode],
        fragments: Fragments,
        page: Repetition,
    ) -> list[SizeTerm]:
        """Returns the terms of the fields of an object. Of several types that it may have, the largest counts."""
        by_type: dict[str, list[SizeTerm]] = {}
        for (type_name, response_key), found in merge_fields(self._schema, parent, selection_sets, fragments):
            by_type.setdefault(type_name, []).append(self._term(response_key, found, fragments, page))
        common = by_type.pop(parent.name, [])
        return [*common, *max(by_type.values(), key=_rough_size, default=[])]

    def _term(self, key: str, found: MergedField, fragments: Fragments, page: Repetition) -> SizeTerm:
        name = found.node.name.value
        member = len(key) + MEMBER_BYTES
        definition = self._definition(found.parent, name)
        if definition is None:
            return SizeTerm(member, conditions=found.conditions, response_key=key)
        named = get_named_type(definition.type)
        repetition = self._repetition(found, definition, page)
        if is_composite_type(named):
            inner_page = _page_of(found.node, definition)
            known, parts = joined(self._terms(named, found.selection_sets, fragments, inner_page), BRACKET_BYTES)
        else:
            known, parts = value_bytes(found.parent.name, name, named.name), ()
        inside = SizeTerm(known, parts, repetition)
        own, rest = joined([inside], member)
        return SizeTerm(own, rest, conditions=found.conditions, response_key=key)

    def _definition(self, parent: GraphQLCompositeType, name: str) -> GraphQLField | None:
        if name in _META_FIELDS:
            return _META_FIELDS[name]
        return parent.fields.get(name) if isinstance(parent, GraphQLObjectType | GraphQLInterfaceType) else None

    def _repetition(self, found: MergedField, definition: GraphQLField, page: Repetition) -> Repetition:
        name = found.node.name.value
        known = self._introspection.get((found.parent.name, name))
        if known is not None:
            return known
        if not is_list_type(get_nullable_type(definition.type)):
            return ONCE
        if page is not ONCE and name in _PAGE_MEMBERS:
            return page
        assumed = _LENGTHS.get(name, Repetition(_ASSUMED_LENGTH))
        for argument in found.node.arguments or ():
            given = definition.args.get(argument.name.value)
            if given is not None and is_list_type(get_nullable_type(given.type)):
                return replace(assumed, argument=ArgumentValue.of(argument.value))
        return assumed


def _rough_size(terms: list[SizeTerm]) -> float:
    return sum(term.size({}, 1) for term in terms)


def _page_of(node: FieldNode, definition: GraphQLField) -> Repetition:
    """Returns the length of the page that a connection's argument `first` asks for; ONCE for other fields."""
    if "first" not in definition.args:
        return ONCE
    default = definition.args["first"].default_value
    times = default if isinstance(default, int) else _ASSUMED_LENGTH
    given = next((each.value for each in node.arguments or () if each.name.value == "first"), None)
    return Repetition(times, None if given is None else ArgumentValue.of(given))


def _introspection_lengths(schema: GraphQLSchema) -> Mapping[Coordinate, Repetition]:
    """Returns the lengths of introspection's lists: those of the schema, on average where each type has its own."""
    types = list(schema.type_map.values())
    with_fields = [kind for kind in types if isinstance(kind, GraphQLObjectType | GraphQLInterfaceType)]
    fields = [each for kind in with_fields for each in kind.fields.values()]
    inputs = sum(len(kind.fields) for kind in types if isinstance(kind, GraphQLInputObjectType))
    values = sum(len(kind.values) for kind in types if isinstance(kind, GraphQLEnumType))
    lengths = {
        ("__Schema", "types"): len(types),
        ("__Schema", "directives"): len(schema.directives),
        ("__Directive", "args"): 1,
        ("__Directive", "locations"): 3,
        ("__Type", "fields"): len(fields) / len(types),
        ("__Field", "args"): sum(len(each.args) for each in fields) / len(fields),
        ("__Type", "inputFields"): inputs / len(types),
        ("__Type", "enumValues"): values / len(types),
        ("__Type", "interfaces"): 0.3,
        ("__Type", "possibleTypes"): 0.3,
        ("__Type", "ofType"): _WRAPPING_SHARE,
    }
    return {coordinate: Repetition(length) for coordinate, length in lengths.items()}

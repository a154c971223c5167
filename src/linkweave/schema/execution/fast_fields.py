"""Replaces Strawberry's resolvers by faster ones, once per schema.

Strawberry's resolvers support extensions, permissions and exception handlers. No field here uses them. Strawberry still
converts the arguments of fields.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from enum import Enum
from functools import cache, lru_cache
from inspect import isasyncgenfunction
from operator import attrgetter
from typing import Any, Final, TypeAlias

import strawberry
from graphql import (
    GraphQLBoolean,
    GraphQLField,
    GraphQLID,
    GraphQLObjectType,
    GraphQLOutputType,
    GraphQLSchema,
    GraphQLString,
    Undefined,
    get_named_type,
    get_nullable_type,
    is_enum_type,
    is_leaf_type,
)
from strawberry.types.field import StrawberryField

# Returns a field's value for the response, or NOT_READABLE if graphql-core must report an error.
FieldReader: TypeAlias = Callable[[Any], Any]
# Returns what the resolver of a field returns that needs nothing but its object.
SourceResolver: TypeAlias = Callable[[Any], Any]

NOT_READABLE: Final = object()
_FAST_FIELDS: Final = "linkweave-fast-fields"
_OTHERS: Final = "linkweave-fields-without-rule"
_DEFINITION: Final = "strawberry-definition"
# Scalars whose values take long to write, and are the same objects in many answers: vendors' answers are parsed once.
_REMEMBERED: Final = frozenset({"DateTime"})
_MAX_REMEMBERED: Final = 4_096
# Classes of values that are converted here. Any other value may be one that has to be awaited, or an error.
_CONVERTED: Final = frozenset({bool, date, datetime, float, int, str})


@dataclass(frozen=True, slots=True)
class Leaf:
    """How a scalar or an enum is read from its object, if it needs nothing else.

    Attributes:
        read: returns the value. It may be one that has to be awaited.
        own_class: the class whose values are the same in the response, if there is one.
        convert: returns a value of another class for the response, or NOT_READABLE if graphql-core's way is needed.
    """

    read: SourceResolver
    own_class: type | None
    convert: Callable[[Any], Any]


@dataclass(frozen=True, slots=True)
class FastFields:
    """The fields of one object type.

    Attributes:
        leaves: the scalars and enums that need nothing but their object, if the document has no argument.
        readers: of those leaves that are attributes of the objects.
        resolvers: of the fields that need nothing but their object, if the document has no argument.
        others: the names of fields whose resolvers are not known here. Strawberry's resolvers stay in their place.
    """

    leaves: Mapping[str, Leaf] = field(default_factory=dict)
    readers: Mapping[str, FieldReader] = field(default_factory=dict)
    resolvers: Mapping[str, SourceResolver] = field(default_factory=dict)
    others: frozenset[str] = frozenset()


_NO_FAST_FIELDS: Final = FastFields()


def install_fast_fields(schema: GraphQLSchema) -> None:
    """Installs fast resolvers for the fields of `schema`. Nothing else may use this schema object."""
    kinds = [kind for kind in schema.type_map.values() if isinstance(kind, GraphQLObjectType)]
    for kind in kinds:
        kind.extensions[_FAST_FIELDS] = _install(kind)
    # Subscriptions have no plans, and their fields are called as others are.
    planned = (kind for kind in kinds if kind is not schema.subscription_type and not kind.name.startswith("__"))
    others = (fast_fields(kind).others for kind in planned)
    schema.extensions[_OTHERS] = frozenset[str]().union(*others)


def fast_fields(kind: GraphQLObjectType) -> FastFields:
    """Returns what is known of the fields of `kind`."""
    known: FastFields = kind.extensions.get(_FAST_FIELDS, _NO_FAST_FIELDS)
    return known


def fields_without_rule(schema: GraphQLSchema) -> frozenset[str]:
    """Returns the names of the fields that no plan can have, in any type of `schema`."""
    known: frozenset[str] = schema.extensions.get(_OTHERS, frozenset())
    return known


def _install(kind: GraphQLObjectType) -> FastFields:
    leaves: dict[str, Leaf] = {}
    readers: dict[str, FieldReader] = {}
    resolvers: dict[str, SourceResolver] = {}
    others: set[str] = set()
    for name, definition in kind.fields.items():
        strawberry_field = definition.extensions.get(_DEFINITION)
        if not isinstance(strawberry_field, StrawberryField) or strawberry_field.extensions or definition.subscribe:
            others.add(name)
            continue
        if strawberry_field.base_resolver and isasyncgenfunction(strawberry_field.base_resolver.wrapped_func):
            others.add(name)
        resolver = _install_resolver(strawberry_field, definition)
        if resolver is None:
            continue
        resolvers[name] = resolver
        if is_leaf_type(get_nullable_type(definition.type)) and not definition.args:
            leaves[name] = _leaf(resolver, definition.type)
            readers |= {} if strawberry_field.base_resolver else {name: _reader(leaves[name])}
    return FastFields(leaves, readers, resolvers, frozenset(others))


def _install_resolver(strawberry_field: StrawberryField, definition: GraphQLField) -> SourceResolver | None:
    """Installs the resolver of a field. Returns it if it needs nothing but its object."""
    resolver = strawberry_field.base_resolver
    if not resolver:
        definition.resolve = _attribute(strawberry_field.python_name)
        return attrgetter(strawberry_field.python_name)
    function: Any = resolver.wrapped_func
    method = _method(strawberry_field, function)
    if not strawberry_field.arguments:
        definition.resolve = method
    elif definition.resolve is not None:
        definition.resolve = _method_or_resolver(method, definition)
    return None if resolver.info_parameter else function


def _attribute(name: str) -> Callable[..., Any]:
    return lambda source, _: getattr(source, name)


def _method(definition: StrawberryField, function: Callable[..., Any]) -> Callable[..., Any]:
    resolver = definition.base_resolver
    if not (resolver and resolver.info_parameter):
        return lambda source, _, **arguments: function(source, **arguments)
    return lambda source, info, **arguments: function(
        source, strawberry.Info(_raw_info=info, _field=definition), **arguments
    )


def _method_or_resolver(method: Callable[..., Any], definition: GraphQLField) -> Callable[..., Any]:
    """Calls `method` if the document has no argument, because its defaults are those of the schema.

    Calls it with the arguments, too, if all of them are scalars, enums or null. Else it calls the field's resolver,
    which converts them.
    """
    resolve: Any = definition.resolve
    names = {name: argument.extensions[_DEFINITION].python_name for name, argument in definition.args.items()}
    leaves = {name for name, argument in definition.args.items() if is_leaf_type(get_nullable_type(argument.type))}

    def call(source: Any, info: Any, **arguments: Any) -> Any:
        if not info.field_nodes[0].arguments:
            return method(source, info)
        if all(value is None or name in leaves for name, value in arguments.items()):
            return method(source, info, **{names[name]: value for name, value in arguments.items()})
        return resolve(source, info, **arguments)

    return call


def _leaf(read: SourceResolver, kind: GraphQLOutputType) -> Leaf:
    leaf: Any = get_nullable_type(kind)
    of_null = None if leaf is kind else NOT_READABLE
    serialize: Callable[[Any], Any] = leaf.coerce_output_value
    if is_enum_type(leaf):
        serialize = cache(serialize)
    elif get_named_type(leaf).name in _REMEMBERED:
        serialize = lru_cache(_MAX_REMEMBERED)(serialize)

    def convert(value: Any) -> Any:
        if value is None:
            return of_null
        if value.__class__ not in _CONVERTED and not isinstance(value, Enum):
            return NOT_READABLE
        try:
            serialized = serialize(value)
        except Exception:  # noqa: BLE001 - graphql-core raises it again, as an error of the field
            return NOT_READABLE
        return NOT_READABLE if serialized is None or serialized is Undefined else serialized

    return Leaf(read, _unchanged_class(leaf), convert)


def _reader(leaf: Leaf) -> FieldReader:
    def read(source: Any) -> Any:
        try:
            value = leaf.read(source)
        except Exception:  # noqa: BLE001 - as above
            return NOT_READABLE
        return value if value.__class__ is leaf.own_class else leaf.convert(value)

    return read


def _unchanged_class(leaf: GraphQLOutputType) -> type | None:
    """Returns the class whose values are the same in the response, if there is one."""
    if leaf is GraphQLBoolean:
        return bool
    is_text = leaf in (GraphQLString, GraphQLID) or getattr(leaf, "coerce_output_value", None) is str
    return str if is_text else None

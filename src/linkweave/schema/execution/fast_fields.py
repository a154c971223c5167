"""Replaces Strawberry's resolvers by faster ones, once per schema.

Strawberry's resolvers support extensions, permissions and exception handlers. No field here uses them. Strawberry still
converts the arguments of fields.
"""

from collections.abc import Callable, Mapping
from functools import cache
from typing import Any, Final, TypeAlias

import strawberry
from graphql import (
    GraphQLObjectType,
    GraphQLOutputType,
    GraphQLSchema,
    Undefined,
    get_nullable_type,
    is_enum_type,
    is_leaf_type,
)
from strawberry.types.field import StrawberryField

# Returns a field's value for the response, or NOT_READABLE if graphql-core must report an error.
FieldReader: TypeAlias = Callable[[Any], Any]

NOT_READABLE: Final = object()
_READERS: Final = "linkweave-readers"
_DEFINITION: Final = "strawberry-definition"


def install_fast_fields(schema: GraphQLSchema) -> None:
    """Installs fast resolvers for the fields of `schema`. Nothing else may use this schema object."""
    for kind in schema.type_map.values():
        if isinstance(kind, GraphQLObjectType):
            kind.extensions[_READERS] = dict(_install(kind))


def fast_readers(kind: GraphQLObjectType) -> Mapping[str, FieldReader]:
    """Returns the readers for the fields of `kind` that are attributes of its objects."""
    readers: Mapping[str, FieldReader] = kind.extensions.get(_READERS, {})
    return readers


def _install(kind: GraphQLObjectType) -> list[tuple[str, FieldReader]]:
    readers = []
    for name, field in kind.fields.items():
        definition = field.extensions.get(_DEFINITION)
        if not isinstance(definition, StrawberryField) or definition.extensions:
            continue
        if not definition.base_resolver:
            field.resolve = _attribute(definition.python_name)
            read = _reader(definition.python_name, field.type)
            readers += [] if read is None else [(name, read)]
        elif not definition.arguments:
            field.resolve = _method(definition)
        elif field.resolve is not None:
            field.resolve = _method_or_resolver(_method(definition), field.resolve)
    return readers


def _attribute(name: str) -> Callable[..., Any]:
    return lambda source, _: getattr(source, name)


def _method(definition: StrawberryField) -> Callable[..., Any]:
    resolver = definition.base_resolver
    function: Any = resolver and resolver.wrapped_func
    info_parameter = resolver and resolver.info_parameter
    if info_parameter is None:
        return lambda source, _: function(source)
    return lambda source, info: function(source, strawberry.Info(_raw_info=info, _field=definition))


def _method_or_resolver(method: Callable[..., Any], resolve: Callable[..., Any]) -> Callable[..., Any]:
    """Calls `method` if the document has no argument, because its defaults are those of the schema. Else `resolve`."""
    return lambda source, info, **arguments: (
        resolve(source, info, **arguments) if info.field_nodes[0].arguments else method(source, info)
    )


def _reader(attribute: str, kind: GraphQLOutputType) -> FieldReader | None:
    leaf = get_nullable_type(kind)
    is_nullable = leaf is kind
    if not is_leaf_type(leaf):
        return None
    serialize: Callable[[Any], Any] = leaf.coerce_output_value
    if is_enum_type(leaf):
        serialize = cache(serialize)

    def read(source: Any) -> Any:
        try:
            value = getattr(source, attribute)
            if value is None:
                return None if is_nullable else NOT_READABLE
            serialized = serialize(value)
        except Exception:  # noqa: BLE001 - graphql-core raises it again, as an error of the field
            return NOT_READABLE
        return NOT_READABLE if serialized is None or serialized is Undefined else serialized

    return read

"""How the fields of our types are read by the shortest way, worked out once per schema.

Strawberry's resolvers serve features that no field here uses: extensions, permissions, handlers of exceptions. What it
does for arguments stays its own.
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

# Reads a field's value off its object as it is answered; NOT_READABLE where graphql-core has to say what is wrong.
Read: TypeAlias = Callable[[Any], Any]

NOT_READABLE: Final = object()
_READERS: Final = "linkweave-readers"
_DEFINITION: Final = "strawberry-definition"


def install_fast_fields(schema: GraphQLSchema) -> None:
    """Shorten the way to every field of `schema`, which must be nobody else's."""
    for kind in schema.type_map.values():
        if isinstance(kind, GraphQLObjectType):
            kind.extensions[_READERS] = dict(_shortened(kind))


def fast_readers(kind: GraphQLObjectType) -> Mapping[str, Read]:
    """How those fields of `kind` are read whose values lie ready in its objects."""
    known: Mapping[str, Read] = kind.extensions.get(_READERS, {})
    return known


def _shortened(kind: GraphQLObjectType) -> list[tuple[str, Read]]:
    plain = []
    for name, field in kind.fields.items():
        known = field.extensions.get(_DEFINITION)
        if not isinstance(known, StrawberryField) or known.extensions:
            continue
        if not known.base_resolver:
            field.resolve = _attribute(known.python_name)
            plain += [(name, read) for read in [_reader(known.python_name, field.type)] if read is not None]
        elif not known.arguments:
            field.resolve = _method(known)
        elif field.resolve is not None:
            field.resolve = _without_arguments(_method(known), field.resolve)
    return plain


def _attribute(name: str) -> Callable[..., Any]:
    return lambda source, _: getattr(source, name)


def _method(known: StrawberryField) -> Callable[..., Any]:
    resolver = known.base_resolver
    function: Any = resolver and resolver.wrapped_func
    told = resolver and resolver.info_parameter
    if told is None:
        return lambda source, _: function(source)
    return lambda source, info: function(source, strawberry.Info(_raw_info=info, _field=known))


def _without_arguments(method: Callable[..., Any], resolve: Callable[..., Any]) -> Callable[..., Any]:
    """`method`, whose own defaults are those of the schema, where the document gives no argument; else `resolve`."""
    return lambda source, info, **given: (
        resolve(source, info, **given) if info.field_nodes[0].arguments else method(source, info)
    )


def _reader(attribute: str, kind: GraphQLOutputType) -> Read | None:
    leaf = get_nullable_type(kind)
    may_be_null = leaf is kind
    if not is_leaf_type(leaf):
        return None
    write: Callable[[Any], Any] = leaf.coerce_output_value
    if is_enum_type(leaf):
        write = cache(write)

    def read(source: Any) -> Any:
        try:
            value = getattr(source, attribute)
            if value is None:
                return None if may_be_null else NOT_READABLE
            written = write(value)
        except Exception:  # noqa: BLE001 - graphql-core meets it again, and makes an error of it
            return NOT_READABLE
        return NOT_READABLE if written is None or written is Undefined else written

    return read

"""Input objects are made of their values as Strawberry makes them."""

from dataclasses import MISSING, fields
from typing import Any

import pytest
from graphql import (
    GraphQLInputObjectType,
    Undefined,
    coerce_input_value,
    get_nullable_type,
    is_list_type,
    is_required_input_field,
)
from strawberry.schema.config import StrawberryConfig
from strawberry.types.arguments import convert_argument
from strawberry.types.base import StrawberryObjectDefinition
from strawberry.types.field import StrawberryField

from linkweave.schema.build import build_schema

SCHEMA = build_schema()
GRAPHQL: Any = SCHEMA._schema  # noqa: SLF001 - graphql-core's schema
FILE = GRAPHQL.type_map["File"]
TYPES = {name: kind for name, kind in GRAPHQL.type_map.items() if isinstance(kind, GraphQLInputObjectType)}
VALUES = {
    "Boolean": True, "Int": 20, "Float": 0.5, "ID": "a", "String": "a", "URL": "https://example.com/a",
    "Date": "2026-11-20", "DateTime": "2026-11-20T10:30:00Z", "Long": 5,
}  # fmt: skip


def sample(kind: Any) -> Any:
    """A value of a type, with all fields in it."""
    kind = get_nullable_type(kind)
    if is_list_type(kind):
        return [sample(kind.of_type)]
    if isinstance(kind, GraphQLInputObjectType):
        # A file is no JSON: a form brings it.
        return {name: sample(each.type) for name, each in kind.fields.items() if each.type is not FILE}
    return VALUES[kind.name] if kind.name in VALUES else next(iter(kind.values))


def made(kind: GraphQLInputObjectType, value: dict[str, Any]) -> tuple[dict[str, Any], Any]:
    """The members that GraphQL reads in `value`, and the object of them."""
    coerced = coerce_input_value(value, kind)
    assert coerced is not Undefined
    origin = kind.extensions["strawberry-definition"].origin
    registry = SCHEMA.schema_converter.scalar_registry
    return coerced, convert_argument(coerced, origin, registry, StrawberryConfig())


def strawberry_fields(value: Any) -> dict[str, StrawberryField]:
    """The fields of an input object, by the names of GraphQL. Other values have none."""
    definition = getattr(value, "__strawberry_definition__", None)
    found = definition.fields if isinstance(definition, StrawberryObjectDefinition) else ()
    return {SCHEMA.config.name_converter.from_field(each): each for each in found}


def plain(value: Any) -> Any:
    """An input object as a dictionary by the names of GraphQL."""
    if isinstance(value, list):
        return [plain(each) for each in value]
    found = strawberry_fields(value)
    return {name: plain(getattr(value, each.python_name)) for name, each in found.items()} if found else value


@pytest.mark.parametrize("name", TYPES)
def test_an_input_object_has_all_given_members(name: str) -> None:
    coerced, created = made(TYPES[name], sample(TYPES[name]))
    assert plain(created) == coerced


@pytest.mark.parametrize("name", TYPES)
def test_members_that_are_left_out_have_their_defaults(name: str) -> None:
    kind = TYPES[name]
    required = {key: sample(field.type) for key, field in kind.fields.items() if is_required_input_field(field)}
    coerced, created = made(kind, required)
    members = plain(created)
    assert {key: members[key] for key in coerced} == coerced
    defaults = {each.name: None if each.default is MISSING else each.default for each in fields(created)}
    left_out = [each.python_name for name, each in strawberry_fields(created).items() if name not in coerced]
    assert [getattr(created, each) for each in left_out] == [defaults[each] for each in left_out]

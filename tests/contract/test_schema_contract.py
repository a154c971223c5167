from collections.abc import Iterator
from pathlib import Path

import pytest
from graphql import (
    GraphQLArgument,
    GraphQLEnumType,
    GraphQLField,
    GraphQLInputField,
    GraphQLInputObjectType,
    GraphQLInterfaceType,
    GraphQLNamedType,
    GraphQLObjectType,
    GraphQLScalarType,
    GraphQLSchema,
    build_schema,
    is_introspection_type,
    is_specified_scalar_type,
    print_ast,
)

from linkweave.schema.build import build_schema as build_served_schema

ROOT = Path(__file__).parents[2]
CONTRACT = build_schema((Path(__file__).parent / "contract.graphql").read_text())
SDL = build_served_schema().as_str()
SERVED = build_schema(SDL)


def own_types(schema: GraphQLSchema) -> dict[str, GraphQLNamedType]:
    return {
        name: each
        for name, each in schema.type_map.items()
        if not is_introspection_type(each) and not is_specified_scalar_type(each)
    }


def lines_of(kind: GraphQLNamedType) -> Iterator[str]:
    """Everything that the contract says of a type, one statement per line."""
    yield f"{type(kind).__name__} {kind.name}"
    if isinstance(kind, GraphQLObjectType | GraphQLInterfaceType):
        yield from (f"{kind.name} implements {each.name}" for each in kind.interfaces)
        for name, field in kind.fields.items():
            yield f"{kind.name}.{name}: {field.type}"
            yield from (f"{kind.name}.{name}({argument(key, arg)})" for key, arg in field.args.items())
    if isinstance(kind, GraphQLInputObjectType):
        yield from (f"{kind.name}.{argument(name, field)}" for name, field in kind.fields.items())
    if isinstance(kind, GraphQLEnumType):
        yield from (f"{kind.name}.{value}" for value in kind.values)


def argument(name: str, given: GraphQLArgument | GraphQLInputField) -> str:
    # An absent default and null are the same to whoever reads an argument that may be null.
    default = given.default and given.default.literal
    return f"{name}: {given.type} = {print_ast(default) if default else 'null'}"


def undescribed(schema: GraphQLSchema) -> Iterator[str]:
    for name, kind in own_types(schema).items():
        if not (kind.description or "").strip():
            yield name
        for place, part in parts_of(kind):
            if not (part.description or "").strip():
                yield f"{name}.{place}"


def parts_of(kind: GraphQLNamedType) -> Iterator[tuple[str, GraphQLField | GraphQLInputField | GraphQLArgument]]:
    if isinstance(kind, GraphQLObjectType | GraphQLInterfaceType):
        for name, field in kind.fields.items():
            yield name, field
            yield from ((f"{name}({arg})", each) for arg, each in field.args.items())
    if isinstance(kind, GraphQLInputObjectType):
        yield from kind.fields.items()


def test_the_schema_file_is_the_schema_that_is_served() -> None:
    assert (ROOT / "schema.graphql").read_text().rstrip("\n") == SDL.rstrip("\n"), "run `make schema` and commit it"


@pytest.mark.parametrize("name", sorted(own_types(CONTRACT)))
def test_a_type_of_the_contract_is_served_as_promised(name: str) -> None:
    assert name in SERVED.type_map
    missing = set(lines_of(CONTRACT.type_map[name])) - set(lines_of(SERVED.type_map[name]))
    assert not missing


def test_a_change_of_the_contract_is_detected() -> None:
    promised = build_schema("type Query { links(first: Int = 20): [Int!]! }")
    for kept_badly in (
        "type Query { links(first: Int = 30): [Int!]! }",
        "type Query { links(first: Int): [Int!]! }",
        "type Query { links: [Int!]! }",
        "type Query { links(first: Int = 20): [Int!] }",
    ):
        served = build_schema(kept_badly)
        assert set(lines_of(promised.type_map["Query"])) - set(lines_of(served.type_map["Query"]))


def test_scalars_say_where_their_format_is_described() -> None:
    scalars = {name: kind for name, kind in own_types(SERVED).items() if isinstance(kind, GraphQLScalarType)}
    assert scalars["DateTime"].specified_by_url == "https://www.rfc-editor.org/rfc/rfc3339"
    assert scalars["URL"].specified_by_url == "https://url.spec.whatwg.org/"


def test_every_type_field_argument_and_input_field_is_described() -> None:
    assert list(undescribed(SERVED)) == []


def test_every_enum_value_is_described() -> None:
    enums = [kind for kind in own_types(SERVED).values() if isinstance(kind, GraphQLEnumType)]
    assert len(enums) > 8
    assert [
        f"{kind.name}.{name}"
        for kind in enums
        for name, value in kind.values.items()
        if not (value.description or "").strip()
    ] == []

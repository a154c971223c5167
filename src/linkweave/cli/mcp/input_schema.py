"""The JSON Schema of a document's variables, which tells an agent what a tool takes."""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Any, Final

from graphql import (
    GraphQLEnumType,
    GraphQLInputObjectType,
    GraphQLInputType,
    GraphQLList,
    GraphQLNonNull,
    GraphQLScalarType,
    GraphQLSchema,
    OperationDefinitionNode,
    VariableDefinitionNode,
    type_from_ast,
    value_from_ast_untyped,
)

_SCALARS: Final[Mapping[str, Mapping[str, Any]]] = MappingProxyType(
    {
        "Int": {"type": "integer"},
        "Long": {"type": "integer"},
        "Float": {"type": "number"},
        "Boolean": {"type": "boolean"},
        "String": {"type": "string"},
        "ID": {"type": "string"},
        "URL": {"type": "string", "format": "uri"},
        "Date": {"type": "string", "format": "date"},
        "DateTime": {"type": "string", "format": "date-time"},
    }
)


def input_schema(operation: OperationDefinitionNode, schema: GraphQLSchema) -> dict[str, Any]:
    """Returns the JSON Schema of an object that has the variables of `operation`, which is valid for `schema`."""
    definitions: dict[str, Any] = {}
    properties = {}
    required = []
    for variable in operation.variable_definitions or ():
        name = variable.variable.name.value
        kind = type_from_ast(schema, variable.type)
        properties[name] = {**_schema_of(kind, definitions), **_facts(variable)}
        if isinstance(kind, GraphQLNonNull) and variable.default_value is None:
            required.append(name)
    whole: dict[str, Any] = {"type": "object", "properties": properties, "additionalProperties": False}
    return whole | ({"required": required} if required else {}) | ({"$defs": definitions} if definitions else {})


def _facts(variable: VariableDefinitionNode) -> dict[str, Any]:
    facts: dict[str, Any] = {} if variable.description is None else {"description": variable.description.value}
    if variable.default_value is not None:
        facts["default"] = value_from_ast_untyped(variable.default_value)
    return facts


def _schema_of(kind: Any, definitions: dict[str, Any]) -> dict[str, Any]:
    """Returns the schema of a value; input objects and enums are added to `definitions` once."""
    if isinstance(kind, GraphQLNonNull):
        return _schema_of(kind.of_type, definitions)
    if isinstance(kind, GraphQLList):
        return {"type": "array", "items": _schema_of(kind.of_type, definitions)}
    if isinstance(kind, GraphQLScalarType):
        return dict(_SCALARS[kind.name])
    if kind.name not in definitions:
        # Before its fields: an input may contain itself.
        definitions[kind.name] = {}
        definitions[kind.name] = _definition(kind, definitions)
    return {"$ref": f"#/$defs/{kind.name}"}


def _definition(kind: GraphQLInputType, definitions: dict[str, Any]) -> dict[str, Any]:
    if isinstance(kind, GraphQLEnumType):
        lines = [f"{name}: {value.description}" for name, value in kind.values.items()]
        return {"type": "string", "enum": list(kind.values), "description": "\n".join(lines)}
    assert isinstance(kind, GraphQLInputObjectType)  # noqa: S101 - GraphQL has no other input type
    properties = {
        name: {**_schema_of(field.type, definitions), "description": field.description}
        for name, field in kind.fields.items()
    }
    required = [name for name, field in kind.fields.items() if isinstance(field.type, GraphQLNonNull)]
    whole: dict[str, Any] = {"type": "object", "properties": properties, "additionalProperties": False}
    return whole | ({"required": required} if required else {})

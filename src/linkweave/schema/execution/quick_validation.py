"""Finds out whether a document is certainly valid, in a tenth of the time of graphql-core's rules.

It knows what most documents consist of: one query with fields, arguments, variables, @skip and @include. All else is
left to graphql-core, such as fragments or a response key that stands twice. graphql-core also reports all errors.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Final

from graphql import (
    ArgumentNode,
    DirectiveNode,
    DocumentNode,
    FieldNode,
    GraphQLArgument,
    GraphQLEnumType,
    GraphQLField,
    GraphQLIncludeDirective,
    GraphQLInputField,
    GraphQLInputObjectType,
    GraphQLInputType,
    GraphQLInterfaceType,
    GraphQLList,
    GraphQLNamedType,
    GraphQLNonNull,
    GraphQLObjectType,
    GraphQLScalarType,
    GraphQLSchema,
    GraphQLSkipDirective,
    ListValueNode,
    NameNode,
    NullValueNode,
    ObjectFieldNode,
    ObjectValueNode,
    OperationDefinitionNode,
    OperationType,
    SelectionSetNode,
    ValueNode,
    VariableDefinitionNode,
    VariableNode,
    get_named_type,
    is_input_type,
    is_required_argument,
    is_required_input_field,
    type_from_ast,
)
from graphql.utilities import validate_input_literal

_TYPENAME: Final = "__typename"
_DIRECTIVES: Final[Mapping[str, Mapping[str, GraphQLArgument]]] = {
    each.name: each.args for each in (GraphQLSkipDirective, GraphQLIncludeDirective)
}


class _UncertainError(Exception):
    """The document has something whose validity is not found out here."""


def is_certainly_valid(schema: GraphQLSchema, document: DocumentNode) -> bool:
    """Returns whether no rule of GraphQL can report an error of `document`. False says nothing about the document."""
    operation = document.definitions[0]
    if len(document.definitions) != 1 or not isinstance(operation, OperationDefinitionNode):
        return False
    if operation.operation is not OperationType.QUERY or operation.directives or schema.query_type is None:
        return False
    try:
        _Query(schema).check(operation, schema.query_type)
    except _UncertainError:
        return False
    return True


def _demand(condition: object) -> None:
    if not condition:
        raise _UncertainError


def _names(nodes: Iterable[ArgumentNode | ObjectFieldNode | DirectiveNode]) -> set[str]:
    """Returns the names of `nodes`, of which no two may be the same."""
    all_names = [each.name.value for each in nodes]
    names = set(all_names)
    _demand(len(names) == len(all_names))
    return names


@dataclass(slots=True)
class _Query:
    """The check of one query. Each method raises _UncertainError where it is not certain."""

    schema: GraphQLSchema
    # The types of the variables, as they are written in documents.
    variables: dict[str, str] = field(default_factory=dict)
    used: set[str] = field(default_factory=set)

    def check(self, operation: OperationDefinitionNode, root: GraphQLObjectType) -> None:
        """Checks the variables, and then all fields."""
        for definition in operation.variable_definitions or ():
            self._define(definition)
        self._check_selection(operation.selection_set, root)
        _demand(self.used == self.variables.keys())

    def _define(self, definition: VariableDefinitionNode) -> None:
        name, kind = definition.variable.name.value, type_from_ast(self.schema, definition.type)
        _demand(name not in self.variables and is_input_type(kind) and not definition.directives)
        if definition.default_value is not None:
            self._check_value(definition.default_value, kind)  # type: ignore[arg-type] # it is an input type
        self.variables[name] = str(kind)

    def _check_selection(self, selection_set: SelectionSetNode, parent: GraphQLNamedType) -> None:
        _demand(isinstance(parent, GraphQLObjectType | GraphQLInterfaceType))
        fields: Mapping[str, GraphQLField] = parent.fields  # type: ignore[attr-defined] # both types have fields
        keys: set[str] = set()
        for node in selection_set.selections:
            _demand(isinstance(node, FieldNode))
            self._check_field(node, fields)  # type: ignore[arg-type] # it is a field
            keys.add((node.alias or node.name).value)  # type: ignore[attr-defined] # it is a field
        _demand(len(keys) == len(selection_set.selections))

    def _check_field(self, node: FieldNode, fields: Mapping[str, GraphQLField]) -> None:
        if node.directives:
            self._check_directives(node.directives)
        if node.name.value == _TYPENAME:
            _demand(not node.arguments and node.selection_set is None)
            return
        definition = fields.get(node.name.value)
        if definition is None:
            raise _UncertainError
        if node.arguments or definition.args:
            self._check_arguments(node.arguments or (), definition.args)
        kind = get_named_type(definition.type)
        if node.selection_set is None:
            _demand(isinstance(kind, GraphQLScalarType | GraphQLEnumType))
        else:
            self._check_selection(node.selection_set, kind)

    def _check_directives(self, directives: Iterable[DirectiveNode]) -> None:
        _demand(_names(directives) <= _DIRECTIVES.keys())
        for each in directives:
            self._check_arguments(each.arguments or (), _DIRECTIVES[each.name.value])

    def _check_arguments(self, nodes: Iterable[ArgumentNode], arguments: Mapping[str, GraphQLArgument]) -> None:
        given = _names(nodes)
        _demand(given <= arguments.keys())
        for name, argument in arguments.items():
            _demand(name in given or not is_required_argument(argument))
        for node in nodes:
            self._check_value(node.value, arguments[node.name.value].type)

    def _check_value(self, node: ValueNode, kind: GraphQLInputType) -> None:
        if isinstance(node, VariableNode):
            self._use(node.name, str(kind))
            return
        # Strawberry has a rule of its own for null.
        _demand(not isinstance(node, NullValueNode))
        inner = kind.of_type if isinstance(kind, GraphQLNonNull) else kind
        if isinstance(inner, GraphQLList):
            # A value stands for a list of one.
            for each in node.values if isinstance(node, ListValueNode) else (node,):
                self._check_value(each, inner.of_type)
        elif isinstance(inner, GraphQLInputObjectType):
            self._check_object(node, inner)
        else:
            _check_leaf(node, inner)

    def _check_object(self, node: ValueNode, kind: GraphQLInputObjectType) -> None:
        # Strawberry has a rule of its own for inputs of which one member may be given.
        if not isinstance(node, ObjectValueNode) or kind.is_one_of:
            raise _UncertainError
        given = _names(node.fields)
        fields: Mapping[str, GraphQLInputField] = kind.fields
        _demand(given <= fields.keys())
        for name, each in fields.items():
            _demand(name in given or not is_required_input_field(each))
        for member in node.fields:
            self._check_value(member.value, fields[member.name.value].type)

    def _use(self, name: NameNode, kind: str) -> None:
        """Uses a variable where a value of type `kind` is expected. The same type fits, and one that is never null."""
        _demand(self.variables.get(name.value) in (kind, f"{kind}!"))
        self.used.add(name.value)


def _check_leaf(node: ValueNode, kind: GraphQLInputType) -> None:
    # A list or an object for a scalar may have variables inside.
    _demand(not isinstance(node, ListValueNode | ObjectValueNode))
    errors: list[object] = []
    validate_input_literal(node, kind, lambda *error: errors.append(error))
    _demand(not errors)

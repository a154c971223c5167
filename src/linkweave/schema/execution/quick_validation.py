"""Finds out whether a document is certainly valid, in a tenth of the time of graphql-core's rules.

It knows what most documents consist of: one query with fields, fragments, arguments, variables, @skip and @include. All
else is left to graphql-core, such as two fields with selections that are merged. graphql-core also reports all errors.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Final, TypeAlias

from graphql import (
    ArgumentNode,
    DirectiveNode,
    DocumentNode,
    FieldNode,
    FragmentDefinitionNode,
    FragmentSpreadNode,
    GraphQLArgument,
    GraphQLCompositeType,
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
    InlineFragmentNode,
    ListValueNode,
    NamedTypeNode,
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
    do_types_overlap,
    get_named_type,
    is_composite_type,
    is_input_type,
    is_required_argument,
    is_required_input_field,
    type_from_ast,
)
from graphql.utilities import validate_input_literal

_TYPENAME: Final = "__typename"
# A fragment is checked at each of its places.
_MAX_SELECTION_SETS: Final = 300
_DIRECTIVES: Final[Mapping[str, Mapping[str, GraphQLArgument]]] = {
    each.name: each.args for each in (GraphQLSkipDirective, GraphQLIncludeDirective)
}


# Fields of one selection by their response key, each with the type that has it. It has those of fragments, too.
_Keys: TypeAlias = dict[str, tuple[FieldNode, str]]


class _UncertainError(Exception):
    """The document has something whose validity is not found out here."""


def is_certainly_valid(schema: GraphQLSchema, document: DocumentNode) -> bool:
    """Returns whether no rule of GraphQL can report an error of `document`. False says nothing about the document."""
    operations = [each for each in document.definitions if isinstance(each, OperationDefinitionNode)]
    fragments = [each for each in document.definitions if isinstance(each, FragmentDefinitionNode)]
    if len(operations) != 1 or len(fragments) + 1 != len(document.definitions) or schema.query_type is None:
        return False
    operation = operations[0]
    if operation.operation is not OperationType.QUERY or operation.directives:
        return False
    try:
        _Query(schema, _by_name(fragments)).check(operation, schema.query_type)
    except _UncertainError:
        return False
    return True


def _demand(condition: object) -> None:
    if not condition:
        raise _UncertainError


def _names(nodes: Iterable[ArgumentNode | ObjectFieldNode | DirectiveNode | FragmentDefinitionNode]) -> set[str]:
    """Returns the names of `nodes`, of which no two may be the same."""
    all_names = [each.name.value for each in nodes]
    names = set(all_names)
    _demand(len(names) == len(all_names))
    return names


def _by_name(fragments: Iterable[FragmentDefinitionNode]) -> dict[str, FragmentDefinitionNode]:
    _names(fragments)
    _demand(not any(each.directives or each.variable_definitions for each in fragments))
    return {each.name.value: each for each in fragments}


@dataclass(slots=True)
class _Query:
    """The check of one query. Each method raises _UncertainError where it is not certain."""

    schema: GraphQLSchema
    fragments: Mapping[str, FragmentDefinitionNode]
    spread: set[str] = field(default_factory=set)
    # The fragments around the current field, and the number of selection sets so far.
    around: list[str] = field(default_factory=list)
    count: int = 0
    # The types of the variables, as they are written in documents.
    variables: dict[str, str] = field(default_factory=dict)
    used: set[str] = field(default_factory=set)

    def check(self, operation: OperationDefinitionNode, root: GraphQLObjectType) -> None:
        """Checks the variables, and then all fields."""
        for definition in operation.variable_definitions or ():
            self._define(definition)
        self._check_selection(operation.selection_set, root, {})
        _demand(self.used == self.variables.keys() and self.spread == self.fragments.keys())

    def _define(self, definition: VariableDefinitionNode) -> None:
        name, kind = definition.variable.name.value, type_from_ast(self.schema, definition.type)
        _demand(name not in self.variables and is_input_type(kind) and not definition.directives)
        if definition.default_value is not None:
            self._check_value(definition.default_value, kind)  # type: ignore[arg-type] # it is an input type
        self.variables[name] = str(kind)

    def _check_selection(self, selection_set: SelectionSetNode, parent: GraphQLNamedType | None, keys: _Keys) -> None:
        self.count += 1
        if self.count > _MAX_SELECTION_SETS or not isinstance(parent, GraphQLObjectType | GraphQLInterfaceType):
            raise _UncertainError
        for node in selection_set.selections:
            if node.directives:
                self._check_directives(node.directives)
            if isinstance(node, FieldNode):
                self._check_field(node, parent.fields)
                _add_key(keys, node, parent.name)
            elif isinstance(node, InlineFragmentNode):
                self._check_fragment(node.type_condition, node.selection_set, parent, keys)
            elif isinstance(node, FragmentSpreadNode):
                self._check_spread(node, parent, keys)

    def _check_spread(self, node: FragmentSpreadNode, parent: GraphQLCompositeType, keys: _Keys) -> None:
        name = node.name.value
        fragment = self.fragments.get(name)
        if fragment is None or name in self.around or node.arguments:
            raise _UncertainError
        self.spread.add(name)
        self.around.append(name)
        self._check_fragment(fragment.type_condition, fragment.selection_set, parent, keys)
        self.around.pop()

    def _check_fragment(
        self,
        condition: NamedTypeNode | None,
        selection_set: SelectionSetNode,
        parent: GraphQLCompositeType,
        keys: _Keys,
    ) -> None:
        kind = parent if condition is None else self.schema.get_type(condition.name.value)
        _demand(is_composite_type(kind) and do_types_overlap(self.schema, kind, parent))
        self._check_selection(selection_set, kind, keys)

    def _check_field(self, node: FieldNode, fields: Mapping[str, GraphQLField]) -> None:
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
            self._check_selection(node.selection_set, kind, {})

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


def _add_key(keys: _Keys, node: FieldNode, parent: str) -> None:
    """Adds the response key of a field. Two fields may have the same one if they are the same leaf."""
    known, known_parent = keys.setdefault((node.alias or node.name).value, (node, parent))
    if known is not node:
        is_same = (known.name.value, known_parent) == (node.name.value, parent)
        _demand(is_same and not (node.selection_set or node.arguments or known.arguments))


def _check_leaf(node: ValueNode, kind: GraphQLInputType) -> None:
    # A list or an object for a scalar may have variables inside.
    _demand(not isinstance(node, ListValueNode | ObjectValueNode))
    errors: list[object] = []
    validate_input_literal(node, kind, lambda *error: errors.append(error))
    _demand(not errors)

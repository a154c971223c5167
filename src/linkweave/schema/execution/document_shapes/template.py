"""A known document whose literals are variables."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any, Final

from graphql import (
    SKIP,
    DocumentNode,
    FieldNode,
    FloatValueNode,
    GraphQLScalarType,
    GraphQLSchema,
    IntValueNode,
    NameNode,
    OperationDefinitionNode,
    OperationType,
    StringValueNode,
    TypeInfo,
    TypeInfoVisitor,
    Undefined,
    VariableDefinitionNode,
    VariableNode,
    Visitor,
    VisitorAction,
    get_named_type,
    parse_type,
    value_from_ast_untyped,
    visit,
)
from graphql.utilities import coerce_input_literal, coerce_input_value

from linkweave.schema.execution.document_shapes.lexed_text import Literal

# Python refuses to read numbers of thousands of digits.
MAX_NUMBER_LENGTH: Final = 100

_PREFIX: Final = "_literal"
_NODES: Final[Mapping[str, type[IntValueNode | FloatValueNode | StringValueNode]]] = MappingProxyType(
    {"Int": IntValueNode, "Float": FloatValueNode, "String": StringValueNode}
)


@dataclass(frozen=True, slots=True)
class LiteralVariable:
    """A variable in place of a literal."""

    name: str
    kind: str
    type: GraphQLScalarType

    def value_of(self, literal: Literal) -> Any:
        """Returns the value with which the variable means the same as `literal`. Returns Undefined if there is none."""
        if len(literal.text) > MAX_NUMBER_LENGTH and literal.kind != "String":
            return Undefined
        node = _NODES[literal.kind](value=literal.text)
        value = value_from_ast_untyped(node)
        as_literal, as_variable = coerce_input_literal(node, self.type), coerce_input_value(value, self.type)
        is_same = type(as_literal) is type(as_variable) and as_literal == as_variable
        return value if is_same and as_literal is not Undefined else Undefined


@dataclass(frozen=True, slots=True)
class Template:
    """A valid document with one query, in which variables stand for the literals of its shape."""

    syntax: DocumentNode
    variables: tuple[LiteralVariable, ...]

    @classmethod
    def of(cls, schema: GraphQLSchema, syntax: DocumentNode, literals: Sequence[Literal]) -> "Template | None":
        """Returns the template of a valid document, or None if its validity may depend on its literals."""
        operations = [each for each in syntax.definitions if isinstance(each, OperationDefinitionNode)]
        if len(operations) != 1 or operations[0].operation is not OperationType.QUERY:
            return None
        type_info = TypeInfo(schema)
        lifter = _Lifter(type_info)
        lifted: DocumentNode = visit(syntax, TypeInfoVisitor(type_info, lifter))
        if not lifter.is_complete(literals):
            return None
        definitions = tuple(
            _declare(each, lifter.definitions) if isinstance(each, OperationDefinitionNode) else each
            for each in lifted.definitions
        )
        return cls(DocumentNode(definitions=definitions, loc=syntax.loc), tuple(lifter.variables))

    def values(self, literals: Sequence[Literal]) -> dict[str, Any] | None:
        """Returns the values of the variables, or None if one of `literals` has no value that means the same."""
        pairs = zip(self.variables, literals, strict=True)
        values = {variable.name: variable.value_of(literal) for variable, literal in pairs}
        return None if Undefined in values.values() else values


class _Lifter(Visitor):
    """Replaces the literals in the arguments of fields by variables."""

    def __init__(self, type_info: TypeInfo) -> None:
        super().__init__()
        self._type_info = type_info
        self._keys: Counter[str] = Counter()
        self._keys_with_literals: set[str] = set()
        self._unknown = False
        self.variables: list[LiteralVariable] = []
        self.definitions: list[VariableDefinitionNode] = []

    def is_complete(self, literals: Sequence[Literal]) -> bool:
        """Whether all `literals` are lifted, and fields that are merged have none of them."""
        kinds = [variable.kind for variable in self.variables]
        return (
            not self._unknown
            and kinds == [literal.kind for literal in literals]
            and all(self._keys[key] == 1 for key in self._keys_with_literals)
        )

    def enter_variable_definition(self, node: VariableDefinitionNode, *_: Any) -> VisitorAction:
        """Leaves defaults as they are."""
        self._unknown |= node.variable.name.value.startswith(_PREFIX)
        return SKIP

    def enter_field(self, node: FieldNode, *_: Any) -> None:
        """Counts the name of the field in the answer."""
        self._key = (node.alias or node.name).value
        self._keys[self._key] += 1

    def enter_int_value(self, node: IntValueNode, *_: Any) -> VariableNode | None:
        """Lifts a number."""
        return self._lift(node, "Int")

    def enter_float_value(self, node: FloatValueNode, *_: Any) -> VariableNode | None:
        """Lifts a number."""
        return self._lift(node, "Float")

    def enter_string_value(self, node: StringValueNode, *_: Any) -> VariableNode | None:
        """Lifts a string."""
        return self._lift(node, "String")

    def _lift(self, node: IntValueNode | FloatValueNode | StringValueNode, kind: str) -> VariableNode | None:
        expected = self._type_info.get_input_type()
        named = get_named_type(expected)
        if expected is None or not isinstance(named, GraphQLScalarType):
            self._unknown = True
            return None
        name = f"{_PREFIX}{len(self.variables)}"
        self._keys_with_literals.add(self._key)
        self.variables.append(LiteralVariable(name, kind, named))
        variable = VariableNode(name=NameNode(value=name), loc=node.loc)
        self.definitions.append(
            VariableDefinitionNode(variable=variable, type=parse_type(str(expected)), directives=())
        )
        return variable


def rename(operation: OperationDefinitionNode, name: str) -> OperationDefinitionNode:
    """Returns `operation` with another name."""
    old = operation.name
    return _copy(operation, name=NameNode(value=name, loc=None if old is None else old.loc))


def _declare(
    operation: OperationDefinitionNode, definitions: Sequence[VariableDefinitionNode]
) -> OperationDefinitionNode:
    return _copy(operation, variable_definitions=(*(operation.variable_definitions or ()), *definitions))


def _copy(operation: OperationDefinitionNode, **changes: Any) -> OperationDefinitionNode:
    members = {key: getattr(operation, key) for key in operation.keys if hasattr(operation, key)}
    return OperationDefinitionNode(**{**members, **changes})

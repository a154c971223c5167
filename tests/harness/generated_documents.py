"""Valid documents for a schema, made from a seed."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from random import Random
from typing import Any, Final

from graphql import (
    GraphQLArgument,
    GraphQLEnumType,
    GraphQLField,
    GraphQLInterfaceType,
    GraphQLObjectType,
    GraphQLSchema,
    get_named_type,
    get_nullable_type,
    is_leaf_type,
    is_list_type,
    is_required_argument,
    parse_value,
    value_from_ast_untyped,
)

# More fields than any document gets.
UNLIMITED: Final = 1_000


@dataclass
class DocumentMaker:
    """Makes queries. `literals` are possible values for each type of arguments, as a document writes them.

    `skipped` fields are never selected. Of fields beside `__typename`, `max_fields` are selected at most.
    """

    schema: GraphQLSchema
    random: Random
    literals: Mapping[str, Sequence[str]]
    max_depth: int = 3
    skipped: frozenset[str] = frozenset()
    max_fields: int = UNLIMITED
    fragments: list[str] = field(default_factory=list)
    variables: dict[str, tuple[str, Any]] = field(default_factory=dict)

    def make(self) -> str:
        """Returns a document. It has one operation, named Q."""
        query = self.schema.query_type
        assert query is not None
        selection = self._selection(query, 0)
        declared = ", ".join(f"${name}: {kind}" for name, (kind, _) in self.variables.items())
        return "\n".join((f"query Q{f'({declared})' if declared else ''} {selection}", *self.fragments))

    def values(self) -> dict[str, Any]:
        """Returns values for the variables of the document. Some of those that may be absent are absent."""
        return {
            name: self.random.random() < 0.5 if kind == "Boolean!" else value
            for name, (kind, value) in self.variables.items()
            if kind.endswith("!") or self.random.random() < 0.8
        }

    def _selection(self, kind: GraphQLObjectType | GraphQLInterfaceType, depth: int) -> str:
        parts = [self._part(kind, depth) for _ in range(self.random.randint(1, 4 if depth < 2 else 2))]
        return "{ " + " ".join(part for part in parts if part) + " __typename }"

    def _part(self, kind: GraphQLObjectType | GraphQLInterfaceType, depth: int) -> str:
        roll = self.random.random()
        if roll < 0.08:
            return f"...{self._condition(kind)}{self._directives()} {self._selection(kind, depth)}"
        if roll < 0.14:
            name = f"F{len(self.fragments)}"
            self.fragments.append("")
            index = len(self.fragments) - 1
            self.fragments[index] = f"fragment {name} on {kind.name} {self._selection(kind, depth)}"
            return f"...{name}{self._directives()}" + (f" ...{name}" if self.random.random() < 0.2 else "")
        if roll < 0.3 and isinstance(kind, GraphQLInterfaceType):
            possible = self.random.choice(self.schema.get_possible_types(kind))
            return f"... on {possible.name} {self._selection(possible, depth)}"
        return self._field(kind, depth)

    def _condition(self, kind: GraphQLObjectType | GraphQLInterfaceType) -> str:
        choices = ["", f" on {kind.name}", *(f" on {each.name}" for each in kind.interfaces)]
        chosen = self.random.choice(choices)
        return chosen if chosen in choices[:2] else ""

    def _field(self, kind: GraphQLObjectType | GraphQLInterfaceType, depth: int) -> str:
        names = [
            name
            for name, each in kind.fields.items()
            if f"{kind.name}.{name}" not in self.skipped
            and (depth < self.max_depth or is_leaf_type(get_named_type(each.type)))
        ]
        if not names or not self.max_fields:
            return "__typename"
        self.max_fields -= 1
        name = self.random.choice(names)
        definition = kind.fields[name]
        arguments, variant = self._arguments(definition)
        named = get_named_type(definition.type)
        inner = "" if is_leaf_type(named) else f" {self._selection(named, depth + 1)}"
        # Fields with one name in the answer are merged, so the alias says which arguments the field has.
        alias = f"{name}{variant}" if variant else self.random.choice(["", f"{name}_again"])
        # Types of an interface may have different fields of one name.
        alias = alias and f"{alias}_{kind.name}"
        return f"{f'{alias}: ' if alias else ''}{name}{arguments}{self._directives()}{inner}"

    def _arguments(self, definition: GraphQLField) -> tuple[str, str]:
        written, variant = [], ""
        for name, argument in definition.args.items():
            required = is_required_argument(argument)
            literals = self._literals(argument)
            if not literals or (not required and self.random.random() < 0.6):
                continue
            index = self.random.randrange(len(literals))
            as_variable = self.random.random() < 0.3
            written.append(f"{name}: {self._variable(argument, literals[index]) if as_variable else literals[index]}")
            variant += f"_{name}{len(self.variables) if as_variable else ''}_{index}"
        return f"({', '.join(written)})" if written else "", variant

    def _variable(self, argument: GraphQLArgument, literal: str) -> str:
        name = f"v{len(self.variables)}"
        self.variables[name] = (str(argument.type), value_from_ast_untyped(parse_value(literal)))
        return f"${name}"

    def _literals(self, argument: GraphQLArgument) -> Sequence[str]:
        named = get_named_type(argument.type)
        if isinstance(named, GraphQLEnumType):
            return list(named.values)
        literals = self.literals.get(named.name, ())
        is_list = is_list_type(get_nullable_type(argument.type))
        return [f"[{', '.join(dict.fromkeys(literals[:count]))}]" for count in range(4)] if is_list else literals

    def _directives(self) -> str:
        written = ""
        for name in ("skip", "include"):
            if self.random.random() < 0.07:
                written += f" @{name}(if: {self._boolean()})"
        return written

    def _boolean(self) -> str:
        if self.random.random() < 0.4:
            return self.random.choice(["true", "false"])
        name = f"b{self.random.randrange(3)}"
        self.variables[name] = ("Boolean!", None)
        return f"${name}"

"""Fast rules skip nodes that their rules do not visit, and report the same errors."""

import inspect
from types import MethodType
from typing import Any, cast

import pytest
from graphql import GraphQLError, GraphQLSchema, TypeInfo, ValidationContext, parse, validate
from graphql.language import ast
from graphql.validation import NoSchemaIntrospectionCustomRule

from linkweave.schema.build import build_schema
from linkweave.schema.execution.fast_validation import FastRule
from linkweave.schema.execution.schema import RULES

KINDS = sorted(
    kind.kind for kind in vars(ast).values() if inspect.isclass(kind) and issubclass(kind, ast.Node) and kind.kind
)
ALL = (*RULES, FastRule.of(NoSchemaIntrospectionCustomRule))


def schema() -> GraphQLSchema:
    return build_schema()._schema  # noqa: SLF001 - strawberry hands out no other


def named(method: Any) -> str | None:
    return method.__name__ if isinstance(method, MethodType) else None


@pytest.mark.parametrize("quick", ALL, ids=lambda quick: quick.rule.__name__)
def test_a_fast_rule_visits_the_same_nodes_as_its_rule(quick: FastRule) -> None:
    def context() -> ValidationContext:
        return ValidationContext(schema(), parse("{ a }"), TypeInfo(schema()), lambda _: None)

    ours, plain = quick(context()), quick.rule(context())
    assert type(ours) is quick.rule
    for kind in KINDS:
        heard = [tuple(map(named, each.get_enter_leave_for_kind(kind))) for each in (ours, plain)]
        assert heard[0] == heard[1], kind
    assert any(plain.get_enter_leave_for_kind(kind) != (None, None) for kind in KINDS)


WRONG = [
    "{ nothing }",
    "{ links }",
    "{ accounts { key { deeper } } }",
    "{ links(first: true) { nodes { id } } }",
    "{ links(first: 1, first: 2, last: 3) { nodes { id } } }",
    "query A { accounts { key } } query A { accounts { key } } { providers { id } }",
    "query ($a: Int, $a: Link, $b: Int) { links(first: $c) { nodes { id } } }",
    "query ($a: String = 3) { links(first: $a) { nodes { id } } }",
    "{ ...F ...G } fragment F on Query { ...F } fragment F on Int { x } fragment H on Account { key }",
    "{ accounts { ... on Link { slug } } }",
    "{ accounts @include { key @skip(if: 1) @nothing } }",
    "{ a: accounts { key } a: providers { id } }",
    'mutation { deleteLinks(input: { nothing: 1, ids: "a", ids: "b" }) { errors { message } } }',
    "subscription { links }",
    "type X { a: Int } { accounts { key } }",
    "{ __schema { types { name } } }",
]


@pytest.mark.parametrize("text", WRONG)
def test_fast_rules_report_the_same_errors(text: str) -> None:
    def mistakes(rules: Any) -> list[tuple[str, Any]]:
        found: list[GraphQLError] = validate(schema(), parse(text), rules)
        return [(error.message, error.locations) for error in found]

    plain = mistakes([each.rule for each in ALL])
    assert plain
    assert mistakes(cast("Any", ALL)) == plain

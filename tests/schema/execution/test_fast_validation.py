"""Fast rules skip nodes that their rules do not visit, and report the same errors."""

import inspect
from collections import Counter
from contextlib import suppress
from functools import cache
from random import Random
from types import MethodType
from typing import Any, Final

import pytest
from graphql import GraphQLError, GraphQLSchema, GraphQLSyntaxError, TypeInfo, ValidationContext, parse, validate
from graphql.language import ast
from graphql.validation import NoSchemaIntrospectionCustomRule

from harness.generated_documents import DocumentMaker
from linkweave.schema.build import build_schema
from linkweave.schema.execution.fast_validation import FastRule
from linkweave.schema.execution.schema import RULES

KINDS = sorted(
    kind.kind for kind in vars(ast).values() if inspect.isclass(kind) and issubclass(kind, ast.Node) and kind.kind
)
ALL = (*RULES, FastRule.of(NoSchemaIntrospectionCustomRule))


LITERALS: Final = {"Int": ["1"], "ID": ['"x"'], "String": ['"x"'], "URL": ['"https://a.example"']}


@cache
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


def mistakes(text: str, rules: Any) -> list[tuple[str, Any]]:
    found: list[GraphQLError] = validate(schema(), parse(text), rules)
    return [(error.message, error.locations) for error in found]


@pytest.mark.parametrize("text", WRONG)
def test_fast_rules_report_the_same_errors(text: str) -> None:
    plain = mistakes(text, [each.rule for each in ALL])
    assert plain
    assert mistakes(text, ALL) == plain
    assert mistakes(text, [each for each in ALL if each.may_concern(text)]) == plain


def test_rules_that_do_not_concern_a_document_report_no_error_of_it() -> None:
    """In generated documents of which one token is missing."""
    random, left_out = Random(1), Counter[type]()  # noqa: S311 - a test that can be repeated
    while sum(left_out.values()) < 1_000:
        tokens = DocumentMaker(schema(), random, LITERALS).make().split(" ")
        del tokens[random.randrange(len(tokens))]
        text = " ".join(tokens)
        with suppress(GraphQLSyntaxError):
            others = [each.rule for each in ALL if not each.may_concern(text)]
            assert mistakes(text, others) == [], text
            left_out.update(others)
    assert len(left_out) == len([each for each in ALL if each.signs])

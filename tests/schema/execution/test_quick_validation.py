"""A document that is certainly valid has no error, and most documents of clients are certainly valid."""

import os
import re
from functools import cache
from random import Random
from typing import Final

import pytest
from graphql import GraphQLSchema, GraphQLSyntaxError, parse, validate
from graphql.validation import NoSchemaIntrospectionCustomRule

from linkweave.schema.build import build_schema
from linkweave.schema.execution.fast_validation import FastRule
from linkweave.schema.execution.quick_validation import is_certainly_valid
from linkweave.schema.execution.schema import RULES

ALL: Final = [each.rule for each in (*RULES, FastRule.of(NoSchemaIntrospectionCustomRule))]
# LINKWEAVE_CHANGED=100000 stands for some minutes.
CHANGED: Final = int(os.environ.get("LINKWEAVE_CHANGED", "80"))
CLIENTS: Final = (
    "{ links(first: 5) { nodes { shortUrl account { key } } pageInfo { endCursor } } __typename }",
    "query Page($n: Int = 5, $after: String) { links(first: $n, after: $after) { nodes { slug } } }",
    'query ($id: ID!, $all: Boolean!) { link(id: $id) { slug @include(if: $all) } links(after: "x") { __typename } }',
    '{ links(filter: { search: "x", tags: { any: ["a", "b"] }, domains: "one.example" }) { nodes { id } } }',
    "query ($t: [String!], $u: String!) { a: links(filter: { tags: { any: $t, all: [$u] } }) { nodes { id } } }",
    "{ link(id: 1) { ...on Node { id } ...L } ...Q } fragment L on Link { slug } fragment Q on Query { __typename }",
    "{ a: accounts { key ...A ...A } b: accounts { ...A } } fragment A on Account { key provider { id } }",
    "query ($d: Int!, $by: LinkOrder!) { links(first: $d, read: LIVE, orderBy: $by) { sources { status } } }",
)
# What is put into these documents beside their own tokens.
OTHERS: Final = (
    "null true 1 1.5 RED CATALOG __schema $x @skip(if:true) @include(if:$all) @defer ...{key} key {x:$n} [$n] [] {}"
    " ...L ...A ...Q ...{id} ...on:Node{id} ...on:Link{slug} ...on:Query{__typename} Account Node"
)
TOKEN: Final = re.compile(r'"[^"]*"|\w+|\.{3}|\S')


@cache
def schema() -> GraphQLSchema:
    return build_schema()._schema  # noqa: SLF001 - strawberry hands out no other


def changed(text: str, random: Random) -> str:
    """The document with one or two tokens left out, repeated, moved or replaced."""
    tokens = TOKEN.findall(text)
    for _ in range(random.randint(1, 2)):
        place, other = (random.randrange(len(tokens)) for _ in range(2))
        choices = [[], [tokens[place]] * 2, [tokens[other]], [tokens[place], tokens[other]], [choice(OTHERS, random)]]
        tokens[place : place + 1] = random.choice(choices)
    return " ".join(tokens)


def choice(words: str, random: Random) -> str:
    return random.choice(words.split(" ")).replace("on:", "on ")


def test_a_document_that_is_certainly_valid_has_no_error() -> None:
    """In documents of clients with one mistake or two, of which some leave them valid."""
    random, accepted, refused = Random(1), 0, 0  # noqa: S311 - a test that can be repeated
    while accepted < CHANGED:
        text = changed(random.choice(CLIENTS), random)
        try:
            document = parse(text)
        except GraphQLSyntaxError:
            continue
        if is_certainly_valid(schema(), document):
            assert not validate(schema(), document, ALL), text
            accepted += 1
        else:
            refused += 1
    assert refused > CHANGED


@pytest.mark.parametrize("text", CLIENTS)
def test_documents_of_clients_are_certainly_valid(text: str) -> None:
    document = parse(text)
    assert is_certainly_valid(schema(), document)
    assert not validate(schema(), document, ALL)


@pytest.mark.parametrize(
    "text",
    [
        "{ accounts { key } accounts { key } }",
        "{ accounts { ...A } }",
        "{ accounts { ...A } } fragment A on Account { ...A }",
        "{ accounts { key } } fragment A on Account { key }",
        "{ accounts { ...A } } fragment A on Account { key } fragment A on Account { key }",
        "{ accounts { ... on Link { id } } }",
        "{ accounts { ... on Int { id } } }",
        "{ accounts { ...A } } fragment A on Account @skip(if: true) { key }",
        "{ accounts { ... @defer { key } } }",
        "{ accounts { key: id key } }",
        "{ __schema { types { name } } }",
        "query @skip(if: true) { accounts { key } }",
        "query ($a: Int) { links(first: $a, first: 2) { nodes { id } } }",
        "query ($a: Boolean) { accounts @skip(if: $a) { key } }",
        "query ($a: Int) { accounts { key } }",
        "query ($a: Int, $a: Int) { links(first: $a) { nodes { id } } }",
        "query ($a: Int = null) { links(first: $a) { nodes { id } } }",
        "query ($a: Account) { links(first: $a) { nodes { id } } }",
        "{ links(first: $a) { nodes { id } } }",
        "{ links(first: null) { nodes { id } } }",
        "{ links(filter: { search: [$a] }) { nodes { id } } }",
        "{ links(filter: { search: { a: $a } }) { nodes { id } } }",
        "{ accounts @skip { key } }",
        "{ accounts @skip(if: true) @skip(if: true) { key } }",
        "{ accounts { key { deeper } } }",
        "{ accounts }",
        "mutation { refresh { accounts { key } } }",
        "{ accounts { key } } { providers { id } }",
    ],
)
def test_other_documents_are_left_to_graphql_core(text: str) -> None:
    assert not is_certainly_valid(schema(), parse(text))

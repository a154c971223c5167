"""A document of a known shape is answered as if it had been parsed and validated."""

import json
import re
from random import Random
from typing import Any

import pytest
from strawberry.schema.exceptions import CannotGetOperationTypeError

from harness.fake_gateway import IDS, KEYS, FakeGateway
from linkweave.context.operation_context import OperationContext, use_operation
from linkweave.observability import OperationRecord
from linkweave.schema.build import build_schema
from linkweave.schema.execution.document import Document
from linkweave.schema.execution.document_parser import DocumentParser
from linkweave.schema.execution.document_shapes.shapes import ShapedDocuments
from linkweave.schema.execution.schema import RULES, Schema
from linkweave.schema.limits.document_policy import DocumentPolicy
from linkweave.settings import LimitSettings

# Each document has a place for a name, a space and literals. Its shape is known after two documents.
DOCUMENTS = [
    "query <NAME>{<SPACE>links(first: <INT>) { nodes { slug } sources { returned } }<SPACE>}",
    """query <NAME>($more: Int = 5) {
      a: links(first: <INT>, filter: {tags: {any: [<STRING>, <STRING>]}}) { nodes { slug } }<SPACE>
      b: links(first: $more) { nodes { slug domain { name https } } }
    }""",
    """{
      node(id: <ID>)<SPACE>{ id ... on Link { slug stats(range: {from: <DATE>, to: <DATE>}) { clicks } } }
      nodes(ids: [<ID>, <ID>]) { id }
    }""",
    """query <NAME> { link(shortUrl: <STRING>) { ...F<SPACE>} account(key: <STRING>) { ...G } }
    <SPACE>fragment F on Link { slug } fragment G on Account { links(first: <INT>) { pageInfo { hasNextPage } } }""",
    "query <NAME> { stats { breakdown(by: COUNTRY, first: <INT>) { buckets { key } } } }<SPACE>",
]
VALUES = {
    "NAME": ["A", "Another_1", "query", "on"],
    "SPACE": ["", " ", "\n\n", " # a comment { ( \" ' 7\n", ",", "\t\r\n"],
    "INT": [
        "1",
        "2",
        "100",
        "0",
        "-1",
        "101",
        "99999999999",
        "1.0",
        "1e2",
        "-0",
        '"1"',
        "null",
        "true",
        "$n",
        "1 2",
        "9" * 5000,
    ],
    "STRING": [
        '"one"',
        '"re"',
        '""',
        '"é\U0001f517"',
        '"a\\u0041"',
        '"""block"""',
        "5",
        "NAME",
        '"http://x.example/a"',
    ],
    "ID": [*IDS, '"no id"', "7", "-0", "1.5", "[]"],
    "DATE": ['"2026-05-20"', '"2026-02-30"', '"2026-02-31"', "2026", "null"],
}


def fill(text: str, random: Random) -> str:
    """Returns `text` with values. Most of them are the first ones, which are valid."""

    def value(place: re.Match[str]) -> str:
        values = VALUES[place[1]]
        return random.choice(values[: random.choice([2, 2, 2, len(values)])])

    return re.sub("<([A-Z]+)>", value, text)


def fresh_schema() -> Schema:
    return build_schema().with_policy(DocumentPolicy())


async def answer(schema: Schema, text: str, seed: int) -> Any:
    """Returns everything that a client and an operator see of a request."""
    gateway, record = FakeGateway.of(seed, 100), OperationRecord()
    with use_operation(OperationContext(record=record)):
        result = await schema.execute(text, {"more": 2}, gateway.context, operation_extensions={"cost": True})
    errors = sorted(json.dumps(error.formatted, sort_keys=True) for error in result.errors or ())
    return result.data, errors, result.extensions, record, gateway.asked()


@pytest.mark.filterwarnings("ignore::RuntimeWarning", "ignore::pytest.PytestUnraisableExceptionWarning")
@pytest.mark.parametrize("text", DOCUMENTS)
async def test_documents_of_one_shape_are_answered_as_by_a_schema_that_knows_no_shapes(text: str) -> None:
    random, known = Random(1), fresh_schema()  # noqa: S311 - a test that can be repeated
    for seed in range(60):
        filled = fill(text, random)
        assert await answer(known, filled, seed) == await answer(fresh_schema(), filled, seed), filled


class CountingParser:
    """Counts the documents that were parsed."""

    def __init__(self, policy: DocumentPolicy | None = None) -> None:
        self.parsed: list[str] = []
        schema = build_schema()._schema  # noqa: SLF001 - strawberry hands out no other
        self.parser = DocumentParser(schema, RULES, policy or DocumentPolicy())
        self.read = ShapedDocuments(self.parser, self._parse)

    def _parse(self, text: str) -> Document:
        self.parsed.append(text)
        return self.parser(text)


async def test_an_operation_of_a_known_shape_has_its_own_name() -> None:
    schema, gateway = fresh_schema(), FakeGateway.of(1, 0)
    for name in "ABC":
        text = f"query {name} {{ accounts {{ key }} }}"
        result = await schema.execute(text, context_value=gateway.context, operation_name=name)
        assert result.data == {"accounts": [{"key": key} for key in KEYS]}
    with pytest.raises(CannotGetOperationTypeError):
        await schema.execute("query D { accounts { key } }", context_value=gateway.context, operation_name="A")


@pytest.mark.parametrize(
    ("text", "is_known"),
    [
        ("query C { links(first: 3) { nodes { slug } } }", True),
        ("query C{links(first:99){nodes{slug}}}", True),
        ("query C { links(first: 3) { nodes { slug } } } # more", True),
        ("query C { links(first: 3.5) { nodes { slug } } }", False),
        ('query C { links(first: "3") { nodes { slug } } }', False),
        ("query C { links(first: 3000000000) { nodes { slug } } }", False),
        (f"query C {{ links(first: {'9' * 5000}) {{ nodes {{ slug }} }} }}", False),
        ("query C { links(first: 3) { nodes { title } } }", False),
        ("query C { links(first: 3) { nodes { slug } } } ?", False),
        ("query C { links(first: 3) { nodes { slug } } } # \ud800", False),
        ("query { links(first: 3) { nodes { slug } } }", False),
        ("query C($first: Int) { links(first: $first) { nodes { slug } } }", False),
    ],
)
def test_the_third_document_of_a_shape_is_not_parsed(text: str, is_known: bool) -> None:
    counting = CountingParser()
    for name in "AB":
        counting.read(f"query {name} {{ links(first: 2) {{ nodes {{ slug }} }} }}")
    counting.parsed.clear()
    counting.read(text)
    assert counting.parsed == ([] if is_known else [text])


@pytest.mark.parametrize(
    "text",
    [
        "query <NAME> { links(first: <INT>) { nodes { slug } } links(first: <INT>) { nodes { title } } }",
        "query <NAME>($_literal0: Int) { tags(first: $_literal0) { __typename } links(first: <INT>) { __typename } }",
        "query <NAME> { accounts { key @include(if: true) ... @defer { label } } links(first: <INT>) { __typename } }",
        "mutation <NAME> { refresh(accounts: [<INT>]) { __typename } }",
        "query <NAME> { links(first: <INT>) { __typename } } query B { __typename }",
    ],
)
def test_a_document_whose_validity_may_depend_on_its_literals_is_parsed_each_time(text: str) -> None:
    counting = CountingParser()
    texts = [text.replace("<NAME>", f"N{number}").replace("<INT>", str(number + 1)) for number in range(4)]
    for each in texts:
        counting.read(each)
    assert counting.parsed == texts


def test_shapes_keep_the_limits_of_texts() -> None:
    policy = DocumentPolicy(LimitSettings(tokens=14, characters=60))
    counting = CountingParser(policy)
    for name in "AB":
        assert not counting.read(f"query {name} {{ accounts {{ key }} }}").errors
    assert not counting.read("query C { accounts { key } } # one").errors
    assert counting.read("query D { accounts { key } }" + "#\n" * 10).errors
    assert counting.read("query E { accounts { key } }" + " " * 60).errors


def test_shapes_keep_the_manifest() -> None:
    texts = [f"query {name} {{ accounts {{ key }} }}" for name in "ABC"]
    only = CountingParser(DocumentPolicy().with_trusted(frozenset(texts), only=True))
    assert [only.read(text).trusted for text in texts] == [True, True, True]
    assert only.read("query D { accounts { key } }").errors
    some = CountingParser(DocumentPolicy().with_trusted(frozenset(texts), only=False))
    assert [some.read(text).trusted for text in (*texts, "query D { accounts { key } }")] == [True, True, True, False]

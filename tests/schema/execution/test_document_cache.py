"""The gateway parses and validates a document once. Documents cannot fill its memory."""

from dataclasses import dataclass, field

import pytest
from graphql import OperationType, validate

from harness.gateway import open_gateway
from linkweave.schema.build import build_schema
from linkweave.schema.execution.document import Document
from linkweave.schema.execution.document_cache import (
    MAX_CACHED_LENGTH,
    MAX_CANDIDATES,
    MAX_CHARACTERS,
    MAX_DOCUMENTS,
    READS_PER_REQUEST,
    DocumentCache,
)
from linkweave.schema.execution.document_parser import DocumentParser
from linkweave.schema.execution.schema import RULES
from linkweave.schema.limits.document_policy import DocumentPolicy
from linkweave.settings import LimitSettings


@dataclass
class Reader:
    """Parses nothing, and records the texts that it gets."""

    read: list[str] = field(default_factory=list)

    def __call__(self, text: str) -> Document:
        self.read.append(text)
        return Document(())


def served() -> DocumentParser:
    return DocumentParser(build_schema()._schema, RULES)  # noqa: SLF001 - strawberry hands out no other


def test_a_document_is_parsed_once() -> None:
    reader = Reader()
    documents = DocumentCache(reader)
    first = documents.read("{ a }")
    assert documents.read("{ a }") is first
    documents.read("{ b }")
    documents.read("{ a }")
    assert reader.read == ["{ a }", "{ b }"]


def send_twice(documents: DocumentCache, text: str) -> None:
    """Reads a document as two requests do, each several times."""
    for _ in range(READS_PER_REQUEST + 1):
        documents.read(text)


def test_a_full_cache_drops_the_least_recently_used_document() -> None:
    reader = Reader()
    documents = DocumentCache(reader)
    texts = [f"{{ a{number} }}" for number in range(MAX_DOCUMENTS)]
    for text in texts:
        send_twice(documents, text)
    documents.read(texts[0])
    send_twice(documents, "{ one more }")
    reader.read.clear()
    documents.read(texts[0])
    documents.read(texts[2])
    assert reader.read == []
    documents.read(texts[1])
    assert reader.read == [texts[1]]


def test_the_cache_drops_documents_beyond_its_number_of_characters() -> None:
    reader = Reader()
    documents = DocumentCache(reader)
    texts = [f"{{ a{number} }}".ljust(MAX_CACHED_LENGTH) for number in range(MAX_CHARACTERS // MAX_CACHED_LENGTH)]
    for text in [*texts, *texts]:
        send_twice(documents, text)
    assert reader.read == texts
    send_twice(documents, "{ b }")
    documents.read(texts[1])
    documents.read(texts[0])
    assert reader.read == [*texts, "{ b }", texts[0]]


def test_documents_that_are_sent_once_displace_no_cached_document() -> None:
    reader = Reader()
    documents = DocumentCache(reader)
    send_twice(documents, "{ b }")
    for number in range(3 * MAX_DOCUMENTS):
        documents.read(f"{{ a{number} }}")
    reader.read.clear()
    documents.read("{ b }")
    documents.read(f"{{ a{3 * MAX_DOCUMENTS - MAX_CANDIDATES} }}")
    assert reader.read == []
    documents.read("{ a0 }")
    assert reader.read == ["{ a0 }"]


def test_the_tokens_of_a_document_are_not_linked() -> None:
    document = served()("query q { accounts { key } }")
    assert document.syntax is not None
    (operation,) = document.operations
    nodes = [document.syntax, operation, operation.name, operation.selection_set]
    places = [node.loc for node in nodes if node is not None and node.loc is not None]
    tokens = [token for place in places for token in (place.start_token, place.end_token)]
    assert len(tokens) == 8
    assert {(token.prev, token.next) for token in tokens} == {(None, None)}


def test_a_very_long_document_is_not_cached() -> None:
    reader = Reader()
    documents = DocumentCache(reader)
    long = "{ a }".ljust(MAX_CACHED_LENGTH + 1)
    for text in ("{ b }", long, "{ b }", long):
        documents.read(text)
    assert reader.read == ["{ b }", long, long]


@pytest.mark.parametrize("text", ["{ nope }", "{ accounts", "query q { accounts { key } } query q { __typename }"])
def test_the_errors_of_a_cached_document_have_codes_and_no_traceback(text: str) -> None:
    document = served()(text)
    assert [error.extensions for error in document.errors] == [{"code": "INVALID_INPUT"}]
    assert all(error.__traceback__ is None for error in document.errors)


def test_a_document_returns_an_operation_by_name_and_the_first_one_without() -> None:
    document = served()("query a { __typename } mutation b { __typename } fragment f on Query { __typename }")
    found = {name: document.operation(name) for name in ("a", "b", "f", "c", None)}
    kinds = {name: None if operation is None else operation.operation for name, operation in found.items()}
    query, mutation = OperationType.QUERY, OperationType.MUTATION
    assert kinds == {"a": query, "b": mutation, "f": None, "c": None, None: query}


@pytest.mark.parametrize(
    ("text", "incremental"),
    [
        ("{ accounts { key } }", False),
        ("{ accounts { key @skip(if: false) } }", False),
        ("{ ... @defer { accounts { key } } }", True),
        ("{ accounts @stream { key } }", True),
        ("{ ...f } fragment f on Query { accounts { ... @defer(if: false) { key } } }", True),
    ],
)
def test_a_document_is_incremental_if_it_contains_defer_or_stream(text: str, incremental: bool) -> None:
    assert served()(text).incremental is incremental


async def test_an_invalid_document_has_the_same_errors_the_second_time() -> None:
    gateway = open_gateway()
    for text in ("{ nope }", "{ accounts", '{ links(first: "x") { nodes { id } } }'):
        first, second = await gateway.ask(text), await gateway.ask(text)
        assert first.errors == second.errors
        assert first.codes == ["INVALID_INPUT"]


def test_every_rule_of_the_specification_is_checked() -> None:
    """NamedValuesRule takes the place of graphql-core's rule for values; the others are graphql-core's own."""
    schema = build_schema()._schema  # noqa: SLF001 - strawberry hands out no other
    wrong = "query ($unused: Int) { accounts { key(x: 1) ...f } } fragment g on Account { key }"
    ours = {error.message for error in served()(wrong).errors}
    parsed = served()(wrong).syntax
    assert parsed is not None
    assert ours == {error.message for error in validate(schema, parsed)}
    assert len(ours) >= 4


def test_the_same_policy_as_before_keeps_the_documents_and_another_does_not() -> None:
    schema = build_schema()
    first, second, other = (
        schema.with_policy(DocumentPolicy(LimitSettings(depth=depth))).documents for depth in (4, 4, 5)
    )
    assert first is second
    assert other is not first

"""DocumentCache of a manifest run by their ids, and alone where the operator wants it so."""

import json
from pathlib import Path
from typing import Any

import pytest

from harness.gateway import Gateway, open_gateway
from harness.multipart_client import SentFile, send_form
from harness.served_documents import served
from linkweave.app import build_app
from linkweave.edge.persisted_queries.manifest import Manifest, hash_of, read_manifest
from linkweave.edge.persisted_queries.setup import check_manifest
from linkweave.errors import ConfigurationError
from linkweave.schema.build import build_schema
from linkweave.schema.limits.document_policy import DocumentPolicy
from linkweave.settings import from_table

QUERY = "query Keys { accounts { key } }"
OTHER = "query Other { accounts { label } }"
ACCOUNT = {"key": "main", "provider": "cuttly", "api_key": "k"}


def apollo(*operations: Any, **members: Any) -> dict[str, Any]:
    return {"format": "apollo-persisted-query-manifest", "version": 1, "operations": list(operations), **members}


APOLLO = apollo({"id": "keys", "name": "Keys", "type": "query", "body": QUERY})
MANIFESTS = {
    "texts by their hashes": {hash_of(QUERY): QUERY},
    "texts by ids of another kind": {"d41d8cd98f00b204e9800998ecf8427e": QUERY},
    "texts by hashes with a prefix": {f"sha256:{hash_of(QUERY)}": QUERY},
    "Apollo's": APOLLO,
}


def file(tmp_path: Path, content: object) -> Path:
    path = tmp_path / "manifest.json"
    path.write_bytes(content if isinstance(content, bytes) else json.dumps(content).encode())
    return path


def trusting(tmp_path: Path, content: object = APOLLO, *, alone: bool = True) -> Gateway:
    return open_gateway(sections={"documents": {"manifest": str(file(tmp_path, content)), "trusted_only": alone}})


async def answer(at: Gateway, **members: Any) -> dict[str, Any]:
    async with at.client() as client:
        answered: dict[str, Any] = (await client.post("/graphql", json=members)).json()
    return answered


def ids_of(content: dict[str, Any]) -> list[str]:
    operations = content.get("operations")
    return list(content) if operations is None else [each["id"] for each in operations]


@pytest.mark.parametrize("content", MANIFESTS.values(), ids=MANIFESTS.keys())
async def test_a_document_is_found_by_its_id_and_by_its_hash(content: dict[str, Any], tmp_path: Path) -> None:
    at = trusting(tmp_path, content)
    expected = await answer(at, query=QUERY)
    assert expected["data"]["accounts"]
    (document_id,) = ids_of(content)
    named = {"persistedQuery": {"version": 1, "sha256Hash": document_id.removeprefix("sha256:")}}
    assert await answer(at, documentId=document_id) == expected
    assert await answer(at, documentId=f"sha256:{hash_of(QUERY)}") == expected
    assert await answer(at, extensions=named) == expected
    assert await answer(at, extensions=named, query=QUERY) == expected


def refusal_of(answered: dict[str, Any], code: str = "INVALID_INPUT") -> str:
    (error,) = answered["errors"]
    assert error["extensions"] == {"code": code}
    return str(error["message"])


@pytest.mark.parametrize("text", [OTHER, "{ __typename }", QUERY + " ", "{ nothing }", "{ accounts {"])
async def test_with_trusted_only_no_other_document_runs(text: str, tmp_path: Path) -> None:
    at = trusting(tmp_path)
    expected = (
        f"Only documents of the gateway's manifest run here, and this one (sha256:{hash_of(text)}) is not among them; "
        "have it added there."
    )
    hashed = {"persistedQuery": {"version": 1, "sha256Hash": hash_of(text)}}
    assert refusal_of(await answer(at, query=text)) == expected
    assert refusal_of(await answer(at, query=text, extensions=hashed)) == expected
    message = refusal_of(await answer(at, extensions=hashed), "PERSISTED_QUERY_NOT_FOUND")
    assert message == (
        f"The document {hash_of(text)!r} is unknown. Only documents of the gateway's manifest run here; "
        "have it added there."
    )
    async with at.client() as client:
        assert refusal_of((await client.get("/graphql", params={"query": text})).json()) == expected
    operations = {"query": text, "variables": {"f": None}}
    response = await send_form(at, operations, {"0": ["variables.f"]}, {"0": SentFile(b"x")})
    assert refusal_of(response.json()) == expected


async def test_without_trusted_only_other_documents_run_too(tmp_path: Path) -> None:
    at = trusting(tmp_path, alone=False)
    assert "errors" not in await answer(at, query=OTHER)
    assert "errors" not in await answer(at, documentId="keys")


async def test_only_trusted_documents_have_metrics_of_their_own(tmp_path: Path) -> None:
    at = trusting(tmp_path, alone=False)
    for members in ({"documentId": "keys"}, {"documentId": "keys"}, {"query": QUERY}, {"query": OTHER}):
        await answer(at, **members)
    async with at.client() as client:
        page = (await client.get("/metrics")).text
    numbers = [line for line in page.splitlines() if line.startswith("linkweave_trusted_operation_seconds_count")]
    assert numbers == ['linkweave_trusted_operation_seconds_count{operation="Keys"} 3.0']


def refused(tmp_path: Path, content: object, rules: DocumentPolicy | None = None) -> list[str]:
    path = file(tmp_path, content)
    with pytest.raises(ConfigurationError) as caught:
        read_manifest(path, "linkweave.toml", served(rules))
    lines = str(caught.value).splitlines()
    start = f"linkweave.toml: documents.manifest: {path}"
    assert all(line.startswith(start) for line in lines)
    return [line.removeprefix(start).removeprefix(":").strip() for line in lines]


SHAPE = "must be a JSON object of documents by their ids, or Apollo's manifest"
VERSION = "must be of version 1 and have a list of operations, as apollo-persisted-query-manifest has"
MEMBERS = "must have an id and a body, as texts"


@pytest.mark.parametrize(
    ("content", "problems"),
    [
        ([], [SHAPE]),
        ("text", [SHAPE]),
        ({"a": 5}, ["'a': must be a document, as text"]),
        ({"a": {"b": QUERY}}, ["'a': must be a document, as text"]),
        (apollo(version=2), [VERSION]),
        (apollo(operations={}), [VERSION]),
        (apollo("x"), [f"operations[0]: {MEMBERS}"]),
        (apollo({"id": "a", "body": QUERY}, {"id": "b"}), [f"operations[1]: {MEMBERS}"]),
        (apollo({"id": 5, "body": QUERY}), [f"operations[0]: {MEMBERS}"]),
        (
            apollo({"id": "a", "body": QUERY, "name": "Keys"}, {"id": "a", "body": OTHER, "name": "Other"}),
            ["operations[1] (Other): another document has the same id"],
        ),
        (
            {f"sha256:{hash_of(OTHER)}": QUERY},
            [f"'sha256:{hash_of(OTHER)}': the id is not the SHA-256 of the document, which is sha256:{hash_of(QUERY)}"],
        ),
        (
            {"a": "{ nothing }", "b": "{ accounts {", "c": QUERY, "d": "fragment F on Account { key }"},
            [
                "'a': Cannot query field 'nothing' on type 'Query'. (line 1, column 3)",
                "'b': Syntax Error: Expected Name, found <EOF>. (line 1, column 13)",
                "'d': Fragment 'F' is never used. (line 1, column 1)",
            ],
        ),
    ],
)
def test_a_faulty_manifest_is_refused_with_each_faulty_entry(
    content: object, problems: list[str], tmp_path: Path
) -> None:
    assert refused(tmp_path, content) == problems


def test_a_manifest_that_is_missing_or_not_json_is_refused(tmp_path: Path) -> None:
    (problem,) = refused(tmp_path, b"{")
    assert problem.startswith("is not JSON: ")
    with pytest.raises(ConfigurationError, match=r"nothing\.json cannot be read: No such file or directory"):
        read_manifest(tmp_path / "nothing.json", "linkweave.toml", served())


def test_the_first_of_many_problems_are_reported(tmp_path: Path) -> None:
    problems = refused(tmp_path, {f"q{i}": "{ nothing }" for i in range(15)})
    assert len(problems) == 11
    assert problems[-1] == "and 5 more"


def test_a_manifests_documents_must_keep_the_gateways_rules(tmp_path: Path) -> None:
    hidden = DocumentPolicy(introspection=False)
    (problem,) = refused(tmp_path, {"a": "{ __schema { description } }"}, hidden)
    assert "introspection has been disabled" in problem


def test_a_manifest_may_be_empty_or_have_the_same_document_twice(tmp_path: Path) -> None:
    read = read_manifest(file(tmp_path, {"a": QUERY, "b": QUERY}), "linkweave.toml", served())
    assert read.texts == {QUERY}
    assert [read.find(each) for each in ("a", "b", hash_of(QUERY), "c")] == [QUERY, QUERY, QUERY, None]
    assert read_manifest(file(tmp_path, {}), "linkweave.toml", served()) == Manifest({})


def test_trusted_only_needs_a_manifest() -> None:
    with pytest.raises(ConfigurationError) as caught:
        from_table({"accounts": [ACCOUNT], "documents": {"trusted_only": True}}, "demo")
    assert str(caught.value) == (
        "demo: documents.trusted_only: needs documents.manifest, the file of the documents that may run"
    )


def test_a_faulty_manifest_stops_the_start(tmp_path: Path) -> None:
    (tmp_path / "linkweave.toml").write_text("")
    file(tmp_path, {"a": "{ nothing }"})
    table = {"accounts": [ACCOUNT], "documents": {"manifest": "manifest.json"}}
    settings = from_table(table, tmp_path / "linkweave.toml")
    with pytest.raises(ConfigurationError, match="Cannot query field 'nothing'"):
        build_app(settings)
    with pytest.raises(ConfigurationError, match="Cannot query field 'nothing'"):
        check_manifest(settings, build_schema)
    check_manifest(from_table({"accounts": [ACCOUNT]}, "demo"), build_schema)

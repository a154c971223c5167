"""Requests that name their documents by id or by hash, and clients that store documents."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from hashlib import sha256
from pathlib import Path
from typing import Any

import httpx2
import pytest

from harness.gateway import Gateway, open_gateway
from harness.served_documents import served
from linkweave.edge.persisted_queries.lookup import PersistedDocuments, PersistedQueryError
from linkweave.edge.persisted_queries.manifest import Manifest
from linkweave.settings import DocumentSettings

QUERY = "query Keys($providers: [ID!]) { accounts(providers: $providers) { key } }"
OTHER = "query Other { accounts { key label } }"
MUTATION = 'mutation { refresh(accounts: ["tinycc"]) { accounts { key } } }'
GRAPHQL_JSON = {"accept": "application/graphql-response+json"}


def hash_of(text: str) -> str:
    return sha256(text.encode()).hexdigest()


def persisted(text: str, **members: Any) -> dict[str, Any]:
    return {"extensions": {"persistedQuery": {"version": 1, "sha256Hash": hash_of(text)}}, **members}


def gateway(tmp_path: Path | None = None, manifest: object = None, **documents: object) -> Gateway:
    if tmp_path is not None:
        path = tmp_path / "manifest.json"
        path.write_text(json.dumps(manifest))
        documents["manifest"] = str(path)
    # The overview page has documents of its own, which the gateway would know.
    return open_gateway(sections={"documents": documents, "server": {"overview": False}})


async def post(at: Gateway, body: Any, headers: Mapping[str, str] | None = None) -> httpx2.Response:
    async with at.client() as client:
        return await client.post("/graphql", json=body, headers=headers)


async def get(at: Gateway, headers: Mapping[str, str] | None = None, **members: Any) -> httpx2.Response:
    parameters = {name: value if isinstance(value, str) else json.dumps(value) for name, value in members.items()}
    async with at.client() as client:
        return await client.get("/graphql", params=parameters, headers=headers)


def error_of(response: httpx2.Response) -> tuple[int, str, str]:
    (error,) = response.json()["errors"]
    assert "data" not in response.json()
    return response.status_code, error["message"], error["extensions"]["code"]


NOT_FOUND = ("PersistedQueryNotFound", "PERSISTED_QUERY_NOT_FOUND")


async def test_an_unknown_hash_is_answered_as_apollo_client_expects() -> None:
    response = await post(gateway(), persisted(QUERY))
    assert response.json() == {"errors": [{"message": NOT_FOUND[0], "extensions": {"code": NOT_FOUND[1]}}]}
    assert (response.status_code, response.headers["content-type"]) == (200, "application/json; charset=utf-8")
    assert response.headers["cache-control"] == "no-store"


async def test_a_client_that_reads_the_status_learns_from_it_that_a_hash_is_unknown() -> None:
    response = await post(gateway(), persisted(QUERY), GRAPHQL_JSON)
    assert error_of(response) == (400, *NOT_FOUND)
    assert response.headers["content-type"] == "application/graphql-response+json; charset=utf-8"
    assert error_of(await get(gateway(), GRAPHQL_JSON, **persisted(QUERY))) == (400, *NOT_FOUND)


async def test_a_document_that_was_sent_with_its_hash_runs_by_the_hash_alone() -> None:
    at = gateway()
    assert error_of(await post(at, persisted(QUERY))) == (200, *NOT_FOUND)
    expected = {"data": {"accounts": [{"key": "tinycc"}]}}
    tiny = {"providers": ["tinycc"]}
    assert (await post(at, persisted(QUERY, query=QUERY, variables=tiny))).json() == expected
    for variables in (tiny, {"providers": ["cuttly"]}):
        answer = (await post(at, persisted(QUERY, variables=variables))).json()
        assert [account["key"] for account in answer["data"]["accounts"]] == variables["providers"]
    assert (await post(at, {"documentId": f"sha256:{hash_of(QUERY)}", "variables": tiny})).json() == expected
    assert error_of(await post(at, persisted(OTHER))) == (200, *NOT_FOUND)


async def test_a_hash_works_in_the_address() -> None:
    at = gateway()
    tiny = {"providers": ["tinycc"]}
    assert error_of(await get(at, **persisted(QUERY))) == (200, *NOT_FOUND)
    assert (await get(at, **persisted(QUERY, query=QUERY, variables=tiny))).status_code == 200
    for response in (
        await get(at, **persisted(QUERY, variables=tiny)),
        await get(at, documentId=f"sha256:{hash_of(QUERY)}", variables=tiny, operationName="Keys"),
    ):
        assert response.json() == {"data": {"accounts": [{"key": "tinycc"}]}}


async def test_the_answer_to_a_hash_is_stored_as_any_other() -> None:
    at = gateway()
    await post(at, persisted(QUERY, query=QUERY))
    answers = [await post(at, persisted(QUERY)) for _ in range(2)]
    answers += [await get(at, documentId=f"sha256:{hash_of(QUERY)}") for _ in range(2)]
    assert ["age" in answer.headers for answer in answers] == [True, True, False, True]
    assert len({answer.content for answer in answers}) == 1


async def test_a_named_mutation_does_not_run_by_get() -> None:
    at = gateway()
    assert "errors" not in (await post(at, persisted(MUTATION, query=MUTATION))).json()
    for response in (await get(at, **persisted(MUTATION)), await get(at, documentId=f"sha256:{hash_of(MUTATION)}")):
        assert response.status_code == 405


async def test_the_operation_of_a_named_document_can_be_chosen() -> None:
    both = "query A { accounts { key } } query B { __typename }"
    at = gateway()
    await post(at, persisted(both, query=both, operationName="A"))
    assert (await post(at, persisted(both, operationName="B"))).json() == {"data": {"__typename": "Query"}}
    assert "operationName" in error_of_executed(await post(at, persisted(both)))


def error_of_executed(response: httpx2.Response) -> str:
    (error,) = response.json()["errors"]
    return str(error["message"])


async def test_a_wrong_hash_is_refused_and_nothing_is_stored() -> None:
    at = gateway()
    status, message, code = error_of(await post(at, persisted(OTHER, query=QUERY)))
    assert (status, code) == (400, "INVALID_INPUT")
    assert message == "extensions.persistedQuery.sha256Hash: provided sha does not match query."
    assert error_of(await post(at, persisted(OTHER))) == (200, *NOT_FOUND)
    assert error_of(await post(at, persisted(QUERY))) == (200, *NOT_FOUND)


@pytest.mark.parametrize(
    "text", ["{ nothing }", "{ accounts {", "{" + "a " * 6_000 + "}", "   ", "fragment F on Query { a }"]
)
async def test_an_invalid_document_is_not_stored(text: str) -> None:
    at = gateway()
    assert "errors" in (await post(at, persisted(text, query=text))).json()
    assert error_of(await post(at, persisted(text))) == (200, *NOT_FOUND)


@pytest.mark.parametrize(
    ("members", "place"),
    [
        ({"extensions": {"persistedQuery": "x"}}, "extensions.persistedQuery"),
        ({"extensions": {"persistedQuery": {}}}, "extensions.persistedQuery"),
        ({"extensions": {"persistedQuery": {"version": 2, "sha256Hash": "a"}}}, "extensions.persistedQuery"),
        ({"extensions": {"persistedQuery": {"version": 1}}}, "extensions.persistedQuery.sha256Hash"),
        ({"extensions": {"persistedQuery": {"version": 1, "sha256Hash": 5}}}, "extensions.persistedQuery.sha256Hash"),
        ({"extensions": {"persistedQuery": {"version": 1, "sha256Hash": ""}}}, "extensions.persistedQuery.sha256Hash"),
        ({"documentId": 5}, "documentId"),
        ({"documentId": ""}, "documentId"),
        ({"documentId": ["a"]}, "documentId"),
        ({"documentId": "a", "query": QUERY}, "documentId"),
        ({"documentId": "a", **persisted(QUERY)}, "documentId"),
    ],
)
async def test_an_error_in_a_name_is_reported_with_its_place(members: dict[str, Any], place: str) -> None:
    status, message, code = error_of(await post(gateway(), members))
    assert (status, code) == (400, "INVALID_INPUT")
    assert message.startswith(f"{place}: ")


@pytest.mark.parametrize(
    "document_id", ["sha256:" + "0" * 64, "sha256:x", "md5:abc", "unknown", "../../etc", "x" * 5_000]
)
async def test_an_unknown_id_is_refused_with_a_remedy(document_id: str) -> None:
    status, message, code = error_of(await post(gateway(), {"documentId": document_id}))
    assert (status, code) == (200, "PERSISTED_QUERY_NOT_FOUND")
    assert message == f"documentId: {document_id[:100]!r} is unknown. Send the document itself, as query."


@pytest.mark.parametrize(("headers", "status"), [({}, 200), (GRAPHQL_JSON, 400)])
async def test_an_unknown_id_and_an_unknown_hash_are_refused_alike(
    headers: Mapping[str, str], status: int, tmp_path: Path
) -> None:
    unknown = hash_of("{ unknown }")
    for at in (gateway(), gateway(tmp_path, {"other": OTHER}, automatic=False, trusted_only=True)):
        for members in ({"documentId": f"sha256:{unknown}"}, {"documentId": unknown}, persisted("{ unknown }")):
            response = await post(at, members, headers)
            found, _, code = error_of(response)
            assert (found, code) == (status, "PERSISTED_QUERY_NOT_FOUND")
            assert response.headers["cache-control"] == "no-store"


@pytest.mark.parametrize(
    "body",
    [
        {"query": "query ($persistedQuery: String) { accounts { key } }", "extensions": {"persistedQuery": None}},
        {"query": '{ account(key: "documentId persistedQuery") { key } }'},
        {"query": "{ __typename }", "extensions": {"other": {"documentId": 1}}},
        {"query": "{ __typename }", "documentId": None},
    ],
)
async def test_words_that_only_look_like_document_names_change_nothing(body: dict[str, Any]) -> None:
    expected = await post(gateway(automatic=False), body)
    response = await post(gateway(), body)
    assert (response.status_code, response.content) == (expected.status_code, expected.content)
    parameters = {name: value for name, value in body.items() if value is not None}
    assert (await get(gateway(), **parameters)).content == (await get(gateway(automatic=False), **parameters)).content


@pytest.mark.parametrize(
    "content", [b'{"documentId": ', b'["documentId"]', b'"documentId"', b'{"extensions": "persistedQuery"}']
)
async def test_a_malformed_request_is_refused(content: bytes) -> None:
    async with gateway().client() as client:
        response = await client.post("/graphql", content=content, headers={"content-type": "application/json"})
    assert error_of(response)[0] == 400
    response = await get(gateway(), {"accept": "application/json"}, extensions='{"persistedQuery": ')
    assert error_of(response)[0] == 400


async def test_a_page_of_another_origin_cannot_store_a_document() -> None:
    at = gateway()
    body = json.dumps(persisted(QUERY, query=QUERY))
    async with at.client() as client:
        response = await client.post("/graphql", content=body, headers={"content-type": "text/plain"})
    assert response.status_code == 415
    assert error_of(await post(at, persisted(QUERY))) == (200, *NOT_FOUND)


async def test_a_gateway_without_persisted_queries_refuses_a_hash_as_a_request_without_a_query() -> None:
    at = gateway(automatic=False)
    for _ in range(2):
        assert (await post(at, persisted(QUERY, query=QUERY))).status_code == 200
        response = await post(at, persisted(QUERY))
        assert response.status_code == 400


async def test_a_gateway_with_only_a_manifest_says_that_it_stores_none(tmp_path: Path) -> None:
    at = gateway(tmp_path, {"other": OTHER}, automatic=False)
    assert (await post(at, persisted(QUERY, query=QUERY))).status_code == 200
    expected = (200, "PersistedQueryNotSupported", "PERSISTED_QUERY_NOT_SUPPORTED")
    assert error_of(await post(at, persisted(QUERY))) == expected


@dataclass
class DictStore:
    """A store in a dictionary, which counts its reads."""

    records: dict[str, bytes] = field(default_factory=dict)
    seconds: list[float] = field(default_factory=list)
    asked: int = 0

    async def get(self, key: str) -> bytes | None:
        self.asked += 1
        return self.records.get(key)

    async def get_many(self, keys: Sequence[str]) -> Sequence[bytes | None]:
        return [await self.get(key) for key in keys]

    async def set(self, key: str, value: bytes, ttl_seconds: float) -> None:
        self.records[key] = value
        self.seconds.append(ttl_seconds)

    async def delete(self, key: str) -> None:
        del self.records[key]


def documents(store: DictStore, **settings: Any) -> PersistedDocuments:
    return PersistedDocuments(DocumentSettings(**settings), Manifest(), store, served())


async def test_a_worker_finds_a_document_that_another_has_stored_and_remembers_it() -> None:
    store = DictStore()
    await documents(store, automatic_seconds=600).complete(persisted(QUERY, query=QUERY))
    assert store.records == {f"document/{hash_of(QUERY)}": QUERY.encode()}
    assert store.seconds == [600]
    other = documents(store)
    for _ in range(3):
        assert (await other.complete(persisted(QUERY)))["query"] == QUERY
    assert store.asked == 1


async def test_a_document_of_the_store_counts_only_if_it_has_the_hash() -> None:
    key = f"document/{hash_of(QUERY)}"
    for stored in (OTHER.encode(), b"\xff\xfe", b""):
        with pytest.raises(PersistedQueryError, match="PersistedQueryNotFound"):
            await documents(DictStore({key: stored})).complete(persisted(QUERY))


async def test_the_number_and_length_of_remembered_documents_are_bounded() -> None:
    store = DictStore()
    worker = documents(store)
    texts = [f"query Q{number} {{ __typename }}" for number in range(501)]
    long = "{ __typename } #".ljust(20_001, "x")
    for text in (*texts, long):
        await worker.complete(persisted(text, query=text))
    await worker.complete(persisted(texts[1]))
    assert store.asked == 0
    await worker.complete(persisted(texts[0]))
    await worker.complete(persisted(long))
    assert store.asked == 2


async def test_a_malformed_hash_is_not_searched_in_the_store() -> None:
    store = DictStore()
    for given in ("x", "A" * 63 + "/", "a" * 65):
        with pytest.raises(PersistedQueryError):
            await documents(store).complete({"extensions": {"persistedQuery": {"version": 1, "sha256Hash": given}}})
    assert store.asked == 0

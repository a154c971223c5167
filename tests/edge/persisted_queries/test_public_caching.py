"""With `cache.public`, caches in front of the gateway may store answers to a GET that only names its document."""

import json
from typing import Any

import httpx2
import pytest

from harness.gateway import Gateway, open_gateway
from harness.gateway_with_clients import ROOT, client
from linkweave.edge.persisted_queries.manifest import hash_of
from linkweave.errors import ConfigurationError

QUERY = "{ links(first: 20) { nodes { id shortUrl destination title } } }"
BY_ID = {"documentId": f"sha256:{hash_of(QUERY)}"}
BY_HASH = {"extensions": {"persistedQuery": {"version": 1, "sha256Hash": hash_of(QUERY)}}}


async def public(**sections: Any) -> Gateway:
    """A gateway whose clients have stored the query."""
    at = open_gateway(sections={"cache": {"public": True}, **sections})
    async with at.client() as http:
        assert "data" in (await http.post("/graphql", json={"query": QUERY, **BY_HASH})).json()
    return at


async def get(at: Gateway, members: dict[str, Any], method: str = "GET", **headers: str) -> httpx2.Response:
    parameters = {name: value if isinstance(value, str) else json.dumps(value) for name, value in members.items()}
    async with at.client() as http:
        return await http.request(method, "/graphql", params=parameters, headers=headers)


@pytest.mark.parametrize("members", [BY_ID, BY_HASH])
@pytest.mark.parametrize("method", ["GET", "HEAD"])
async def test_an_answer_to_a_named_document_is_public(members: dict[str, Any], method: str) -> None:
    at = await public()
    for encoding in ("identity", "gzip", "gzip"):
        response = await get(at, members, method, **{"accept-encoding": encoding})
        assert response.headers["cache-control"].startswith("public, max-age=")
        assert response.headers["vary"] == "Accept, Accept-Encoding"
    etag = response.headers["etag"]
    unchanged = await get(at, members, method, **{"if-none-match": etag})
    assert unchanged.status_code == 304
    assert unchanged.headers["cache-control"].startswith("public, max-age=")


async def test_a_query_that_was_sent_stays_private() -> None:
    at = await public()
    for response in (await get(at, {"query": QUERY}), await get(at, {"query": QUERY, **BY_HASH})):
        assert response.headers["cache-control"].startswith("private, max-age=")
    async with at.client() as http:
        for members in ({"query": QUERY}, BY_ID):
            assert (await http.post("/graphql", json=members)).headers["cache-control"].startswith("private, ")


async def test_a_gateway_that_is_not_told_otherwise_allows_no_public_caching() -> None:
    at = await public(cache={"public": False})
    for _ in range(3):
        assert (await get(at, BY_ID)).headers["cache-control"].startswith("private, max-age=")


async def test_an_error_is_stored_by_no_cache() -> None:
    at = await public()
    unknown = await get(at, {"documentId": "sha256:" + "0" * 64})
    assert unknown.headers["cache-control"] == "no-store"


async def test_a_gateway_with_clients_has_no_public_answers() -> None:
    with pytest.raises(ConfigurationError, match=r"cache\.public: is for gateways without \[\[clients\]\] and \[jwt\]"):
        open_gateway(sections={"cache": {"public": True}, "clients": [client("root", ROOT, ["read"], "*")]})

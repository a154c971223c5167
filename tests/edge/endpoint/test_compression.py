"""Answers over 1 kB are compressed for clients that accept it, and a repeated one is not compressed again."""

import gzip
import json
from collections.abc import Mapping
from typing import Any

import httpx2
import pytest
from starlette.types import Message

from harness.gateway import Gateway, open_gateway
from linkweave.edge.response_cache.http_caching import BufferedResponse, compressing_sender, in_accepted_encoding

LARGE = "{ links(first: 20) { nodes { id slug shortUrl destination title createdAt account { key } } } }"


async def raw(gateway: Gateway, body: Any, **headers: str) -> tuple[httpx2.Response, bytes]:
    """The answer to a POST, and its bytes as they were sent."""
    async with gateway.client() as client, client.stream("POST", "/graphql", json=body, headers=headers) as response:
        return response, b"".join([piece async for piece in response.aiter_raw()])


def vary(response: httpx2.Response) -> set[str]:
    return set(response.headers["vary"].split(", "))


@pytest.mark.parametrize("encoding", ["gzip", "br", "zstd"])
async def test_a_large_answer_is_compressed_also_when_it_is_repeated(encoding: str) -> None:
    gateway = open_gateway()
    whole, content = await raw(gateway, {"query": LARGE}, **{"accept-encoding": "identity"})
    assert "content-encoding" not in whole.headers
    bodies = set()
    for _ in range(4):
        response, body = await raw(gateway, {"query": LARGE}, **{"accept-encoding": encoding})
        assert response.headers["content-encoding"] == encoding
        assert int(response.headers["content-length"]) == len(body) < len(content) / 2
        assert response.headers["etag"] == f"W/{whole.headers['etag']}"
        assert "Accept-Encoding" in vary(response) & vary(whole)
        bodies.add(body)
    assert len(bodies) == 1
    async with gateway.client() as client:
        answer = await client.post("/graphql", json={"query": LARGE}, headers={"accept-encoding": encoding})
        assert answer.json() == json.loads(content)


async def test_a_client_that_has_the_compressed_answer_gets_304() -> None:
    gateway = open_gateway()
    async with gateway.client() as client:
        for _ in range(3):
            first = await client.get("/graphql", params={"query": LARGE}, headers={"accept-encoding": "br"})
            etag = first.headers["etag"]
            for accepted in ("br", "gzip", "identity"):
                headers = {"accept-encoding": accepted, "if-none-match": etag}
                again = await client.get("/graphql", params={"query": LARGE}, headers=headers)
                assert (again.status_code, again.content) == (304, b"")
                assert "content-encoding" not in again.headers


@pytest.mark.parametrize("headers", [{}, {"accept": "multipart/mixed;deferSpec=20220824, application/json"}])
async def test_a_small_answer_is_sent_as_it_is(headers: Mapping[str, str]) -> None:
    response, _ = await raw(open_gateway(), {"query": "{ __typename }"}, **{"accept-encoding": "gzip", **headers})
    assert "content-encoding" not in response.headers
    assert "Accept-Encoding" not in vary(response)


async def test_an_answer_in_parts_is_sent_as_it_comes() -> None:
    query = LARGE.replace("nodes {", "nodes { ... @defer { tags { name } }")
    headers = {"accept-encoding": "gzip", "accept": "multipart/mixed;deferSpec=20220824, application/json"}
    response, body = await raw(open_gateway(), {"query": query}, **headers)
    assert response.headers["content-type"].startswith("multipart/mixed")
    assert "content-encoding" not in response.headers
    assert body.count(b"Content-Type: application/json") > 1


@pytest.mark.parametrize(("content_type", "is_held"), [("multipart/mixed", False), ("application/json", True)])
async def test_the_head_of_an_answer_in_parts_does_not_wait_for_its_first_part(
    content_type: str, is_held: bool
) -> None:
    sent: list[Message] = []

    async def send(message: Message) -> None:
        sent.append(message)

    compressing = compressing_sender({"headers": [(b"accept-encoding", b"gzip")]}, send)
    head = {"type": "http.response.start", "status": 200, "headers": [(b"content-type", content_type.encode())]}
    await compressing(head)
    assert sent == ([] if is_held else [head])
    for piece in (b"a" * 2_000, b"b"):
        await compressing({"type": "http.response.body", "body": piece, "more_body": piece != b"b"})
    assert sent[0] == head
    assert b"".join(message["body"] for message in sent[1:]) == b"a" * 2_000 + b"b"


async def test_a_large_answer_that_is_not_stored_is_compressed_too() -> None:
    errors = {"query": "{ " + " ".join(f"nothing{number}" for number in range(20)) + " }"}
    response, body = await raw(open_gateway(), errors, **{"accept-encoding": "gzip"})
    assert (response.headers["content-encoding"], response.headers["cache-control"]) == ("gzip", "no-store")
    assert len(json.loads(gzip.decompress(body))["errors"]) == 20


async def test_a_body_is_compressed_once_for_each_encoding() -> None:
    response = BufferedResponse(200, ((b"content-type", b"application/json"),), b'{"data":1}' * 1_000)
    for encoding in (b"gzip", b"br"):
        scope = {"headers": [(b"accept-encoding", encoding)]}
        first, second = [await in_accepted_encoding(response, scope) for _ in range(2)]
        assert first.body is second.body
    assert response.compressed.keys() == {"gzip", "br"}

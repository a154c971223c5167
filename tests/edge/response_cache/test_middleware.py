"""Which queries are equal, so that they are executed once, and which requests are passed on each time."""

import json
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from harness.cached_responses import MEGABYTE, MUTATION, QUERY, Bench
from linkweave.schema.execution.document import Document

_NAMES = st.text(alphabet='abAB."\\é', max_size=3)


def nested(inner: st.SearchStrategy[Any]) -> st.SearchStrategy[Any]:
    return st.lists(inner, max_size=3) | st.dictionaries(_NAMES, inner, max_size=3)


_LEAVES = st.none() | st.booleans() | st.integers(-5, 5) | st.floats(-2, 2) | st.text(max_size=3)
_VALUES = st.recursive(_LEAVES, nested, max_leaves=8)
VARIABLES = st.none() | st.dictionaries(_NAMES, _VALUES, max_size=3)

LINK = "query ($id: ID!, $other: ID!) { link(id: $id) { slug } node(id: $other) { id } }"


async def test_the_same_query_is_executed_once_and_answered_with_the_same_bytes() -> None:
    bench = Bench()
    first, second = await bench.post(), await bench.post()
    assert bench.executed == 1
    assert first.status == second.status == 200
    assert first.body == second.body == bench.app.body
    assert first.headers["content-type"] == second.headers["content-type"] == "application/json"
    assert second.headers["content-length"] == str(len(bench.app.body))
    assert bench.listener.results == ["miss", "fresh"]


@pytest.mark.parametrize(
    "body",
    [
        b'{"query": "{ accounts { key } }", "variables": {}}',
        b'{"variables":null,"query":"{ accounts { key } }"}',
        b'{"query": "{ accounts { key } }", "operationName": null, "extensions": {}}',
        b' {"query" : "\\u007b accounts { key } }", "other": 5}',
    ],
)
async def test_a_query_in_another_spelling_is_the_same(body: bytes) -> None:
    bench = Bench()
    await bench.post()
    for _ in range(2):
        assert (await bench.post(raw=body)).body == bench.app.body
    assert bench.executed == 1


async def test_a_query_in_the_address_is_the_same_as_in_a_body() -> None:
    bench = Bench()
    variables = {"id": "x", "other": "y"}
    await bench.post(LINK, variables=variables)
    await bench.get(LINK, variables='{"other": "y", "id": "x"}')
    await bench.get(LINK, variables='{"id": "x", "other": "y"}', extensions="")
    assert bench.executed == 1


@pytest.mark.parametrize(
    "members",
    [
        {"query": "{ accounts { key label } }"},
        {"query": "{ accounts { key } } "},
        {"variables": {"x": None}},
        {"variables": {"x": 1}},
        {"operationName": "a"},
        {"extensions": {"cost": True}},
        {"headers": {"accept": "application/graphql-response+json"}},
        {"rights": "admin"},
    ],
)
async def test_another_query_or_other_rights_share_nothing(members: dict[str, Any]) -> None:
    bench = Bench()
    name = {"operationName": "a", "query": "query a { accounts { key } }"} if "operationName" in members else {}
    for _ in range(2):
        await bench.post(**{**name, "operationName": None} if name else {"query": QUERY})
        await bench.post(**{"query": QUERY, **name, **members})
    assert bench.executed == 2


async def test_variables_of_different_types_are_different() -> None:
    bench = Bench()
    values: list[Any] = [1, 1.0, "1", True, None, [1], {"a": 1}, 0, False, ""]
    for value in values:
        await bench.post(variables={"x": value})
    assert bench.executed == len(values)


@pytest.mark.parametrize(
    "request_",
    [
        {"query": MUTATION},
        {"query": f"query a {QUERY} {MUTATION.replace('mutation', 'mutation b')}", "operationName": "b"},
        {"query": "{ ... @defer { accounts { key } } }"},
        {"query": "{ nope }"},
        {"query": "{ accounts"},
        {"query": f"query a {QUERY} query b {QUERY}"},
        {"query": QUERY, "operationName": "nope"},
        {"query": ""},
        {"raw": b"nonsense"},
        {"raw": b"[]"},
        {"raw": b'{"query": 5}'},
        {"raw": b'{"query": "{ accounts { key } }", "variables": []}'},
        {"raw": b'{"query": "{ accounts { key } }", "variables": {"x": ' + b"[" * 500 + b"]" * 500 + b"}}"},
        {"raw": b'{"query": "{ accounts { key } }", "extensions": 5}'},
        {"raw": b'{"query": "{ accounts { key } }", "operationName": 5}'},
        {"headers": {"content-type": "multipart/form-data"}},
        {"headers": {"content-type": "text/plain"}},
        {"query": QUERY + " " * MEGABYTE},
    ],
)
async def test_a_request_that_is_not_a_plain_query_is_passed_on_each_time(request_: dict[str, Any]) -> None:
    bench = Bench()
    for _ in range(2):
        reply = await bench.post(**request_)
        assert reply.headers["cache-control"] == "no-store"
        assert "etag" not in reply.headers
    assert bench.executed == 2
    assert bench.listener.results == []
    assert str(bench.app.requests[0]) == str(bench.app.requests[1])


@pytest.mark.parametrize("difference", [{"type": "websocket"}, {"method": "PUT"}, {"method": "HEAD"}])
async def test_other_methods_and_protocols_are_passed_on(difference: dict[str, str]) -> None:
    bench = Bench()
    for _ in range(2):
        client = bench.client()
        client.scope.update(difference)
        assert await client.run() is not None
    assert bench.executed == 2


async def test_a_document_that_cannot_be_parsed_is_left_to_the_endpoint() -> None:
    def fail(_: str) -> Document:
        raise RecursionError

    bench = Bench(read=fail)
    assert (await bench.post()).body == bench.app.body


async def test_a_request_that_repeats_a_decisive_header_is_passed_on() -> None:
    bench = Bench()
    for name, executed in ((b"accept", 2), (b"content-type", 4), (b"via", 5)):
        for value in (b"application/json", b"text/html"):
            client = bench.client()
            client.scope["headers"] += [(name, b"application/json"), (name, value)]
            await client.run()
        assert bench.executed == executed


@settings(max_examples=60)
@given(_VALUES)
async def test_variables_are_the_same_in_whatever_order_and_spelling(value: Any) -> None:
    bench = Bench()
    variables = {"a": value, "b": [value]}
    for spelled in (
        json.dumps({"query": QUERY, "variables": variables}),
        json.dumps({"variables": variables, "query": QUERY}, indent=3),
        json.dumps({"query": QUERY, "variables": _turned(variables)}, ensure_ascii=False),
    ):
        await bench.post(raw=spelled.encode())
    assert bench.executed == 1


@settings(max_examples=60)
@given(VARIABLES, VARIABLES)
async def test_different_variables_never_share_an_answer(one: Any, other: Any) -> None:
    bench = Bench()
    for variables in (one, other):
        await bench.post(variables=variables)
    same = json.dumps(one, sort_keys=True) == json.dumps(other, sort_keys=True) or (not one and not other)
    assert bench.executed == (1 if same else 2)


def _turned(value: Any) -> Any:
    """The same JSON with its members the other way round."""
    if isinstance(value, dict):
        return {name: _turned(value[name]) for name in reversed(value)}
    return [_turned(each) for each in value] if isinstance(value, list) else value

"""Which queries are answered without being executed again, and which never are."""

import json
import re
from datetime import timedelta
from typing import Any

import orjson
import pytest
from cached_operations import MEGABYTE, QUERY, Bench
from hypothesis import given
from hypothesis import strategies as st

from linkweave.errors import VendorTimeoutError
from linkweave.schema.documents import Document
from linkweave.transport.freshness import do_not_keep, note
from properties import without_hurry

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
    assert bench.listener.heard == ["miss", "fresh"]


@pytest.mark.parametrize(
    "body",
    [
        b'{"query": "{ accounts { key } }", "variables": {}}',
        b'{"variables":null,"query":"{ accounts { key } }"}',
        b'{"query": "{ accounts { key } }", "operationName": null, "extensions": {}}',
        b' {"query" : "\\u007b accounts { key } }", "other": 5}',
    ],
)
async def test_the_same_query_in_other_words_is_the_same(body: bytes) -> None:
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
async def test_what_asks_for_anything_else_or_has_other_rights_shares_nothing(members: dict[str, Any]) -> None:
    bench = Bench()
    name = {"operationName": "a", "query": "query a { accounts { key } }"} if "operationName" in members else {}
    for _ in range(2):
        await bench.post(**{**name, "operationName": None} if name else {"query": QUERY})
        await bench.post(**{"query": QUERY, **name, **members})
    assert bench.executed == 2


async def test_variables_of_other_kinds_are_others() -> None:
    bench = Bench()
    values: list[Any] = [1, 1.0, "1", True, None, [1], {"a": 1}, 0, False, ""]
    for value in values:
        await bench.post(variables={"x": value})
    assert bench.executed == len(values)


MUTATION = 'mutation { deleteLinks(ids: ["x"]) { deleted } }'


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
async def test_what_is_no_plain_query_is_let_through_each_time(request_: dict[str, Any]) -> None:
    bench = Bench()
    for _ in range(2):
        reply = await bench.post(**request_)
        assert reply.headers["cache-control"] == "no-store"
        assert "etag" not in reply.headers
    assert bench.executed == 2
    assert bench.listener.heard == []
    assert len({body for _, body, _ in bench.app.requests}) == 1


@pytest.mark.parametrize("difference", [{"type": "websocket"}, {"method": "PUT"}, {"method": "HEAD"}])
async def test_other_methods_and_protocols_are_let_through(difference: dict[str, str]) -> None:
    bench = Bench()
    for _ in range(2):
        client = bench.client()
        client.scope.update(difference)
        assert await client.run() is not None
    assert bench.executed == 2


async def test_a_document_that_cannot_be_read_at_all_is_left_to_who_executes_it() -> None:
    def fail(_: str) -> Document:
        raise RecursionError

    bench = Bench(read=fail)
    assert (await bench.post()).body == bench.app.body


async def test_which_of_two_headers_counts_is_left_to_others() -> None:
    bench = Bench()
    for name, executed in ((b"accept", 2), (b"content-type", 4), (b"via", 5)):
        for value in (b"application/json", b"text/html"):
            client = bench.client()
            client.scope["headers"] += [(name, b"application/json"), (name, value)]
            await client.run()
        assert bench.executed == executed


@pytest.mark.parametrize(("status", "body"), [(400, b"{}"), (500, b"{}"), (200, b'{"data":null,"errors":[{}]}')])
async def test_errors_are_not_kept(status: int, body: bytes) -> None:
    bench = Bench()
    bench.app.status, bench.app.body = status, body
    for _ in range(2):
        reply = await bench.post()
        assert (reply.status, reply.body) == (status, body)
        assert reply.headers["cache-control"] == "no-store"
    assert bench.executed == 2


async def test_what_a_vendor_says_is_not_taken_for_an_error() -> None:
    bench = Bench()
    bench.app.body = orjson.dumps({"data": {"title": '"errors": and more'}})
    await bench.post()
    await bench.post()
    assert bench.executed == 1


async def test_only_json_is_kept() -> None:
    bench = Bench()
    bench.app.headers = [(b"content-type", b"text/html; charset=utf-8")]
    for _ in range(2):
        assert "cache-control" not in (await bench.post()).headers
    assert bench.executed == 2


async def test_what_says_itself_how_long_it_may_be_kept_is_not_contradicted() -> None:
    bench = Bench()
    bench.app.headers.append((b"cache-control", b"max-age=5"))
    assert (await bench.post(MUTATION)).headers["cache-control"] == "max-age=5"


async def test_an_answer_lives_as_long_as_what_is_fresh_for_the_shortest_time() -> None:
    bench = Bench()
    bench.app.reads = {"a": 30, "b": 10}
    await bench.post()
    bench.clock.advance(9.9)
    await bench.post()
    assert bench.executed == 1
    bench.clock.advance(0.1)
    await bench.post()
    assert bench.executed == 2


async def test_an_answer_that_says_nothing_of_vendors_is_kept_for_a_minute() -> None:
    bench = Bench()
    await bench.post()
    bench.clock.advance(59)
    await bench.post()
    bench.clock.advance(1)
    await bench.post()
    assert bench.executed == 2


async def test_what_was_stale_or_is_only_true_now_is_not_kept() -> None:
    bench = Bench()

    async def stale() -> None:
        until = bench.clock.now() + timedelta(seconds=60)
        note("a", bench.clock.now(), until, VendorTimeoutError("late", account="a", operation="list links"))

    async def live() -> None:
        do_not_keep()

    for number, meanwhile in enumerate((stale, live)):
        bench.app.meanwhile = meanwhile
        for _ in range(2):
            assert (await bench.post(f"query a{number} {QUERY}")).headers["cache-control"] == "no-store"
    bench.app.meanwhile = None
    unkept: list[dict[str, float | None]] = [{"a": None}, {"a": 30, "b": None}, {"a": 0}, {"a": -1}]
    for reads in unkept:
        bench.app.reads = reads
        for _ in range(2):
            assert (await bench.post()).headers["cache-control"] == "no-store"
    assert bench.executed == 12


@pytest.mark.parametrize("written", ["a", "a/lasting"])
async def test_a_write_at_an_account_that_is_in_it_makes_an_answer_out_of_date(written: str) -> None:
    bench = Bench()
    bench.app.reads = {"a": 30}
    await bench.post()
    await bench.marks.advance("b")
    await bench.post()
    assert bench.executed == 1
    await bench.marks.advance(written)
    bench.app.body = b"new"
    assert (await bench.post()).body == b"new"
    assert bench.executed == 2


async def test_a_write_while_an_answer_is_made_makes_it_out_of_date_at_once() -> None:
    bench = Bench()
    bench.app.reads = {"a": 30}
    bench.app.meanwhile = lambda: bench.marks.advance("a")
    await bench.post()
    await bench.post()
    assert bench.executed == 2


async def test_nothing_is_kept_or_found_while_nobody_can_tell_what_was_written() -> None:
    bench = Bench()
    bench.app.reads = {"a": 30}
    bench.marks.known = False
    for _ in range(2):
        assert (await bench.post()).headers["cache-control"] == "no-store"
    bench.marks.known = True
    await bench.post()
    bench.marks.known = False
    await bench.post()
    assert bench.executed == 4


async def test_what_is_in_no_answer_is_not_asked_about() -> None:
    bench = Bench()
    bench.app.reads = {"a": 30}
    await bench.post()
    assert bench.marks.asked.pop() == {"a", "a/lasting", "b", "b/lasting"}
    await bench.post()
    assert bench.marks.asked.pop() == {"a", "a/lasting"}
    bench.app.reads = {}
    await bench.post("{ providers { id } }")
    bench.marks.asked.clear()
    await bench.post("{ providers { id } }")
    assert bench.marks.asked == []


async def test_an_answer_tells_how_long_it_may_be_kept_and_how_old_it_is() -> None:
    bench = Bench()
    bench.app.reads = {"a": 30.7}
    bench.app.headers.append((b"vary", b"Origin"))
    first = (await bench.post()).headers
    bench.clock.advance(12.9)
    second = (await bench.post()).headers
    assert first["cache-control"] == second["cache-control"] == "private, max-age=30"
    assert "age" not in first
    assert second["age"] == "12"
    assert first["vary"] == second["vary"] == "Accept, Authorization, Origin"
    assert re.fullmatch(r'"[0-9a-f]{32}"', first["etag"])
    assert first["etag"] == second["etag"]


async def test_the_id_of_a_request_is_never_that_of_another() -> None:
    bench = Bench()
    for _ in range(2):
        assert "x-request-id" not in (await bench.post()).headers
    assert "x-request-id" in (await bench.post(MUTATION)).headers


@pytest.mark.parametrize("form", ["{}", "W/{}", '"x", {}', '"x",W/{} , "y"', "*"])
async def test_who_has_an_answer_already_is_told_so(form: str) -> None:
    bench = Bench()
    etag = (await bench.get()).headers["etag"]
    for _ in range(2):
        reply = await bench.get(headers={"if-none-match": form.format(etag)})
        assert (reply.status, reply.body) == (304, b"")
        assert reply.headers.keys() == {"etag", "cache-control", "vary", "age"}
    assert bench.executed == 1


async def test_who_has_another_answer_gets_the_whole_one() -> None:
    bench = Bench()
    etag = (await bench.get()).headers["etag"]
    for form in ('"x"', "", etag.strip('"'), etag[:-2] + '"'):
        assert (await bench.get(headers={"if-none-match": form})).status == 200
    assert (await bench.post(headers={"if-none-match": etag})).status == 200


async def test_who_has_an_answer_already_is_told_so_also_when_it_had_to_be_made_again() -> None:
    bench = Bench()
    etag = (await bench.get()).headers["etag"]
    bench.clock.advance(100)
    assert (await bench.get(headers={"if-none-match": etag})).status == 304
    bench.clock.advance(100)
    bench.app.body = b'{"data":{"other":1}}'
    reply = await bench.get(headers={"if-none-match": etag})
    assert (reply.status, reply.body) == (200, bench.app.body)
    assert bench.executed == 3


async def test_an_error_is_never_answered_as_known() -> None:
    bench = Bench()
    bench.app.body = b'{"errors":[]}'
    assert (await bench.get(headers={"if-none-match": "*"})).status == 200


async def test_a_cache_without_room_keeps_nothing_and_shares_all_the_same() -> None:
    bench = Bench(max_bytes=0)
    for _ in range(2):
        assert (await bench.post()).headers["cache-control"] == "private, max-age=60"
    assert bench.executed == 2


@without_hurry
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


@without_hurry
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

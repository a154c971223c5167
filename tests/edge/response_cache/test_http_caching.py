"""The headers of responses to queries, and the answer to a client that has the response already."""

import re

import pytest

from harness.cached_responses import MUTATION, Bench


async def test_a_response_states_its_lifetime_and_its_age() -> None:
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


async def test_a_stored_response_has_no_request_id() -> None:
    bench = Bench()
    for _ in range(2):
        assert "x-request-id" not in (await bench.post()).headers
    assert "x-request-id" in (await bench.post(MUTATION)).headers


@pytest.mark.parametrize("form", ["{}", "W/{}", '"x", {}', '"x",W/{} , "y"', "*"])
async def test_a_client_that_has_the_response_gets_304(form: str) -> None:
    bench = Bench()
    etag = (await bench.get()).headers["etag"]
    for _ in range(2):
        reply = await bench.get(headers={"if-none-match": form.format(etag)})
        assert (reply.status, reply.body) == (304, b"")
        assert reply.headers.keys() == {"etag", "cache-control", "vary", "age"}
    assert bench.executed == 1


async def test_a_client_that_has_another_response_gets_the_whole_one() -> None:
    bench = Bench()
    etag = (await bench.get()).headers["etag"]
    for form in ('"x"', "", etag.strip('"'), etag[:-2] + '"'):
        assert (await bench.get(headers={"if-none-match": form})).status == 200
    assert (await bench.post(headers={"if-none-match": etag})).status == 200


async def test_a_client_that_has_the_response_gets_304_even_if_it_was_made_again() -> None:
    bench = Bench()
    etag = (await bench.get()).headers["etag"]
    bench.clock.advance(100)
    assert (await bench.get(headers={"if-none-match": etag})).status == 304
    bench.clock.advance(100)
    bench.app.body = b'{"data":{"other":1}}'
    reply = await bench.get(headers={"if-none-match": etag})
    assert (reply.status, reply.body) == (200, bench.app.body)
    assert bench.executed == 3


async def test_an_error_is_never_answered_with_304() -> None:
    bench = Bench()
    bench.app.body = b'{"errors":[]}'
    assert (await bench.get(headers={"if-none-match": "*"})).status == 200

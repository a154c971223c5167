"""What the headers of answers to queries say, and what is answered to who has an answer already."""

import re

import pytest

from harness.cached_responses import MUTATION, Bench


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

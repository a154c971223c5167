"""An issuer's keys from its own server: asked seldom, bounded, and not needed while they are young."""

import asyncio
import logging
from collections.abc import Sequence
from typing import Any

import httpx2
import pytest

from harness.gateway import AsgiWire, Gateway
from harness.gateway_with_clients import open_guarded
from harness.jwt_issuer import AUDIENCE, ISSUER, URL, Issuer, jwk, key_set, rsa_key, token

ONE, OTHER = key_set(jwk(rsa_key(), "a")), key_set(jwk(rsa_key(), "a"), jwk(rsa_key(1), "b"))
QUERY = {"query": "{ accounts { key } }"}


class Routed(httpx2.AsyncBaseTransport):
    """A network with the vendors and the issuer in it."""

    def __init__(self, wire: AsgiWire, issuer: httpx2.AsyncBaseTransport) -> None:
        self._wire = wire
        self._issuer = issuer

    async def handle_async_request(self, request: httpx2.Request) -> httpx2.Response:
        there = self._issuer if request.url.host == "id.test" else self._wire
        return await there.handle_async_request(request)


def over(issuer: httpx2.AsyncBaseTransport) -> Gateway:
    settings = {"jwks": URL, "issuer": ISSUER, "audience": AUDIENCE}
    return open_guarded(around=lambda wire: Routed(wire, issuer), jwt=settings)


def served(*answers: httpx2.Response | Exception | bytes) -> tuple[Gateway, Issuer]:
    issuer = Issuer(answers)
    return over(issuer), issuer


async def ask(gateway: Gateway, bearer: str) -> Any:
    async with gateway.bearing(bearer).client() as http:
        return await http.post("/graphql", json=QUERY)


async def statuses(gateway: Gateway, bearers: Sequence[str]) -> list[int]:
    return [answer.status_code for answer in await asyncio.gather(*(ask(gateway, bearer) for bearer in bearers))]


async def test_keys_are_fetched_with_the_first_token_and_not_again() -> None:
    gateway, issuer = served(ONE)
    assert issuer.asked == []
    assert await statuses(gateway, [token(jti=str(number)) for number in range(5)]) == [200] * 5
    assert issuer.asked == [URL]


async def test_a_clients_token_or_nonsense_fetches_no_keys() -> None:
    gateway, issuer = served(ONE)
    assert await statuses(gateway, ["root-token", "nonsense", "a.b.c", ".."]) == [200, 401, 401, 401]
    assert issuer.asked == []


async def test_a_new_key_is_fetched_when_a_token_names_it() -> None:
    gateway, issuer = served(ONE, OTHER)
    assert await statuses(gateway, [token()]) == [200]
    await gateway.clock.sleep(30)
    assert await statuses(gateway, [token(rsa_key(1), "b"), token()]) == [200, 200]
    assert len(issuer.asked) == 2


async def test_tokens_with_unknown_keys_fetch_keys_at_most_twice_a_minute() -> None:
    gateway, issuer = served(ONE)
    for second in range(60):
        assert await statuses(gateway, [token(kid=f"unknown-{second}-{n}") for n in range(3)]) == [401] * 3
        await gateway.clock.sleep(1)
    assert len(issuer.asked) == 2
    assert await statuses(gateway, [token()]) == [200]


async def test_keys_older_than_ten_minutes_are_fetched_again_while_they_are_used() -> None:
    gateway, issuer = served(ONE, OTHER)
    await ask(gateway, token())
    await gateway.clock.sleep(600)
    assert await statuses(gateway, [token(jti="1")]) == [200]
    assert len(issuer.asked) == 1
    await gateway.clock.sleep(1)
    assert await statuses(gateway, [token(jti="2"), token(jti="3")]) == [200, 200]
    await gateway.clock.sleep(1)
    assert len(issuer.asked) == 2
    assert await statuses(gateway, [token(rsa_key(1), "b")]) == [200]
    assert len(issuer.asked) == 2


async def test_a_key_that_the_issuer_has_removed_is_no_longer_used() -> None:
    gateway, _ = served(OTHER, ONE)
    bearer = token(rsa_key(1), "b")
    assert await statuses(gateway, [bearer]) == [200]
    await gateway.clock.sleep(601)
    await ask(gateway, token())
    await gateway.clock.sleep(1)
    assert await statuses(gateway, [bearer]) == [401]


async def test_keys_are_used_for_an_hour_while_the_issuer_is_unreachable() -> None:
    gateway, issuer = served(ONE, httpx2.ConnectError("refused"))
    await ask(gateway, token())
    for _ in range(59):
        await gateway.clock.sleep(60)
        assert await statuses(gateway, [token()]) == [200]
    await gateway.clock.sleep(61)
    assert await statuses(gateway, [token(exp=4_000_000_000)]) == [503]
    assert len(issuer.asked) < 60


UNUSABLE: dict[str, Any] = {
    "refused": httpx2.ConnectError("refused"),
    "broken": httpx2.ReadError("reset"),
    "an error": httpx2.Response(500, stream=httpx2.ByteStream(b"{}")),
    "a redirection": httpx2.Response(
        302, headers={"location": "https://evil.test/keys"}, stream=httpx2.ByteStream(b"")
    ),
    "HTML": b"<html>",
    "null": b"null",
    "a list": b"[]",
    "no keys": b'{"keys": []}',
    "keys that are none": b'{"keys": {"a": 1}}',
    "shared secrets alone": key_set({"kty": "oct", "kid": "a", "k": "c2hhcmVk"}),
    "too much": b" " * 200_001 + ONE,
    "nothing": b"",
}


@pytest.mark.parametrize("answer", UNUSABLE.values(), ids=UNUSABLE)
async def test_a_token_is_answered_503_while_no_keys_are_available(
    answer: Any, caplog: pytest.LogCaptureFixture
) -> None:
    gateway, issuer = served(answer)
    response = await ask(gateway, token())
    assert response.status_code == 503
    assert response.headers["retry-after"] == "30"
    assert [error["extensions"] for error in response.json()["errors"]] == [{"code": "UNAVAILABLE"}]
    assert [record.levelno for record in caplog.records] == [logging.WARNING]
    assert "id.test" not in caplog.text
    await gateway.clock.sleep(10)
    assert (await ask(gateway, token())).headers["retry-after"] == "20"
    assert len(issuer.asked) == 1


async def test_keys_are_fetched_again_after_a_failure() -> None:
    gateway, issuer = served(httpx2.ConnectError("refused"), ONE)
    assert await statuses(gateway, [token()]) == [503]
    await gateway.clock.sleep(30)
    assert await statuses(gateway, [token()]) == [200]
    assert len(issuer.asked) == 2


class Slow(httpx2.AsyncBaseTransport):
    """An issuer that answers late."""

    def __init__(self, seconds: float) -> None:
        self.seconds = seconds
        self.asked = 0

    async def handle_async_request(self, request: httpx2.Request) -> httpx2.Response:
        del request
        self.asked += 1
        await asyncio.sleep(self.seconds)
        return httpx2.Response(200, stream=httpx2.ByteStream(ONE))


async def test_all_callers_share_one_request_to_a_slow_issuer() -> None:
    issuer = Slow(4)
    gateway = over(issuer)
    started = gateway.clock.monotonic()
    assert await statuses(gateway, [token(jti=str(number)) for number in range(20)]) == [200] * 20
    assert (issuer.asked, gateway.clock.monotonic() - started) == (1, 4)


async def test_callers_wait_five_seconds_for_a_hanging_issuer() -> None:
    gateway = over(Slow(1_000))
    started = gateway.clock.monotonic()
    assert await statuses(gateway, [token(), token(jti="2")]) == [503, 503]
    assert gateway.clock.monotonic() - started == 5


async def test_a_hanging_issuer_does_not_delay_callers_whose_key_is_known() -> None:
    issuer = Slow(0)
    gateway = over(issuer)
    await ask(gateway, token())
    issuer.seconds = 1_000
    await gateway.clock.sleep(700)
    started = gateway.clock.monotonic()
    assert await statuses(gateway, [token(jti="2"), "root-token"]) == [200, 200]
    assert gateway.clock.monotonic() == started
    assert issuer.asked == 2


async def test_a_caller_that_is_cancelled_does_not_cancel_the_request_to_the_issuer() -> None:
    issuer = Slow(3)
    gateway = over(issuer)
    leaving = asyncio.create_task(ask(gateway, token()))
    staying = asyncio.create_task(ask(gateway, token(jti="2")))
    await gateway.clock.sleep(1)
    leaving.cancel()
    assert (await staying).status_code == 200
    assert issuer.asked == 1


async def test_connections_to_the_issuer_are_closed_at_the_end() -> None:
    class Closing(Issuer):
        closed = False

        async def aclose(self) -> None:
            self.closed = True

    issuer = Closing([ONE])
    gateway = open_guarded(around=lambda _: issuer, jwt={"jwks": URL, "issuer": ISSUER, "audience": AUDIENCE})
    async with gateway.app.pages.router.lifespan_context(gateway.app.pages):
        assert (await ask(gateway, token())).status_code == 200
        assert not issuer.closed
    assert issuer.closed


async def test_an_unexpected_error_during_authentication_is_a_graphql_answer() -> None:
    """It is raised in a layer before the endpoint, which has an answer for what is raised below it."""
    gateway, _ = served(RuntimeError("canary"))
    answer = await ask(gateway, token())
    assert answer.status_code == 500
    (error,) = answer.json()["errors"]
    assert error["extensions"] == {"code": "INTERNAL"}
    assert answer.headers["x-request-id"] in error["message"]
    assert "canary" not in answer.text

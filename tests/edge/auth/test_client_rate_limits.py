"""The rate limit of a client: what its answers state, and that it is never exceeded."""

import asyncio
from dataclasses import dataclass, field
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from harness.gateway import Gateway, open_gateway
from harness.gateway_with_clients import ROOT, client, open_guarded
from harness.jwt_issuer import AUDIENCE, ISSUER, jwk, key_set, rsa_key, token
from harness.virtual_time import NOW
from linkweave.clock import SystemClock
from linkweave.edge.auth import client_rate_limits
from linkweave.edge.auth.client_rate_limits import ClientWindows
from linkweave.edge.auth.client_windows import ClientWindow

QUERY = {"query": "{ accounts { key } }"}
MINUTE = int(NOW.timestamp()) // 60 * 60


def limited(*limits: int) -> Gateway:
    names = [f"c{place}" for place in range(len(limits))]
    tables = [
        client(name, name, ["read"], "*", requests_per_minute=limit) for name, limit in zip(names, limits, strict=True)
    ]
    return open_guarded([*tables, client("root", ROOT, ["read", "admin"], "*")], metrics={"enabled": True})


async def ask(gateway: Gateway, bearer: str) -> Any:
    async with gateway.bearing(bearer).client() as http:
        return await http.post("/graphql", json=QUERY)


async def test_every_answer_states_the_remaining_requests() -> None:
    gateway = limited(3)
    answers = [await ask(gateway, "c0") for _ in range(4)]
    assert [answer.status_code for answer in answers] == [200, 200, 200, 429]
    assert {answer.headers["ratelimit-policy"] for answer in answers} == {'"default";q=3;w=60'}
    assert [answer.headers["ratelimit"] for answer in answers] == [f'"default";r={left};t=60' for left in (2, 1, 0, 0)]


async def test_a_request_over_the_limit_is_refused_with_the_time_to_wait() -> None:
    gateway = limited(2)
    for _ in range(2):
        await ask(gateway, "c0")
    gateway.forget_calls()
    refused = await ask(gateway, "c0")
    assert refused.status_code == 429
    (error,) = refused.json()["errors"]
    assert error["extensions"] == {"code": "RATE_LIMITED"}
    wait = int(refused.headers["retry-after"])
    assert error["message"] == f"More than 2 requests a minute; ask again in {wait} s."
    assert "x-request-id" in refused.headers
    assert gateway.calls() == {}
    await gateway.clock.sleep(wait)
    assert (await ask(gateway, "c0")).status_code == 200


async def test_clients_have_limits_of_their_own() -> None:
    gateway = limited(1, 1)
    assert [(await ask(gateway, name)).status_code for name in ("c0", "c0", "c1", "c1")] == [200, 429, 200, 429]


async def test_without_a_limit_requests_are_not_counted_and_answers_state_none() -> None:
    for gateway, bearer in ((limited(1), ROOT), (open_gateway(), "anybody")):
        answers = [await ask(gateway, bearer) for _ in range(5)]
        assert {answer.status_code for answer in answers} == {200}
        assert not any("ratelimit" in answer.headers for answer in answers)


async def test_requests_with_unknown_tokens_count_for_no_client() -> None:
    gateway = limited(1)
    for bearer in ("nobody", "c0x", "c1"):
        answer = await ask(gateway, bearer)
        assert (answer.status_code, "ratelimit" in answer.headers) == (401, False)
    assert (await ask(gateway, "c0")).status_code == 200


async def test_an_invalid_request_counts_too() -> None:
    gateway = limited(1)
    async with gateway.bearing("c0").client() as http:
        assert (await http.post("/graphql", content=b"nonsense")).status_code == 415
    assert (await ask(gateway, "c0")).status_code == 429


async def test_bearers_of_an_issuers_tokens_are_counted_by_subject(tmp_path: Any) -> None:
    path = tmp_path / "keys.json"
    path.write_bytes(key_set(jwk(rsa_key(), "a")))
    settings = {"jwks": str(path), "issuer": ISSUER, "audience": AUDIENCE, "requests_per_minute": 1}
    gateway = open_guarded([], jwt=settings)
    bearers = [token(sub="ann"), token(sub="ann", jti="other"), token(sub="bob")]
    assert [(await ask(gateway, bearer)).status_code for bearer in bearers] == [200, 429, 200]


@given(st.lists(st.floats(0, 40, allow_nan=False), min_size=1, max_size=200), st.integers(1, 20))
def test_no_minute_of_the_clock_has_more_admitted_requests_than_the_limit(pauses: list[float], limit: int) -> None:
    window, now, passed = ClientWindow("c"), float(MINUTE), list[int]()
    for pause in pauses:
        now += pause
        status = window.admit(limit, now)
        assert 0 <= status.remaining < limit
        assert 1 <= status.reset_seconds <= 60
        if status.retry_after is None:
            passed.append(int(now // 60))
    assert max(passed.count(minute) for minute in set(passed)) <= limit


@given(st.lists(st.floats(0, 20, allow_nan=False), max_size=60), st.integers(1, 20))
def test_a_client_that_waits_as_stated_is_admitted_and_not_long_before(pauses: list[float], limit: int) -> None:
    window, now = ClientWindow("c"), float(MINUTE)
    for pause in pauses:
        now += pause
        window.admit(limit, now)
    status = window.admit(limit, now)
    while status.retry_after is None:
        status = window.admit(limit, now)
    if status.retry_after > 1:
        early = ClientWindow("c")
        for name in ("_minute", "_previous", "_here"):
            setattr(early, name, getattr(window, name))
        assert early.admit(limit, now + status.retry_after - 1.001).retry_after is not None
    assert window.admit(limit, now + status.retry_after + 0.001).retry_after is None


def test_a_burst_at_the_turn_of_the_minute_does_not_exceed_the_limit() -> None:
    window = ClientWindow("c")
    first = [window.admit(10, MINUTE + 59.9).retry_after for _ in range(10)]
    second = [window.admit(10, MINUTE + 60.1).retry_after for _ in range(10)]
    assert first == [None] * 10
    assert sum(wait is None for wait in second) == 0
    assert window.admit(10, MINUTE + 180).remaining == 9


@dataclass
class FakeCounters:
    """Counters that several workers share; while the server is `down` they are unavailable."""

    sums: dict[str, int] = field(default_factory=dict)
    down: bool = False
    asked: int = 0

    async def add(self, name: str, more: int, ttl_seconds: int) -> int | None:
        assert ttl_seconds >= 60
        self.asked += 1
        await asyncio.sleep(0.01)
        if self.down:
            return None
        self.sums[name] = self.sums.get(name, 0) + more
        return self.sums[name]


async def admitted(workers: list[ClientWindows], times: int, pause: float) -> int:
    admissions = 0
    for turn in range(times):
        admissions += workers[turn % len(workers)].admit("c", 30).retry_after is None
        await asyncio.sleep(pause)
    return admissions


@pytest.mark.parametrize(("down", "expected"), [(False, range(30, 37)), (True, range(60, 61))])
async def test_workers_count_together_while_their_server_answers(down: bool, expected: range) -> None:
    counts = FakeCounters(down=down)
    clock = open_gateway().clock
    workers = [ClientWindows(clock, counts) for _ in range(2)]
    assert await admitted(workers, 150, 0.3) in expected
    # Each worker asks once a second at most, however many requests it gets.
    assert counts.asked <= 2 * 46


async def test_a_new_minute_drops_the_other_workers_counts_before_the_last_one() -> None:
    counts = FakeCounters()
    clock = open_gateway().clock
    one, other = ClientWindows(clock, counts), ClientWindows(clock, counts)
    await admitted([one], 30, 0.1)
    await asyncio.sleep(2)
    # The other one does not know of them yet, and asks.
    assert other.admit("c", 30).retry_after is None
    await asyncio.sleep(1)
    assert other.admit("c", 30).retry_after is not None
    await asyncio.sleep(120)
    assert other.admit("c", 30).remaining == 29


def test_the_number_of_windows_is_bounded() -> None:
    windows = ClientWindows(SystemClock(), None)
    windows.admit("first", 10)
    for number in range(client_rate_limits.MAX_WINDOWS):
        windows.admit(f"c{number}", 10)
    assert windows.admit("first", 10).remaining == 9
    assert windows.admit(f"c{client_rate_limits.MAX_WINDOWS - 1}", 10).remaining == 8


async def test_a_request_for_the_metrics_counts_as_any_other() -> None:
    gateway = open_guarded(
        [client("prometheus", "p", ["admin"], "*", requests_per_minute=1)], metrics={"enabled": True}
    )
    async with gateway.bearing("p").client() as http:
        assert [(await http.get("/metrics")).status_code for _ in range(2)] == [200, 429]

import asyncio
from collections.abc import AsyncIterator
from typing import Any

import httpx2
import pytest

from harness.emulators import ManualClock
from harness.sockets import served
from linkweave.clock import SystemClock
from linkweave.providers.discovery import discover
from linkweave.sandbox import Fault, Sandbox, sandbox_accounts

STATUS = "/picsee/v2/my/api/status"
PICSEE_KEY = {"authorization": "Bearer sandbox-picsee-token"}


@pytest.fixture
async def real() -> AsyncIterator[httpx2.AsyncClient]:
    """A client of a sandbox behind a real socket."""
    sandbox = Sandbox(discover(), SystemClock(), rate_limits=False)
    async with served(sandbox) as (url,), httpx2.AsyncClient(base_url=url, timeout=30) as client:
        yield client


def in_process(sandbox: Sandbox) -> httpx2.AsyncClient:
    return httpx2.AsyncClient(transport=httpx2.ASGITransport(app=sandbox), base_url="http://sandbox", timeout=None)


@pytest.fixture
async def sandbox() -> Sandbox:
    return Sandbox(discover(), ManualClock())


async def break_picsee(client: httpx2.AsyncClient, kind: str, **details: object) -> None:
    answer = await client.put("/_sandbox/faults/picsee", json={"kind": kind, **details})
    assert answer.status_code == 200
    assert answer.json()["picsee"]["fault"]["kind"] == kind


async def ask_picsee(client: httpx2.AsyncClient) -> httpx2.Response:
    return await client.get(STATUS, headers=PICSEE_KEY)


async def picsee_counts(client: httpx2.AsyncClient) -> dict[str, Any]:
    counts: dict[str, Any] = (await client.get("/_sandbox/calls")).json()["picsee"]
    return counts


async def test_every_provider_answers_under_its_own_name(sandbox: Sandbox) -> None:
    async with in_process(sandbox) as client:
        answers = [await client.get(f"/{name}/") for name in discover()]
        picsee = await ask_picsee(client)
    assert "emulators are at" not in "".join(answer.text for answer in answers)
    assert picsee.json()["data"]["quota"] == 100_000


async def test_the_answer_at_another_path_names_the_providers(sandbox: Sandbox) -> None:
    async with in_process(sandbox) as client:
        answer = await client.get("/nobody/v4/links")
    assert answer.status_code == 404
    assert answer.json()["error"].endswith(", ".join(f"/{name}" for name in discover()))


async def test_calls_are_counted_by_provider_path_and_status(real: httpx2.AsyncClient) -> None:
    await ask_picsee(real)
    await real.get(STATUS)
    counts = (await real.get("/_sandbox/calls")).json()
    assert counts["picsee"] == {
        "calls": 2,
        "byPath": {"GET /v2/my/api/status": 2},
        "byStatus": {"200": 1, "401": 1},
        "underWay": 0,
        "fault": None,
    }
    assert counts["tinycc"]["calls"] == 0
    assert (await real.delete("/_sandbox/calls")).json()["picsee"]["calls"] == 0


async def test_a_reset_restores_every_emulator_and_ends_its_fault(real: httpx2.AsyncClient) -> None:
    await break_picsee(real, "status", status=503)
    await ask_picsee(real)
    counts = (await real.post("/_sandbox/reset")).json()
    assert (counts["picsee"]["calls"], counts["picsee"]["fault"]) == (0, None)
    assert (await ask_picsee(real)).status_code == 200


async def test_a_call_that_was_reset_is_counted_as_unanswered(real: httpx2.AsyncClient) -> None:
    await break_picsee(real, "reset")
    with pytest.raises(httpx2.ReadError):
        await ask_picsee(real)
    assert (await real.get("/_sandbox/calls")).json()["picsee"]["byStatus"] == {"0": 1}


@pytest.mark.parametrize(
    ("fault", "status", "kind", "start"),
    [
        ({"kind": "status", "status": 429, "headers": {"retry-after": "7"}}, 429, None, b""),
        ({"kind": "html"}, 200, "text/html; charset=utf-8", b"<!doctype html>"),
        ({"kind": "wrong_type"}, 200, "application/json", b"[42]"),
        ({"kind": "drip", "seconds": 0}, 200, "application/json", b'{"data":{"picseeId":739,'),
        ({"kind": "large", "size": 600_000}, 200, "application/json", b" " * 600_000),
        ({"kind": "gzip_bomb", "size": 600_000}, 200, "application/json", b" " * 600_000),
    ],
    ids=lambda value: value["kind"] if isinstance(value, dict) else "",
)
async def test_a_fault_changes_the_answer(
    real: httpx2.AsyncClient, fault: dict[str, Any], status: int, kind: str | None, start: bytes
) -> None:
    await break_picsee(real, **fault)
    answer = await ask_picsee(real)
    assert (answer.status_code, answer.headers.get("content-type")) == (status, kind)
    assert answer.content.startswith(start)
    assert kind is not None or (answer.headers["retry-after"], answer.content) == ("7", b"")


@pytest.mark.parametrize("kind", ["delay", "drip"])
async def test_a_slow_answer_is_the_usual_one(kind: Any) -> None:
    clock = ManualClock()
    sandbox = Sandbox(discover(), clock)
    sandbox.slots["picsee"].inject(Fault(kind=kind, seconds=2))
    async with in_process(sandbox) as client:
        answer = await ask_picsee(client)
    assert answer.json()["data"]["quota"] == 100_000
    assert clock.elapsed == 2 * (1 if kind == "delay" else -(-len(answer.content) // 16))


async def test_an_answer_without_a_body_drips_its_end() -> None:
    clock = ManualClock()
    sandbox = Sandbox(discover(), clock)
    sandbox.slots["shlink"].inject(Fault(kind="drip", seconds=30))
    async with in_process(sandbox) as client:
        answer = await client.delete("/shlink/rest/v3/short-urls/coats", headers={"x-api-key": "sandbox-shlink-key"})
    assert (answer.status_code, clock.elapsed) == (204, 30)


async def test_a_truncated_answer_ends_before_its_announced_length(real: httpx2.AsyncClient) -> None:
    whole = (await ask_picsee(real)).content
    await break_picsee(real, "truncated")
    with pytest.raises(httpx2.RemoteProtocolError, match=f"received {len(whole) // 2} bytes, expected {len(whole)}"):
        await ask_picsee(real)


async def test_without_a_socket_a_reset_is_an_error_of_the_app(sandbox: Sandbox) -> None:
    async with in_process(sandbox) as client:
        for kind in ("reset", "truncated"):
            await break_picsee(client, kind)
            with pytest.raises(ConnectionResetError):
                await ask_picsee(client)


async def test_a_fault_hits_as_many_calls_as_it_says(real: httpx2.AsyncClient) -> None:
    await break_picsee(real, "status", status=503, times=2)
    statuses = [(await ask_picsee(real)).status_code for _ in range(4)]
    assert statuses == [503, 503, 200, 200]


async def test_a_fault_hits_only_paths_that_contain_its_own(real: httpx2.AsyncClient) -> None:
    await break_picsee(real, "status", status=503, path="/tags")
    assert (await ask_picsee(real)).status_code == 200
    assert (await real.get("/picsee/v4/my/api/tags", headers=PICSEE_KEY)).status_code == 503


async def test_a_fault_can_be_ended(real: httpx2.AsyncClient) -> None:
    await break_picsee(real, "status")
    assert (await real.delete("/_sandbox/faults/picsee")).json()["picsee"]["fault"] is None
    assert (await ask_picsee(real)).status_code == 200


async def test_a_fault_of_one_provider_does_not_hit_the_others(real: httpx2.AsyncClient) -> None:
    await break_picsee(real, "reset")
    question = {"key": "sandbox-cuttly-key", "action": "stats", "url": "https://cutt.ly/spring-sale"}
    assert (await real.get("/cuttly/team/API/index.php", params=question)).status_code == 200


@pytest.mark.parametrize(
    ("body", "error"),
    [
        (b"", "the fault is not JSON: "),
        (b"drip", "the fault is not JSON: "),
        (b"[]", "fault: "),
        (b'{"kind": "flood"}', "fault: kind: input should be 'delay', 'status', "),
        (b'{"kind": "delay", "seconds": -1}', "fault: seconds: "),
        (b'{"kind": "html", "x": 1}', "fault: x: is not a known key"),
    ],
)
async def test_an_invalid_fault_is_refused_with_the_reason(sandbox: Sandbox, body: bytes, error: str) -> None:
    async with in_process(sandbox) as client:
        answer = await client.put("/_sandbox/faults/picsee", content=body)
        assert (await ask_picsee(client)).status_code == 200
    assert answer.status_code == 400
    assert answer.json()["error"].startswith(error)


@pytest.mark.parametrize(
    ("method", "path"),
    [
        ("GET", "/_sandbox"),
        ("GET", "/_sandbox/"),
        ("POST", "/_sandbox/calls"),
        ("GET", "/_sandbox/reset"),
        ("PUT", "/_sandbox/faults"),
        ("PUT", "/_sandbox/faults/nobody"),
        ("POST", "/_sandbox/faults/picsee"),
    ],
)
async def test_an_unknown_control_is_answered_with_the_list_of_controls(
    sandbox: Sandbox, method: str, path: str
) -> None:
    async with in_process(sandbox) as client:
        answer = await client.request(method, path)
    assert answer.status_code == 404
    assert "PUT /_sandbox/faults/<provider>" in answer.json()["error"]


async def test_a_click_is_answered_with_the_link_alone(sandbox: Sandbox) -> None:
    async with in_process(sandbox) as client:
        clicked = await client.post("/_sandbox/clicks/tinycc/card")
        missing = await client.post("/_sandbox/clicks/tinycc/nonesuch")
    assert (clicked.status_code, clicked.json()) == (200, {"clicked": "tinycc/card"})
    assert (missing.status_code, list(missing.json())) == (404, ["error"])


def test_the_accounts_of_a_sandbox_are_one_per_provider_with_its_address() -> None:
    tables = sandbox_accounts(discover(), "http://127.0.0.1:8001")
    assert [table["provider"] for table in tables] == list(discover())
    expected = {
        "key": "picsee-main",
        "provider": "picsee",
        "label": "Marketing",
        "base_url": "http://127.0.0.1:8001/picsee",
        "token": "sandbox-picsee-token",
        "plan": "advanced",
    }
    (picsee,) = (table for table in tables if table["provider"] == "picsee")
    assert picsee.items() >= expected.items()


async def test_a_hanging_call_runs_until_its_client_disconnects(real: httpx2.AsyncClient) -> None:
    await break_picsee(real, "hang")
    async with asyncio.timeout(30):
        caller = asyncio.create_task(ask_picsee(real))
        while (await picsee_counts(real))["underWay"] == 0:
            pass
        caller.cancel()
        while (await picsee_counts(real))["underWay"]:
            pass
    assert (await picsee_counts(real))["byStatus"] == {"0": 1}


async def test_bad_json_has_the_length_that_it_announces(real: httpx2.AsyncClient) -> None:
    whole = (await ask_picsee(real)).content
    await break_picsee(real, "bad_json")
    assert (await ask_picsee(real)).content == whole[: len(whole) // 2]


async def test_a_wrong_length_leaves_the_other_half_on_the_connection(sandbox: Sandbox) -> None:
    sandbox.slots["picsee"].inject(Fault(kind="wrong_length"))
    async with served(sandbox) as (url,):
        reader, writer = await asyncio.open_connection("127.0.0.1", int(url.rpartition(":")[2]))
        key = PICSEE_KEY["authorization"]
        writer.write(f"GET {STATUS} HTTP/1.1\r\nhost: x\r\nauthorization: {key}\r\n\r\n".encode())
        async with asyncio.timeout(30):
            head = await reader.readuntil(b"\r\n\r\n")
            body = await reader.readuntil(b"}}}")
        writer.close()
    assert int(head.partition(b"content-length: ")[2].partition(b"\r\n")[0]) == len(body) // 2


async def test_a_gzip_bomb_is_small_on_the_way(real: httpx2.AsyncClient) -> None:
    await break_picsee(real, "gzip_bomb", size=10_000_000)
    async with real.stream("GET", STATUS) as answer:
        assert sum([len(piece) async for piece in answer.aiter_raw()]) < 20_000


async def test_equal_calls_have_the_same_question_in_the_log(real: httpx2.AsyncClient) -> None:
    for body in ('{"tag": "a"}', '{"tag": "b"}', '{"tag": "a"}'):
        await real.post("/picsee/v2/links/overview?limit=1", content=body, headers=PICSEE_KEY)
    first, other, again = (await real.get("/_sandbox/log")).json()["picsee"]
    assert first["question"] == again["question"] != other["question"]
    assert first["at"] <= other["at"] <= again["at"]

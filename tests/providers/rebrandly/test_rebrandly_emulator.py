"""The emulator of Rebrandly answers as the vendor's document says."""

from collections.abc import Mapping

import httpx2
import pytest

from harness.emulators import ManualClock
from linkweave.providers.emulator_kit import EmulatorOptions
from linkweave.providers.rebrandly.emulator import create_emulator
from linkweave.providers.rebrandly.emulator.seed import OTHER_WORKSPACE

KEY = {"apikey": "sandbox-rebrandly-key"}
LINK = {"destination": "https://www.example.com/new"}


def client(headers: Mapping[str, str] | None = None, *, rate_limits: bool = False) -> httpx2.AsyncClient:
    app = create_emulator(EmulatorOptions(ManualClock(), rate_limits))
    transport = httpx2.ASGITransport(app=app)
    return httpx2.AsyncClient(transport=transport, base_url="http://emulator/v1", headers=headers or KEY)


@pytest.mark.parametrize(
    "headers",
    [
        {"accept": "*/*"},
        {"apikey": "wrong"},
        {"authorization": "Bearer sandbox-rebrandly-key"},
        {**KEY, "workspace": "no-such"},
    ],
)
async def test_a_key_in_the_wrong_place_or_for_no_workspace_is_unauthorized(headers: Mapping[str, str]) -> None:
    async with client(headers) as http:
        answer = await http.get("/links")
    assert (answer.status_code, answer.json()["code"]) == (401, "Unauthorized")


async def test_an_eleventh_call_in_a_second_is_too_many() -> None:
    async with client(rate_limits=True) as http:
        statuses = [(await http.get("/domains")).status_code for _ in range(11)]
    assert statuses == [*[200] * 10, 429]


async def test_workspaces_have_no_link_in_common() -> None:
    async with client() as http:
        main = (await http.get("/links/count")).json()
        other = (await http.get("/links/count", headers={"workspace": OTHER_WORKSPACE})).json()
    assert (main, other) == ({"count": 70}, {"count": 5})


@pytest.mark.parametrize(
    ("body", "code", "name"),
    [
        ({}, "RequiredField", "destination"),
        ({"destination": "x"}, "InvalidFormat", "destination"),
        ({"destination": "http://["}, "InvalidFormat", "destination"),
        ({"destination": "https://e.com/" + "x" * 2_048}, "InvalidMaxLength", "destination"),
        ({**LINK, "slashtag": "a b"}, "InvalidFormat", "slashtag"),
        ({**LINK, "title": 5}, "InvalidFormat", "title"),
        ({**LINK, "title": "ab"}, "InvalidMinLength", "title"),
        ({**LINK, "description": "x" * 2_001}, "InvalidMaxLength", "description"),
    ],
)
async def test_a_refused_value_is_http_403_with_its_name(body: Mapping[str, object], code: str, name: str) -> None:
    async with client() as http:
        answer = await http.post("/links", json=body)
    problem = answer.json()
    assert (answer.status_code, problem["code"], problem["property"]) == (403, code, name)


async def test_a_link_is_made_changed_as_a_whole_and_deleted_once() -> None:
    async with client() as http:
        made = (await http.post("/links", json={**LINK, "slashtag": "promo"})).json()
        taken = await http.post("/links", json={**LINK, "slashtag": "PROMO"})
        path = f"/links/{made['id']}"
        partial = await http.post(path, json=LINK)
        whole = (await http.post(path, json={**LINK, "title": "Other", "favourite": True})).json()
        deleted = [(await http.delete(path)).status_code for _ in range(2)]
    assert (made["shortUrl"], made["title"], made["clicks"]) == ("rebrand.ly/promo", "Untitled", 0)
    assert "lastClickAt" not in made
    assert (taken.status_code, taken.json()["errors"][0]["code"]) == (403, "AlreadyExists")
    assert (partial.status_code, partial.json()["property"]) == (403, "title")
    assert (whole["title"], whole["favourite"], whole["slashtag"]) == ("Other", True, "promo")
    assert deleted == [200, 404]


@pytest.mark.parametrize(
    ("path", "status"),
    [
        ("/links?limit=26", 403),
        ("/links?limit=x", 403),
        ("/links?slashtag=promo", 403),
        ("/links?dateFrom=today", 403),
        ("/links?last=gone", 404),
        ("/links/unknown", 404),
        ("/links/unknown/tags", 404),
        ("/tags/unknown", 404),
        ("/nowhere", 404),
        ("/links?orderDir=asc&domain.id=8f104cc5b6ee4a4ba7897b06ac2ddcfb", 200),
    ],
)
async def test_a_question_has_the_documents_status(path: str, status: int) -> None:
    async with client() as http:
        assert (await http.get(path)).status_code == status


async def test_tags_are_made_attached_detached_and_taken() -> None:
    async with client() as http:
        tag = (await http.post("/tags", json={"name": "Expo", "color": "4f5f6f"})).json()
        refusals = [
            (await http.post("/tags", json=body)).json()["code"]
            for body in ({}, {"name": "ab"}, {"name": "abc", "color": "red"}, {"name": "EXPO", "color": "4f5f6f"})
        ]
        link = (await http.post("/links", json=LINK)).json()
        path = f"/links/{link['id']}/tags"
        attached = [(await http.post(f"{path}/{tag['id']}")).status_code for _ in range(2)]
        tags = (await http.get(path)).json()
        detached = [(await http.delete(f"{path}/{tag['id']}")).status_code for _ in range(2)]
        unknown = (await http.post(f"{path}/unknown")).json()
    assert refusals == ["RequiredField", "InvalidLength", "InvalidFormat", "AlreadyExists"]
    assert (attached, tags, detached) == ([200, 200], [tag], [200, 404])
    assert unknown["property"] == "tag.id"


async def test_a_body_that_is_not_json_and_an_unknown_domain_are_refused() -> None:
    async with client() as http:
        unreadable = await http.post("/links", content=b"[")
        elsewhere = await http.post("/links", json={**LINK, "domain": {"fullName": "nobodys.example"}})
        tag = await http.get("/tags/07a60000000000000000000000000000")
    assert (unreadable.status_code, unreadable.json()["code"]) == (400, "BadRequest")
    assert (elsewhere.status_code, elsewhere.json()["property"]) == (404, "domain.id")
    assert tag.json()["name"] == "sale"

"""The emulator of Kutt answers as the recorded site."""

import json
from pathlib import Path
from typing import Any

import httpx2
import pytest

from harness.emulators import ManualClock
from harness.recorded_samples import read_sample
from linkweave.providers.emulator_kit import EmulatorOptions
from linkweave.providers.kutt.emulator import create_emulator, emulate
from linkweave.providers.kutt.emulator.site import API_KEY, BANNED_KEY, Site, StoredLink
from linkweave.testing.virtual_time import NOW

SAMPLES = Path(__file__).parent / "samples"
KEY = {"x-api-key": API_KEY}
ID = "7fdf9634-2cc8-4852-a7eb-bb8683ac2d34"
NOBODY = "00000000-0000-0000-0000-000000000000"


def site() -> Site:
    taken = StoredLink("4d4a0f46-b9cc-4000-bb5a-30288b8f20b8", "Nem5yK", "http://example.com/plain", NOW)
    return Site(
        ManualClock(), [taken, StoredLink(ID, "first", "https://example.com/page", NOW, "Old", None, "sesame")], []
    )


def client(target: Site) -> httpx2.AsyncClient:
    wire = httpx2.ASGITransport(app=emulate(target))
    return httpx2.AsyncClient(transport=wire, base_url="http://emulator/api/v2", headers=KEY)


X = "https://example.com/x"
LINK = f"/links/{ID}"


@pytest.mark.parametrize(
    ("name", "method", "path", "body"),
    [
        ("expire-invalid", "POST", "/links", {"target": X, "expire_in": "tomorrow"}),
        ("expire-number", "POST", "/links", {"target": X, "expire_in": 120_000}),
        ("expire-short", "POST", "/links", {"target": X, "expire_in": "10s"}),
        ("password-short", "POST", "/links", {"target": X, "password": "ab"}),
        ("reuse-invalid", "POST", "/links", {"target": X, "reuse": "maybe"}),
        ("slug-invalid", "POST", "/links", {"target": X, "customurl": "a b!"}),
        ("slug-long", "POST", "/links", {"target": X, "customurl": "x" * 65}),
        ("slug-reserved", "POST", "/links", {"target": X, "customurl": "login"}),
        ("slug-taken", "POST", "/links", {"target": X, "customurl": "first"}),
        ("target-list", "POST", "/links", {"target": ["a"]}),
        ("url-invalid", "POST", "/links", {"target": "notaurl"}),
        ("url-long", "POST", "/links", {"target": f"https://example.com/{'x' * 2_040}"}),
        ("url-loopback", "POST", "/links", {"target": "http://127.0.0.1:9/x"}),
        ("url-missing", "POST", "/links", {}),
        ("create-banned-domain", "POST", "/links", {"target": "https://bad.example.net/other"}),
        ("domain-unknown", "POST", "/links", {"target": X, "domain": "go.example.com"}),
        ("edit-bad-id", "PATCH", "/links/short", {"target": X}),
        ("edit-unknown", "PATCH", f"/links/{NOBODY}", {"target": X}),
        ("edit-taken", "PATCH", LINK, {"address": "Nem5yK", "password": "•••"}),
        ("edit-nothing", "PATCH", LINK, {"description": "Old", "password": "•••"}),
        ("edit-empty-description", "PATCH", LINK, {"description": "", "password": "•••"}),
        ("delete", "DELETE", LINK, None),
        ("delete-again", "DELETE", f"/links/{NOBODY}", None),
        ("delete-bad-id", "DELETE", "/links/short", None),
        ("stats-unknown", "GET", f"/links/{NOBODY}/stats", None),
        ("list-limit0", "GET", "/links?limit=0&skip=-1", None),
        ("admin-list-forbidden", "GET", "/links/admin", None),
    ],
)
async def test_an_answer_is_the_recorded_one(name: str, method: str, path: str, body: object) -> None:
    async with client(site()) as http:
        answer = await http.request(method, path, json=body)
    recorded = read_sample(SAMPLES, name)
    assert (answer.status_code, answer.json()) == (recorded.status, json.loads(recorded.body))


@pytest.mark.parametrize(
    ("headers", "name"),
    [({"x-api-key": "wrong"}, "bad-key"), ({"x-api-key": ""}, "no-key"), ({"x-api-key": BANNED_KEY}, "banned-user")],
)
async def test_another_key_is_refused_as_recorded(headers: dict[str, str], name: str) -> None:
    async with client(site()) as http:
        answer = await http.get("/links", headers=headers)
    recorded = read_sample(SAMPLES, name)
    assert (answer.status_code, answer.json()) == (recorded.status, json.loads(recorded.body))


def shape(value: Any) -> Any:
    """The keys and the types of a value. Of a list, those of its first element."""
    if isinstance(value, dict):
        return {key: shape(inner) for key, inner in value.items()}
    return [shape(inner) for inner in value[:1]] if isinstance(value, list) else type(value)


@pytest.mark.parametrize(
    ("name", "method", "path", "body"),
    [
        ("create-plain", "POST", "/links", {"target": "example.com/new"}),
        ("create-reuse-found", "POST", "/links", {"target": "http://example.com/plain", "reuse": True}),
        ("edit-target", "PATCH", LINK, {"target": "https://example.com/changed"}),
        ("list-after-visits", "GET", "/links?search=Nem5yK", None),
        ("list-beyond", "GET", "/links?skip=999", None),
        ("stats-none", "GET", f"{LINK}/stats", None),
        ("users-me", "GET", "/users", None),
        ("domain-add", "POST", "/domains", {"address": "go.example.com", "homepage": "https://example.com"}),
    ],
)
async def test_an_answer_has_the_keys_and_types_of_the_recorded_one(
    name: str, method: str, path: str, body: object
) -> None:
    async with client(site()) as http:
        answer = await http.request(method, path, json=body)
    recorded = read_sample(SAMPLES, name)
    expected = shape(json.loads(recorded.body))
    known = {**shape(answer.json()), **{key: kind for key, kind in expected.items() if kind in (type(None), str)}}
    assert (answer.status_code, known) == (recorded.status, expected)


async def test_a_patch_without_a_password_removes_it_and_bullets_keep_it() -> None:
    target = site()
    async with client(target) as http:
        for body, kept in (({"description": "a", "password": "•••"}, True), ({"description": "b"}, False)):
            assert (await http.patch(LINK, json=body)).json()["password"] is kept


async def test_an_expired_link_is_deleted_within_thirty_seconds() -> None:
    clock = ManualClock()
    async with client(Site(clock, [], [])) as http:
        await http.post("/links", json={"target": X, "expire_in": "1m"})
        counts = []
        for seconds in (0, 70, 30):
            clock.advance(seconds)
            counts.append((await http.get("/links")).json()["total"])
    assert counts == [1, 1, 0]


async def test_a_search_is_without_case_and_has_wildcards() -> None:
    async with client(site()) as http:
        for words, total in (("OLD", 1), ("n%k", 1), ("f_rst", 1), ("example", 2), ("nothing", 0)):
            assert (await http.get("/links", params={"search": words})).json()["total"] == total, words


async def test_a_page_for_people_is_the_answer_at_unknown_paths_and_to_browsers() -> None:
    async with client(site()) as http:
        pages = [await http.get(path) for path in (LINK, "/nosuch")]
        pages.append(await http.get("/links", headers={"accept": "text/html"}))
        health = await http.get("/health", headers={"x-api-key": ""})
    assert {(page.status_code, page.headers["content-type"]) for page in pages} == {(200, "text/html; charset=utf-8")}
    assert health.text == "OK"


async def test_domains_are_added_once_and_removed() -> None:
    async with client(site()) as http:
        added = (await http.post("/domains", json={"address": "go.example.com"})).json()
        again = await http.post("/domains", json={"address": "go.example.com"})
        assert [row["id"] for row in (await http.get("/users")).json()["domains"]] == [added["id"]]
        await http.delete(f"/domains/{added['id']}")
        assert (await http.get("/users")).json()["domains"] == []
    assert (again.status_code, again.json()) == (400, {"error": "You can't add this domain."})


async def test_the_site_starts_with_a_marketing_teams_links_on_two_domains() -> None:
    app = create_emulator(EmulatorOptions(ManualClock()))
    async with httpx2.AsyncClient(
        transport=httpx2.ASGITransport(app=app), base_url="http://emulator/api", headers=KEY
    ) as http:
        page = (await http.get("/links", params={"limit": "500"})).json()
    assert (page["total"], page["limit"], len(page["data"])) == (130, 50, 50)
    assert {row["domain"] for row in page["data"]} == {None, "go.kutt-demo.example"}

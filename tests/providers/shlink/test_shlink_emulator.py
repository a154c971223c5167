"""The emulator of Shlink answers as the OpenAPI document says."""

from typing import Any

import httpx2
import pytest

from harness.emulators import ManualClock
from harness.failure_cases.shlink import DOMAINS, SHORT_URL, VISIT
from linkweave.providers.emulator_kit import EmulatorOptions
from linkweave.providers.shlink.emulator import create_emulator, emulate
from linkweave.providers.shlink.emulator.seed import CUSTOM_DOMAIN, seeded
from linkweave.providers.shlink.emulator.server import API_KEY, Server

ERRORS = "https://shlink.io/api/error/"


def client(server: Server | None = None, key: str | None = API_KEY) -> httpx2.AsyncClient:
    app = create_emulator(EmulatorOptions(ManualClock())) if server is None else emulate(server)
    headers = {} if key is None else {"x-api-key": key}
    wire = httpx2.ASGITransport(app=app)
    return httpx2.AsyncClient(transport=wire, base_url="http://emulator/rest/v3", headers=headers)


NEW = {"longUrl": "https://www.example.com/new"}


@pytest.mark.parametrize(
    ("method", "path", "body", "status", "name", "more"),
    [
        ("GET", "/short-urls/nobody", None, 404, "short-url-not-found", {"shortCode": "nobody"}),
        (
            "GET",
            f"/short-urls/nobody?domain={CUSTOM_DOMAIN}",
            None,
            404,
            "short-url-not-found",
            {"shortCode": "nobody", "domain": CUSTOM_DOMAIN},
        ),
        ("POST", "/short-urls", {}, 400, "invalid-data", {"invalidElements": ["longUrl"]}),
        ("POST", "/short-urls", {"longUrl": "nowhere"}, 400, "invalid-data", {"invalidElements": ["longUrl"]}),
        ("POST", "/short-urls", {**NEW, "tags": "a"}, 400, "invalid-data", {"invalidElements": ["tags"]}),
        (
            "POST",
            "/short-urls",
            {**NEW, "validUntil": "2027-01-31T00:00:00", "maxVisits": 0},
            400,
            "invalid-data",
            {"invalidElements": ["validUntil", "maxVisits"]},
        ),
        ("POST", "/short-urls", {**NEW, "customSlug": "coats"}, 400, "non-unique-slug", {"customSlug": "coats"}),
        ("PATCH", "/short-urls/coats", {"validSince": 5}, 400, "invalid-data", {"invalidElements": ["validSince"]}),
        ("GET", "/short-urls?page=x", None, 400, "invalid-data", {"invalidElements": ["page"]}),
        ("GET", "/short-urls?startDate=2026-11-01", None, 400, "invalid-data", {"invalidElements": ["startDate"]}),
        ("GET", "/short-urls?endDate=soon", None, 400, "invalid-data", {"invalidElements": ["endDate"]}),
        ("PUT", "/tags", {"oldName": "no such", "newName": "b"}, 404, "tag-not-found", {"tag": "no such"}),
        (
            "PUT",
            "/tags",
            {"oldName": "sale", "newName": "print"},
            409,
            "tag-conflict",
            {"oldName": "sale", "newName": "print"},
        ),
        ("PUT", "/tags", {"oldName": "sale"}, 400, "invalid-data", {"invalidElements": ["oldName", "newName"]}),
        ("GET", "/nowhere", None, 404, "not-found", {}),
    ],
)
async def test_a_refusal_is_a_problem_of_its_own_type(
    method: str, path: str, body: object, status: int, name: str, more: dict[str, object]
) -> None:
    async with client() as http:
        answer = await http.request(method, path, json=body)
    problem = answer.json()
    assert answer.headers["content-type"] == "application/problem+json"
    assert (answer.status_code, problem["status"], problem["type"]) == (status, status, ERRORS + name)
    assert problem.keys() - {"type", "title", "detail", "status"} == more.keys()
    assert more.items() <= problem.items()


@pytest.mark.parametrize(("key", "name"), [(None, "missing-authentication"), ("wrong", "invalid-api-key")])
async def test_a_call_without_the_key_is_refused_but_the_health_is_told(key: str | None, name: str) -> None:
    async with client(key=key) as http:
        refused = await http.get("/domains")
        health = await http.get("/health")
    assert (refused.status_code, refused.json()["type"]) == (401, ERRORS + name)
    assert health.json()["status"] == "pass"


def shape(value: Any) -> Any:
    """The keys of a value, of the first element of a list."""
    if isinstance(value, dict):
        return {key: shape(inner) for key, inner in value.items()}
    return [shape(inner) for inner in value[:1]] if isinstance(value, list) else None


async def test_answers_have_the_documented_keys() -> None:
    async with client() as http:
        short_url = (await http.get("/short-urls/coats")).json()
        page = (await http.get("/short-urls")).json()["shortUrls"]
        code = next(row["shortCode"] for row in page["data"] if row["visitsSummary"]["total"] and not row["domain"])
        visits = (await http.get(f"/short-urls/{code}/visits")).json()
        domains = (await http.get("/domains")).json()
    assert shape(short_url) == shape(SHORT_URL)
    assert shape(page["data"][0]) == shape(SHORT_URL)
    assert page["pagination"] == {
        "currentPage": 1,
        "pagesCount": 15,
        "itemsPerPage": 10,
        "itemsInCurrentPage": 10,
        "totalItems": 150,
    }
    assert visits["visits"]["data"][0].keys() == VISIT.keys()
    assert visits["visits"]["pagination"]["pagesCount"] == 1
    assert domains.keys() == DOMAINS.keys()
    assert {row["domain"]: row["isDefault"] for row in domains["domains"]["data"]} == {
        "shl.coats-demo.example": True,
        CUSTOM_DOMAIN: False,
    }


@pytest.mark.parametrize("order", ["title-ASC", "shortCode-DESC", "longUrl-ASC", "visits-DESC", "dateCreated-ASC"])
async def test_a_list_has_the_order_and_the_words_that_are_asked_for(order: str) -> None:
    name, _, direction = order.partition("-")
    async with client() as http:
        query = {"orderBy": order, "itemsPerPage": "200", "searchTerm": "COLLECTIONS"}
        rows = (await http.get("/short-urls", params=query)).json()["shortUrls"]["data"]
    values = [row["visitsSummary"]["total"] if name == "visits" else row[name] or "" for row in rows]
    assert rows
    assert values == sorted(values, reverse=direction == "DESC")
    assert all("collections" in row["longUrl"] for row in rows)


@pytest.mark.parametrize(
    ("query", "matches"),
    [
        ("tags[]=sale&tags[]=email", {"sale", "email"}),
        ("tags[]=sale&tags[]=spring&tagsMode=all", {"sale"}),
        ("excludeTags[]=sale&excludeTags[]=email", None),
        ("excludeTags[]=sale&excludeTags[]=spring&excludeTagsMode=all", None),
    ],
)
async def test_tags_choose_and_exclude(query: str, matches: set[str] | None) -> None:
    async with client() as http:
        rows = (await http.get(f"/short-urls?itemsPerPage=200&{query}")).json()["shortUrls"]["data"]
    assert 0 < len(rows) < 150
    for row in rows:
        own = {*row["tags"]}
        if matches is not None:
            assert own & matches
        elif "Mode=all" in query:
            assert not {"sale", "spring"} <= own
        else:
            assert not {"sale", "email"} & own


async def test_an_existing_short_url_with_all_that_is_given_is_found() -> None:
    server = seeded(EmulatorOptions(ManualClock()))
    async with client(server) as http:
        first = (await http.post("/short-urls", json={**NEW, "tags": ["a"]})).json()
        same = (await http.post("/short-urls", json={**NEW, "findIfExists": True})).json()
        other = (await http.post("/short-urls", json={**NEW, "findIfExists": True, "tags": ["b"]})).json()
        away = (await http.post("/short-urls", json={**NEW, "domain": "new.example", "customSlug": "x"})).json()
        taken = await http.post("/short-urls", json={**NEW, "domain": "new.example", "customSlug": "x"})
    assert first["shortCode"] == same["shortCode"] != other["shortCode"]
    assert (away["domain"], taken.json()["domain"]) == ("new.example", "new.example")
    assert "new.example" in server.domains


async def test_a_body_that_is_not_json_is_refused() -> None:
    async with client() as http:
        answer = await http.post("/short-urls", content=b"[")
    assert (answer.status_code, answer.json()["type"]) == (400, f"{ERRORS}invalid-data")


async def test_deletions_and_changes_of_tags_have_no_content() -> None:
    async with client() as http:
        answers = [
            await http.request("PUT", "/tags", json={"oldName": "sale", "newName": "offer"}),
            await http.delete("/tags?tags[]=offer&tags[]=no+such"),
            await http.delete("/short-urls/coats"),
        ]
        tags = (await http.get("/tags")).json()["tags"]
    assert [(answer.status_code, answer.content) for answer in answers] == [(204, b"")] * 3
    assert not {"sale", "offer"} & {*tags["data"]}
    assert tags["pagination"]["totalItems"] == len(tags["data"])

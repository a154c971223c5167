"""Short.io's emulator answers as the document says: keys, limits, pages, dates with zones, and refusals."""

from collections.abc import Mapping

import httpx2
import pytest

from harness.emulators import ManualClock
from linkweave.providers.emulator_kit import EmulatorOptions
from linkweave.providers.shortio.emulator import create_emulator, emulate
from linkweave.providers.shortio.emulator.seed import MAIN_DOMAIN, SECOND_DOMAIN, seeded
from linkweave.providers.shortio.emulator.store import API_KEY, ONE_DOMAIN_KEY, SMALL_PLAN_KEY

LINK = {"domain": MAIN_DOMAIN, "originalURL": "https://www.example.com/new"}
DATES = "startDate=2026-11-01T00:00:00Z&endDate=2026-11-20T23:59:59Z"


def client(key: str = API_KEY, *, rate_limits: bool = False) -> httpx2.AsyncClient:
    app = create_emulator(EmulatorOptions(ManualClock(), rate_limits))
    transport = httpx2.ASGITransport(app=app)
    return httpx2.AsyncClient(transport=transport, base_url="http://shortio", headers={"authorization": key})


@pytest.mark.parametrize(
    ("path", "status"),
    [
        ("/api/domains?limit=301", 400),
        ("/domains/123456", 200),
        ("/domains/5", 404),
        ("/api/links", 400),
        ("/api/links?domain_id=123456&limit=151", 400),
        ("/api/links?domain_id=123456&beforeDate=soon", 400),
        ("/api/links?domain_id=123456&pageToken=ä", 400),
        ("/api/links?domain_id=123456&dateSortOrder=asc&afterDate=2026-11-01", 200),
        ("/links/lnk_4sGe_gone", 404),
        (f"/links/expand?domain={MAIN_DOMAIN}&path=gone", 404),
        ("/statistics/link/lnk_4sGe_00000001", 200),
        ("/statistics/link/lnk_4sGe_00000001?period=yesterday&clicksChartInterval=week&skipTops=true", 200),
        ("/statistics/link/lnk_4sGe_00000001?period=total&clicksChartInterval=month", 200),
        ("/statistics/link/lnk_4sGe_00000001?period=year", 400),
        ("/statistics/link/lnk_4sGe_00000001?clicksChartInterval=year", 400),
        (f"/statistics/link/lnk_4sGe_00000001?period=custom&{DATES}", 200),
        ("/statistics/link/lnk_4sGe_00000001?period=custom&startDate=2026-11-01T00:00:00&endDate=2026-11-02", 400),
        ("/statistics/domain/123456/link_clicks", 400),
        (f"/statistics/domain/123456/link_clicks?ids=lnk_4sGe_gone&{DATES}", 200),
        ("/nowhere", 404),
    ],
)
async def test_a_question_has_the_documents_status(path: str, status: int) -> None:
    async with client() as http:
        assert (await http.get(path)).status_code == status


@pytest.mark.parametrize(
    ("body", "status", "field"),
    [
        ({**LINK, "originalURL": "nowhere"}, 400, "originalURL"),
        ({"domain": MAIN_DOMAIN}, 400, "originalURL"),
        ({**LINK, "path": "a b"}, 400, "path"),
        ({**LINK, "splitPercent": 101}, 400, "splitPercent"),
        ({**LINK, "clicksLimit": 0}, 400, "clicksLimit"),
        ({**LINK, "redirectType": 200}, 400, "redirectType"),
        ({**LINK, "expiresAt": "soon"}, 400, "expiresAt"),
        ({**LINK, "colour": "red"}, 400, None),
        ({**LINK, "domain": "nobodys.example"}, 404, None),
        ({**LINK, "expiresAt": 1_798_761_599_000, "redirectType": 302}, 200, None),
    ],
)
async def test_a_refused_value_is_named(body: Mapping[str, object], status: int, field: str | None) -> None:
    async with client() as http:
        answer = await http.post("/links", json=body)
    assert (answer.status_code, answer.json().get("field")) == (status, field)


async def test_a_key_stands_bare_and_may_be_limited_to_a_domain_or_a_plan() -> None:
    async with client(f"Bearer {API_KEY}") as http:
        assert (await http.get("/api/domains")).status_code == 401
    async with client(ONE_DOMAIN_KEY) as http:
        assert len((await http.get("/api/domains")).json()) == 1
        assert (await http.get(f"/links/expand?domain={SECOND_DOMAIN}&path=a")).status_code == 403
    async with client(SMALL_PLAN_KEY) as http:
        assert (await http.post("/links", json={**LINK, "password": "a"})).status_code == 402


async def test_a_link_is_made_once_changed_and_deleted_once() -> None:
    async with client() as http:
        made, again = [(await http.post("/links", json=LINK)).json() for _ in range(2)]
        taken = await http.post(
            "/links", json={"domain": MAIN_DOMAIN, "originalURL": "https://e.com", "path": made["path"]}
        )
        other = (await http.post("/links", json={**LINK, "allowDuplicates": True})).json()
        path = f"/links/{made['id']}"
        clash = (await http.post(path, json={"path": other["path"].upper()})).json()
        fixed = [(await http.post(path, json=body)).status_code for body in ({"domain": "x"}, {"originalURL": None})]
        changed = (await http.post(path, json={"title": "T", "path": "own"})).json()
        gone = [(await http.delete(path)).json()["success"] for _ in range(2)]
        unread = await http.post("/links", content=b"[")
        bulk = [(await http.post("/links/bulk", json=body)).status_code for body in ({}, {"links": [LINK]})]
        none = await http.request("DELETE", "/links/delete_bulk", json={"link_ids": []})
    assert (made["duplicate"], again["duplicate"], again["id"]) == (False, True, made["id"])
    assert (taken.status_code, taken.json()["field"]) == (409, "path")
    assert (clash["field"], clash["linkId"]) == ("path", other["id"])
    assert (changed["path"], changed["title"], changed["originalURL"]) == ("own", "T", LINK["originalURL"])
    assert (fixed, gone) == ([400, 400], [True, False])
    assert (unread.status_code, bulk, none.status_code) == (400, [400, 404], 400)


async def test_too_many_calls_of_a_group_are_told_with_a_pause() -> None:
    async with client(rate_limits=True) as http:
        answers = [await http.get("/statistics/link/lnk_4sGe_00000001") for _ in range(3)]
        assert (await http.get("/links/lnk_4sGe_00000001")).status_code == 200
    assert [answer.status_code for answer in answers] == [200, 200, 429]
    assert answers[-1].headers["retry-after"] == "1"


async def test_a_link_beyond_the_plan_is_http_402() -> None:
    store = seeded(EmulatorOptions(ManualClock()))
    store.max_links = len(store.links)
    transport = httpx2.ASGITransport(app=emulate(store))
    async with httpx2.AsyncClient(transport=transport, base_url="http://shortio") as http:
        answer = await http.post("/links", json=LINK, headers={"authorization": API_KEY})
    assert (answer.status_code, answer.json()["statusCode"]) == (402, 402)

"""The emulator of Bitly answers as the vendor's documents say."""

import json
from collections.abc import Mapping

import httpx2
import pytest

from harness.emulators import ManualClock
from linkweave.providers.bitly.emulator import create_emulator
from linkweave.providers.bitly.emulator.seed import FREE_GROUP, FREE_TOKEN, MAIN_GROUP, OTHER_GROUP, TOKEN
from linkweave.providers.emulator_kit import EmulatorOptions

NEW = {"long_url": "https://www.example.com/new", "group_guid": MAIN_GROUP}
LINKS = f"/groups/{MAIN_GROUP}/bitlinks"


def client(token: str = TOKEN, *, clock: ManualClock | None = None) -> httpx2.AsyncClient:
    app = create_emulator(EmulatorOptions(clock or ManualClock(), rate_limits=clock is not None))
    headers = {"authorization": f"Bearer {token}"}
    return httpx2.AsyncClient(transport=httpx2.ASGITransport(app=app), base_url="http://emulator/v4", headers=headers)


@pytest.mark.parametrize(
    ("method", "path", "body", "status", "code"),
    [
        ("GET", f"{LINKS}?size=x", None, 400, "INVALID_ARG_SIZE"),
        ("GET", f"{LINKS}?archived=maybe", None, 400, "INVALID_ARG_ARCHIVED"),
        ("GET", f"{LINKS}?created_after=today", None, 400, "INVALID_ARG_CREATED_AFTER"),
        ("GET", f"{LINKS}?search_after=x", None, 400, "INVALID_ARG_SEARCH_AFTER"),
        ("GET", f"{LINKS}/clicks?size=0", None, 400, "INVALID_ARG_SIZE"),
        ("GET", f"{LINKS}/clicks?unit=year", None, 400, "INVALID_ARG_UNIT"),
        ("GET", f"{LINKS}/clicks?units=x", None, 400, "INVALID_ARG_UNITS"),
        ("GET", f"{LINKS}/clicks?units=0", None, 400, "INVALID_ARG_UNITS"),
        ("GET", f"{LINKS}/clicks?unit_reference=now", None, 400, "INVALID_ARG_UNIT_REFERENCE"),
        ("GET", "/groups/Bnone/bitlinks", None, 403, "FORBIDDEN"),
        ("GET", "/groups?organization_guid=Onone", None, 403, "FORBIDDEN"),
        ("GET", "/organizations/Onone/plan_limits", None, 403, "FORBIDDEN"),
        ("GET", "/bitlinks/bit.ly/none", None, 404, "NOT_FOUND"),
        ("GET", "/bitlinks/nobodys.example/x", None, 403, "FORBIDDEN"),
        ("POST", "/bitlinks", {}, 400, "MISSING_ARG_LONG_URL"),
        ("POST", "/bitlinks", {"long_url": "notaurl"}, 400, "INVALID_ARG_LONG_URL"),
        ("POST", "/bitlinks", {"long_url": "http://["}, 400, "INVALID_ARG_LONG_URL"),
        ("POST", "/bitlinks", {"long_url": "https://bit.ly/x"}, 400, "ALREADY_A_BITLY_LINK"),
        ("POST", "/bitlinks", {**NEW, "domain": "team.bitly-demo.example"}, 400, "INVALID_ARG_DOMAIN"),
        ("POST", "/bitlinks", {**NEW, "tags": "x"}, 400, "INVALID_ARG_TAGS"),
        ("POST", "/bitlinks", {**NEW, "expiration_at": "soon"}, 400, "INVALID_ARG_EXPIRATION_AT"),
        ("POST", "/bitlinks", {**NEW, "expiration_at": "2026-11-20T10:31:00+0000"}, 400, "INVALID_ARG_EXPIRATION_AT"),
        ("PATCH", LINKS, {"action": "archive"}, 400, "INVALID_ARG_LINKS"),
        ("PATCH", LINKS, {"action": "delete", "links": []}, 400, "INVALID_ARG_ACTION"),
    ],
)
async def test_a_refusal_has_its_status_and_code(
    method: str, path: str, body: Mapping[str, object] | None, status: int, code: str
) -> None:
    async with client() as http:
        answer = await http.request(method, path, json=body)
    assert (answer.status_code, answer.json()["message"]) == (status, code)


async def test_a_dead_token_is_forbidden_and_an_unknown_path_is_plain_text() -> None:
    async with client("wrong") as dead, client() as http:
        answers = [await dead.get("/user"), await http.get("/nowhere"), await http.post("/bitlinks", content=b"[")]
    assert [each.status_code for each in answers] == [403, 404, 422]
    assert answers[1].text == "404 page not found"


async def test_minutes_and_hours_of_each_endpoint_are_fixed_windows() -> None:
    clock = ManualClock()
    async with client(clock=clock) as http:
        first = [(await http.get("/bsds")).status_code for _ in range(101)]
        other = (await http.get("/user")).status_code
        clock.advance(60)
        later = []
        for _ in range(10):
            later += [(await http.get("/bsds")).status_code for _ in range(100)]
            clock.advance(60)
    assert (first[-2:], other) == ([200, 429], 200)
    assert later.index(429) == 900


async def test_the_free_plan_lacks_what_is_paid_and_its_links_are_used_up() -> None:
    async with client(FREE_TOKEN) as http:
        name = (await http.get(f"/groups/{FREE_GROUP}/bitlinks")).json()["links"][0]["id"]
        answers = [
            await http.get(f"/bitlinks/{name}/devices"),
            await http.get(f"/groups/{FREE_GROUP}/clicks"),
            await http.patch(f"/bitlinks/{name}", json={"long_url": "https://www.example.com/other"}),
            await http.post("/shorten", json={"long_url": "https://www.example.com/other"}),
            await http.get(f"/bitlinks/{name}/referrers"),
        ]
    assert [each.status_code for each in answers] == [402, 402, 402, 429, 200]


async def test_a_link_that_exists_is_returned_and_each_name_has_clicks_of_its_own() -> None:
    async with client() as http:
        made = [await http.post("/bitlinks", json=body) for body in (NEW, NEW, {**NEW, "force_new_link": True})]
        name = made[0].json()["id"]
        further = await http.post("/bitlinks", json={"bitlink_id": name, "keyword": "promo"})
        taken = await http.post("/custom_bitlinks", json={"bitlink_id": name, "custom_bitlink": "bit.ly/promo"})
        odd = await http.post("/custom_bitlinks", json={"bitlink_id": name, "custom_bitlink": "bit.ly/"})
        public = (await http.post("/expand", json={"bitlink_id": "bit.ly/promo"})).json()
        newest = json.loads((await http.get(f"{LINKS}?size=6")).text, strict=False)["links"][2]
        custom = newest["custom_bitlinks"][0].removeprefix("https://")
        series = [
            (await http.get(f"{path}/clicks?unit=month")).json()["link_clicks"]
            for path in (f"/bitlinks/{newest['id']}", f"/custom_bitlinks/{custom}")
        ]
    assert [each.status_code for each in made] == [201, 200, 201]
    assert "created_by" not in made[0].json()
    assert further.json()["custom_bitlinks"] == ["https://bit.ly/promo"]
    assert (taken.status_code, odd.json()["message"]) == (409, "INVALID_ARG_CUSTOM_BITLINK")
    assert public.keys() == {"created_at", "link", "id", "long_url"}
    assert series[0][0]["clicks"] > series[1][0]["clicks"] > 0


async def test_a_cursor_stays_good_where_its_link_is_gone() -> None:
    async with client() as http:
        page = (await http.get(f"/groups/{OTHER_GROUP}/bitlinks?size=2")).json()
        assert page["pagination"]["next"].startswith("https://api-ssl.bitly.com/v4/groups/")
        await http.delete(f"/bitlinks/{page['links'][1]['id']}")
        after = page["pagination"]["search_after"]
        rest = (await http.get(f"/groups/{OTHER_GROUP}/bitlinks?search_after={after}")).json()
        gone = await http.get(f"/bitlinks/{page['links'][1]['id']}")
    assert (len(rest["links"]), rest["pagination"]["next"]) == (4, "")
    assert (gone.status_code, gone.json()["message"]) == (410, "GONE")

"""The write side of the ShortenWorld emulator by itself: parameters checked, state kept."""

from typing import Any

import httpx2
import pytest

from harness.emulators import ManualClock
from linkweave.providers.emulator_kit import EmulatorOptions
from linkweave.providers.shortenworld.emulator import FREE_USERNAME, SANDBOX_KEY, SANDBOX_USERNAME, create_emulator

LINK = {"linkId": "65a10000"}
NEW = {"teamId": "team-apac", "domainId": "dom-1", "destination": "https://www.example.com/"}


class Caller:
    """A client of a fresh emulator, logged in when it first calls."""

    def __init__(self, username: str = SANDBOX_USERNAME) -> None:
        app = create_emulator(EmulatorOptions(ManualClock()))
        self.http = httpx2.AsyncClient(transport=httpx2.ASGITransport(app=app), base_url="http://emulator")
        self.username = username

    async def __call__(self, method: str, path: str, **parameters: object) -> dict[str, Any]:
        login = await self.http.post("/authen/token", json={"username": self.username, "key": SANDBOX_KEY})
        token = login.json()["token"]["access_token"]
        headers = {"authorization": f"Bearer {token}"}
        answer = await self.http.request(method, f"/entity/{path}", json=parameters, headers=headers)
        assert answer.status_code == 200
        body: dict[str, Any] = answer.json()
        return body

    async def link(self, **wanted: object) -> dict[str, Any]:
        rows = (await self("GET", "link/list", size=50))["links"]
        (row,) = (row for row in rows if row.items() >= wanted.items())
        found: dict[str, Any] = row
        return found


@pytest.mark.parametrize(
    ("method", "path", "parameters", "message"),
    [
        ("POST", "link/create", {}, "teamId is required"),
        ("POST", "link/create", {**NEW, "domainId": ""}, "domainId is required"),
        ("POST", "link/create", {**NEW, "destination": None}, "destination is required"),
        ("POST", "link/create", {**NEW, "destination": "nowhere"}, "destination must be a link"),
        ("POST", "link/create", {**NEW, "teamId": "nobody"}, "Team not found"),
        ("POST", "link/create", {**NEW, "domainId": "dom-2"}, "Domain not found"),
        ("POST", "link/create", {**NEW, "campaignId": "camp-201"}, "Campaign not found"),
        ("POST", "link/create", {**NEW, "noTitle": "yes"}, "noTitle must be true or false"),
        ("POST", "link/create", {**NEW, "utmSource": 5}, "utmSource must be a string"),
        ("PUT", "link/update", {}, "linkId is required"),
        ("PUT", "link/update", {"linkId": "nothing"}, "Link not found"),
        ("PUT", "link/update", {**LINK, "hide": "true"}, "hide must be on or off"),
        ("PUT", "link/update", {**LINK, "hide": True}, "hide must be a string"),
        ("PUT", "link/update", {**LINK, "code": ""}, "code must not be empty"),
        ("PUT", "link/update", {**LINK, "tags": ["a"]}, "tags must be a string"),
        ("PUT", "link/redirect", {**LINK, "destination": "nowhere"}, "destination must be a link"),
        ("PUT", "link/redirect", {**LINK, "clickType": 2}, "clickType must be 0 or 1"),
        ("PUT", "link/redirect", {**LINK, "uniqueTime": "long"}, "uniqueTime must be a number"),
        ("PUT", "link/redirect-mobile", {**LINK, "ios": ""}, "ios must be a link"),
        ("PUT", "link/expiration", {**LINK, "date": "2026-12-31"}, "date must be a date like 31/12/2026"),
        ("PUT", "link/expiration", {**LINK, "click": "many"}, "click must be a number"),
        ("PUT", "link/password", LINK, "password is required"),
        ("PUT", "link/password", {**LINK, "password": ""}, "password is required"),
        ("PUT", "link/testing", LINK, "testing must be an array"),
        ("PUT", "link/testing", {**LINK, "testing": []}, "testing must be an array"),
        (
            "PUT",
            "link/testing",
            {**LINK, "testing": ["x"]},
            "testing must hold objects with link and percentage (1-100)",
        ),
        (
            "PUT",
            "link/testing",
            {**LINK, "testing": [{"link": "https://a.example/", "percentage": 0}]},
            "testing must hold objects with link and percentage (1-100)",
        ),
        (
            "PUT",
            "link/testing",
            {**LINK, "testing": [{"link": "nowhere", "percentage": 100}]},
            "link must be a link",
        ),
        (
            "PUT",
            "link/testing",
            {**LINK, "testing": [{"link": "https://a.example/", "percentage": 99}]},
            "The percentages must be 100 in all",
        ),
        ("DELETE", "link/delete", {"linkId": "nothing"}, "Link not found"),
        ("POST", "link-tracker/create", LINK, "type is required"),
        ("POST", "link-tracker/create", {**LINK, "type": 1}, "type is required"),
        ("POST", "link-tracker/create", {**LINK, "type": "2"}, 'type must be "0" or "1"'),
        ("POST", "link-tracker/create", {**LINK, "type": "1"}, "teamTrackers is required"),
        ("POST", "link-tracker/create", {**LINK, "type": "1", "teamTrackers": []}, "teamTrackers is required"),
        (
            "POST",
            "link-tracker/create",
            {**LINK, "type": "1", "teamTrackers": ["tt-3"]},
            "Team tracker not found",
        ),
        ("POST", "link-tracker/create", {**LINK, "type": "0", "code": "X"}, "trackerId is required"),
        (
            "POST",
            "link-tracker/create",
            {**LINK, "type": "0", "code": "X", "trackerId": "99"},
            "Tracker not found",
        ),
        ("DELETE", "link-tracker/delete", {"linkTrackerId": "nothing"}, "Link tracker not found"),
    ],
)
async def test_a_wrong_parameter_is_refused_and_changes_nothing(
    method: str,
    path: str,
    parameters: dict[str, object],
    message: str,
) -> None:
    call = Caller()
    before = await call("GET", "link/list", size=50)

    status = (await call(method, path, **parameters))["status"]

    assert status["code"] != 0
    assert status["message"] == message
    assert await call("GET", "link/list", size=50) == before


async def test_a_new_link_is_the_first_of_the_list_and_has_no_clicks() -> None:
    call = Caller()

    made = await call("POST", "link/create", **NEW)
    first = (await call("GET", "link/list"))["links"][0]
    statistics = await call("GET", "link/analytics", linkId=made["linkId"])

    assert (first["id"], first["linkShort"]) == (made["linkId"], made["linkShort"])
    assert (first["title"], first["clicks"], first["campaignId"]) == ("Page at www.example.com", 0, None)
    assert statistics["metricsMap"]["9"] == []


async def test_a_new_link_never_gets_a_code_that_is_taken() -> None:
    call = Caller()
    await call("PUT", "link/update", **LINK, code="n0002")

    made = await call("POST", "link/create", **NEW)

    assert made["linkShort"] == "https://apac.swlink.example/n0003"


async def test_the_free_plan_fetches_titles() -> None:
    call = Caller(FREE_USERNAME)

    refusal = await call("POST", "link/create", **NEW, noTitle=True)
    made = await call("POST", "link/create", **NEW, noTitle=False)

    assert refusal["status"]["message"] == "noTitle is not available in your subscription plan"
    assert made["status"]["code"] == 0


async def test_a_code_may_be_set_to_what_it_is_and_not_to_anothers() -> None:
    call = Caller()
    mine = await call.link(id="65a10000")
    other = await call.link(id="65a10002")

    same = await call("PUT", "link/update", **LINK, code=mine["code"])
    taken = await call("PUT", "link/update", **LINK, code=other["code"])

    assert same["status"]["code"] == 0
    assert taken["status"] == {**taken["status"], "code": 5, "message": "Code is already existed"}


async def test_tags_are_added_once_each() -> None:
    call = Caller()
    before = (await call.link(id="65a10000"))["tags"]

    await call("PUT", "link/update", **LINK, tags=f"new,new,{before[0]},,other")

    assert (await call.link(id="65a10000"))["tags"] == [*before, "new", "other"]


async def test_numbers_may_come_as_digits() -> None:
    call = Caller()

    await call("PUT", "link/redirect", **LINK, clickType="1", uniqueTime="30")

    assert await call.link(id="65a10000", clickType=1, uniqueTime=30)


async def test_a_deleted_link_takes_its_trackers_along() -> None:
    call = Caller()
    trackers = (await call("GET", "link-tracker/list", **LINK))["linkTrackers"]

    await call("DELETE", "link/delete", **LINK)
    gone = await call("DELETE", "link-tracker/delete", linkTrackerId=trackers[0]["id"])

    assert gone["status"]["message"] == "Link tracker not found"


async def test_the_seed_has_links_with_every_setting() -> None:
    rows = (await Caller()("GET", "link/list", size=50))["links"]

    for name in ("utmSource", "uniqueTime", "redirectMobile", "expiration", "testing"):
        assert any(row[name] for row in rows)
        assert not all(row[name] for row in rows)

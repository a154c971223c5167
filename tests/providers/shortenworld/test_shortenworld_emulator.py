"""ShortenWorld's emulator by itself: authentication, limits, and samples of the vendor's document."""

from collections.abc import Mapping
from typing import Any

import httpx2
import pytest

from harness.emulators import NOW, ManualClock
from linkweave.providers.emulator_kit import EmulatorOptions
from linkweave.providers.shortenworld.emulator import FREE_USERNAME, SANDBOX_KEY, SANDBOX_USERNAME, create_emulator

JSON = {"content-type": "application/json"}
WEEK = 7 * 24 * 3600
LINK = {"linkId": "65a10000"}
NEW = {"teamId": "team-apac", "domainId": "dom-1", "destination": "https://www.example.com/"}


class Caller:
    """A client of a fresh emulator."""

    def __init__(self, username: str = SANDBOX_USERNAME) -> None:
        self.clock = ManualClock()
        self.username = username
        app = create_emulator(EmulatorOptions(self.clock))
        self.http = httpx2.AsyncClient(transport=httpx2.ASGITransport(app=app), base_url="http://emulator")

    async def log_in(self, key: str = SANDBOX_KEY, username: str | None = None) -> httpx2.Response:
        return await self.http.post("/authen/token", json={"username": username or self.username, "key": key})

    async def tokens(self) -> dict[str, str]:
        tokens: dict[str, str] = (await self.log_in()).json()["token"]
        return tokens

    async def refresh(self, tokens: Mapping[str, str]) -> httpx2.Response:
        return await self.http.post("/authen/refresh", json={"refreshToken": tokens["refresh_token"]})

    async def teams(self, tokens: Mapping[str, str]) -> int:
        headers = {**JSON, "authorization": f"Bearer {tokens['access_token']}"}
        return (await self.http.get("/entity/team/list", headers=headers)).status_code

    async def __call__(self, method: str, path: str, **parameters: object) -> dict[str, Any]:
        """What a call answers that is logged in and sends its parameters as JSON."""
        headers = {"authorization": f"Bearer {(await self.tokens())['access_token']}"}
        answer = await self.http.request(method, f"/entity/{path}", json=parameters, headers=headers)
        assert answer.status_code == 200
        body: dict[str, Any] = answer.json()
        return body

    async def link(self, link_id: str = LINK["linkId"]) -> dict[str, Any]:
        rows = (await self("GET", "link/list", size=50))["links"]
        (found,) = (row for row in rows if row["id"] == link_id)
        link: dict[str, Any] = found
        return link


@pytest.fixture
def vendor() -> Caller:
    return Caller()


async def test_a_login_gives_two_tokens_and_an_hour(vendor: Caller) -> None:
    body = (await vendor.log_in()).json()
    assert body["status"] == {"code": 0, "message": "Success", "timestamp": int(NOW.timestamp() * 1000)}
    assert body["token"].keys() == {"access_token", "refresh_token", "expires_in"}
    assert body["token"]["expires_in"] == 3600
    # Tokens are the same in every run, and differ by login.
    assert await Caller().tokens() == body["token"]
    assert len({*body["token"].values(), *(await vendor.tokens()).values()}) == 5


async def test_an_access_token_is_good_for_an_hour(vendor: Caller) -> None:
    tokens = await vendor.tokens()
    vendor.clock.advance(3599)
    assert await vendor.teams(tokens) == 200
    vendor.clock.advance(1)
    assert await vendor.teams(tokens) == 401


@pytest.mark.parametrize("header", ["", "Bearer ", "Bearer nobody", "Basic YTpi"])
async def test_without_a_good_bearer_token_a_call_is_refused(vendor: Caller, header: str) -> None:
    answer = await vendor.http.get("/entity/team/list", headers={**JSON, "authorization": header})
    assert (answer.status_code, answer.json()["status"]["code"]) == (401, 401)


async def test_a_refresh_token_is_good_once_and_for_seven_days(vendor: Caller) -> None:
    first = await vendor.tokens()
    vendor.clock.advance(WEEK - 1)
    renewed, again = await vendor.refresh(first), await vendor.refresh(first)
    second = renewed.json()["token"]
    vendor.clock.advance(WEEK)
    late = await vendor.refresh(second)
    assert (renewed.status_code, again.status_code, late.status_code) == (200, 401, 401)
    assert second["access_token"] != first["access_token"]


async def test_revoking_a_token_ends_it_and_its_refresh_token(vendor: Caller) -> None:
    mine, other = await vendor.tokens(), await vendor.tokens()
    headers = {**JSON, "authorization": f"Bearer {mine['access_token']}"}
    assert (await vendor.http.post("/authen/revoke", headers=headers)).json()["status"]["code"] == 0
    assert (await vendor.teams(mine), await vendor.teams(other)) == (401, 200)
    assert (await vendor.refresh(mine)).status_code == 401


async def test_five_failed_logins_throttle_and_ten_lock_the_account(vendor: Caller) -> None:
    statuses = [(await vendor.log_in("wrong")).status_code for _ in range(11)]
    assert statuses == [401] * 5 + [429] * 5 + [403]
    assert (await vendor.log_in()).status_code == 403
    vendor.clock.advance(24 * 3600)
    assert (await vendor.log_in()).status_code == 403
    assert (await vendor.log_in(username="somebody")).status_code == 401


async def test_a_throttle_ends_after_a_quarter_of_an_hour_and_a_good_login_resets_it(vendor: Caller) -> None:
    for _ in range(5):
        await vendor.log_in("wrong")
    assert (await vendor.log_in()).status_code == 429
    vendor.clock.advance(900)
    assert (await vendor.log_in()).status_code == 200
    assert [(await vendor.log_in("wrong")).status_code for _ in range(5)] == [401] * 5


async def test_every_call_needs_its_content_type(vendor: Caller) -> None:
    headers = {"authorization": f"Bearer {(await vendor.tokens())['access_token']}"}
    read = await vendor.http.get("/entity/team/list", headers=headers)
    login = await vendor.http.post("/authen/token", data={"username": SANDBOX_USERNAME, "key": SANDBOX_KEY})
    message = "Content-Type must be application/json"
    assert [answer.json()["status"]["message"] for answer in (read, login)] == [message] * 2


@pytest.mark.parametrize(
    ("body", "code"),
    [
        (b"{", 400),
        (b"\xff", 400),
        (b"{}", 1),
        (b'{"username": 5, "key": "y"}', 1),
    ],
)
async def test_a_login_with_another_body_is_refused(vendor: Caller, body: bytes, code: int) -> None:
    answer = await vendor.http.post("/authen/token", content=body, headers=JSON)
    assert (answer.status_code, answer.json()["status"]["code"]) == (200, code)


async def test_lists_start_at_page_0_with_twenty_rows_and_at_most_fifty(vendor: Caller) -> None:
    first, second, large, beyond = [
        await vendor("GET", "link/list", **query) for query in ({}, {"page": 1}, {"size": 1000}, {"page": 9})
    ]
    assert len(first["links"]) == len(second["links"]) == 20
    assert first["links"] + second["links"] == large["links"][:40]
    assert (len(large["links"]), large["size"], large["total"]) == (50, 50, 56)
    assert beyond["links"] == []


async def test_analytics_cover_the_last_thirty_days_unless_told_otherwise(vendor: Caller) -> None:
    default = await vendor("GET", "link/analytics", linkId="65a1003f")
    period = {"startTime": "22/10/2026", "endTime": "20/11/2026"}
    assert (await vendor("GET", "link/analytics", linkId="65a1003f", **period))["metricsMap"] == default["metricsMap"]
    assert default["metricsMap"].keys() == set("123456789")
    assert len(default["metricsMap"]["9"]) == 30
    free = await Caller(FREE_USERNAME)("GET", "link/analytics", linkId="65a1003f")
    assert free["metricsMap"].keys() == set("12345679")


BAD_VARIANT = "testing must hold objects with link and percentage (1-100)"


@pytest.mark.parametrize(
    ("method", "path", "parameters", "message"),
    [
        ("GET", "domain/list", {}, "teamId is required"),
        ("GET", "domain/list", {"teamId": "nobody"}, "Team not found"),
        ("GET", "link-tracker/list", {"linkId": "nothing"}, "Link not found"),
        ("GET", "link/list", {"size": "all"}, "size must be a number"),
        ("GET", "link/analytics", {**LINK, "startTime": "2026-11-01"}, "startTime must be a date like 31/12/2026"),
        ("POST", "link/create", {}, "teamId is required"),
        ("POST", "link/create", {**NEW, "destination": "nowhere"}, "destination must be a link"),
        ("POST", "link/create", {**NEW, "domainId": "dom-2"}, "Domain not found"),
        ("POST", "link/create", {**NEW, "campaignId": "camp-201"}, "Campaign not found"),
        ("POST", "link/create", {**NEW, "noTitle": "yes"}, "noTitle must be true or false"),
        ("POST", "link/create", {**NEW, "utmSource": 5}, "utmSource must be a string"),
        ("PUT", "link/update", {"linkId": "nothing"}, "Link not found"),
        ("PUT", "link/update", {**LINK, "hide": "true"}, "hide must be on or off"),
        ("PUT", "link/update", {**LINK, "code": ""}, "code must not be empty"),
        ("PUT", "link/redirect", {**LINK, "clickType": 2}, "clickType must be 0 or 1"),
        ("PUT", "link/redirect", {**LINK, "uniqueTime": "long"}, "uniqueTime must be a number"),
        ("PUT", "link/redirect-mobile", {**LINK, "ios": ""}, "ios must be a link"),
        ("PUT", "link/expiration", {**LINK, "date": "2026-12-31"}, "date must be a date like 31/12/2026"),
        ("PUT", "link/password", {**LINK, "password": ""}, "password is required"),
        ("PUT", "link/testing", LINK, "testing must be an array"),
        ("PUT", "link/testing", {**LINK, "testing": [{"link": "https://a.example/", "percentage": 0}]}, BAD_VARIANT),
        ("PUT", "link/testing", {**LINK, "testing": [{"link": "nowhere", "percentage": 100}]}, "link must be a link"),
        (
            "PUT",
            "link/testing",
            {**LINK, "testing": [{"link": "https://a.example/", "percentage": 99}]},
            "The percentages must be 100 in all",
        ),
        ("DELETE", "link/delete", {"linkId": "nothing"}, "Link not found"),
        ("POST", "link-tracker/create", {**LINK, "type": "2"}, 'type must be "0" or "1"'),
        ("POST", "link-tracker/create", {**LINK, "type": "1", "teamTrackers": ["tt-3"]}, "Team tracker not found"),
        ("POST", "link-tracker/create", {**LINK, "type": "0", "code": "X", "trackerId": "99"}, "Tracker not found"),
        ("DELETE", "link-tracker/delete", {"linkTrackerId": "nothing"}, "Link tracker not found"),
    ],
)
async def test_a_wrong_parameter_is_refused_in_a_good_http_answer_and_changes_nothing(
    vendor: Caller, method: str, path: str, parameters: dict[str, object], message: str
) -> None:
    before = await vendor("GET", "link/list", size=50)
    status = (await vendor(method, path, **parameters))["status"]
    assert (status["code"] != 0, status["message"]) == (True, message)
    assert await vendor("GET", "link/list", size=50) == before

"""The ShortenWorld emulator by itself: what its document says, called without the adapter."""

from collections.abc import Mapping
from typing import Any

import httpx2
import pytest

from harness.emulators import NOW, ManualClock
from linkweave.providers.emulator_kit import EmulatorOptions
from linkweave.providers.shortenworld.emulator import FREE_USERNAME, SANDBOX_KEY, SANDBOX_USERNAME, create_emulator

JSON = {"content-type": "application/json"}


class Caller:
    """A client of a fresh emulator."""

    def __init__(self) -> None:
        self.clock = ManualClock()
        app = create_emulator(EmulatorOptions(self.clock))
        self.http = httpx2.AsyncClient(transport=httpx2.ASGITransport(app=app), base_url="http://emulator")

    async def log_in(self, key: str = SANDBOX_KEY, username: str = SANDBOX_USERNAME) -> httpx2.Response:
        return await self.http.post("/authen/token", json={"username": username, "key": key})

    async def token(self, username: str = SANDBOX_USERNAME) -> dict[str, Any]:
        answer: dict[str, Any] = (await self.log_in(username=username)).json()["token"]
        return answer

    async def get(self, path: str, token: str, **query: str) -> httpx2.Response:
        return await self.http.get(path, params=query, headers={**JSON, "authorization": f"Bearer {token}"})

    async def body(self, path: str, **query: str) -> dict[str, Any]:
        answer: dict[str, Any] = (await self.get(path, (await self.token())["access_token"], **query)).json()
        return answer


@pytest.fixture
def vendor() -> Caller:
    return Caller()


async def test_a_login_gives_two_tokens_and_an_hour(vendor: Caller) -> None:
    body = (await vendor.log_in()).json()

    assert body["status"] == {"code": 0, "message": "Success", "timestamp": int(NOW.timestamp() * 1000)}
    assert body["token"].keys() == {"access_token", "refresh_token", "expires_in"}
    assert body["token"]["expires_in"] == 3600


async def test_tokens_differ_by_login_and_are_the_same_in_every_run(vendor: Caller) -> None:
    first, second = await vendor.token(), await vendor.token()

    assert len({*first.values(), *second.values()}) == 5
    assert await Caller().token() == first


async def test_an_access_token_is_good_for_an_hour(vendor: Caller) -> None:
    token = (await vendor.token())["access_token"]

    vendor.clock.advance(3599)
    assert (await vendor.get("/entity/team/list", token)).status_code == 200
    vendor.clock.advance(1)
    refusal = await vendor.get("/entity/team/list", token)

    assert refusal.status_code == 401
    assert refusal.json()["status"]["code"] == 401


@pytest.mark.parametrize("header", ["", "Bearer ", "Bearer nobody", "Basic YTpi"])
async def test_without_a_good_bearer_token_nothing_is_told(vendor: Caller, header: str) -> None:
    answer = await vendor.http.get("/entity/team/list", headers={**JSON, "authorization": header})

    assert answer.status_code == 401


async def test_a_refresh_token_is_good_once_and_for_seven_days(vendor: Caller) -> None:
    first = await vendor.token()
    vendor.clock.advance(7 * 24 * 3600 - 1)

    renewed = await vendor.http.post("/authen/refresh", json={"refreshToken": first["refresh_token"]})
    again = await vendor.http.post("/authen/refresh", json={"refreshToken": first["refresh_token"]})
    second = renewed.json()["token"]
    vendor.clock.advance(7 * 24 * 3600)
    late = await vendor.http.post("/authen/refresh", json={"refreshToken": second["refresh_token"]})

    assert (renewed.status_code, again.status_code, late.status_code) == (200, 401, 401)
    assert second["access_token"] != first["access_token"]


async def test_a_revoked_token_is_over_and_so_is_its_refresh_token(vendor: Caller) -> None:
    mine, other = await vendor.token(), await vendor.token()
    headers = {**JSON, "authorization": f"Bearer {mine['access_token']}"}

    assert (await vendor.http.post("/authen/revoke", headers=headers)).json()["status"]["code"] == 0
    refresh = await vendor.http.post("/authen/refresh", json={"refreshToken": mine["refresh_token"]})

    assert (await vendor.get("/entity/team/list", mine["access_token"])).status_code == 401
    assert refresh.status_code == 401
    assert (await vendor.get("/entity/team/list", other["access_token"])).status_code == 200


async def test_five_failed_logins_throttle_and_ten_lock_the_account(vendor: Caller) -> None:
    statuses = [(await vendor.log_in("wrong")).status_code for _ in range(11)]
    with_the_right_key = await vendor.log_in()
    vendor.clock.advance(24 * 3600)
    next_day = await vendor.log_in()

    assert statuses == [401] * 5 + [429] * 5 + [403]
    assert (with_the_right_key.status_code, next_day.status_code) == (403, 403)


async def test_a_throttle_ends_after_a_quarter_of_an_hour_and_a_good_login_forgives(vendor: Caller) -> None:
    for _ in range(5):
        await vendor.log_in("wrong")
    assert (await vendor.log_in()).status_code == 429
    vendor.clock.advance(900)

    assert (await vendor.log_in()).status_code == 200
    assert [(await vendor.log_in("wrong")).status_code for _ in range(5)] == [401] * 5


async def test_somebody_unknown_is_not_let_in(vendor: Caller) -> None:
    assert (await vendor.log_in(username="somebody")).status_code == 401


async def test_every_call_needs_its_content_type(vendor: Caller) -> None:
    token = (await vendor.token())["access_token"]

    without = await vendor.http.get("/entity/team/list", headers={"authorization": f"Bearer {token}"})
    form = await vendor.http.post("/authen/token", data={"username": SANDBOX_USERNAME, "key": SANDBOX_KEY})

    assert {without.json()["status"]["message"], form.json()["status"]["message"]} == {
        "Content-Type must be application/json",
    }


@pytest.mark.parametrize("body", [b"{", b"[]", b"\xff"])
async def test_a_body_that_is_no_json_object_is_refused(vendor: Caller, body: bytes) -> None:
    answer = await vendor.http.post("/authen/token", content=body, headers=JSON)

    assert (answer.status_code, answer.json()["status"]["code"]) == (200, 400)


@pytest.mark.parametrize("body", [{}, {"username": "x"}, {"username": 5, "key": "y"}])
async def test_a_login_without_name_or_key_is_refused(vendor: Caller, body: Mapping[str, object]) -> None:
    answer = await vendor.http.post("/authen/token", json=body)

    assert (answer.status_code, answer.json()["status"]["code"]) == (200, 1)


async def test_unknown_paths_and_methods_are_not_there(vendor: Caller) -> None:
    token = (await vendor.token())["access_token"]

    assert (await vendor.get("/entity/unicorn/list", token)).status_code == 404
    assert (await vendor.http.post("/entity/team/list", headers=JSON)).status_code == 405


async def test_lists_start_at_page_nought_with_twenty_rows_and_never_more_than_fifty(vendor: Caller) -> None:
    first = await vendor.body("/entity/link/list")
    second = await vendor.body("/entity/link/list", page="1")
    large = await vendor.body("/entity/link/list", size="1000")
    beyond = await vendor.body("/entity/link/list", page="9")

    assert len(first["links"]) == len(second["links"]) == 20
    assert first["links"] + second["links"] == large["links"][:40]
    assert (len(large["links"]), large["size"], large["total"]) == (50, 50, 56)
    assert beyond["links"] == []


async def test_without_hidden_the_list_is_of_those_that_are_not(vendor: Caller) -> None:
    absent = await vendor.body("/entity/link/list", size="50")
    shown = await vendor.body("/entity/link/list", size="50", hidden="false")
    hidden = await vendor.body("/entity/link/list", size="50", hidden="true")

    assert absent["links"] == shown["links"]
    assert {link["hidden"] for link in shown["links"]} == {False}
    assert {link["hidden"] for link in hidden["links"]} == {True}
    assert hidden["total"] == 8


async def test_filters_of_the_link_list_narrow_it_together(vendor: Caller) -> None:
    body = await vendor.body(
        "/entity/link/list", size="50", teamId="team-emea", domainIds="dom-2,dom-1", campaignIds="camp-201,camp-101"
    )

    found = {(link["teamId"], link["domainId"], link["campaignId"]) for link in body["links"]}
    assert found == {("team-emea", "dom-2", "camp-201")}


async def test_some_links_are_in_no_campaign(vendor: Caller) -> None:
    campaigns = {link["campaignId"] for link in (await vendor.body("/entity/link/list", size="50"))["links"]}

    assert campaigns == {"camp-101", "camp-102", "camp-201", "camp-202", None}


@pytest.mark.parametrize(
    ("path", "query", "message"),
    [
        ("/entity/domain/list", {}, "teamId is required"),
        ("/entity/domain/list", {"teamId": "nobody"}, "Team not found"),
        ("/entity/team-tracker/list", {}, "teamId is required"),
        ("/entity/link-tracker/list", {"linkId": "nothing"}, "Link not found"),
        ("/entity/campaign/list", {"teamId": "nobody"}, "Team not found"),
        ("/entity/link/list", {"teamId": "nobody"}, "Team not found"),
        ("/entity/link/list", {"size": "all"}, "size must be a number"),
        ("/entity/link/analytics", {}, "linkId is required"),
        ("/entity/link/analytics", {"linkId": "nothing"}, "Link not found"),
        (
            "/entity/link/analytics",
            {"linkId": "65a10000", "startTime": "2026-11-01"},
            "startTime must be a date like 31/12/2026",
        ),
    ],
)
async def test_a_wrong_parameter_is_refused_in_a_good_http_answer(
    vendor: Caller,
    path: str,
    query: dict[str, str],
    message: str,
) -> None:
    status = (await vendor.body(path, **query))["status"]

    assert status["code"] != 0
    assert status["message"] == message


async def test_analytics_are_of_the_last_thirty_days_unless_told_otherwise(vendor: Caller) -> None:
    default = (await vendor.body("/entity/link/analytics", linkId="65a1003f"))["metricsMap"]
    asked = (
        await vendor.body("/entity/link/analytics", linkId="65a1003f", startTime="22/10/2026", endTime="20/11/2026")
    )["metricsMap"]

    assert default == asked
    assert default.keys() == set("123456789")
    assert len(default["9"]) == 30


async def test_the_free_plan_has_no_metric_of_robots(vendor: Caller) -> None:
    token = (await vendor.token(FREE_USERNAME))["access_token"]

    answer = await vendor.get("/entity/link/analytics", token, linkId="65a1003f")

    assert "8" not in answer.json()["metricsMap"]

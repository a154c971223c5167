"""WRITE_TRACKERS and REPORT_ABUSE."""

from typing import Any

import pytest

from harness.gateway import Gateway, open_gateway
from harness.graphql_writes import ERRORS, a_new_link, link_by_id, only_error, payload_of
from linkweave.models import Capability
from linkweave.providers.discovery import discover
from linkweave.schema.global_ids import encode_id

PROVIDERS = discover().values()
ABLE = [each.sandbox_accounts[0].key for each in PROVIDERS if Capability.WRITE_TRACKERS in each.capabilities]
UNABLE = [each.sandbox_accounts[0].key for each in PROVIDERS if Capability.WRITE_TRACKERS not in each.capabilities]
REPORTING = [each.sandbox_accounts[0].key for each in PROVIDERS if Capability.REPORT_ABUSE in each.capabilities]
SILENT = [each.sandbox_accounts[0].key for each in PROVIDERS if Capability.REPORT_ABUSE not in each.capabilities]

TRACKER = "id name kind code scope"
ADD = f"""mutation ($input: AddTrackerInput!) {{
  payload: addTracker(input: $input) {{ trackers {{ {TRACKER} }} {ERRORS} }} }}"""
REMOVE = f"mutation ($id: ID!) {{ payload: removeTracker(id: $id) {{ id deleted {ERRORS} }} }}"
REPORT = f"mutation ($input: ReportAbuseInput!) {{ payload: reportAbuse(input: $input) {{ reported {ERRORS} }} }}"
EVERY_WAY = (
    {"allTeamTrackers": True},
    {"teamTrackers": [encode_id("Tracker", "shortenworld", "TEAM", "team-apac", "tt-1")]},
    {"tracker": encode_id("Tracker", "shortenworld", "CATALOG", "", "1"), "code": "100200300400"},
)


async def trackers_of(gateway: Gateway, link: str) -> list[Any]:
    return list((await link_by_id(gateway, link, f"trackers {{ {TRACKER} }}"))["trackers"])


async def known_trackers(gateway: Gateway, account: str) -> list[Any]:
    query = f"query ($key: String!) {{ account(key: $key) {{ trackers {{ {TRACKER} }} }} }}"
    return list((await gateway.data(query, key=account))["account"]["trackers"])


@pytest.mark.parametrize("account", ABLE)
async def test_all_trackers_of_the_team_are_put_on_a_link(account: str) -> None:
    gateway = open_gateway()
    link = await a_new_link(gateway, account)
    payload = await payload_of(gateway, ADD, input={"link": link, "allTeamTrackers": True})
    assert payload["errors"] == []
    assert [tracker["code"] for tracker in payload["trackers"]] == ["100200300400", "G-SANDBOX01"]
    assert {tracker["scope"] for tracker in payload["trackers"]} == {"LINK"}
    assert await trackers_of(gateway, link) == payload["trackers"]


@pytest.mark.parametrize("account", ABLE)
async def test_one_tracker_of_the_team_is_put_on_a_link(account: str) -> None:
    gateway = open_gateway()
    link = await a_new_link(gateway, account)
    own = next(each for each in await known_trackers(gateway, account) if each["name"] == "Web analytics")
    payload = await payload_of(gateway, ADD, input={"link": link, "teamTrackers": [own["id"]]})
    assert payload["errors"] == []
    assert [(each["name"], each["code"]) for each in payload["trackers"]] == [("Web analytics", "G-SANDBOX01")]
    assert await trackers_of(gateway, link) == payload["trackers"]


@pytest.mark.parametrize("account", ABLE)
async def test_a_tracker_is_put_on_a_link_by_its_code(account: str) -> None:
    gateway = open_gateway()
    link = await a_new_link(gateway, account)
    kind = next(each for each in await known_trackers(gateway, account) if each["scope"] == "CATALOG")
    payload = await payload_of(gateway, ADD, input={"link": link, "tracker": kind["id"], "code": "px-4711"})
    assert payload["errors"] == []
    assert [each["code"] for each in payload["trackers"]] == ["px-4711"]
    assert await trackers_of(gateway, link) == payload["trackers"]


@pytest.mark.parametrize("account", ABLE)
async def test_a_tracker_that_was_taken_off_is_gone_and_the_others_stay(account: str) -> None:
    gateway = open_gateway()
    link = await a_new_link(gateway, account)
    first, second = (await payload_of(gateway, ADD, input={"link": link, "allTeamTrackers": True}))["trackers"]
    payload = await payload_of(gateway, REMOVE, id=first["id"])
    assert payload == {"id": first["id"], "deleted": True, "errors": []}
    assert await trackers_of(gateway, link) == [second]
    again = await payload_of(gateway, REMOVE, id=first["id"])
    assert not again["deleted"]
    assert only_error(again)["code"] == "NOT_FOUND"


@pytest.mark.parametrize(
    "ways",
    [
        {},
        {"allTeamTrackers": False},
        {**EVERY_WAY[0], **EVERY_WAY[1]},
        {**EVERY_WAY[1], **EVERY_WAY[2]},
        {"tracker": EVERY_WAY[2]["tracker"]},
        {"code": "100200300400"},
    ],
)
async def test_a_tracker_is_named_in_exactly_one_way(ways: dict[str, Any]) -> None:
    gateway = open_gateway()
    link = encode_id("Link", "shortenworld", "65a10001")
    payload = await payload_of(gateway, ADD, input={"link": link, **ways})
    assert payload["trackers"] == []
    assert only_error(payload)["code"] == "INVALID_INPUT"
    assert only_error(payload)["path"] == ["input"]
    assert gateway.calls() == {}


@pytest.mark.parametrize(
    ("ways", "path"),
    [
        ({"teamTrackers": [encode_id("Tracker", "tinycc", "TEAM", "team", "1")]}, "teamTrackers"),
        ({"teamTrackers": [encode_id("Tracker", "shortenworld", "CATALOG", "", "1")]}, "teamTrackers"),
        ({"tracker": encode_id("Tracker", "shortenworld", "LINK", "65a10001", "1"), "code": "1"}, "tracker"),
        ({"tracker": "nonsense", "code": "1"}, "tracker"),
    ],
)
async def test_a_tracker_of_another_account_or_scope_is_refused(ways: dict[str, Any], path: str) -> None:
    gateway = open_gateway()
    link = encode_id("Link", "shortenworld", "65a10001")
    payload = await payload_of(gateway, ADD, input={"link": link, **ways})
    assert only_error(payload)["code"] == "INVALID_INPUT"
    assert only_error(payload)["path"] == ["input", path]
    assert gateway.calls() == {}


@pytest.mark.parametrize("wrong", ["nonsense", encode_id("Link", "nobody", "x"), encode_id("Team", "tinycc", "x")])
async def test_trackers_are_put_on_links_that_are_here(wrong: str) -> None:
    payload = await payload_of(open_gateway(), ADD, input={"link": wrong, "allTeamTrackers": True})
    assert only_error(payload)["code"] == "INVALID_INPUT"
    assert only_error(payload)["path"] == ["input", "link"]


@pytest.mark.parametrize(
    "wrong",
    [
        "nonsense",
        encode_id("Link", "shortenworld", "65a10001"),
        encode_id("Tracker", "shortenworld", "TEAM", "team-apac", "tt-1"),
        encode_id("Tracker", "nobody", "LINK", "x", "1"),
    ],
)
async def test_only_trackers_of_links_are_taken_off(wrong: str) -> None:
    gateway = open_gateway()
    payload = await payload_of(gateway, REMOVE, id=wrong)
    assert not payload["deleted"]
    assert only_error(payload)["code"] == "INVALID_INPUT"
    assert only_error(payload)["path"] == ["id"]
    assert gateway.calls() == {}


@pytest.mark.parametrize("account", UNABLE)
async def test_who_has_no_calls_for_trackers_is_asked_nothing(account: str) -> None:
    gateway = open_gateway()
    link, tracker = encode_id("Link", account, "x"), encode_id("Tracker", account, "LINK", "x", "1")
    payloads = [
        await payload_of(gateway, ADD, input={"link": link, "allTeamTrackers": True}),
        await payload_of(gateway, REMOVE, id=tracker),
    ]
    assert [only_error(payload)["code"] for payload in payloads] == ["UNSUPPORTED"] * 2
    assert gateway.calls() == {}


@pytest.mark.parametrize("account", REPORTING)
async def test_an_abusive_link_is_reported_by_one_call(account: str) -> None:
    gateway = open_gateway()
    url = (await link_by_id(gateway, await a_new_link(gateway, account), "shortUrl"))["shortUrl"]
    gateway.forget_calls()
    report = {
        "attackType": "phishing",
        "description": "asks for passwords",
        "date": "2026-11-20",
        "targetBrand": "Example Bank",
        "screenshotUrl": "https://www.example.com/shot.png",
    }
    payload = await payload_of(gateway, REPORT, input={"account": account, "shortUrl": url, **report})
    assert payload == {"reported": True, "errors": []}
    assert gateway.calls() == {"picsee": ["POST /v1/abuse"]}


@pytest.mark.parametrize("account", REPORTING)
async def test_a_report_of_what_is_no_short_link_is_refused(account: str) -> None:
    url = "https://www.example.com/nobody-has-this"
    payload = await payload_of(open_gateway(), REPORT, input={"account": account, "shortUrl": url})
    assert not payload["reported"]
    assert only_error(payload)["code"] == "REJECTED"
    assert only_error(payload)["providerCode"] == "PUB01001"


async def test_reports_are_off_until_a_setting_turns_them_on() -> None:
    table = {
        "key": "partner",
        "provider": "picsee",
        "base_url": "http://sandbox/picsee",
        "token": "sandbox-picsee-token",
        "plan": "advanced",
    }
    gateway = open_gateway(accounts=[table])
    payload = await payload_of(gateway, REPORT, input={"account": "partner", "shortUrl": "https://pse.is/a"})
    assert not payload["reported"]
    assert only_error(payload)["code"] == "UNSUPPORTED"
    assert "report_abuse" in only_error(payload)["message"]
    assert gateway.calls() == {}


@pytest.mark.parametrize("account", [*SILENT, "nobody"])
async def test_reports_that_nobody_takes_are_refused_before_any_call(account: str) -> None:
    gateway = open_gateway()
    payload = await payload_of(gateway, REPORT, input={"account": account, "shortUrl": "https://pse.is/a"})
    assert not payload["reported"]
    assert only_error(payload)["code"] == ("INVALID_INPUT" if account == "nobody" else "UNSUPPORTED")
    assert gateway.calls() == {}

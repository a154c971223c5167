"""Inputs of tags, webhooks, trackers and reports that are refused before any call."""

from collections.abc import Mapping
from typing import Any

import pytest

from harness.gateway import open_gateway
from harness.graphql_writes import only_error, payload_of
from harness.vendor_faults import a_link_of
from linkweave.providers.picsee import PROVIDER as PICSEE
from linkweave.schema.global_ids import encode_id
from linkweave.testing.bench import account_table
from linkweave.testing.mutations import (
    ADD_TRACKER,
    CREATE_TAG,
    CREATE_WEBHOOK,
    DELETE_TAG,
    DELETE_WEBHOOKS,
    REMOVE_TRACKER,
    RENAME_TAG,
    REPORT_ABUSE,
    UPDATE_WEBHOOK,
    WEBHOOK,
)

URL = "https://hooks.example.com/new"
HOOK = {"account": "tinycc", "url": URL}
NONSENSE = "nonsense"
LINK = encode_id("Link", "shortenworld", "65a10001")
TEAM_TRACKER = encode_id("Tracker", "shortenworld", "TEAM", "team-apac", "tt-1")
CATALOG_TRACKER = encode_id("Tracker", "shortenworld", "CATALOG", "", "1")
BY_CODE = {"tracker": CATALOG_TRACKER, "code": "100200300400"}


def add(**ways: object) -> Mapping[str, Any]:
    return {"input": {"link": LINK, **ways}}


def hook(**fields: object) -> Mapping[str, Any]:
    return {"input": {**HOOK, **fields}}


# A mutation, its variables, and the path of the error.
REFUSED: list[tuple[str, Mapping[str, Any], list[str]]] = [
    (CREATE_TAG, {"account": "nobody", "name": "Expo"}, ["account"]),
    (RENAME_TAG, {"account": "nobody", "name": "a", "newName": "b"}, ["account"]),
    (DELETE_TAG, {"account": "nobody", "name": "a"}, ["account"]),
    (CREATE_WEBHOOK, hook(), ["input"]),
    (CREATE_WEBHOOK, hook(domain="go.shopdemo.example", tag="print"), ["input"]),
    (CREATE_WEBHOOK, hook(tag="print", link="x"), ["input"]),
    *(
        (UPDATE_WEBHOOK, {"input": {"id": wrong, "url": URL}}, ["input", "id"])
        for wrong in (NONSENSE, encode_id("Link", "tinycc", "x"), encode_id("Webhook", "nobody", "1"))
    ),
    (DELETE_WEBHOOKS, {"ids": [NONSENSE]}, ["ids", "0"]),
    (ADD_TRACKER, add(), ["input"]),
    (ADD_TRACKER, add(allTeamTrackers=False), ["input"]),
    (ADD_TRACKER, add(allTeamTrackers=True, teamTrackers=[TEAM_TRACKER]), ["input"]),
    (ADD_TRACKER, add(teamTrackers=[TEAM_TRACKER], **BY_CODE), ["input"]),
    (ADD_TRACKER, add(tracker=CATALOG_TRACKER), ["input"]),
    (ADD_TRACKER, add(code="100200300400"), ["input"]),
    (
        ADD_TRACKER,
        add(teamTrackers=[encode_id("Tracker", "tinycc", "TEAM", "team", "1")]),
        ["input", "teamTrackers"],
    ),
    (ADD_TRACKER, add(teamTrackers=[CATALOG_TRACKER]), ["input", "teamTrackers"]),
    (
        ADD_TRACKER,
        add(tracker=encode_id("Tracker", "shortenworld", "LINK", "65a10001", "1"), code="1"),
        ["input", "tracker"],
    ),
    (ADD_TRACKER, add(tracker=NONSENSE, code="1"), ["input", "tracker"]),
    *(
        (ADD_TRACKER, add(link=wrong, allTeamTrackers=True), ["input", "link"])
        for wrong in (NONSENSE, encode_id("Link", "nobody", "x"), encode_id("Team", "tinycc", "x"))
    ),
    *(
        (REMOVE_TRACKER, {"id": wrong}, ["id"])
        for wrong in (NONSENSE, LINK, TEAM_TRACKER, encode_id("Tracker", "nobody", "LINK", "x", "1"))
    ),
    (REPORT_ABUSE, {"input": {"account": "nobody", "shortUrl": "https://pse.is/a"}}, ["input", "account"]),
]


@pytest.mark.parametrize(("mutation", "variables", "path"), REFUSED)
async def test_a_wrong_input_is_refused_with_its_path_before_any_call(
    mutation: str, variables: Mapping[str, Any], path: list[str]
) -> None:
    gateway = open_gateway()
    payload = await payload_of(gateway, mutation, **variables)
    error = only_error(payload[0] if isinstance(payload, list) else payload)
    assert (error["code"], error["path"]) == ("INVALID_INPUT", path)
    assert gateway.calls() == {}


async def test_a_webhook_cannot_be_on_a_link_of_another_account() -> None:
    gateway = open_gateway()
    link = await a_link_of(gateway, "picsee-main")
    gateway.forget_calls()
    payload = await payload_of(gateway, CREATE_WEBHOOK, **hook(link=link))
    assert (only_error(payload)["code"], only_error(payload)["path"]) == ("INVALID_INPUT", ["input", "link"])
    assert gateway.calls() == {}


async def test_a_masked_header_of_a_webhook_is_not_written_back() -> None:
    gateway = open_gateway()
    listed = await gateway.data(f'{{ account(key: "tinycc") {{ webhooks {{ nodes {{ {WEBHOOK} }} }} }} }}')
    webhooks = listed["account"]["webhooks"]["nodes"]
    masked = next(each for each in webhooks if any(header["value"] == "***" for header in each["headers"]))
    place = next(str(at) for at, header in enumerate(masked["headers"]) if header["value"] == "***")
    gateway.forget_calls()
    changed = await payload_of(gateway, UPDATE_WEBHOOK, input={"id": masked["id"], "headers": masked["headers"]})
    created = await payload_of(gateway, CREATE_WEBHOOK, **hook(tag="print", headers=masked["headers"]))
    for payload in (changed, created):
        error = only_error(payload)
        assert (error["code"], error["path"]) == ("INVALID_INPUT", ["input", "headers", place, "value"])
        assert payload["webhook"] is None
    assert gateway.calls() == {}


async def test_more_than_a_thousand_webhooks_are_refused_whole() -> None:
    gateway = open_gateway()
    reply = await gateway.ask(DELETE_WEBHOOKS, ids=[encode_id("Webhook", "tinycc", str(at)) for at in range(1001)])
    assert (reply.data, reply.codes) == (None, ["INVALID_INPUT"])
    assert gateway.calls() == {}


async def test_reports_of_abuse_are_off_until_a_setting_turns_them_on() -> None:
    gateway = open_gateway(accounts=[account_table(PICSEE, {"report_abuse": False})])
    report = {"account": "picsee-main", "shortUrl": "https://pse.is/a"}
    payload = await payload_of(gateway, REPORT_ABUSE, input=report)
    assert (payload["reported"], only_error(payload)["code"]) == (False, "UNSUPPORTED")
    assert "report_abuse" in only_error(payload)["message"]
    assert gateway.calls() == {}


async def test_a_report_of_what_is_no_short_link_is_rejected_with_the_vendors_code() -> None:
    report = {"account": "picsee-main", "shortUrl": "https://www.example.com/nobody-has-this"}
    payload = await payload_of(open_gateway(), REPORT_ABUSE, input=report)
    assert (only_error(payload)["code"], only_error(payload)["providerCode"]) == ("REJECTED", "PUB01001")

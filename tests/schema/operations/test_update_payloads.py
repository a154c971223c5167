"""The payloads of updateLink, updateLinks and refresh."""

from typing import Any

import pytest

from harness.gateway import Gateway, open_gateway
from harness.graphql_writes import (
    UPDATE,
    UPDATE_MANY,
    a_new_link,
    link_by_id,
    only_error,
)
from harness.vendor_faults import a_link_of
from linkweave.providers.discovery import discover
from linkweave.schema.global_ids import encode_id
from linkweave.testing.bench import account_table

FOUR = ["picsee-main", "cuttly", "tinycc", "shortenworld"]
TO = "https://www.example.com/changed"


async def four_links(gateway: Gateway) -> list[str]:
    return [await a_new_link(gateway, account) for account in FOUR]


def each_field_once(payload: Any, given: dict[str, Any]) -> bool:
    return sorted([*payload["applied"], *payload["failed"]]) == sorted(name for name in given if name != "id")


async def test_payloads_of_good_and_wrong_changes_are_in_the_order_of_the_inputs() -> None:
    gateway = open_gateway()
    picsee, cuttly, tinycc, shortenworld = await four_links(gateway)
    taken = await a_new_link(gateway, "tinycc", slug="taken-26")
    inputs: list[dict[str, Any]] = [
        {"id": tinycc, "destination": TO},
        {"id": cuttly, "note": "cannot be told", "title": "not tried either"},
        {"id": picsee, "title": "Changed"},
        {"id": "nonsense", "title": "x"},
        {"id": shortenworld, "destination": TO},
        {"id": tinycc, "slug": "taken-26", "note": "x"},
        {"id": cuttly, "destination": TO, "title": "Changed"},
        {"id": encode_id("Link", "tinycc", "go.shopdemo.example/gone"), "note": "x"},
        {"id": picsee},
        {"id": taken, "archived": None},
        {"id": encode_id("Link", "chevereto", "x"), "title": "x"},
    ]
    payloads = await gateway.payload(UPDATE_MANY, inputs=inputs)
    assert all(each_field_once(payload, given) for payload, given in zip(payloads, inputs, strict=True))
    good = {place: payload["applied"] for place, payload in enumerate(payloads) if not payload["errors"]}
    assert good == {0: ["destination"], 2: ["title"], 4: ["destination"], 6: ["destination", "title"]}
    wrong = {place: (error["code"], error["path"]) for place, p in enumerate(payloads) for error in p["errors"]}
    assert wrong == {
        1: ("UNSUPPORTED", ["inputs", "1", "note"]),
        3: ("INVALID_INPUT", ["inputs", "3", "id"]),
        5: ("CONFLICT", ["inputs", "5", "slug"]),
        7: ("NOT_FOUND", None),
        8: ("INVALID_INPUT", ["inputs", "8"]),
        9: ("INVALID_INPUT", ["inputs", "9", "archived"]),
        10: ("UNSUPPORTED", None),
    }
    assert all(payloads[place]["applied"] == [] for place in wrong)
    read = [await link_by_id(gateway, link, "destination") for link in (tinycc, cuttly, shortenworld)]
    assert read == [{"destination": TO}] * 3


async def test_an_update_that_fails_half_way_separates_applied_from_failed_fields() -> None:
    gateway = open_gateway()
    link = await a_new_link(gateway, "cuttly")
    changes = {
        "title": "Changed",
        "destination": TO,
        "deviceTargets": [{"platform": "IOS", "destination": "https://intranet"}],
        "password": "sesame",
        "slug": "later-26",
    }
    gateway.forget_calls()
    payload = await gateway.payload(UPDATE, input={"id": link, **changes})
    assert payload["applied"] == ["destination", "title"]
    assert payload["failed"] == ["deviceTargets", "password", "slug"]
    error = only_error(payload)
    assert (error["code"], error["path"]) == ("REJECTED", ["input", "deviceTargets"])
    assert payload["link"]["destination"] == TO
    assert payload["link"]["slug"] != "later-26"
    assert len(gateway.calls()["cuttly"]) == 4  # three changes, and the link read after them


async def test_an_update_at_shortenworld_stops_at_the_first_failed_call() -> None:
    gateway = open_gateway()
    link = await a_new_link(gateway, "shortenworld")
    shares = [
        {"destination": "https://a.example", "percentage": 40},
        {"destination": "https://b.example", "percentage": 40},
    ]
    gateway.break_provider("shortenworld", "status", status=400, path="/entity/link/testing")
    changes = {"title": "Changed", "destination": TO, "variants": shares, "password": "sesame"}
    payload = await gateway.payload(UPDATE, input={"id": link, **changes})
    assert payload["applied"] == ["destination", "password", "title"]
    assert payload["failed"] == ["variants"]
    assert (only_error(payload)["code"], only_error(payload)["path"]) == ("REJECTED", ["input", "variants"])
    read = await link_by_id(gateway, link, "title destination passwordProtected variants { percentage }")
    assert read == {"title": "Changed", "destination": TO, "passwordProtected": True, "variants": []}


@pytest.mark.parametrize(
    ("account", "changes", "paths"),
    [
        ("cuttly", {"note": "x", "title": "y"}, [["note"]]),
        ("cuttly", {"addTags": ["a", "b"]}, [["addTags"]]),
        ("cuttly", {"removeTags": ["a"]}, [["removeTags"]]),
        ("cuttly", {"expiry": {"at": "2027-01-31"}}, [["expiry", "redirectTo"]]),
        ("picsee-main", {"expiry": {"afterClicks": 5}}, [["expiry", "afterClicks"]]),
        ("picsee-main", {"password": "sesame", "archived": True}, [["archived"], ["password"]]),
        ("tinycc", {"title": "x", "utm": {"source": "a"}}, [["title"], ["utm"]]),
        ("tinycc", {"expiry": {"at": "2027-01-31", "countUniqueOnly": True}}, [["expiry", "countUniqueOnly"]]),
        ("shortenworld", {"removeTags": ["a"]}, [["removeTags"]]),
        (
            "shortenworld",
            {"deviceTargets": [{"platform": "MAC", "destination": "https://a.example"}]},
            [["deviceTargets", "0", "platform"]],
        ),
    ],
)
async def test_a_change_that_the_provider_does_not_support_is_an_error_with_its_path_before_any_call(
    account: str, changes: dict[str, Any], paths: list[list[str]]
) -> None:
    gateway = open_gateway()
    link = await a_link_of(gateway, account)
    gateway.forget_calls()
    payload = await gateway.payload(UPDATE, input={"id": link, **changes})
    assert (payload["link"], payload["applied"], payload["failed"]) == (None, [], sorted(changes))
    assert [(error["code"], error["path"]) for error in payload["errors"]] == [
        ("UNSUPPORTED", ["input", *path]) for path in paths
    ]
    assert gateway.calls() == {}


@pytest.mark.parametrize(
    ("account", "field"),
    [
        ("picsee-main", "title"),
        ("picsee-main", "externalId"),
        ("picsee-main", "deviceTargets"),
        ("picsee-main", "preview"),
        ("cuttly", "title"),
        ("shortenworld", "title"),
        ("shortenworld", "password"),
        ("shortenworld", "expiry"),
        ("shortenworld", "variants"),
    ],
)
async def test_null_for_a_field_that_the_provider_cannot_clear_is_unsupported_before_any_call(
    account: str, field: str
) -> None:
    gateway = open_gateway()
    link = await a_link_of(gateway, account)
    gateway.forget_calls()
    payload = await gateway.payload(UPDATE, input={"id": link, field: None})
    error = only_error(payload)
    assert (error["code"], error["path"]) == ("UNSUPPORTED", ["input", field])
    assert "cannot clear this field" in error["message"]
    assert payload["failed"] == [field]
    assert gateway.calls() == {}


@pytest.mark.parametrize("provider", ["bitly", "rebrandly"])
async def test_a_title_that_can_be_changed_and_not_cleared_is_not_called_unsupported(provider: str) -> None:
    known = {provider: discover()[provider]}
    gateway = open_gateway(providers=known, accounts=[account_table(known[provider])])
    payload = await gateway.payload(UPDATE, input={"id": encode_id("Link", provider, "any"), "title": None})
    expected = f"{known[provider].name} cannot clear this field; give it a value, or leave it out"
    assert only_error(payload)["message"] == expected
    assert gateway.calls() == {}


@pytest.mark.parametrize("account", FOUR)
async def test_an_update_of_an_unknown_link_is_not_found(account: str) -> None:
    gateway = open_gateway()
    gone = {"tinycc": "go.shopdemo.example/gone26", "cuttly": "cutt.ly/gone26"}.get(account, "gone26")
    payload = await gateway.payload(UPDATE, input={"id": encode_id("Link", account, gone), "destination": TO})
    assert (payload["applied"], payload["failed"], payload["link"]) == ([], ["destination"], None)
    error = only_error(payload)
    assert (error["code"], error["account"]) == ("NOT_FOUND", {"key": account})


@pytest.mark.parametrize("account", FOUR)
async def test_a_slug_of_another_link_is_a_conflict(account: str) -> None:
    gateway = open_gateway()
    other, link = [await a_new_link(gateway, account) for _ in range(2)]
    taken = (await link_by_id(gateway, other, "slug"))["slug"]
    payload = await gateway.payload(UPDATE, input={"id": link, "slug": taken})
    error = only_error(payload)
    assert (error["code"], error["path"]) == ("CONFLICT", ["input", "slug"])
    assert payload["link"]["id"] == link


async def test_changes_of_one_link_are_applied_in_their_order() -> None:
    gateway = open_gateway()
    links = await four_links(gateway)
    inputs = [{"id": link, "destination": f"https://www.example.com/{at}"} for at in range(3) for link in links]
    payloads = await gateway.payload(UPDATE_MANY, inputs=inputs)
    assert [payload["errors"] for payload in payloads] == [[]] * 12
    read = [(await link_by_id(gateway, link, "destination"))["destination"] for link in links]
    assert read == ["https://www.example.com/2"] * 4


async def test_refresh_returns_the_accounts_and_makes_no_call() -> None:
    gateway = open_gateway()
    query = "mutation ($accounts: [ID!]) { refresh(accounts: $accounts) { accounts { key } } }"
    one = await gateway.data(query, accounts=["tinycc"])
    everybody = await gateway.data(query)
    assert one == {"refresh": {"accounts": [{"key": "tinycc"}]}}
    assert len(everybody["refresh"]["accounts"]) == 5
    reply = await gateway.ask(query, accounts=["nobody"])
    assert (reply.data, reply.codes) == (None, ["INVALID_INPUT"])
    assert gateway.calls() == {}

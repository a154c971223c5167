"""The payloads of createLink and createLinks: one per input, in order, with errors as data."""

from typing import Any

import pytest

from harness.gateway import open_gateway
from harness.graphql_writes import (
    CREATE,
    CREATE_MANY,
    PLACE,
    a_new_link,
    created,
    link_by_id,
    new_link,
    only_error,
)
from linkweave.providers.discovery import discover
from linkweave.testing.virtual_time import in_virtual_time

FOUR = ["picsee-main", "cuttly", "tinycc", "shortenworld"]
PASSWORD = "open sesame"


async def test_payloads_of_good_and_wrong_inputs_are_in_the_order_of_the_inputs() -> None:
    gateway = open_gateway()
    inputs = [
        new_link("tinycc", slug="mix-1", destination="https://www.example.com/0"),
        new_link("cuttly", password=PASSWORD),
        new_link("picsee-main", destination="https://www.example.com/2"),
        new_link("shortenworld", slug="not-sayable"),
        new_link("nobody"),
        new_link("cuttly", destination="https://www.example.com/5"),
        new_link("tinycc", slug="mix-1"),
        new_link("shortenworld", destination="https://www.example.com/7"),
        new_link("chevereto"),
        new_link("tinycc", destination="https://www.example.com/9"),
        new_link("tinycc", slug=" "),
        {"accounts": [], "destination": "https://www.example.com/11"},
    ]
    payloads = await gateway.payload(CREATE_MANY, inputs=inputs)
    assert len(payloads) == len(inputs)
    made = {place: payload["link"]["destination"] for place, payload in enumerate(payloads) if payload["created"]}
    assert made == {place: f"https://www.example.com/{place}" for place in (0, 2, 5, 7, 9)}
    assert [payloads[place]["link"]["account"]["key"] for place in made] == [inputs[p]["accounts"][0] for p in made]
    wrong = {place: (error["code"], error["path"]) for place, p in enumerate(payloads) for error in p["errors"]}
    assert wrong == {
        1: ("UNSUPPORTED", ["inputs", "1", "password"]),
        3: ("UNSUPPORTED", ["inputs", "3", "slug"]),
        4: ("INVALID_INPUT", ["inputs", "4", "accounts"]),
        6: ("CONFLICT", ["inputs", "6", "slug"]),
        8: ("UNSUPPORTED", None),
        10: ("INVALID_INPUT", ["inputs", "10", "slug"]),
        11: ("INVALID_INPUT", ["inputs", "11", "accounts"]),
    }
    assert all(payloads[place]["link"] is None for place in wrong)


@pytest.mark.parametrize(
    ("account", "fields", "paths"),
    [
        ("cuttly", {"password": PASSWORD}, [["password"]]),
        ("cuttly", {"tags": ["a"], "title": "b"}, [["tags"], ["title"]]),
        ("cuttly", {"smsHeader": "EXMPLE"}, [["smsHeader"]]),
        ("picsee-main", {"note": "x"}, [["note"]]),
        ("picsee-main", {"emailReports": True}, [["emailReports"]]),
        (
            "picsee-main",
            {"deviceTargets": [{"platform": "WINDOWS_MOBILE", "destination": "https://www.example.com"}]},
            [["deviceTargets", "0", "platform"]],
        ),
        ("picsee-main", {"title": "One", "preview": {"title": "Two"}}, [["preview", "title"]]),
        ("tinycc", {"title": "x"}, [["title"]]),
        ("tinycc", {"fetchTitle": False}, [["fetchTitle"]]),
        ("tinycc", {"expiry": {"afterClicks": 5, "redirectTo": "https://a.example"}}, [["expiry", "redirectTo"]]),
        ("shortenworld", {"slug": "x"}, [["slug"]]),
        ("shortenworld", {"tags": []}, [["tags"]]),
        ("shortenworld", {"uniqueWindowMinutes": 0}, [["uniqueWindowMinutes"]]),
    ],
)
async def test_a_field_that_the_provider_does_not_support_is_an_error_with_its_path_before_any_call(
    account: str, fields: dict[str, Any], paths: list[list[str]]
) -> None:
    gateway = open_gateway()
    payload = await gateway.payload(CREATE, input=new_link(account, **fields))
    assert payload["link"] is None
    assert not payload["created"]
    assert [(error["code"], error["path"]) for error in payload["errors"]] == [
        ("UNSUPPORTED", ["input", *path]) for path in paths
    ]
    assert {error["account"]["key"] for error in payload["errors"]} == {account}
    assert gateway.calls() == {}


async def test_every_account_accepts_the_default_of_fetch_title() -> None:
    gateway = open_gateway()
    for account in FOUR:
        await created(gateway, account, fetchTitle=True)


@pytest.mark.parametrize(
    ("account", "fields"),
    [
        ("picsee-main", {"slug": "taken-26", "domain": "go.example.com"}),
        ("cuttly", {"slug": "taken-26"}),
        ("tinycc", {"slug": "taken-26", "domain": "go.shopdemo.example"}),
    ],
)
async def test_a_slug_in_use_is_a_conflict_that_shows_the_existing_link(account: str, fields: dict[str, str]) -> None:
    gateway = open_gateway()
    first = (await created(gateway, account, **fields))["link"]
    gateway.forget_calls()
    payload = await gateway.payload(CREATE, input=new_link(account, destination="https://b.example", **fields))
    assert payload["link"] is None
    error = only_error(payload)
    assert (error["code"], error["path"]) == ("CONFLICT", ["input", "slug"])
    assert error["providerCode"]
    assert error["existing"] == {key: first[key] for key in ("id", "shortUrl", "destination")}
    assert sum(map(len, gateway.calls().values())) == 2


@in_virtual_time
async def test_a_slug_in_use_on_the_default_domain_shows_the_existing_link_at_each_vendor_that_takes_a_slug() -> None:
    takers = {name: each for name, each in discover().items() if "slug" in each.creatable_fields}
    gateway = open_gateway(providers=takers, deadline_seconds=60)
    for key in [each["key"] for each in (await gateway.data("{ accounts { key } }"))["accounts"]]:
        first = (await created(gateway, key, slug="taken26"))["link"]
        wanted = new_link(key, destination="https://b.example", slug="taken26")
        error = only_error(await gateway.payload(CREATE, input=wanted))
        assert (error["code"], error["existing"]["id"]) == ("CONFLICT", first["id"]), key


async def test_an_account_is_accepted_by_its_key_and_by_its_id() -> None:
    gateway = open_gateway()
    by_id = (await gateway.data('{ account(key: "tinycc") { id } }'))["account"]["id"]
    link = (await created(gateway, by_id))["link"]
    assert link["account"] == {"key": "tinycc"}


async def test_the_gateway_strips_spaces_around_slug_and_domain() -> None:
    gateway = open_gateway()
    link = (await created(gateway, "tinycc", slug=" spaced26\n", domain=" go.shopdemo.example "))["link"]
    assert link["shortUrl"] == "https://go.shopdemo.example/spaced26"


@pytest.mark.parametrize("account", FOUR)
async def test_null_is_the_same_as_a_missing_field(account: str) -> None:
    optional = ["slug", "title", "note", "tags", "externalId", "utm", "expiry", "deviceTargets", "variants", "password"]
    optional += ["team", "campaign", "ifExists", "fetchTitle", "publicStats", "smsHeader", "emailReports", "preview"]
    optional += ["uniqueWindowMinutes", "pixel", "tagManager", "idempotencyKey"]
    gateway = open_gateway()
    await created(gateway, account, **dict.fromkeys(optional))


async def test_a_rejection_of_the_vendor_has_its_code_and_the_path_of_the_field() -> None:
    gateway = open_gateway()
    payloads = await gateway.payload(
        CREATE_MANY,
        inputs=[
            new_link("cuttly", destination="https://cutt.ly/already-short"),
            new_link("tinycc", destination="https://go.shopdemo.example/card"),
            new_link("shortenworld", domain="nobodys.example"),
            new_link("cuttly", fetchTitle=False),
        ],
    )
    errors = [only_error(payload) for payload in payloads]
    assert [(error["code"], error["path"]) for error in errors] == [
        ("REJECTED", ["inputs", "0", "destination"]),
        ("REJECTED", ["inputs", "1", "destination"]),
        ("INVALID_INPUT", ["inputs", "2", "domain"]),
        ("PLAN_REQUIRED", None),
    ]
    assert [error["providerCode"] for error in errors] == [
        "Provided link is already shortened",
        "1216",
        None,
        "Insufficient subscription level",
    ]


async def test_aliases_of_a_mutation_create_their_links_one_after_the_other() -> None:
    gateway = open_gateway()
    inputs = {f"i{at}": new_link("tinycc", slug=f"turn-{at % 2}") for at in range(4)}
    variables = ", ".join(f"${name}: CreateLinkInput!" for name in inputs)
    fields = " ".join(f"{name}: createLink(input: ${name}) {{ created errors {{ code }} }}" for name in inputs)
    data = await gateway.data(f"mutation ({variables}) {{ {fields} }}", **inputs)
    assert [payload["created"] for payload in data.values()] == [True, True, False, False]
    assert gateway.calls()["tinycc"][:2] == ["POST /urls"] * 2


async def test_a_later_mutation_of_a_request_reads_what_an_earlier_one_wrote() -> None:
    gateway = open_gateway()
    link = await a_new_link(gateway, "tinycc", note="before")
    mutation = """mutation ($input: UpdateLinkInput!, $again: UpdateLinkInput!) {
      first: updateLink(input: $input) { link { note } }
      second: updateLink(input: $again) { link { note } }
    }"""
    data = await gateway.data(mutation, input={"id": link, "note": "one"}, again={"id": link, "note": "two"})
    assert data == {"first": {"link": {"note": "one"}}, "second": {"link": {"note": "two"}}}
    assert await link_by_id(gateway, link, "note") == {"note": "two"}


async def test_an_account_with_several_teams_needs_a_team_or_a_domain() -> None:
    payload = await open_gateway().payload(
        CREATE, input={"accounts": ["shortenworld"], "destination": "https://a.example"}
    )
    error = only_error(payload)
    assert (error["code"], error["path"]) == ("INVALID_INPUT", ["input", "team"])
    assert PLACE["shortenworld"]["domain"] not in error["message"]
    assert "APAC marketing" in error["message"]

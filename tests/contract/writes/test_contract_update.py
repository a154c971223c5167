"""UPDATE_LINK: each field that a provider takes is changed alone, and read back in a request of its own."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import pytest

from harness.gateway import open_gateway
from harness.graphql_writes import ERRORS, LINK, a_new_link, link_by_id, payload_of, updated
from linkweave.models import Capability
from linkweave.providers.discovery import discover
from linkweave.providers.write_capabilities import CanUpdateLinks
from linkweave.schema.names import camel

ABLE = {provider.id: provider for provider in discover().values() if Capability.UPDATE_LINK in provider.capabilities}
WHOLE = f"mutation ($input: UpdateLinkInput!) {{ payload: updateLink(input: $input) {{ link {{ {LINK} }} {ERRORS} }} }}"

DESTINATION = "https://shop.example.com/winter?ref=contract"
UTM = {"source": "newsletter", "medium": "email", "campaign": "winter", "term": "coat", "content": "top"}
TARGETS = [
    {"platform": "IOS", "destination": "https://apps.example.com/ios"},
    {"platform": "ANDROID", "destination": "https://apps.example.com/android"},
]
EXPIRY: Mapping[str, object] = {
    "at": None,
    "afterClicks": None,
    "countUniqueOnly": None,
    "redirectTo": None,
    "redirectToAfterClicks": None,
}


@dataclass(frozen=True)
class Example:
    """Changes, and what the link shows for them afterwards; None where no endpoint of the vendor tells.

    `before` is given when the link is made.
    """

    given: Mapping[str, object]
    shows: Mapping[str, Any] | None
    before: Mapping[str, object] = field(default_factory=dict)


def same(**fields: object) -> Example:
    return Example(fields, fields)


def untold(**fields: object) -> Example:
    return Example(fields, None)


def tagged(*names: str) -> Mapping[str, object]:
    return {"tags": [{"name": name} for name in names]}


EXAMPLES: dict[str, dict[str, Example]] = {
    "picsee": {
        "destination": same(destination=DESTINATION),
        "slug": Example({"slug": "winter-26"}, {"slug": "winter-26", "shortUrl": "https://go.example.com/winter-26"}),
        "title": same(title="Winter coats"),
        "addTags": Example({"addTags": ["winter"]}, tagged("autumn", "winter"), {"tags": ["autumn"]}),
        "removeTags": Example({"removeTags": ["AUTUMN"]}, tagged("coats"), {"tags": ["autumn", "coats"]}),
        "externalId": same(externalId="crm-4712"),
        "utm": untold(utm=UTM),
        "expiry": untold(expiry={"at": "2027-01-31"}),
        "deviceTargets": untold(deviceTargets=TARGETS),
        "preview": Example({"preview": {"title": "Coats", "description": "Warm ones"}}, {"title": "Coats"}),
        "pixel": untold(pixel="1234567890"),
        "tagManager": untold(tagManager="GTM-ABC123"),
    },
    "cuttly": {
        "title": same(title="Winter coats"),
        "addTags": untold(addTags=["winter"]),
        "destination": same(destination=DESTINATION),
        "uniqueWindowMinutes": untold(uniqueWindowMinutes=15),
        "deviceTargets": untold(deviceTargets=TARGETS),
        "variants": untold(variants=[{"destination": "https://www.example.com/b", "percentage": 40}]),
        "expiry": untold(expiry={"afterClicks": 100, "redirectTo": "https://www.example.com/over"}),
        "password": untold(password="open sesame"),
        "slug": Example({"slug": "winter-26"}, {"slug": "winter-26", "shortUrl": "https://cutt.ly/winter-26"}),
    },
    "tinycc": {
        "destination": same(destination=DESTINATION),
        "slug": Example({"slug": "winter26"}, {"slug": "winter26", "shortUrl": "https://go.shopdemo.example/winter26"}),
        "note": same(note="Winter leaflet"),
        "addTags": Example({"addTags": ["winter"]}, tagged("autumn", "winter"), {"tags": ["autumn"]}),
        "removeTags": Example({"removeTags": ["autumn"]}, tagged("print"), {"tags": ["autumn", "print"]}),
        "expiry": Example(
            {"expiry": {"at": "2027-01-31", "afterClicks": 9}},
            {"expiry": {**EXPIRY, "at": "2027-01-31", "afterClicks": 9}},
        ),
        "archived": same(archived=True),
        "protected": same(protected=True),
        "emailReports": same(emailReports=True),
    },
    "shortenworld": {
        "title": same(title="Winter coats"),
        "slug": Example({"slug": "winter26"}, {"slug": "winter26", "shortUrl": "https://apac.swlink.example/winter26"}),
        "addTags": Example({"addTags": ["winter", "coats"]}, tagged("winter", "coats")),
        "archived": same(archived=True),
        "destination": same(destination=DESTINATION),
        "uniqueWindowMinutes": same(uniqueWindowMinutes=30),
        "utm": same(utm=UTM),
        "deviceTargets": same(deviceTargets=TARGETS),
        "expiry": same(
            expiry={
                "at": "2027-01-31",
                "afterClicks": 100,
                "countUniqueOnly": True,
                "redirectTo": "https://www.example.com/over",
                "redirectToAfterClicks": "https://www.example.com/sold-out",
            }
        ),
        "password": Example({"password": "open sesame"}, {"passwordProtected": True}),
        "variants": Example(
            {"variants": [{"destination": "https://www.example.com/b", "percentage": 40}]},
            {
                "variants": [
                    {"destination": "https://www.example.com/new", "percentage": 60},
                    {"destination": "https://www.example.com/b", "percentage": 40},
                ]
            },
        ),
    },
}
CASES = [(provider, name) for provider, examples in EXAMPLES.items() for name in examples]

# What is there first, what is cleared, and what the link shows then.
CLEARING: dict[str, dict[str, Example]] = {
    "picsee": {
        "utm": untold(utm=None),
        "expiry": untold(expiry=None),
        "pixel": untold(pixel=None),
        "tagManager": untold(tagManager=None),
    },
    "cuttly": {
        "uniqueWindowMinutes": untold(uniqueWindowMinutes=None),
        "deviceTargets": untold(deviceTargets=None),
        "variants": untold(variants=None),
        "expiry": untold(expiry=None),
        "password": untold(password=None),
    },
    "tinycc": {
        "note": Example({"note": None}, {"note": ""}),
        "expiry": Example({"expiry": None}, {"expiry": None}),
    },
    "shortenworld": {"uniqueWindowMinutes": Example({"uniqueWindowMinutes": None}, {"uniqueWindowMinutes": 0})},
}
CLEARED = [(provider, name) for provider, examples in CLEARING.items() for name in examples]


def taken(which: str) -> dict[str, set[str]]:
    fields: dict[str, set[str]] = {}
    for provider in ABLE.values():
        assert issubclass(provider.adapter, CanUpdateLinks)
        fields[provider.id] = {camel(name) for name in getattr(provider.adapter, which)}
    return fields


def test_every_field_that_can_be_changed_has_an_example_here() -> None:
    assert {provider: set(examples) for provider, examples in EXAMPLES.items()} == taken("updatable")


def test_every_field_that_can_be_cleared_has_an_example_here() -> None:
    assert {provider: set(examples) for provider, examples in CLEARING.items()} == taken("clearable")


@pytest.mark.parametrize(("provider", "name"), CASES)
async def test_a_field_that_was_changed_is_read_back(provider: str, name: str) -> None:
    gateway, account = open_gateway(), ABLE[provider].sandbox_accounts[0].key
    example = EXAMPLES[provider][name]
    link = await a_new_link(gateway, account, **example.before)
    after = (await updated(gateway, link, **example.given))["link"]["id"]
    read = await link_by_id(gateway, after)
    expected = example.shows or {"destination": "https://www.example.com/new"}
    assert {shown: read[shown] for shown in expected} == expected


@pytest.mark.parametrize(("provider", "name"), CLEARED)
async def test_null_clears_a_field_where_the_provider_can(provider: str, name: str) -> None:
    gateway, account = open_gateway(), ABLE[provider].sandbox_accounts[0].key
    link = await a_new_link(gateway, account)
    await updated(gateway, link, **EXAMPLES[provider][name].given)
    after = CLEARING[provider][name]
    await updated(gateway, link, **after.given)
    read = await link_by_id(gateway, link)
    expected = after.shows or {"destination": "https://www.example.com/new"}
    assert {shown: read[shown] for shown in expected} == expected


@pytest.mark.parametrize("provider", ABLE)
async def test_what_an_update_says_of_its_link_is_what_a_later_query_says(provider: str) -> None:
    gateway, account = open_gateway(), ABLE[provider].sandbox_accounts[0].key
    link = await a_new_link(gateway, account)
    payload = await payload_of(gateway, WHOLE, input={"id": link, "destination": DESTINATION})
    assert payload["errors"] == []
    assert payload["link"] == await link_by_id(gateway, link)
    assert payload["link"]["destination"] == DESTINATION


@pytest.mark.parametrize("provider", ABLE)
async def test_a_link_that_is_renamed_is_found_by_the_id_that_the_payload_gives(provider: str) -> None:
    gateway, account = open_gateway(), ABLE[provider].sandbox_accounts[0].key
    payload = await updated(gateway, await a_new_link(gateway, account), slug="renamed26", destination=DESTINATION)
    assert payload["link"]["slug"] == "renamed26"
    assert (await link_by_id(gateway, payload["link"]["id"]))["destination"] == DESTINATION


@pytest.mark.parametrize("provider", ABLE)
async def test_all_changes_at_once_are_all_read_back(provider: str) -> None:
    gateway, account = open_gateway(), ABLE[provider].sandbox_accounts[0].key
    examples = {name: each for name, each in EXAMPLES[provider].items() if name not in {"preview", "removeTags"}}
    given = {name: value for each in examples.values() for name, value in each.given.items()}
    payload = await updated(gateway, await a_new_link(gateway, account), **given)
    read = await link_by_id(gateway, payload["link"]["id"])
    shows = {name: value for each in examples.values() for name, value in (each.shows or {}).items()}
    if "tags" in shows:
        shows["tags"] = [{"name": tag} for tag in given["addTags"]] if isinstance(given["addTags"], list) else []
    if "variants" in shows:
        shows["variants"] = [{"destination": DESTINATION, "percentage": 60}, shows["variants"][1]]
    assert {name: read[name] for name in shows} == shows

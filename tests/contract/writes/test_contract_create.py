"""CREATE_LINK: each field that a provider takes is written alone, and read back in a request of its own."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import pytest

from harness.gateway import open_gateway
from harness.graphql_writes import ERRORS, LINK, created, link_by_id, new_link, payload_of
from linkweave.models import Capability
from linkweave.providers.discovery import discover
from linkweave.providers.write_capabilities import CanCreateLinks
from linkweave.schema.names import camel

ABLE = {provider.id: provider for provider in discover().values() if Capability.CREATE_LINK in provider.capabilities}
WHOLE = f"mutation ($input: CreateLinkInput!) {{ payload: createLink(input: $input) {{ link {{ {LINK} }} {ERRORS} }} }}"

DESTINATION = "https://www.example.com/autumn?ref=contract"
UTM = {"source": "newsletter", "medium": "email", "campaign": "autumn", "term": "coat", "content": "top"}


@dataclass(frozen=True)
class Example:
    """Fields of an input, and what the link shows for them afterwards; None where no endpoint of the vendor tells."""

    given: Mapping[str, object]
    shows: Mapping[str, Any] | None


def same(**fields: object) -> Example:
    return Example(fields, fields)


def untold(**fields: object) -> Example:
    return Example(fields, None)


EXAMPLES: dict[str, dict[str, Example]] = {
    "picsee": {
        "destination": same(destination=DESTINATION),
        "slug": Example({"slug": "autumn-26"}, {"slug": "autumn-26", "shortUrl": "https://go.example.com/autumn-26"}),
        "domain": Example({"domain": "pse.is"}, {"domain": {"name": "pse.is"}}),
        "title": same(title="Autumn coats"),
        "tags": Example({"tags": ["autumn", "Coats"]}, {"tags": [{"name": "autumn"}, {"name": "Coats"}]}),
        "externalId": same(externalId="crm-4711"),
        "utm": untold(utm=UTM),
        "deviceTargets": untold(deviceTargets=[{"platform": "IOS", "destination": "https://apps.example.com/ios"}]),
        "preview": Example(
            {"preview": {"title": "Coats", "description": "Warm ones", "imageUrl": "https://www.example.com/coat.png"}},
            {"title": "Coats"},
        ),
        "pixel": untold(pixel="1234567890"),
        "tagManager": untold(tagManager="GTM-ABC123"),
    },
    "cuttly": {
        "destination": same(destination=DESTINATION),
        "slug": Example({"slug": "autumn-26"}, {"slug": "autumn-26", "shortUrl": "https://cutt.ly/autumn-26"}),
        "domain": Example({"domain": "go.brand-demo.example"}, {"domain": {"name": "go.brand-demo.example"}}),
        "fetchTitle": Example({"fetchTitle": True}, {"title": "New – www.example.com"}),
        "publicStats": untold(publicStats=True),
        "smsHeader": Example(
            {"smsHeader": "EXMPLE", "domain": "2s.ms", "slug": "otp"}, {"shortUrl": "https://2s.ms/EXMPLE/otp"}
        ),
    },
    "tinycc": {
        "destination": same(destination=DESTINATION),
        "slug": Example({"slug": "autumn26"}, {"slug": "autumn26", "shortUrl": "https://go.shopdemo.example/autumn26"}),
        "domain": Example({"domain": "m.shopdemo.example"}, {"domain": {"name": "m.shopdemo.example"}}),
        "note": same(note="Autumn leaflet"),
        "tags": Example({"tags": ["autumn", "print"]}, {"tags": [{"name": "autumn"}, {"name": "print"}]}),
        "emailReports": same(emailReports=True),
        "expiry": Example(
            {"expiry": {"at": "2027-01-31", "afterClicks": 500}},
            {
                "expiry": {
                    "at": "2027-01-31",
                    "afterClicks": 500,
                    "countUniqueOnly": None,
                    "redirectTo": None,
                    "redirectToAfterClicks": None,
                }
            },
        ),
    },
    "shortenworld": {
        "destination": same(destination=DESTINATION),
        "domain": Example({"domain": "go.fashion.example"}, {"domain": {"name": "go.fashion.example"}}),
        "team": Example({"team": "APAC marketing", "domain": None}, {"domain": {"name": "apac.swlink.example"}}),
        "campaign": Example({"campaign": "Singles' Day"}, {}),
        "fetchTitle": Example({"fetchTitle": False}, {"title": ""}),
        "utm": same(utm=UTM),
    },
}
CASES = [(provider, field) for provider, fields in EXAMPLES.items() for field in fields]


def test_every_field_that_a_provider_takes_has_an_example_here() -> None:
    takes: dict[str, set[str]] = {}
    for provider in ABLE.values():
        assert issubclass(provider.adapter, CanCreateLinks)
        takes[provider.id] = {camel(field) for field in provider.adapter.creatable}
    assert {provider: set(fields) for provider, fields in EXAMPLES.items()} == takes


async def groups_by_name() -> Mapping[str, str]:
    """The ids of ShortenWorld's teams and campaigns: inputs name both by id."""
    query = '{ account(key: "shortenworld") { teams { id name } campaigns { id name } } }'
    account = (await open_gateway().data(query))["account"]
    return {each["name"]: each["id"] for each in (*account["teams"], *account["campaigns"])}


@pytest.mark.parametrize(("provider", "field"), CASES)
async def test_a_field_that_was_given_is_read_back(provider: str, field: str) -> None:
    gateway, account = open_gateway(), ABLE[provider].sandbox_accounts[0].key
    example, ids = EXAMPLES[provider][field], await groups_by_name() if field in {"team", "campaign"} else {}
    given = {name: ids.get(value, value) if isinstance(value, str) else value for name, value in example.given.items()}
    payload = await created(gateway, account, **given)
    link = await link_by_id(gateway, payload["link"]["id"])
    expected = {"destination": "https://www.example.com/new", **(example.shows or {})}
    assert {name: link[name] for name in expected} == expected
    if field in {"team", "campaign"}:
        assert link[field]["id"] == given[field]


@pytest.mark.parametrize("provider", ABLE)
async def test_what_a_mutation_says_of_its_link_is_what_a_later_query_says(provider: str) -> None:
    gateway, account = open_gateway(), ABLE[provider].sandbox_accounts[0].key
    payload = await payload_of(gateway, WHOLE, input=new_link(account))
    assert payload["errors"] == []
    assert payload["link"] == await link_by_id(gateway, payload["link"]["id"])


@pytest.mark.parametrize("provider", ABLE)
async def test_a_new_link_is_found_by_its_short_url(provider: str) -> None:
    gateway, account = open_gateway(), ABLE[provider].sandbox_accounts[0].key
    link = (await created(gateway, account))["link"]
    query = "query ($url: URL!) { link(shortUrl: $url) { id destination } }"
    found = (await gateway.data(query, url=link["shortUrl"]))["link"]
    assert found == {"id": link["id"], "destination": link["destination"]}


@pytest.mark.parametrize(
    "provider", sorted(name for name in ABLE if "LIST_LINKS" in {c.value for c in ABLE[name].capabilities})
)
async def test_a_new_link_is_in_the_accounts_list(provider: str) -> None:
    gateway, account = open_gateway(), ABLE[provider].sandbox_accounts[0].key
    link = (await created(gateway, account))["link"]
    query = "query ($key: String!) { account(key: $key) { links(first: 1) { nodes { id } } } }"
    assert (await gateway.data(query, key=account))["account"]["links"]["nodes"] == [{"id": link["id"]}]


@pytest.mark.parametrize("provider", ABLE)
async def test_a_link_that_needs_nothing_read_back_is_one_write(provider: str) -> None:
    gateway, account = open_gateway(), ABLE[provider].sandbox_accounts[0].key
    await created(gateway, account)
    writes = {"picsee": "POST /v1/links", "cuttly": "GET /team/API/index.php", "tinycc": "POST /urls"}
    calls = gateway.calls()[provider]
    assert calls.count(writes.get(provider, "POST /entity/link/create")) == 1
    if provider != "shortenworld":
        assert len(calls) == 1


async def test_a_picsee_campaign_source_is_remembered_for_pickers() -> None:
    gateway = open_gateway()
    await created(gateway, "picsee-main", utm={"source": "podcast", "medium": "audio"})
    query = '{ account(key: "picsee-main") { trackingPresets { utmSources utmMediums } } }'
    presets = (await gateway.data(query))["account"]["trackingPresets"]
    assert "podcast" in presets["utmSources"]
    assert "audio" in presets["utmMediums"]

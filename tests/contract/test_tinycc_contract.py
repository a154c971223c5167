"""tiny.cc keeps the contract of each capability that it offers."""

from typing import ClassVar

from harness.gateway import open_gateway
from harness.graphql_writes import CREATE_MANY, DELETE, link_by_id, new_link, only_error
from linkweave.providers.tinycc import PROVIDER
from linkweave.testing.contract import (
    CreateBatchContract,
    DeleteBatchContract,
    FieldExample,
    GetLinksContract,
    ListDomainsContract,
    ListLinksContract,
    ListTagsContract,
    ListWebhooksContract,
    ReadStatsContract,
    ReceiveWebhooksContract,
    ReportUsageContract,
    ResetStatsContract,
    UpdateBatchContract,
    WriteTagsContract,
    WriteWebhooksContract,
)

DOMAIN = "m.shopdemo.example"


class TestTinycc(
    ListLinksContract,
    GetLinksContract,
    ReadStatsContract,
    ListTagsContract,
    ListDomainsContract,
    ListWebhooksContract,
    ReportUsageContract,
    CreateBatchContract,
    UpdateBatchContract,
    DeleteBatchContract,
    ResetStatsContract,
    WriteTagsContract,
    WriteWebhooksContract,
    ReceiveWebhooksContract,
):
    provider = PROVIDER
    clicked_slug = "card"
    click: ClassVar = {"country": None, "device": None, "referrer": "https://news.example/today"}
    lists_fit_one_page = True
    create_examples: ClassVar = {"domain": FieldExample({"domain": DOMAIN}, {"domain": {"name": DOMAIN}})}
    clear_examples: ClassVar = {"note": FieldExample({"note": None}, {"note": ""})}
    webhook_targets = ({"domain": "go.shopdemo.example"}, {"tag": "print"})


async def test_a_batch_is_one_call_per_domain() -> None:
    gateway = open_gateway()
    domains = ["go.shopdemo.example", DOMAIN] * 3
    inputs = [new_link("tinycc", domain=domain) for domain in domains]
    payloads = await gateway.payload(CREATE_MANY, inputs=inputs)
    assert [payload["link"]["domain"]["name"] for payload in payloads] == domains
    assert gateway.calls() == {"tinycc": ["POST /urls"] * 2}


async def test_a_protected_link_is_not_reported_as_deleted() -> None:
    gateway = open_gateway()
    query = '{ account(key: "tinycc") { links(first: 50) { nodes { id protected } } } }'
    links = (await gateway.data(query))["account"]["links"]["nodes"]
    kept = next(link["id"] for link in links if link["protected"])
    gone = next(link["id"] for link in links if not link["protected"])
    first, second = await gateway.payload(DELETE, ids=[kept, gone])
    assert (first["deleted"], only_error(first)["code"]) == (False, "REJECTED")
    assert second == {"id": gone, "deleted": True, "errors": []}
    assert [await link_by_id(gateway, link, "id") for link in (kept, gone)] == [{"id": kept}, None]

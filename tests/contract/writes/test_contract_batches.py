"""BATCH_CREATE, BATCH_UPDATE and BATCH_DELETE: many links, one call where the provider has one."""

import pytest

from harness.gateway import Gateway, open_gateway
from harness.graphql_writes import CREATE_MANY, DELETE, UPDATE_MANY, a_new_link, link_by_id, new_link, payload_of
from linkweave.models import Capability
from linkweave.providers.discovery import discover

WRITING = {
    each.id: each.sandbox_accounts[0].key for each in discover().values() if Capability.CREATE_LINK in each.capabilities
}


def together(capability: Capability) -> set[str]:
    return {each.id for each in discover().values() if capability in each.capabilities}


def writes(gateway: Gateway, provider: str, what: str) -> int:
    """The calls that wrote: by their method, except at Cutt.ly, which is asked for nothing else here."""
    calls = gateway.calls()[provider]
    return len(calls) if provider == "cuttly" else sum(what in call for call in calls)


CREATING = {"picsee": "POST /v1/links", "tinycc": "POST /urls", "shortenworld": "POST /entity/link/create"}
UPDATING = {"picsee": "PUT /v2/links", "tinycc": "PATCH /urls", "shortenworld": "PUT /entity/link/redirect"}
DELETING = {"picsee": "/delete", "tinycc": "DELETE /urls", "shortenworld": "DELETE /entity/link/delete"}


@pytest.mark.parametrize("provider", WRITING)
async def test_several_new_links_of_an_account_are_all_read_back(provider: str) -> None:
    gateway, account = open_gateway(), WRITING[provider]
    wanted = [f"https://www.example.com/batch/{number}" for number in range(5)]
    inputs = [new_link(account, destination=destination) for destination in wanted]
    payloads = await payload_of(gateway, CREATE_MANY, inputs=inputs)
    alone = 1 if provider in together(Capability.BATCH_CREATE) else 5
    assert writes(gateway, provider, CREATING.get(provider, "")) == alone
    assert [(payload["created"], payload["errors"]) for payload in payloads] == [(True, [])] * 5
    read = [(await link_by_id(gateway, payload["link"]["id"], "destination"))["destination"] for payload in payloads]
    assert read == wanted


@pytest.mark.parametrize("provider", WRITING)
async def test_the_same_change_to_several_links_is_read_back_of_each(provider: str) -> None:
    gateway, account = open_gateway(), WRITING[provider]
    links = [await a_new_link(gateway, account) for _ in range(4)]
    gateway.forget_calls()
    inputs = [{"id": link, "destination": "https://www.example.com/all"} for link in links]
    payloads = await payload_of(gateway, UPDATE_MANY, inputs=inputs)
    alone = 1 if provider in together(Capability.BATCH_UPDATE) else 4
    assert [payload["applied"] for payload in payloads] == [["destination"]] * 4
    read = [(await link_by_id(gateway, link, "destination"))["destination"] for link in links]
    assert read == ["https://www.example.com/all"] * 4
    if provider != "cuttly":
        assert writes(gateway, provider, UPDATING[provider]) == alone


@pytest.mark.parametrize("provider", WRITING)
async def test_a_change_of_its_own_to_each_link_is_read_back_of_each(provider: str) -> None:
    gateway, account = open_gateway(), WRITING[provider]
    links = [await a_new_link(gateway, account) for _ in range(4)]
    wanted = [f"https://www.example.com/each/{number}" for number in range(4)]
    inputs = [{"id": link, "destination": to} for link, to in zip(links, wanted, strict=True)]
    gateway.forget_calls()
    payloads = await payload_of(gateway, UPDATE_MANY, inputs=inputs)
    assert [payload["link"]["destination"] for payload in payloads] == wanted
    if provider in together(Capability.BATCH_UPDATE):
        assert writes(gateway, provider, UPDATING[provider]) == 1
    assert [(await link_by_id(gateway, link, "destination"))["destination"] for link in links] == wanted


@pytest.mark.parametrize("provider", WRITING)
async def test_several_deleted_links_are_all_gone(provider: str) -> None:
    gateway, account = open_gateway(), WRITING[provider]
    links = [await a_new_link(gateway, account) for _ in range(4)]
    kept = await a_new_link(gateway, account)
    gateway.forget_calls()
    payloads = await payload_of(gateway, DELETE, ids=links)
    alone = 1 if provider in together(Capability.BATCH_DELETE) else 4
    assert writes(gateway, provider, DELETING.get(provider, "")) == alone
    assert payloads == [{"id": link, "deleted": True, "errors": []} for link in links]
    assert [await link_by_id(gateway, link, "id") for link in links] == [None] * 4
    assert await link_by_id(gateway, kept, "id") == {"id": kept}


async def test_tinycc_batches_are_one_call_per_domain() -> None:
    gateway = open_gateway()
    domains = ["go.shopdemo.example", "m.shopdemo.example"] * 3
    inputs = [new_link("tinycc", domain=domain) for domain in domains]
    payloads = await payload_of(gateway, CREATE_MANY, inputs=inputs)
    assert [payload["link"]["domain"]["name"] for payload in payloads] == domains
    assert gateway.calls() == {"tinycc": ["POST /urls"] * 2}

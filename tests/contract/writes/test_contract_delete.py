"""DELETE_LINK, RESTORE_LINK and RESET_STATS: done through GraphQL, seen in a request of its own."""

import pytest

from harness.gateway import Gateway, open_gateway
from harness.graphql_writes import DELETE, LINK, RESET, RESTORE, a_new_link, link_by_id, only_error, payload_of
from harness.vendor_faults import a_link_of
from linkweave.models import Capability
from linkweave.providers.discovery import discover


def accounts_with(capability: Capability) -> list[str]:
    providers = discover().values()
    return [each.sandbox_accounts[0].key for each in providers if capability in each.capabilities]


DELETING = accounts_with(Capability.DELETE_LINK)
RESTORING = accounts_with(Capability.RESTORE_LINK)
RESETTING = accounts_with(Capability.RESET_STATS)
LISTING = accounts_with(Capability.LIST_LINKS)

CLICKS = 'stats(range: { from: "2026-11-01", to: "2026-11-20" }) { clicks uniqueClicks }'


async def listed(gateway: Gateway, account: str) -> list[str]:
    query = "query ($key: String!) { account(key: $key) { links(first: 20) { nodes { id } } } }"
    return [link["id"] for link in (await gateway.data(query, key=account))["account"]["links"]["nodes"]]


@pytest.mark.parametrize("account", DELETING)
async def test_a_deleted_link_is_gone(account: str) -> None:
    gateway = open_gateway()
    link = await a_new_link(gateway, account)
    assert await payload_of(gateway, DELETE, ids=[link]) == [{"id": link, "deleted": True, "errors": []}]
    assert await link_by_id(gateway, link, "id") is None


@pytest.mark.parametrize("account", sorted({*DELETING} & {*LISTING}))
async def test_a_deleted_link_is_in_no_list_any_more(account: str) -> None:
    gateway = open_gateway()
    link = await a_new_link(gateway, account)
    assert link in await listed(gateway, account)
    await payload_of(gateway, DELETE, ids=[link])
    assert link not in await listed(gateway, account)


@pytest.mark.parametrize("account", DELETING)
async def test_a_link_that_is_deleted_twice_was_not_there_the_second_time(account: str) -> None:
    gateway = open_gateway()
    link = await a_new_link(gateway, account)
    await payload_of(gateway, DELETE, ids=[link])
    (payload,) = await payload_of(gateway, DELETE, ids=[link])
    assert not payload["deleted"]
    assert only_error(payload)["code"] == "NOT_FOUND"
    assert only_error(payload)["account"] == {"key": account}


@pytest.mark.parametrize("account", RESTORING)
async def test_a_restored_link_is_as_it_was(account: str) -> None:
    gateway = open_gateway()
    link = await a_new_link(gateway, account, slug="come-back", title="Come back", tags=["winter"])
    before = await link_by_id(gateway, link)
    await payload_of(gateway, DELETE, ids=[link])
    payload = await payload_of(gateway, RESTORE, id=link)
    assert payload["errors"] == []
    assert not payload["created"]
    assert payload["link"]["id"] == link
    assert await link_by_id(gateway, link) == before


@pytest.mark.parametrize("account", sorted({*DELETING} - {*RESTORING}))
async def test_what_cannot_be_restored_is_said_before_any_call(account: str) -> None:
    gateway = open_gateway()
    link = await a_link_of(gateway, account)
    gateway.forget_calls()
    payload = await payload_of(gateway, RESTORE, id=link)
    assert payload["link"] is None
    assert only_error(payload)["code"] == "UNSUPPORTED"
    assert gateway.calls() == {}


@pytest.mark.parametrize("account", RESETTING)
async def test_clicks_that_were_reset_are_gone_and_the_link_stays(account: str) -> None:
    gateway = open_gateway()
    query = "query ($key: String!) { account(key: $key) { links(first: 50) { nodes { id stats { clicks } } } } }"
    links = (await gateway.data(query, key=account))["account"]["links"]["nodes"]
    clicked = [link["id"] for link in links if link["stats"]["clicks"]][:2]
    before = [await link_by_id(gateway, link, "destination tags { name }") for link in clicked]
    payloads = await payload_of(gateway, RESET, ids=clicked)
    assert payloads == [{"id": link, "reset": True, "errors": []} for link in clicked]
    for link, shown in zip(clicked, before, strict=True):
        after = await link_by_id(gateway, link, f"destination tags {{ name }} {CLICKS}")
        assert after == {**shown, "stats": {"clicks": 0, "uniqueClicks": 0}}


@pytest.mark.parametrize("account", sorted({*DELETING} - {*RESETTING}))
async def test_what_cannot_be_reset_is_said_before_any_call(account: str) -> None:
    gateway = open_gateway()
    link = await a_link_of(gateway, account)
    gateway.forget_calls()
    (payload,) = await payload_of(gateway, RESET, ids=[link])
    assert not payload["reset"]
    assert only_error(payload)["code"] == "UNSUPPORTED"
    assert gateway.calls() == {}


async def test_a_protected_link_is_not_reported_as_deleted_and_is_still_there() -> None:
    gateway = open_gateway()
    query = '{ account(key: "tinycc") { links(first: 50) { nodes { id protected } } } }'
    links = (await gateway.data(query))["account"]["links"]["nodes"]
    kept = next(link["id"] for link in links if link["protected"])
    gone = next(link["id"] for link in links if not link["protected"])
    first, second = await payload_of(gateway, DELETE, ids=[kept, gone])
    assert not first["deleted"]
    assert only_error(first)["code"] == "REJECTED"
    assert second == {"id": gone, "deleted": True, "errors": []}
    assert await link_by_id(gateway, kept, LINK) is not None
    assert await link_by_id(gateway, gone, LINK) is None


async def test_a_starred_link_is_not_deleted_at_picsee() -> None:
    gateway = open_gateway()
    query = '{ links(first: 1, filter: { accounts: ["picsee-main"], starred: true }) { nodes { id } } }'
    link = (await gateway.data(query))["links"]["nodes"][0]["id"]
    (payload,) = await payload_of(gateway, DELETE, ids=[link])
    assert not payload["deleted"]
    assert only_error(payload)["providerCode"] == "PUB00706"
    assert await link_by_id(gateway, link, "id") == {"id": link}


async def test_a_picsee_link_is_not_restored_after_thirty_days() -> None:
    gateway = open_gateway()
    link = await a_new_link(gateway, "picsee-main")
    await payload_of(gateway, DELETE, ids=[link])
    await gateway.clock.sleep(31 * 24 * 3600)
    payload = await payload_of(gateway, RESTORE, id=link)
    assert payload["link"] is None
    assert only_error(payload)["code"] == "REJECTED"
    assert only_error(payload)["providerCode"] == "PUB00704"

"""WRITE_TAGS: tags made, renamed and deleted, then listed in a request of its own."""

from typing import Any

import pytest

from harness.gateway import Gateway, open_gateway
from harness.graphql_writes import ERRORS, a_new_link, link_by_id, only_error, payload_of
from linkweave.models import Capability
from linkweave.providers.discovery import discover

PROVIDERS = discover().values()
ABLE = [each.sandbox_accounts[0].key for each in PROVIDERS if Capability.WRITE_TAGS in each.capabilities]
UNABLE = [each.sandbox_accounts[0].key for each in PROVIDERS if Capability.WRITE_TAGS not in each.capabilities]

TAG = f"tag {{ id name accounts {{ key }} }} {ERRORS}"
CREATE_TAG = (
    f"mutation ($account: ID!, $name: String!) {{ payload: createTag(account: $account, name: $name) {{ {TAG} }} }}"
)
RENAME_TAG = f"""mutation ($account: ID!, $name: String!, $to: String!) {{
  payload: renameTag(account: $account, name: $name, newName: $to) {{ {TAG} }} }}"""
DELETE_TAG = f"""mutation ($account: ID!, $name: String!) {{
  payload: deleteTag(account: $account, name: $name) {{ id deleted {ERRORS} }} }}"""


async def tags_of(gateway: Gateway, account: str) -> list[str]:
    query = "query ($key: String!) { account(key: $key) { tags { name } } }"
    return [tag["name"] for tag in (await gateway.data(query, key=account))["account"]["tags"]]


async def make_tag(gateway: Gateway, account: str, name: str) -> Any:
    return await payload_of(gateway, CREATE_TAG, account=account, name=name)


@pytest.mark.parametrize("account", ABLE)
async def test_a_new_tag_is_listed(account: str) -> None:
    gateway = open_gateway()
    payload = await make_tag(gateway, account, "Trade fair")
    assert payload["errors"] == []
    assert payload["tag"]["name"] == "Trade fair"
    assert {"key": account} in payload["tag"]["accounts"]
    assert (await tags_of(gateway, account)).count("Trade fair") == 1


@pytest.mark.parametrize("account", ABLE)
async def test_a_tag_that_is_there_is_given_as_it_is_spelled(account: str) -> None:
    gateway = open_gateway()
    await make_tag(gateway, account, "Trade fair")
    payload = await make_tag(gateway, account, "TRADE FAIR")
    assert payload["errors"] == []
    assert payload["tag"]["name"] == "Trade fair"
    assert (await tags_of(gateway, account)).count("Trade fair") == 1


@pytest.mark.parametrize("account", ABLE)
async def test_a_renamed_tag_is_renamed_on_its_links(account: str) -> None:
    gateway = open_gateway()
    link = await a_new_link(gateway, account, tags=["Trade fair"])
    payload = await payload_of(gateway, RENAME_TAG, account=account, name="trade fair", to="Expo")
    assert payload["errors"] == []
    assert payload["tag"]["name"] == "Expo"
    tags = await tags_of(gateway, account)
    assert "Expo" in tags
    assert "Trade fair" not in tags
    assert await link_by_id(gateway, link, "tags { name }") == {"tags": [{"name": "Expo"}]}


@pytest.mark.parametrize("account", ABLE)
async def test_a_deleted_tag_is_on_no_link_any_more(account: str) -> None:
    gateway = open_gateway()
    link = await a_new_link(gateway, account, tags=["Trade fair", "print"])
    payload = await payload_of(gateway, DELETE_TAG, account=account, name="Trade fair")
    assert payload["deleted"]
    assert payload["errors"] == []
    assert "Trade fair" not in await tags_of(gateway, account)
    assert await link_by_id(gateway, link, "tags { name }") == {"tags": [{"name": "print"}]}


@pytest.mark.parametrize("account", ABLE)
async def test_a_tag_that_is_not_there_is_neither_renamed_nor_deleted(account: str) -> None:
    gateway = open_gateway()
    renamed = await payload_of(gateway, RENAME_TAG, account=account, name="nobody has this", to="Expo")
    deleted = await payload_of(gateway, DELETE_TAG, account=account, name="nobody has this")
    assert renamed["tag"] is None
    assert not deleted["deleted"]
    assert [only_error(payload)["code"] for payload in (renamed, deleted)] == ["NOT_FOUND", "NOT_FOUND"]
    assert "Expo" not in await tags_of(gateway, account)


@pytest.mark.parametrize("account", ABLE)
async def test_a_tag_does_not_take_the_name_of_another(account: str) -> None:
    gateway = open_gateway()
    for name in ("Trade fair", "Expo"):
        await make_tag(gateway, account, name)
    payload = await payload_of(gateway, RENAME_TAG, account=account, name="Trade fair", to="Expo")
    assert payload["tag"] is None
    assert only_error(payload)["code"] == "REJECTED"
    assert {"Trade fair", "Expo"} <= {*await tags_of(gateway, account)}


@pytest.mark.parametrize("account", UNABLE)
async def test_who_has_no_calls_for_tags_is_asked_nothing(account: str) -> None:
    gateway = open_gateway()
    payloads = [
        await make_tag(gateway, account, "Expo"),
        await payload_of(gateway, RENAME_TAG, account=account, name="a", to="b"),
        await payload_of(gateway, DELETE_TAG, account=account, name="a"),
    ]
    assert [only_error(payload)["code"] for payload in payloads] == ["UNSUPPORTED"] * 3
    assert gateway.calls() == {}


async def test_an_unknown_account_is_said_with_its_path() -> None:
    gateway = open_gateway()
    payloads = [
        await make_tag(gateway, "nobody", "Expo"),
        await payload_of(gateway, RENAME_TAG, account="nobody", name="a", to="b"),
        await payload_of(gateway, DELETE_TAG, account="nobody", name="a"),
    ]
    errors = [only_error(payload) for payload in payloads]
    assert [(error["code"], error["path"]) for error in errors] == [("INVALID_INPUT", ["account"])] * 3

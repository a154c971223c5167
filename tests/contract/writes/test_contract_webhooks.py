"""WRITE_WEBHOOKS: webhooks made, changed and deleted, then listed in a request of its own."""

from typing import Any

import pytest

from harness.gateway import Gateway, open_gateway
from harness.graphql_writes import ERRORS, a_new_link, only_error, payload_of
from harness.vendor_faults import a_link_of
from linkweave.models import Capability
from linkweave.providers.discovery import discover
from linkweave.schema.global_ids import encode_id

PROVIDERS = discover().values()
ABLE = [each.sandbox_accounts[0].key for each in PROVIDERS if Capability.WRITE_WEBHOOKS in each.capabilities]
UNABLE = [each.sandbox_accounts[0].key for each in PROVIDERS if Capability.WRITE_WEBHOOKS not in each.capabilities]

HOOK = """id account { key } event url method headers { name value } encoding ignoreErrors
target { domain tag link { id } }"""
CREATE_HOOK = f"""mutation ($input: CreateWebhookInput!) {{
  payload: createWebhook(input: $input) {{ webhook {{ {HOOK} }} {ERRORS} }} }}"""
UPDATE_HOOK = f"""mutation ($input: UpdateWebhookInput!) {{
  payload: updateWebhook(input: $input) {{ webhook {{ {HOOK} }} {ERRORS} }} }}"""
DELETE_HOOKS = f"mutation ($ids: [ID!]!) {{ payload: deleteWebhooks(ids: $ids) {{ id deleted {ERRORS} }} }}"
URL = "https://hooks.example.com/new"


async def hooks_of(gateway: Gateway, account: str) -> dict[str, Any]:
    query = f"query ($key: String!) {{ account(key: $key) {{ webhooks {{ nodes {{ {HOOK} }} }} }} }}"
    nodes = (await gateway.data(query, key=account))["account"]["webhooks"]["nodes"]
    return {hook["id"]: hook for hook in nodes}


async def make_hook(gateway: Gateway, account: str, **fields: object) -> Any:
    payload = await payload_of(gateway, CREATE_HOOK, input={"account": account, "url": URL, **fields})
    assert payload["errors"] == []
    return payload["webhook"]


@pytest.mark.parametrize("account", ABLE)
@pytest.mark.parametrize("target", [{"domain": "go.shopdemo.example"}, {"tag": "print"}])
async def test_a_new_webhook_is_listed_as_it_was_made(account: str, target: dict[str, str]) -> None:
    gateway = open_gateway()
    hook = await make_hook(gateway, account, **target)
    assert hook["event"] == "click"
    assert hook["url"] == URL
    assert hook["target"] == {"domain": None, "tag": None, "link": None, **target}
    assert (await hooks_of(gateway, account))[hook["id"]] == hook


@pytest.mark.parametrize("account", ABLE)
async def test_a_webhook_on_a_link_names_the_link(account: str) -> None:
    gateway = open_gateway()
    link = await a_new_link(gateway, account)
    hook = await make_hook(gateway, account, link=link)
    assert (await hooks_of(gateway, account))[hook["id"]]["target"] == {
        "domain": None,
        "tag": None,
        "link": {"id": link},
    }


@pytest.mark.parametrize("account", ABLE)
async def test_every_option_of_a_webhook_is_read_back(account: str) -> None:
    gateway = open_gateway()
    headers = [{"name": "Cache-Control", "value": "no-cache"}, {"name": "Authorization", "value": "Bearer open-sesame"}]
    given = {"method": "GET", "headers": headers, "encoding": "form", "ignoreErrors": True}
    hook = await make_hook(gateway, account, tag="print", **given)
    listed = (await hooks_of(gateway, account))[hook["id"]]
    assert listed["method"] == "get"
    assert listed["encoding"] == "form"
    assert listed["ignoreErrors"]
    assert listed["headers"] == [headers[0], {"name": "Authorization", "value": "***"}]


@pytest.mark.parametrize("account", ABLE)
@pytest.mark.parametrize(
    "change",
    [
        {"url": "https://hooks.example.com/moved"},
        {"method": "get"},
        {"headers": [{"name": "Cache-Control", "value": "no-cache"}]},
        {"encoding": "form"},
        {"ignoreErrors": True},
    ],
)
async def test_a_change_of_a_webhook_leaves_the_rest(account: str, change: dict[str, Any]) -> None:
    gateway = open_gateway()
    hook = await make_hook(gateway, account, tag="print")
    payload = await payload_of(gateway, UPDATE_HOOK, input={"id": hook["id"], **change})
    assert payload["errors"] == []
    assert payload["webhook"] == {**hook, **change}
    assert (await hooks_of(gateway, account))[hook["id"]] == {**hook, **change}


@pytest.mark.parametrize("account", ABLE)
async def test_deleted_webhooks_are_gone_by_one_call(account: str) -> None:
    gateway = open_gateway()
    first, second, kept = [(await make_hook(gateway, account, tag="print"))["id"] for _ in range(3)]
    gateway.forget_calls()
    payloads = await payload_of(gateway, DELETE_HOOKS, ids=[first, second, first])
    assert payloads == [{"id": each, "deleted": True, "errors": []} for each in (first, second, first)]
    assert gateway.calls() == {"tinycc": ["DELETE /webhooks"]}
    assert {kept} == {first, second, kept} & (await hooks_of(gateway, account)).keys()


@pytest.mark.parametrize("account", ABLE)
async def test_a_webhook_that_is_not_there_is_neither_changed_nor_deleted(account: str) -> None:
    gateway = open_gateway()
    gone = encode_id("Webhook", account, "4711")
    changed = await payload_of(gateway, UPDATE_HOOK, input={"id": gone, "url": URL})
    (deleted,) = await payload_of(gateway, DELETE_HOOKS, ids=[gone])
    assert changed["webhook"] is None
    assert not deleted["deleted"]
    assert [only_error(payload)["code"] for payload in (changed, deleted)] == ["NOT_FOUND"] * 2


@pytest.mark.parametrize("account", ABLE)
@pytest.mark.parametrize(
    "targets", [{}, {"domain": "go.shopdemo.example", "tag": "print"}, {"tag": "print", "link": "x"}]
)
async def test_a_webhook_needs_exactly_one_target(account: str, targets: dict[str, str]) -> None:
    gateway = open_gateway()
    payload = await payload_of(gateway, CREATE_HOOK, input={"account": account, "url": URL, **targets})
    assert payload["webhook"] is None
    assert only_error(payload)["code"] == "INVALID_INPUT"
    assert only_error(payload)["path"] == ["input"]
    assert gateway.calls() == {}


@pytest.mark.parametrize("account", ABLE)
async def test_a_masked_header_is_not_written_back(account: str) -> None:
    gateway = open_gateway()
    hooks = await hooks_of(gateway, account)
    masked = next(hook for hook in hooks.values() if any(header["value"] == "***" for header in hook["headers"]))
    gateway.forget_calls()
    changed = await payload_of(gateway, UPDATE_HOOK, input={"id": masked["id"], "headers": masked["headers"]})
    made = await payload_of(
        gateway, CREATE_HOOK, input={"account": account, "url": URL, "tag": "print", "headers": masked["headers"]}
    )
    place = next(str(at) for at, header in enumerate(masked["headers"]) if header["value"] == "***")
    for payload in (changed, made):
        assert payload["webhook"] is None
        assert only_error(payload)["code"] == "INVALID_INPUT"
        assert only_error(payload)["path"] == ["input", "headers", place, "value"]
    assert gateway.calls() == {}


@pytest.mark.parametrize("account", ABLE)
async def test_a_link_of_another_account_is_no_target(account: str) -> None:
    gateway = open_gateway()
    link = await a_link_of(gateway, "picsee-main")
    gateway.forget_calls()
    payload = await payload_of(gateway, CREATE_HOOK, input={"account": account, "url": URL, "link": link})
    assert only_error(payload)["code"] == "INVALID_INPUT"
    assert only_error(payload)["path"] == ["input", "link"]
    assert gateway.calls() == {}


@pytest.mark.parametrize("account", UNABLE)
async def test_who_has_no_calls_for_webhooks_is_asked_nothing(account: str) -> None:
    gateway = open_gateway()
    hook = encode_id("Webhook", account, "1")
    payloads = [
        await payload_of(gateway, CREATE_HOOK, input={"account": account, "url": URL, "tag": "print"}),
        await payload_of(gateway, UPDATE_HOOK, input={"id": hook, "url": URL}),
        *await payload_of(gateway, DELETE_HOOKS, ids=[hook]),
    ]
    assert [only_error(payload)["code"] for payload in payloads] == ["UNSUPPORTED"] * 3
    assert gateway.calls() == {}


@pytest.mark.parametrize("wrong", ["nonsense", encode_id("Link", "tinycc", "x"), encode_id("Webhook", "nobody", "1")])
async def test_an_id_of_nothing_here_is_said_with_its_path(wrong: str) -> None:
    gateway = open_gateway()
    changed = await payload_of(gateway, UPDATE_HOOK, input={"id": wrong, "url": URL})
    _, deleted = await payload_of(gateway, DELETE_HOOKS, ids=[encode_id("Webhook", "tinycc", "2"), wrong])
    assert [only_error(payload)["code"] for payload in (changed, deleted)] == ["INVALID_INPUT"] * 2
    assert only_error(changed)["path"] == ["input", "id"]
    assert only_error(deleted)["path"] == ["ids", "1"]
    assert not deleted["deleted"]


async def test_more_than_a_thousand_webhooks_are_not_deleted_at_once() -> None:
    gateway = open_gateway()
    reply = await gateway.ask(DELETE_HOOKS, ids=[encode_id("Webhook", "tinycc", str(at)) for at in range(1001)])
    assert reply.codes == ["INVALID_INPUT"]
    assert gateway.calls() == {}

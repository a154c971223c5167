"""updateWebhooks changes many webhooks alike: one call to tiny.cc, one payload per id."""

from typing import Any

import pytest

from harness.gateway import Gateway, open_gateway
from harness.graphql_writes import ERRORS
from linkweave.schema.global_ids import encode_id
from linkweave.testing.virtual_time import in_virtual_time

UPDATE = f"""mutation ($input: UpdateWebhooksInput!) {{
  payload: updateWebhooks(input: $input) {{ webhook {{ id url method }} {ERRORS} }} }}"""
LIST = '{ account(key: "tinycc") { webhooks(first: 100) { nodes { id url method } } } }'
URL = "https://hooks.example.com/new"


async def webhooks(gateway: Gateway) -> list[Any]:
    return list((await gateway.data(LIST))["account"]["webhooks"]["nodes"])


@in_virtual_time
async def test_one_call_changes_all_webhooks_and_unknown_ones_fail_in_their_places() -> None:
    gateway = open_gateway()
    before = [hook["id"] for hook in await webhooks(gateway)]
    gateway.forget_calls()
    ids = [before[0], encode_id("Webhook", "tinycc", "4711"), before[1], "nonsense", before[0]]
    payloads = await gateway.payload(UPDATE, input={"ids": ids, "url": URL, "method": "get"})
    assert gateway.calls() == {"tinycc": ["PATCH /webhooks"]}
    assert [each["webhook"] and each["webhook"]["id"] for each in payloads] == [
        before[0],
        None,
        before[1],
        None,
        before[0],
    ]
    assert [[error["code"] for error in each["errors"]] for each in payloads] == [
        [],
        ["NOT_FOUND"],
        [],
        ["INVALID_INPUT"],
        [],
    ]
    changed = {hook["id"] for hook in await webhooks(gateway) if (hook["url"], hook["method"]) == (URL, "get")}
    assert changed == {before[0], before[1]}


@pytest.mark.parametrize(
    ("given", "path"),
    [({"method": "put"}, ["input", "method"]), ({"headers": [{"name": "X", "value": "a\r\nb"}]}, None)],
)
@in_virtual_time
async def test_a_wrong_change_fails_for_each_webhook_without_a_call(
    given: dict[str, object], path: list[str] | None
) -> None:
    gateway = open_gateway()
    ids = [hook["id"] for hook in await webhooks(gateway)]
    gateway.forget_calls()
    payloads = await gateway.payload(UPDATE, input={"ids": ids, **given})
    wanted = path or ["input", "headers", "0", "value"]
    assert [[error["path"] for error in each["errors"]] for each in payloads] == [[wanted]] * len(ids)
    assert gateway.calls() == {}

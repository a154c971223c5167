"""A thousand inputs take few calls within the vendor's limits, and return one payload each."""

from collections import Counter
from typing import Any

import pytest

from harness.gateway import Gateway, open_gateway
from harness.graphql_writes import DELETE, UPDATE_MANY, new_link, only_error

# A small selection, so that the size of the response does not matter.
CREATE_MANY = """mutation ($inputs: [CreateLinkInput!]!) { payload: createLinks(inputs: $inputs) {
  created link { id destination } errors { code message path retryAfterSeconds account { key } } } }"""
FOUR = ["picsee-main", "cuttly", "tinycc", "shortenworld"]


def inputs_for(accounts: list[str]) -> list[dict[str, Any]]:
    return [
        new_link(account, destination=f"https://www.example.com/many/{place}") for place, account in enumerate(accounts)
    ]


def statuses(gateway: Gateway, provider: str) -> Counter[int]:
    return Counter(call.status for call in gateway.sandbox.slots[provider].calls)


async def test_a_thousand_links_at_tinycc_are_one_call() -> None:
    gateway = open_gateway()
    inputs = inputs_for(["tinycc"] * 1000)
    payloads = await gateway.payload(CREATE_MANY, inputs=inputs)
    assert gateway.calls() == {"tinycc": ["POST /urls"]}
    assert [payload["link"]["destination"] for payload in payloads] == [given["destination"] for given in inputs]
    assert len({payload["link"]["id"] for payload in payloads}) == 1000


async def test_many_links_at_tinycc_are_updated_by_one_call_and_deleted_by_two() -> None:
    gateway = open_gateway()
    made = await gateway.payload(CREATE_MANY, inputs=inputs_for(["tinycc"] * 300))
    links = [payload["link"]["id"] for payload in made]
    gateway.forget_calls()
    changes = [{"id": link, "note": str(place)} for place, link in enumerate(links)]
    updated = await gateway.payload(UPDATE_MANY, inputs=changes)
    assert all(payload["applied"] == ["note"] for payload in updated)
    assert gateway.calls() == {"tinycc": ["PATCH /urls"]}
    gateway.forget_calls()
    deleted = await gateway.payload(DELETE, ids=links)
    assert all(payload["deleted"] for payload in deleted)
    assert gateway.calls() == {"tinycc": ["DELETE /urls", "GET /urls"]}


async def test_errors_in_a_batch_at_tinycc_have_the_indexes_of_their_inputs() -> None:
    gateway = open_gateway()
    inputs = inputs_for(["tinycc"] * 300)
    for place in range(0, 300, 7):
        inputs[place] |= {"slug": "card", "domain": "go.shopdemo.example"}
    payloads = await gateway.payload(CREATE_MANY, inputs=inputs)
    wrong = [place for place, payload in enumerate(payloads) if payload["errors"]]
    assert wrong == list(range(0, 300, 7))
    assert {only_error(payloads[place])["code"] for place in wrong} == {"CONFLICT"}
    assert [only_error(payloads[place])["path"] for place in wrong] == [["inputs", str(p), "slug"] for p in wrong]
    assert [place for place, payload in enumerate(payloads) if not payload["created"]] == wrong


async def test_cuttly_creates_what_its_rate_limit_allows_and_the_rest_has_a_retry_after() -> None:
    gateway = open_gateway(deadline_seconds=60)
    inputs = inputs_for(["cuttly"] * 1000)
    payloads = await gateway.payload(CREATE_MANY, inputs=inputs)
    made = [payload["link"]["destination"] for payload in payloads if payload["created"]]
    assert len(made) == 180
    assert set(made) <= {given["destination"] for given in inputs}
    assert statuses(gateway, "cuttly") == {200: 180}
    held_back = [only_error(payload) for payload in payloads if not payload["created"]]
    assert {error["code"] for error in held_back} == {"RATE_LIMITED"}
    assert {error["account"]["key"] for error in held_back} == {"cuttly"}
    assert all(0 < error["retryAfterSeconds"] <= 600 for error in held_back)


async def test_the_gateway_never_exceeds_cuttlys_rate_limit() -> None:
    gateway = open_gateway(deadline_seconds=200)
    payloads = await gateway.payload(CREATE_MANY, inputs=inputs_for(["cuttly"] * 400))
    assert all(payload["created"] for payload in payloads)
    assert statuses(gateway, "cuttly") == {200: 400}
    assert gateway.clock.monotonic() >= 120


async def test_a_thousand_links_at_four_accounts_have_their_payloads_in_order() -> None:
    gateway = open_gateway(deadline_seconds=60)
    accounts = [FOUR[place % 4] for place in range(1000)]
    inputs = inputs_for(accounts)
    payloads = await gateway.payload(CREATE_MANY, inputs=inputs)
    assert len(payloads) == 1000
    for account, given, payload in zip(accounts, inputs, payloads, strict=True):
        if payload["created"]:
            assert payload["link"]["destination"] == given["destination"]
        else:
            assert (account, only_error(payload)["code"]) == ("cuttly", "RATE_LIMITED")
    made = Counter(account for account, payload in zip(accounts, payloads, strict=True) if payload["created"])
    assert made == {"picsee-main": 250, "cuttly": 180, "tinycc": 250, "shortenworld": 250}
    writes = Counter(call for calls in gateway.calls().values() for call in calls)
    assert writes["POST /urls"] == 1
    assert writes["POST /v1/links"] == 250
    assert writes["POST /entity/link/create"] == 250
    assert all(429 not in statuses(gateway, provider) for provider in gateway.calls())


async def test_a_slow_account_does_not_stop_the_others() -> None:
    gateway = open_gateway()
    gateway.break_provider("picsee", "delay", seconds=60)
    accounts = [FOUR[place % 4] for place in range(40)]
    payloads = await gateway.payload(CREATE_MANY, inputs=inputs_for(accounts))
    for account, payload in zip(accounts, payloads, strict=True):
        assert payload["created"] == (account != "picsee-main")
    codes = {only_error(payload)["code"] for payload in payloads if not payload["created"]}
    assert codes <= {"AMBIGUOUS", "TIMEOUT"}


async def test_a_batch_whose_connection_breaks_is_ambiguous_for_each_of_its_links() -> None:
    gateway = open_gateway()
    gateway.break_provider("tinycc", "reset")
    payloads = await gateway.payload(CREATE_MANY, inputs=inputs_for(["tinycc"] * 200))
    assert {only_error(payload)["code"] for payload in payloads} == {"AMBIGUOUS"}
    assert gateway.calls() == {"tinycc": ["POST /urls"]}


@pytest.mark.parametrize("account", ["cuttly", "picsee-main", "shortenworld"])
async def test_at_most_ten_creations_of_an_account_run_at_once(account: str) -> None:
    gateway = open_gateway()
    provider = {"picsee-main": "picsee"}.get(account, account)
    gateway.break_provider(provider, "delay", seconds=60)
    await gateway.payload(CREATE_MANY, inputs=inputs_for([account] * 60))
    assert len(gateway.calls()[provider]) <= 10

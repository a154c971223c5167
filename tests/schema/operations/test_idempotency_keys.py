"""A request with the same idempotencyKey returns the first link and never creates a second one."""

import asyncio
from datetime import timedelta
from typing import Any

import pytest

from harness.gateway import Gateway, open_gateway
from harness.graphql_writes import (
    CREATE,
    CREATE_MANY,
    DELETE,
    UPDATE,
    created,
    new_link,
    only_error,
    short_urls_of,
)
from harness.lagging_lists import LAG, LaggingLists

FOUR = ["picsee-main", "cuttly", "tinycc", "shortenworld"]
LISTING = ["picsee-main", "tinycc", "shortenworld"]
CREATING = {"picsee-main": "POST /v1/links", "tinycc": "POST /urls", "shortenworld": "POST /entity/link/create"}
KEY = "order-4711"


async def keyed(gateway: Gateway, account: str, key: str = KEY, **fields: Any) -> Any:
    return await gateway.payload(CREATE, input=new_link(account, idempotencyKey=key, **fields))


@pytest.mark.parametrize("account", FOUR)
async def test_the_same_key_and_input_return_the_first_payload(account: str) -> None:
    gateway = open_gateway()
    first = await keyed(gateway, account)
    writes = sum(map(len, gateway.calls().values()))
    again = await keyed(gateway, account)
    assert first["created"]
    assert again == first | {"created": False}
    if account == "cuttly":
        assert sum(map(len, gateway.calls().values())) == writes + 1  # reads the link that it returns
    else:
        (calls,) = gateway.calls().values()
        assert calls.count(CREATING[account]) == 1


@pytest.mark.parametrize("account", FOUR)
async def test_the_same_key_with_another_input_is_a_conflict_without_a_call(account: str) -> None:
    gateway = open_gateway()
    await keyed(gateway, account)
    gateway.forget_calls()
    payload = await keyed(gateway, account, destination="https://www.example.com/other")
    error = only_error(payload)
    assert (error["code"], error["path"]) == ("CONFLICT", ["input", "idempotencyKey"])
    assert payload["link"] is None
    assert gateway.calls() == {}


@pytest.mark.parametrize(
    "other",
    [
        {"note": "x"},
        {"ifExists": "RETURN"},
        {"accounts": ["tinycc", "cuttly"]},
        {"tags": []},
        {"expiry": {"afterClicks": 5}},
    ],
)
async def test_a_change_of_any_input_field_is_a_conflict(other: dict[str, Any]) -> None:
    gateway = open_gateway()
    await keyed(gateway, "tinycc")
    assert only_error(await keyed(gateway, "tinycc", **other))["code"] == "CONFLICT"


async def test_many_requests_at_the_same_time_make_one_link() -> None:
    gateway = open_gateway()
    first, *others = await asyncio.gather(*(keyed(gateway, "tinycc") for _ in range(20)))
    assert sorted(payload["created"] for payload in (first, *others)) == [False] * 19 + [True]
    assert [(payload["link"], payload["errors"]) for payload in others] == [(first["link"], [])] * 19
    assert gateway.calls()["tinycc"].count("POST /urls") == 1


async def test_two_requests_with_another_input_at_the_same_time_make_one_link() -> None:
    gateway = open_gateway()
    payloads = await asyncio.gather(keyed(gateway, "tinycc"), keyed(gateway, "tinycc", note="other"))
    assert sorted(payload["created"] for payload in payloads) == [False, True]
    assert gateway.calls()["tinycc"].count("POST /urls") == 1


async def test_inputs_of_one_batch_with_one_key_make_one_link() -> None:
    gateway = open_gateway()
    same, other = new_link("tinycc", idempotencyKey=KEY), new_link("tinycc", idempotencyKey=KEY, note="other")
    payloads = await gateway.payload(CREATE_MANY, inputs=[same, new_link("tinycc"), same, other])
    assert payloads[0]["created"]
    assert payloads[2] == payloads[0] | {"created": False}
    assert payloads[1]["link"]["id"] != payloads[0]["link"]["id"]
    assert only_error(payloads[3])["path"] == ["inputs", "3", "idempotencyKey"]
    assert len(await short_urls_of(gateway, "tinycc")) == 82


async def test_keys_that_differ_in_one_character_are_different() -> None:
    gateway = open_gateway()
    payloads = [await keyed(gateway, "tinycc", key) for key in ("a", "A", "a ", "\u00e4", "a\u0308", "x" * 2000)]
    assert all(payload["created"] for payload in payloads)
    assert len({payload["link"]["id"] for payload in payloads}) == 6


async def test_a_key_is_free_again_after_24_hours() -> None:
    gateway = open_gateway()
    first = await keyed(gateway, "tinycc")
    await gateway.clock.sleep(24 * 3600 - 60)
    assert await keyed(gateway, "tinycc") == first | {"created": False}
    await gateway.clock.sleep(120)
    third = await keyed(gateway, "tinycc")
    assert third["created"]
    assert third["link"]["id"] != first["link"]["id"]


@pytest.mark.parametrize("account", LISTING)
async def test_an_ambiguous_creation_that_happened_is_found_and_not_repeated(account: str) -> None:
    gateway = open_gateway()
    provider = {"picsee-main": "picsee"}.get(account, account)
    gateway.break_provider(provider, "truncated", path=CREATING[account].partition(" ")[2], times=1)
    fields = {"destination": "https://www.example.com/unclear"}
    first = await keyed(gateway, account, **fields)
    assert only_error(first)["code"] == "AMBIGUOUS"
    again = await keyed(gateway, account, **fields)
    assert again["errors"] == []
    assert again["link"]["destination"] == "https://www.example.com/unclear"
    assert (await keyed(gateway, account, **fields))["link"] == again["link"]
    assert gateway.calls()[provider].count(CREATING[account]) == 1


@pytest.mark.parametrize("account", ["tinycc", "shortenworld"])
async def test_an_ambiguous_creation_that_did_not_happen_is_repeated(account: str) -> None:
    gateway = open_gateway()
    gateway.break_provider(account, "reset", path=CREATING[account].partition(" ")[2], times=1)
    fields = {"destination": "https://www.example.com/unclear"}
    first = await keyed(gateway, account, **fields)
    assert only_error(first)["code"] == "AMBIGUOUS"
    again = await keyed(gateway, account, **fields)
    assert (again["created"], again["errors"]) == (True, [])
    assert gateway.calls()[account].count(CREATING[account]) == 2


@pytest.mark.parametrize(("kind", "happened"), [("truncated", True), ("reset", False)])
async def test_one_key_creates_one_link_at_picsee_whose_lists_lag_by_ten_minutes(kind: str, happened: bool) -> None:
    gateway = open_gateway(around=LaggingLists)
    gateway.break_provider("picsee", kind, path="/v1/links", times=1)
    fields = {"destination": "https://www.example.com/unclear"}
    assert only_error(await keyed(gateway, "picsee-main", **fields))["code"] == "AMBIGUOUS"
    unclear_at = gateway.clock.now()
    for _ in range(4):
        error = only_error(await keyed(gateway, "picsee-main", **fields))
        wait = (unclear_at + LAG - gateway.clock.now()).total_seconds()
        assert (error["code"], error["path"]) == ("AMBIGUOUS", ["input", "idempotencyKey"])
        assert wait <= error["retryAfterSeconds"] < wait + 1
        assert f"may not show it before {unclear_at + LAG + timedelta(seconds=1):%Y-%m-%dT%H:%M}" in error["message"]
        await gateway.clock.sleep(100)
    assert gateway.calls()["picsee"].count("POST /v1/links") == 1
    await gateway.clock.sleep(wait)
    payload = await keyed(gateway, "picsee-main", **fields)
    assert (payload["errors"], payload["link"]["destination"]) == ([], fields["destination"])
    assert payload["created"] is not happened
    assert await keyed(gateway, "picsee-main", **fields) == payload | {"created": False}
    assert gateway.calls()["picsee"].count("POST /v1/links") == (1 if happened else 2)


async def test_a_vendor_that_fails_during_the_lag_does_not_end_it() -> None:
    gateway = open_gateway(around=LaggingLists)
    gateway.break_provider("picsee", "reset", path="/v1/links", times=1)
    await keyed(gateway, "picsee-main")
    gateway.break_provider("picsee", "status", status=503)
    await gateway.clock.sleep(LAG.total_seconds() + 1)
    error = only_error(await keyed(gateway, "picsee-main"))
    assert (error["code"], error["retryAfterSeconds"]) == ("AMBIGUOUS", None)
    assert gateway.calls()["picsee"].count("POST /v1/links") == 1


@pytest.mark.parametrize("kind", ["truncated", "reset"])
async def test_an_ambiguous_creation_at_cuttly_is_resolved_by_its_slug(kind: str) -> None:
    gateway = open_gateway()
    gateway.break_provider("cuttly", kind, times=1)
    first = await keyed(gateway, "cuttly", slug="unclear-26")
    assert only_error(first)["code"] == "AMBIGUOUS"
    again = await keyed(gateway, "cuttly", slug="unclear-26")
    assert again["errors"] == []
    assert again["link"]["shortUrl"] == "https://cutt.ly/unclear-26"
    third = await keyed(gateway, "cuttly", slug="unclear-26")
    assert third["link"] == again["link"]


async def test_an_ambiguous_creation_at_cuttly_without_a_slug_stays_ambiguous() -> None:
    gateway = open_gateway()
    gateway.break_provider("cuttly", "truncated", times=1)
    await keyed(gateway, "cuttly")
    gateway.forget_calls()
    payload = await keyed(gateway, "cuttly")
    error = only_error(payload)
    assert (error["code"], error["path"]) == ("AMBIGUOUS", ["input", "idempotencyKey"])
    assert gateway.calls() == {}


async def test_a_creation_that_certainly_failed_does_not_use_the_key() -> None:
    gateway = open_gateway()
    refused = await keyed(gateway, "tinycc", slug="card", domain="go.shopdemo.example")
    assert only_error(refused)["code"] == "CONFLICT"
    payload = await keyed(gateway, "tinycc", slug="card26", domain="go.shopdemo.example")
    assert (payload["created"], payload["errors"]) == (True, [])


async def test_a_wrong_input_does_not_use_the_key() -> None:
    gateway = open_gateway()
    await keyed(gateway, "nobody")
    await keyed(gateway, "cuttly", password="sesame")
    payload = await keyed(gateway, "cuttly")
    assert (payload["created"], payload["errors"]) == (True, [])


async def test_the_key_of_a_deleted_link_creates_no_other() -> None:
    gateway = open_gateway()
    first = await keyed(gateway, "tinycc")
    await gateway.payload(DELETE, ids=[first["link"]["id"]])
    payload = await keyed(gateway, "tinycc")
    assert payload["link"] is None
    assert only_error(payload)["code"] == "NOT_FOUND"
    assert gateway.calls()["tinycc"].count("POST /urls") == 1


@pytest.mark.parametrize(("status", "code"), [(503, "UNAVAILABLE"), (429, "RATE_LIMITED"), (401, "UNAUTHENTICATED")])
async def test_a_repeated_request_while_the_vendor_is_down_returns_the_error_of_the_vendor(
    status: int, code: str
) -> None:
    gateway = open_gateway()
    await keyed(gateway, "tinycc")
    gateway.break_provider("tinycc", "status", status=status)
    payload = await keyed(gateway, "tinycc")
    assert (payload["link"], only_error(payload)["code"]) == (None, code)
    assert gateway.calls()["tinycc"].count("POST /urls") == 1


async def test_a_repeated_request_returns_the_link_as_it_is_now() -> None:
    gateway = open_gateway()
    first = await keyed(gateway, "tinycc")
    await gateway.payload(UPDATE, input={"id": first["link"]["id"], "destination": "https://b.example"})
    payload = await keyed(gateway, "tinycc")
    assert not payload["created"]
    assert payload["link"] == {**first["link"], "destination": "https://b.example"}


async def test_an_existing_link_is_not_reported_as_created_by_a_repeated_request() -> None:
    gateway = open_gateway()
    await created(gateway, "tinycc")
    payloads = [await keyed(gateway, "tinycc", ifExists="RETURN") for _ in range(2)]
    assert [payload["created"] for payload in payloads] == [False, False]
    assert payloads[0] == payloads[1]


async def test_a_key_is_valid_across_a_fail_over() -> None:
    gateway = open_gateway()
    gateway.break_provider("cuttly", "status", status=429, times=1)
    first = await keyed(gateway, "cuttly", accounts=["cuttly", "tinycc"])
    assert first["link"]["account"] == {"key": "tinycc"}
    again = await keyed(gateway, "cuttly", accounts=["cuttly", "tinycc"])
    assert again == first | {"created": False}
    assert gateway.calls()["tinycc"].count("POST /urls") == 1

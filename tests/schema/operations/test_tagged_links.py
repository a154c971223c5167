"""Changes, deletes and resets of all links that have some tags: one call to tiny.cc for each."""

from typing import Any

import pytest

from harness.gateway import Gateway, open_gateway
from harness.graphql_writes import ERRORS, only_error
from linkweave.testing.virtual_time import in_virtual_time

UPDATE = f"""mutation ($input: UpdateLinksByTagInput!) {{
  payload: updateLinksByTag(input: $input) {{ done {ERRORS} }} }}"""
DELETE = f"""mutation ($account: ID = "tinycc", $tags: TagFilter!) {{
  payload: deleteLinksByTag(account: $account, tags: $tags) {{ done {ERRORS} }} }}"""
RESET = DELETE.replace("deleteLinksByTag", "resetStatsByTag")
LINKS = """query ($tags: TagFilter) { links(first: 100, filter: { accounts: ["tinycc"], tags: $tags }) {
  nodes { id note protected clicks tags { name } } pageInfo { hasNextPage } } }"""


async def links(gateway: Gateway, **tags: list[str]) -> list[Any]:
    read = (await gateway.data(LINKS, tags=tags))["links"]
    assert not read["pageInfo"]["hasNextPage"]
    return list(read["nodes"])


@in_virtual_time
async def test_one_call_changes_all_links_of_a_tag_and_no_other() -> None:
    gateway = open_gateway()
    before = await links(gateway)
    gateway.forget_calls()
    payload = await gateway.payload(UPDATE, input={"account": "tinycc", "tags": {"all": ["sale"]}, "note": "over"})
    assert (payload["done"], payload["errors"]) == (True, [])
    # The account's tags are read for their spelling.
    assert gateway.calls() == {"tinycc": ["GET /tags", "PATCH /urls"]}
    for was, now in zip(before, await links(gateway), strict=True):
        is_tagged = "sale" in {tag["name"] for tag in was["tags"]}
        assert now == (was | {"note": "over"} if is_tagged else was)


@in_virtual_time
async def test_one_call_deletes_all_links_of_a_choice_of_tags_but_protected_ones() -> None:
    gateway = open_gateway()
    tags = {"any": ["sale", "podcast"], "none": ["gifts"]}
    chosen = {link["id"]: link for link in await links(gateway, **tags)}
    before = {link["id"] for link in await links(gateway)}
    gateway.forget_calls()
    assert (await gateway.payload(DELETE, tags=tags))["done"]
    assert gateway.calls() == {"tinycc": ["DELETE /urls"]}
    gone = {key for key, link in chosen.items() if not link["protected"]}
    assert gone
    assert {link["id"] for link in await links(gateway)} == before - gone


@in_virtual_time
async def test_one_call_resets_the_clicks_of_all_links_of_a_tag() -> None:
    gateway = open_gateway()
    assert sum(link["clicks"] for link in await links(gateway, all=["sale"])) > 0
    assert (await gateway.payload(RESET, tags={"all": ["SALE"]}))["done"]
    assert {link["clicks"] for link in await links(gateway, all=["sale"])} == {0}
    assert sum(link["clicks"] for link in await links(gateway, none=["sale"])) > 0


@pytest.mark.parametrize(
    ("account", "tags", "code", "path"),
    [
        ("tinycc", {}, "INVALID_INPUT", ["tags"]),
        ("tinycc", {"none": ["sale"]}, "INVALID_INPUT", ["tags"]),
        ("tinycc", {"all": []}, "INVALID_INPUT", ["tags"]),
        ("tinycc", {"all": ["sale", "nothing-has-this"]}, "INVALID_INPUT", ["tags"]),
        ("tinycc", {"any": ["nothing-has-this"]}, "INVALID_INPUT", ["tags"]),
        ("nobody", {"all": ["sale"]}, "INVALID_INPUT", ["account"]),
        ("picsee-main", {"all": ["sale"]}, "UNSUPPORTED", None),
    ],
)
@pytest.mark.parametrize("mutation", [DELETE, RESET])
@in_virtual_time
async def test_a_choice_that_names_no_links_for_certain_changes_nothing(
    mutation: str, account: str, tags: dict[str, list[str]], code: str, path: list[str] | None
) -> None:
    gateway = open_gateway()
    payload = await gateway.payload(mutation, account=account, tags=tags)
    error = only_error(payload)
    assert (payload["done"], error["code"], error["path"]) == (False, code, path)
    assert all(call == "GET /tags" for calls in gateway.calls().values() for call in calls)


@pytest.mark.parametrize(
    ("given", "code", "path"),
    [
        ({}, "INVALID_INPUT", ["input"]),
        ({"archived": None}, "INVALID_INPUT", ["input", "archived"]),
        ({"expiry": {"redirectTo": "https://www.example.com"}}, "UNSUPPORTED", ["input", "expiry", "redirectTo"]),
        ({"note": "x", "tags": {}}, "INVALID_INPUT", ["input", "tags"]),
        ({"note": "x", "account": "cuttly"}, "UNSUPPORTED", None),
    ],
)
@in_virtual_time
async def test_a_wrong_change_is_refused_before_any_write(
    given: dict[str, object], code: str, path: list[str] | None
) -> None:
    gateway = open_gateway()
    error = only_error(await gateway.payload(UPDATE, input={"account": "tinycc", "tags": {"all": ["sale"]}, **given}))
    assert (error["code"], error["path"]) == (code, path)
    assert all(call == "GET /tags" for calls in gateway.calls().values() for call in calls)


@in_virtual_time
async def test_a_change_that_breaks_after_it_was_sent_is_ambiguous() -> None:
    gateway = open_gateway()
    await links(gateway, all=["sale"])
    gateway.break_provider("tinycc", "reset", path="/urls")
    error = only_error(await gateway.payload(DELETE, tags={"all": ["sale"]}))
    assert error["code"] == "AMBIGUOUS"

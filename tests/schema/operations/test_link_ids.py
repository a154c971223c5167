"""Links named by their ids: wrong ids, too many of them, and links of several accounts at once."""

import pytest

from harness.gateway import open_gateway
from harness.graphql_writes import DELETE, RESET, RESTORE, UPDATE, a_new_link, link_by_id, only_error, payload_of
from linkweave.schema.global_ids import encode_id

FOUR = ["picsee-main", "cuttly", "tinycc", "shortenworld"]
WRONG_IDS = {
    "no id": "nonsense",
    "an account's": encode_id("Account", "tinycc"),
    "of an account that is not here": encode_id("Link", "nobody", "x"),
    "empty": "",
    "not ASCII": "link\u00e4",
    "very long": "A" * 5000,
}


@pytest.mark.parametrize("wrong", WRONG_IDS.values(), ids=WRONG_IDS)
async def test_an_id_that_names_no_link_here_is_said_with_its_path(wrong: str) -> None:
    gateway = open_gateway()
    update = await payload_of(gateway, UPDATE, input={"id": wrong, "title": "x"})
    restore = await payload_of(gateway, RESTORE, id=wrong)
    (delete,), (reset,) = [await payload_of(gateway, each, ids=[wrong]) for each in (DELETE, RESET)]
    errors = [only_error(payload) for payload in (update, restore, delete, reset)]
    assert {error["code"] for error in errors} == {"INVALID_INPUT"}
    assert [error["path"] for error in errors] == [["input", "id"], ["id"], ["ids", "0"], ["ids", "0"]]
    assert (delete["id"], reset["id"]) == (wrong, wrong)
    assert gateway.calls() == {}


@pytest.mark.parametrize("mutation", [DELETE, RESET])
async def test_more_than_a_thousand_ids_are_refused_whole(mutation: str) -> None:
    gateway = open_gateway()
    reply = await gateway.ask(mutation, ids=[encode_id("Link", "tinycc", "x")] * 1001)
    assert (reply.data, reply.codes) == (None, ["INVALID_INPUT"])
    assert gateway.calls() == {}


async def test_links_of_four_accounts_are_deleted_in_one_request() -> None:
    gateway = open_gateway()
    links = [await a_new_link(gateway, account) for account in FOUR]
    chevereto, wrong = encode_id("Link", "chevereto", "x"), "nonsense"
    payloads = await payload_of(gateway, DELETE, ids=[*links, chevereto, wrong, links[2]])
    assert [payload["id"] for payload in payloads] == [*links, chevereto, wrong, links[2]]
    assert [payload["deleted"] for payload in payloads] == [True, True, True, True, False, False, True]
    assert only_error(payloads[4])["code"] == "UNSUPPORTED"
    assert only_error(payloads[5])["path"] == ["ids", "5"]
    assert [await link_by_id(gateway, link, "id") for link in links] == [None] * 4


async def test_a_link_that_does_not_fit_into_a_request_is_not_found() -> None:
    gateway = open_gateway()
    odd = [encode_id("Link", account, "../..") for account in FOUR] + [encode_id("Link", "picsee-main", "a/b?c#d")]
    payloads = await payload_of(gateway, DELETE, ids=odd)
    assert not any(payload["deleted"] for payload in payloads)
    assert {only_error(payload)["code"] for payload in payloads} <= {"NOT_FOUND", "REJECTED"}

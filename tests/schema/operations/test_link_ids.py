"""deleteLinks with IDs of several accounts, and with IDs that do not fit into a vendor's request."""

from harness.gateway import open_gateway
from harness.graphql_writes import DELETE, a_new_link, link_by_id, only_error
from linkweave.schema.global_ids import encode_id

FOUR = ["picsee-main", "cuttly", "tinycc", "shortenworld"]


async def test_one_mutation_deletes_links_of_four_accounts() -> None:
    gateway = open_gateway()
    links = [await a_new_link(gateway, account) for account in FOUR]
    chevereto, wrong = encode_id("Link", "chevereto", "x"), "nonsense"
    payloads = await gateway.payload(DELETE, ids=[*links, chevereto, wrong, links[2]])
    assert [payload["id"] for payload in payloads] == [*links, chevereto, wrong, links[2]]
    assert [payload["deleted"] for payload in payloads] == [True, True, True, True, False, False, True]
    assert only_error(payloads[4])["code"] == "UNSUPPORTED"
    assert only_error(payloads[5])["path"] == ["ids", "5"]
    assert [await link_by_id(gateway, link, "id") for link in links] == [None] * 4


async def test_an_id_that_does_not_fit_into_a_vendors_request_deletes_nothing() -> None:
    gateway = open_gateway()
    odd = [encode_id("Link", account, "../..") for account in FOUR] + [encode_id("Link", "picsee-main", "a/b?c#d")]
    payloads = await gateway.payload(DELETE, ids=odd)
    assert not any(payload["deleted"] for payload in payloads)
    assert {only_error(payload)["code"] for payload in payloads} <= {"NOT_FOUND", "REJECTED"}

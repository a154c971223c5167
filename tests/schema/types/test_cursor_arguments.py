from typing import Any

import pytest

from harness.gateway import Gateway, open_gateway

LINKS = """
query ($after: String, $filter: LinkFilter, $first: Int = 5) {
  links(first: $first, after: $after, filter: $filter) { nodes { id } pageInfo { endCursor } }
}
"""
OF_ACCOUNT = """
query ($key: String!, $after: String) {
  account(key: $key) { links(first: 5, after: $after) { nodes { id } pageInfo { endCursor } } }
}
"""
LABELS = """
query ($after: String) { %s(first: 1, after: $after) { nodes { id } pageInfo { hasNextPage endCursor } } }
"""
WEBHOOKS = """
query ($after: String) {
  account(key: "tinycc") { webhooks(first: 1, after: $after) { nodes { id } pageInfo { hasNextPage endCursor } } }
}
"""
TINYCC = {"accounts": ["tinycc"]}


async def end_of_first_page(gateway: Gateway, **arguments: Any) -> str:
    cursor: str = (await gateway.data(LINKS, **arguments))["links"]["pageInfo"]["endCursor"]
    return cursor


async def assert_rejected(gateway: Gateway, query: str, **arguments: Any) -> None:
    gateway.forget_calls()
    reply = await gateway.ask(query, **arguments)
    assert reply.codes == ["INVALID_INPUT"]
    assert reply.error["extensions"]["field"] == "after"
    assert "endCursor" in reply.error["message"]
    assert gateway.calls() == {}


def changed(cursor: str) -> list[str]:
    """Cursors that are made of `cursor` and that the gateway did not sign."""
    middle = len(cursor) // 2
    other = "A" if cursor[middle] != "A" else "B"
    return [
        cursor[:middle] + other + cursor[middle + 1 :],
        cursor[:-4],
        cursor + "AAAA",
        "A" + cursor[1:],
        cursor[::-1],
        cursor.swapcase(),
    ]


async def test_a_changed_cursor_is_rejected() -> None:
    gateway = open_gateway()
    for cursor in changed(await end_of_first_page(gateway, filter=TINYCC)):
        await assert_rejected(gateway, LINKS, after=cursor, filter=TINYCC)


@pytest.mark.parametrize("cursor", ["", " ", "0", "cursor", "é", "MTIz", "=" * 50, "A" * 100_000, "\u0000"])
async def test_text_that_is_no_cursor_is_rejected(cursor: str) -> None:
    gateway = open_gateway()
    for query in (LINKS, LABELS % "tags", LABELS % "domains", WEBHOOKS):
        await assert_rejected(gateway, query, after=cursor)
    await assert_rejected(gateway, OF_ACCOUNT, after=cursor, key="tinycc")


@pytest.mark.parametrize(
    ("query", "arguments"),
    [
        (LINKS, {}),
        (LINKS, {"filter": {"accounts": ["shortenworld"]}}),
        (LINKS, {"filter": {"accounts": ["tinycc", "shortenworld"]}}),
        (LINKS, {"filter": {"accounts": ["tinycc"], "archived": False}}),
        (LINKS, {"filter": {"accounts": ["tinycc"], "tags": {"any": ["sale"]}}}),
        (LINKS, {"filter": {"accounts": ["tinycc"], "search": "sale"}}),
        (OF_ACCOUNT, {"key": "shortenworld"}),
    ],
)
async def test_a_cursor_of_another_filter_or_account_is_rejected(query: str, arguments: dict[str, Any]) -> None:
    gateway = open_gateway()
    cursor = await end_of_first_page(gateway, filter=TINYCC)
    await assert_rejected(gateway, query, after=cursor, **arguments)


async def test_a_cursor_of_another_field_is_rejected() -> None:
    gateway = open_gateway()
    lists = {
        "links": (LINKS, await end_of_first_page(gateway, filter=TINYCC)),
        "tags": (LABELS % "tags", (await gateway.data(LABELS % "tags"))["tags"]["pageInfo"]["endCursor"]),
        "domains": (LABELS % "domains", (await gateway.data(LABELS % "domains"))["domains"]["pageInfo"]["endCursor"]),
        "webhooks": (WEBHOOKS, (await gateway.data(WEBHOOKS))["account"]["webhooks"]["pageInfo"]["endCursor"]),
    }
    for name, (query, _) in lists.items():
        for other, (_, cursor) in lists.items():
            if other != name:
                arguments = {"filter": TINYCC} if name == "links" else {}
                await assert_rejected(gateway, query, after=cursor, **arguments)


async def test_a_cursor_that_another_server_signed_is_rejected() -> None:
    cursor = await end_of_first_page(open_gateway(secret="another-servers-secret"), filter=TINYCC)
    await assert_rejected(open_gateway(), LINKS, after=cursor, filter=TINYCC)


async def test_a_filter_in_other_words_accepts_the_cursor() -> None:
    gateway = open_gateway()
    cursor = await end_of_first_page(gateway, filter=TINYCC)
    same = await gateway.data(LINKS, after=cursor, filter={"providers": ["tinycc"], "origin": "ANY"})
    assert same == await gateway.data(LINKS, after=cursor, filter=TINYCC)
    assert same == (await gateway.data(OF_ACCOUNT, key="tinycc", after=cursor))["account"]


async def test_a_gateway_accepts_a_cursor_from_before_its_restart() -> None:
    cursor = await end_of_first_page(open_gateway(), filter=TINYCC)
    page = await open_gateway().data(LINKS, after=cursor, filter=TINYCC)
    assert len(page["links"]["nodes"]) == 5


async def test_a_client_may_change_the_page_size_from_page_to_page() -> None:
    gateway = open_gateway()
    whole = (await gateway.data(LINKS, first=30, filter=TINYCC))["links"]["nodes"]
    start = (await gateway.data(LINKS, first=3, filter=TINYCC))["links"]
    rest = (await gateway.data(LINKS, first=27, after=start["pageInfo"]["endCursor"], filter=TINYCC))["links"]
    assert start["nodes"] + rest["nodes"] == whole


@pytest.mark.parametrize("query", [LABELS % "tags", LABELS % "domains", WEBHOOKS], ids=["tags", "domains", "webhooks"])
async def test_pages_of_one_item_return_every_item_once(query: str) -> None:
    gateway = open_gateway()
    found: list[str] = []
    after, more = None, True
    while more:
        (connection,) = (await gateway.data(query, after=after)).values()
        connection = connection.get("webhooks", connection)
        found += [node["id"] for node in connection["nodes"]]
        after, more = connection["pageInfo"]["endCursor"], connection["pageInfo"]["hasNextPage"]
    in_one = await gateway.data(query.replace("first: 1", "first: 100"))
    (connection,) = in_one.values()
    assert found == [node["id"] for node in connection.get("webhooks", connection)["nodes"]]
    assert len(set(found)) == len(found) > 1

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


async def assert_refused(gateway: Gateway, query: str, **arguments: Any) -> None:
    gateway.forget_calls()
    reply = await gateway.ask(query, **arguments)
    assert reply.codes == ["INVALID_INPUT"]
    assert reply.error["extensions"]["field"] == "after"
    assert "endCursor" in reply.error["message"]
    assert gateway.calls() == {}


def changed(cursor: str) -> list[str]:
    """Cursors that nobody gave out, made of one that was."""
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


async def test_a_changed_cursor_is_refused() -> None:
    gateway = open_gateway()
    for cursor in changed(await end_of_first_page(gateway, filter=TINYCC)):
        await assert_refused(gateway, LINKS, after=cursor, filter=TINYCC)


@pytest.mark.parametrize("cursor", ["", " ", "0", "cursor", "é", "MTIz", "=" * 50, "A" * 100_000, "\u0000"])
async def test_what_never_was_a_cursor_is_refused(cursor: str) -> None:
    gateway = open_gateway()
    await assert_refused(gateway, LINKS, after=cursor)
    await assert_refused(gateway, OF_ACCOUNT, after=cursor, key="tinycc")
    await assert_refused(gateway, LABELS % "tags", after=cursor)
    await assert_refused(gateway, LABELS % "domains", after=cursor)
    await assert_refused(gateway, WEBHOOKS, after=cursor)


@pytest.mark.parametrize(
    "other",
    [
        None,
        {"accounts": ["shortenworld"]},
        {"accounts": ["tinycc", "shortenworld"]},
        {"accounts": ["tinycc"], "archived": False},
        {"accounts": ["tinycc"], "tags": {"any": ["sale"]}},
        {"accounts": ["tinycc"], "search": "sale"},
    ],
)
async def test_a_cursor_of_another_filter_is_refused(other: dict[str, Any] | None) -> None:
    gateway = open_gateway()
    cursor = await end_of_first_page(gateway, filter=TINYCC)
    await assert_refused(gateway, LINKS, after=cursor, filter=other)


async def test_the_same_question_in_other_words_takes_the_cursor() -> None:
    gateway = open_gateway()
    cursor = await end_of_first_page(gateway, filter=TINYCC)
    same = await gateway.data(LINKS, after=cursor, filter={"providers": ["tinycc"], "origin": "ANY"})
    assert same == await gateway.data(LINKS, after=cursor, filter=TINYCC)
    alone = (await gateway.data(OF_ACCOUNT, key="tinycc", after=cursor))["account"]
    assert alone == same


async def test_a_cursor_of_another_account_is_refused() -> None:
    gateway = open_gateway()
    cursor = await end_of_first_page(gateway, filter=TINYCC)
    await assert_refused(gateway, OF_ACCOUNT, after=cursor, key="shortenworld")


async def test_a_cursor_of_another_field_is_refused() -> None:
    gateway = open_gateway()
    of_links = await end_of_first_page(gateway, filter=TINYCC)
    of_tags = (await gateway.data(LABELS % "tags"))["tags"]["pageInfo"]["endCursor"]
    of_domains = (await gateway.data(LABELS % "domains"))["domains"]["pageInfo"]["endCursor"]
    of_webhooks = (await gateway.data(WEBHOOKS))["account"]["webhooks"]["pageInfo"]["endCursor"]
    for cursor in (of_tags, of_domains, of_webhooks):
        await assert_refused(gateway, LINKS, after=cursor, filter=TINYCC)
    for cursor in (of_links, of_domains, of_webhooks):
        await assert_refused(gateway, LABELS % "tags", after=cursor)
    for cursor in (of_links, of_tags, of_webhooks):
        await assert_refused(gateway, LABELS % "domains", after=cursor)
    for cursor in (of_links, of_tags, of_domains):
        await assert_refused(gateway, WEBHOOKS, after=cursor)


async def test_a_cursor_that_another_server_signed_is_refused() -> None:
    cursor = await end_of_first_page(open_gateway(secret="another-servers-secret"), filter=TINYCC)
    await assert_refused(open_gateway(), LINKS, after=cursor, filter=TINYCC)


async def test_a_cursor_outlives_a_restart_with_the_same_secret() -> None:
    cursor = await end_of_first_page(open_gateway(), filter=TINYCC)
    page = await open_gateway().data(LINKS, after=cursor, filter=TINYCC)
    assert len(page["links"]["nodes"]) == 5


async def test_the_page_size_may_change_from_page_to_page() -> None:
    gateway = open_gateway()
    whole = (await gateway.data(LINKS, first=30, filter=TINYCC))["links"]["nodes"]
    start = (await gateway.data(LINKS, first=3, filter=TINYCC))["links"]
    rest = (await gateway.data(LINKS, first=27, after=start["pageInfo"]["endCursor"], filter=TINYCC))["links"]
    assert start["nodes"] + rest["nodes"] == whole


@pytest.mark.parametrize("query", [LABELS % "tags", LABELS % "domains", WEBHOOKS], ids=["tags", "domains", "webhooks"])
async def test_other_lists_are_read_to_the_end_too(query: str) -> None:
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

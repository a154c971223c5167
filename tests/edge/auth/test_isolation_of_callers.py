"""Cursors and idempotency keys of one caller are not another's."""

import pytest

from harness.gateway import Gateway
from harness.gateway_with_clients import ROOT, VISIBLE, client, open_guarded

SCOPES = ["read", "write"]
LISTS = {
    "links": "{ links(first: 1%s) { nodes { id } pageInfo { endCursor } } }",
    "links of an account": '{ links(first: 1, filter: { accounts: ["picsee-main"] }%s) { pageInfo { endCursor } } }',
    "tags": "{ tags(first: 1%s) { pageInfo { endCursor } } }",
    "domains": "{ domains(first: 1%s) { pageInfo { endCursor } } }",
    "tags of an account": '{ tags(first: 1, accounts: ["picsee-main"]%s) { pageInfo { endCursor } } }',
}
CREATE = """mutation {
  createLink(input: { destination: "https://e.example/once", accounts: ["picsee-main"], idempotencyKey: "key-1" }) {
    link { id } created errors { code message }
  }
}"""


def gateway() -> Gateway:
    return open_guarded(
        [
            client("root", ROOT, SCOPES, "*"),
            client("one", "one", SCOPES, VISIBLE),
            client("same", "same", SCOPES, VISIBLE),
            client("more", "more", SCOPES, VISIBLE, "zz-t"),
            client("turned", "turned", SCOPES, "zz-t", VISIBLE),
        ]
    )


async def cursor(of: Gateway, query: str) -> str:
    ((_, answer),) = (await of.data(query % "")).items()
    end: str = answer["pageInfo"]["endCursor"]
    return end


@pytest.mark.parametrize("query", LISTS.values(), ids=LISTS)
@pytest.mark.parametrize(("one", "other"), [(ROOT, "one"), ("one", ROOT), ("more", "one"), ("one", "more")])
async def test_a_cursor_of_a_caller_that_sees_other_accounts_is_refused(query: str, one: str, other: str) -> None:
    front = gateway()
    given = await cursor(front.bearing(one), query)
    front.forget_calls()
    reply = await front.bearing(other).ask(query % f', after: "{given}"')
    assert reply.codes == ["INVALID_INPUT"]
    assert reply.error["extensions"]["field"] == "after"
    assert front.calls() == {}


@pytest.mark.parametrize("query", LISTS.values(), ids=LISTS)
@pytest.mark.parametrize(("one", "other"), [("one", "same"), ("more", "turned")])
async def test_callers_that_see_the_same_accounts_can_share_cursors(query: str, one: str, other: str) -> None:
    front = gateway()
    given = await cursor(front.bearing(one), query)
    assert (await front.bearing(other).ask(query % f', after: "{given}"')).errors == []


async def test_each_client_has_idempotency_keys_of_its_own() -> None:
    front = gateway()
    first, other, again = [(await front.bearing(who).data(CREATE))["createLink"] for who in ("one", "same", "one")]
    assert [each["errors"] for each in (first, other, again)] == [[], [], []]
    assert first["link"] == again["link"] != other["link"]

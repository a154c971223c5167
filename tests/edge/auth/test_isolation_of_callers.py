"""What one caller leaves behind is not another's: cursors, idempotency keys."""

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
@pytest.mark.parametrize(("giver", "taker"), [(ROOT, "one"), ("one", ROOT), ("more", "one"), ("one", "more")])
async def test_a_cursor_of_a_caller_who_sees_other_accounts_is_refused(query: str, giver: str, taker: str) -> None:
    front = gateway()
    given = await cursor(front.bearing(giver), query)
    front.forget_calls()
    reply = await front.bearing(taker).ask(query % f', after: "{given}"')
    assert reply.codes == ["INVALID_INPUT"]
    assert reply.error["extensions"]["field"] == "after"
    assert front.calls() == {}


@pytest.mark.parametrize("query", LISTS.values(), ids=LISTS)
@pytest.mark.parametrize(("giver", "taker"), [("one", "same"), ("more", "turned")])
async def test_callers_who_see_the_same_accounts_may_pass_cursors_on(query: str, giver: str, taker: str) -> None:
    front = gateway()
    given = await cursor(front.bearing(giver), query)
    assert (await front.bearing(taker).ask(query % f', after: "{given}"')).errors == []


async def test_an_idempotency_key_is_its_clients_own() -> None:
    front = gateway()
    first, other, again = [(await front.bearing(who).data(CREATE))["createLink"] for who in ("one", "same", "one")]
    assert [each["errors"] for each in (first, other, again)] == [[], [], []]
    assert first["link"] == again["link"] != other["link"]

"""A caller gets the same answer for an account that it may not see as for one that does not exist."""

import json
from typing import Any

import pytest

from harness.gateway import Gateway
from harness.gateway_with_clients import HIDDEN, ROOT, WRITER, client, open_guarded
from linkweave.schema.global_ids import decode_id, encode_id

UNKNOWN = "zz-q"  # of the same length

IDS = """
{
  accounts {
    key id domains { id } tags { id } teams { id } campaigns { id } trackers { id }
    webhooks(first: 1) { nodes { id } } links(first: 1) { nodes { id shortUrl } }
  }
}
"""

# KEY is the account's key; ID is one of its ids, of the kind that is named.
BY_KEY = [
    '{ account(key: "KEY") { key } }',
    '{ links(filter: { accounts: ["KEY"] }) { nodes { id } } }',
    '{ links(filter: { accounts: ["picsee-main", "KEY"] }) { nodes { id } } }',
    '{ stats(filter: { accounts: ["KEY"] }) { clicks } }',
    '{ tags(accounts: ["KEY"]) { nodes { name } } }',
    '{ domains(accounts: ["KEY"]) { nodes { name } } }',
    '{ account(key: "picsee-main") { links(filter: { accounts: ["KEY"] }) { nodes { id } } } }',
    '{ tags { nodes { links(accounts: ["KEY"]) { nodes { id } } } } }',
    """mutation { createLink(input: { destination: "https://e.example", accounts: ["KEY"] }) {
        link { id } errors { code message path } } }""",
    """mutation { createLinks(inputs: [{ destination: "https://e.example", accounts: ["picsee-main", "KEY"] }]) {
        link { id } errors { code message path } } }""",
    'mutation { createTag(account: "KEY", name: "x") { tag { id } errors { code message path } } }',
    """mutation { renameTag(account: "KEY", name: "x", newName: "y") { tag { id } errors { code message path } } }""",
    """mutation { createWebhook(input: { account: "KEY", url: "https://e.example", tag: "x" }) {
        webhook { id } errors { code message path } } }""",
    'mutation { deleteTag(account: "KEY", name: "x") { deleted errors { code message path } } }',
    'mutation { uploadFile(input: { account: "KEY", url: "https://e.example/x" }) { errors { code message path } } }',
    """mutation { reportAbuse(input: { account: "KEY", shortUrl: "https://e.example/x" }) {
        reported errors { code message path } } }""",
    'mutation { refresh(accounts: ["KEY"]) { accounts { key } } }',
]
BY_ID = [
    ("Account", '{ node(id: "ID") { id } }'),
    ("Account", '{ links(filter: { accounts: ["ID"] }) { nodes { id } } }'),
    ("Domain", '{ node(id: "ID") { id } }'),
    ("Team", '{ node(id: "ID") { id } }'),
    ("Team", '{ links(filter: { teams: ["ID"] }) { nodes { id } sources { returned } } }'),
    ("Team", '{ account(key: "picsee-main") { campaigns(team: "ID") { id } } }'),
    ("Campaign", '{ node(id: "ID") { id } }'),
    ("Campaign", '{ links(filter: { campaigns: ["ID"] }) { nodes { id } sources { returned } } }'),
    ("Tracker", '{ node(id: "ID") { id } }'),
    ("Webhook", '{ node(id: "ID") { id } }'),
    ("Link", '{ node(id: "ID") { id } }'),
    ("Link", '{ nodes(ids: ["ID", "ID"]) { id } }'),
    ("Link", '{ link(id: "ID") { id } }'),
    ("Link", '{ stats(links: ["ID"]) { clicks } }'),
    ("Link", 'mutation { updateLink(input: { id: "ID", title: "x" }) { link { id } errors { code message path } } }'),
    ("Link", 'mutation { deleteLinks(ids: ["ID"]) { deleted errors { code message path } } }'),
    ("Link", 'mutation { restoreLink(id: "ID") { link { id } errors { code message path } } }'),
    ("Link", 'mutation { resetStats(ids: ["ID"]) { errors { code message path } } }'),
    ("Link", 'mutation { addTracker(input: { link: "ID", allTeamTrackers: true }) { errors { code message path } } }'),
    ("Tracker", 'mutation { removeTracker(id: "ID") { deleted errors { code message path } } }'),
    ("Webhook", 'mutation { deleteWebhooks(ids: ["ID"]) { deleted errors { code message path } } }'),
    ("Webhook", """mutation { updateWebhook(input: { id: "ID", url: "https://e.example/x" }) {
        webhook { id } errors { code message path } } }"""),
    ("Link", """mutation { updateLinks(inputs: [{ id: "ID", title: "x" }]) {
        link { id } errors { code message path } } }"""),
    ("Account", """mutation { createLink(input: { destination: "https://e.example", accounts: ["ID"] }) {
        link { id } errors { code message path } } }"""),
    ("Account", 'mutation { refresh(accounts: ["ID"]) { accounts { key } } }'),
    ("Account", '{ tags(accounts: ["ID"]) { nodes { name } } }'),
    ("Team", """mutation { createLink(input: {
        destination: "https://e.example", accounts: ["picsee-main"], team: "ID"
    }) { errors { code message path } } }"""),
]  # fmt: skip


async def answer_to(gateway: Gateway, query: str) -> Any:
    gateway.forget_calls()
    reply = await gateway.ask(query)
    assert set(gateway.calls()) <= {"picsee"}
    # One that is not valid is refused whatever it names.
    assert all("path" in error for error in reply.errors), reply.errors
    return [reply.data, reply.errors]


@pytest.fixture
async def caller() -> Gateway:
    """Of two clients, one of which sees one account and may do everything with it."""
    scopes = ["read", "write", "admin"]
    clients = [client("root", ROOT, scopes, "*"), client("all", WRITER, scopes, "picsee-main")]
    return open_guarded(clients)


@pytest.mark.parametrize("query", BY_KEY)
async def test_a_hidden_key_is_an_unknown_key(query: str, caller: Gateway) -> None:
    key = HIDDEN["cuttly"]
    of_hidden = await answer_to(caller.bearing(WRITER), query.replace("KEY", key))
    of_unknown = await answer_to(caller.bearing(WRITER), query.replace("KEY", UNKNOWN))
    assert json.dumps(of_hidden).replace(key, UNKNOWN) == json.dumps(of_unknown)


async def ids_of_hidden(gateway: Gateway) -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}

    def collect(value: Any) -> None:
        if isinstance(value, dict):
            if "id" in value:
                found.setdefault(decode_id(value["id"], "id").kind, []).append(value["id"])
            for each in value.values():
                collect(each)
        elif isinstance(value, list):
            for each in value:
                collect(each)

    data = (await gateway.bearing(ROOT).ask(IDS)).data
    for account in data["accounts"]:
        if account["key"] in HIDDEN.values():
            collect(account)
    return found


@pytest.mark.parametrize(("kind", "query"), BY_ID)
async def test_an_id_of_a_hidden_account_is_answered_as_one_of_an_unknown_account(
    kind: str, query: str, caller: Gateway
) -> None:
    ids = (await ids_of_hidden(caller))[kind]
    for given in dict.fromkeys(ids[:2] + ids[-2:]):
        unknown = encode_id(kind, UNKNOWN, *decode_id(given, "id").parts[1:])
        of_hidden = await answer_to(caller.bearing(WRITER), query.replace("ID", given))
        of_unknown = await answer_to(caller.bearing(WRITER), query.replace("ID", unknown))
        # An account's id contains its key.
        key = decode_id(given, "id").parts[0]
        assert json.dumps(of_hidden).replace(given, unknown).replace(key, UNKNOWN) == json.dumps(of_unknown)


async def test_a_short_url_of_a_hidden_account_is_unknown(caller: Gateway) -> None:
    query = '{ link(shortUrl: "https://cutt.ly/spring-sale") { id } }'
    assert (await caller.bearing(ROOT).data(query))["link"] is not None
    assert await answer_to(caller.bearing(WRITER), query) == [{"link": None}, []]


async def test_a_tag_that_only_hidden_accounts_have_is_unknown(caller: Gateway) -> None:
    accounts = (await caller.bearing(ROOT).data("{ tags(first: 100) { nodes { id accounts { key } } } }"))["tags"]
    ids = [tag["id"] for tag in accounts["nodes"] if all(each["key"] in HIDDEN.values() for each in tag["accounts"])]
    assert ids
    for given in ids:
        assert await answer_to(caller.bearing(WRITER), f'{{ node(id: "{given}") {{ id }} }}') == [{"node": None}, []]

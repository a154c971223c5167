"""An account that a caller may not see does not exist for it: nothing of it is in any answer, whatever is asked."""

import json
from dataclasses import dataclass
from typing import Any

import pytest

from harness.gateway import Gateway
from harness.gateway_with_clients import HIDDEN, READER, ROOT, VISIBLE, WRITER, client, leaves, open_guarded
from linkweave.cli.demo import first_query

TEXTS = """
{
  accounts {
    id key label domains { id name } tags { id name } teams { id name } campaigns { id name }
    trackers { id name code }
    webhooks { nodes { id url } }
    links(first: 100) { nodes { id shortUrl slug destination title note } }
  }
  link(shortUrl: "https://cutt.ly/spring-sale") { id shortUrl title destination }
}
"""

QUERIES = {
    "the demo's": first_query(),
    "everything of accounts": TEXTS,
    "accounts of providers": '{ accounts(providers: ["cuttly", "tinycc", "shortenworld", "chevereto"]) { key label } }',
    "providers": "{ providers { id accounts { key label } } }",
    "links": """{ links(first: 100) {
        nodes { id shortUrl destination account { key label } domain { name } tags { name accounts { key } } }
        sources { account { key label } status } pageInfo { endCursor }
    } }""",
    "links of other providers": """{ links(filter: { providers: ["cuttly", "tinycc"] }) {
        nodes { shortUrl } sources { account { key } } pageInfo { endCursor }
    } }""",
    "links on other domains": """{ links(filter: { domains: ["cutt.ly", "tiny.cc"] }) {
        nodes { shortUrl } sources { account { key } }
    } }""",
    "links by a tag that others have too": """{ links(filter: { tags: { any: ["launch"] } }) {
        nodes { shortUrl } sources { account { key } }
    } }""",
    "links by words": """{ links(filter: { search: "spring" }) { nodes { shortUrl } sources { account { key } } } }""",
    "tags": """{ tags(first: 100) {
        nodes { id name accounts { key } links(first: 100) { nodes { shortUrl } sources { account { key } } } }
        sources { account { key } status }
    } }""",
    "domains": "{ domains(first: 100) { nodes { id name account { key } } sources { account { key } } } }",
    "statistics": "{ stats { links byAccount { account { key } links } sources { account { key } status } } }",
    "a link on another's domain": '{ link(shortUrl: "https://cutt.ly/spring-sale") { id title account { key } } }',
    "a wrong account": '{ links(filter: { accounts: ["nope"] }) { nodes { id } } }',
    "a wrong account of tags": '{ tags(accounts: ["nope"]) { nodes { name } } }',
    "a wrong account of domains": '{ domains(accounts: ["nope"]) { nodes { name } } }',
    "a wrong account of statistics": '{ stats(filter: { accounts: ["nope"] }) { clicks } }',
}

MUTATIONS = {
    "a link": 'createLink(input: { destination: "https://e.example", accounts: ["nope"] }) { errors { message } }',
    "a tag": 'createTag(account: "nope", name: "x") { errors { message } }',
    "a webhook": 'createWebhook(input: { account: "nope", url: "https://e.example", tag: "x" }) { errors { message } }',
    "an upload": 'uploadFile(input: { account: "nope", url: "https://e.example/x.png" }) { errors { message } }',
    "a report": 'reportAbuse(input: { account: "nope", shortUrl: "https://e.example/x" }) { errors { message } }',
}


@dataclass(frozen=True)
class Secrets:
    """Words that only accounts have that the caller may not see."""

    texts: frozenset[str]

    def in_(self, answer: Any) -> list[str]:
        written = json.dumps(answer, ensure_ascii=False)
        return [text for text in self.texts if text in written]


async def hidden(gateway: Gateway) -> Secrets:
    data = (await gateway.bearing(ROOT).ask(TEXTS)).data
    accounts = data["accounts"]
    own = {text for account in accounts if account["key"] == VISIBLE for text in leaves(account)}
    invisible = [account for account in accounts if account["key"] != VISIBLE]
    others = {*leaves(invisible), *leaves(data["link"])}
    shown = json.dumps(sorted(own), ensure_ascii=False)
    # A word that is part of a visible one proves nothing.
    secrets = frozenset(text for text in others if len(text) > 3 and text not in shown) | {*HIDDEN.values()}
    assert len(secrets) > 200
    assert secrets >= {f"Label of {key}" for key in HIDDEN.values()} | {"https://cutt.ly/spring-sale"}
    return Secrets(secrets)


@pytest.mark.parametrize("query", QUERIES.values(), ids=QUERIES)
async def test_nothing_of_other_accounts_is_in_any_answer(query: str) -> None:
    gateway = open_guarded()
    secrets = await hidden(gateway)
    gateway.forget_calls()
    reply = await gateway.bearing(READER).ask(query)
    assert secrets.in_([reply.data, reply.errors]) == []
    assert set(gateway.calls()) <= {"picsee"}
    everything = await gateway.bearing(ROOT).ask(query)
    assert (everything.data, everything.errors) != (reply.data, reply.errors), "the query finds out nothing"


@pytest.mark.parametrize("mutation", MUTATIONS.values(), ids=MUTATIONS)
async def test_the_error_for_an_unknown_account_names_no_hidden_one(mutation: str) -> None:
    gateway = open_guarded()
    data = await gateway.bearing(WRITER).data(f"mutation {{ {mutation} }}")
    assert VISIBLE in json.dumps(data)
    assert [key for key in HIDDEN.values() if key in json.dumps(data)] == []
    assert gateway.calls() == {}


async def test_failing_hidden_accounts_are_not_reported() -> None:
    gateway = open_guarded()
    for provider in HIDDEN:
        gateway.break_provider(provider, "status", status=500)
    query = """{
      links { nodes { id } sources { account { key } status } }
      accounts { key quotas { name } health { state } tags { name } }
      tags { sources { account { key } } }
    }"""
    assert (await gateway.bearing(ROOT).ask(query)).errors
    reply = await gateway.bearing(READER).ask(query)
    assert reply.errors == []
    assert [key for key in HIDDEN.values() if key in json.dumps(reply.data)] == []


async def test_every_provider_is_listed_without_its_hidden_accounts() -> None:
    data = await open_guarded().bearing(READER).data("{ providers { id accounts { key } } }")
    assert {each["id"]: each["accounts"] for each in data["providers"]} == {
        "picsee": [{"key": VISIBLE}],
        **{provider: [] for provider in HIDDEN},
    }


async def test_a_caller_sees_its_accounts_in_the_order_of_the_configuration() -> None:
    gateway = open_guarded([client("two", "two", ["read"], "zz-t", "zz-c")]).bearing("two")
    data = await gateway.data("{ accounts { key } links { sources { account { key } } } }")
    assert [account["key"] for account in data["accounts"]] == ["zz-c", "zz-t"]
    assert [source["account"]["key"] for source in data["links"]["sources"]] == ["zz-c", "zz-t"]

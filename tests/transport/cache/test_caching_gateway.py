"""What callers see of the cache: nothing is asked twice while it is fresh."""

import asyncio
from datetime import datetime, timedelta
from typing import Any

import pytest

from harness.cached_lists import LISTS, NODES, REFRESH, calls_of, sources
from harness.gateway import SANDBOX, open_gateway
from harness.graphql_writes import CREATE, DELETE, a_new_link, new_link, payload_of, updated
from harness.virtual_time import NOW
from linkweave.providers.discovery import discover
from linkweave.sandbox import sandbox_accounts


async def test_the_same_question_again_is_answered_alike_without_asking() -> None:
    gateway = open_gateway()
    first = await gateway.data(LISTS)
    gateway.forget_calls()
    await asyncio.sleep(30)
    at = gateway.clock.monotonic()
    assert await gateway.data(LISTS) == first
    assert (gateway.calls(), gateway.clock.monotonic()) == ({}, at)


async def test_links_that_a_list_told_are_there_by_their_ids_without_asking_for_as_long_as_the_list_is_fresh() -> None:
    gateway = open_gateway()
    listed = (await gateway.data(LISTS, first=60))["links"]["nodes"]
    ids = [link["id"] for link in listed]
    gateway.forget_calls()
    found = (await gateway.data(NODES, ids=ids))["nodes"]
    assert found == [{key: link[key] for key in ("id", "shortUrl", "fetchedAt")} for link in listed]
    for link in listed[:3]:
        one = await gateway.data("query ($id: ID!) { link(id: $id) { shortUrl } }", id=link["id"])
        assert one == {"link": {"shortUrl": link["shortUrl"]}}
    assert gateway.calls() == {}
    await asyncio.sleep(61)
    await gateway.data(NODES, ids=ids)
    assert set(gateway.calls()) == {"picsee", "shortenworld", "tinycc"}


async def test_fetched_at_is_when_the_vendor_was_really_asked() -> None:
    def told(data: Any) -> dict[tuple[str, str], str]:
        names = ("links", "tags", "domains")
        return {(name, key): source["fetchedAt"] for name in names for key, source in sources(data, name).items()}

    gateway = open_gateway()
    first = told(await gateway.data(LISTS))
    await asyncio.sleep(40)
    assert told(await gateway.data(LISTS)) == first
    assert NOW <= datetime.fromisoformat(first["tags", "tinycc"]) <= NOW + timedelta(seconds=5)


async def test_picsees_slow_lists_are_asked_as_rarely_as_picsee_wishes() -> None:
    gateway = open_gateway()
    query = '{ account(key: "picsee-main") { tags { name } domains { name } quotas { used } } }'
    assert len((await calls_of(gateway, query))["picsee"]) == 3
    await asyncio.sleep(3200)
    assert await calls_of(gateway, query) == {}


@pytest.mark.parametrize("account", ["picsee-main", "tinycc", "shortenworld"])
async def test_what_was_written_is_read_and_what_other_accounts_told_is_still_known(account: str) -> None:
    gateway = open_gateway()
    before = await gateway.data(LISTS, first=100)
    link = await a_new_link(gateway, account)
    gateway.forget_calls()
    after = await gateway.data(LISTS, first=100)
    provider = {"picsee-main": "picsee"}.get(account, account)
    assert set(gateway.calls()) == {provider}
    assert link not in [each["id"] for each in before["links"]["nodes"]]
    assert account == "picsee-main" or link in [each["id"] for each in after["links"]["nodes"]]
    await gateway.data(NODES, ids=[link])
    await payload_of(gateway, DELETE, ids=[link])
    assert (await gateway.data(NODES, ids=[link]))["nodes"] == [None]


async def test_a_link_that_a_list_told_is_not_shown_as_it_was_before_it_was_changed() -> None:
    gateway = open_gateway()
    query = '{ links(first: 1, filter: { accounts: ["tinycc"] }) { nodes { id } } }'
    link = (await gateway.data(query))["links"]["nodes"][0]["id"]
    await updated(gateway, link, note="changed")
    query = "query ($id: ID!) { link(id: $id) { note } }"
    assert (await gateway.data(query, id=link))["link"]["note"] == "changed"


async def test_refresh_lets_everything_be_asked_anew_of_the_accounts_named() -> None:
    gateway = open_gateway()
    await gateway.data(LISTS)
    gateway.forget_calls()
    assert (await gateway.data(REFRESH, keys=["tinycc"]))["refresh"] == {"accounts": [{"key": "tinycc"}]}
    assert gateway.calls() == {}
    await gateway.data(LISTS)
    assert {name: sorted(set(calls)) for name, calls in gateway.calls().items()} == {
        "tinycc": ["GET /domains", "GET /tags", "GET /urls"]
    }
    await gateway.data(REFRESH)
    gateway.forget_calls()
    await gateway.data(LISTS)
    assert set(gateway.calls()) == {"picsee", "shortenworld", "tinycc"}


async def test_refresh_lets_its_own_request_ask_anew_too() -> None:
    gateway = open_gateway()
    query = """mutation { a: refresh(accounts: ["tinycc"]) { accounts { tags { name } } }
      b: refresh(accounts: ["tinycc"]) { accounts { tags { name } } } }"""
    assert (await calls_of(gateway, query))["tinycc"] == ["GET /tags", "GET /tags"]


async def test_whether_a_destination_has_a_link_is_asked_now() -> None:
    gateway = open_gateway()
    asked = new_link("shortenworld")
    query = """query { links(first: 100, filter: { accounts: ["shortenworld"] }) { nodes { destination } } }"""
    await gateway.data(query)
    order = {**asked, "ifExists": "FAIL"}
    gateway.forget_calls()
    assert (await payload_of(gateway, CREATE, input=order))["created"]
    assert "GET /entity/link/list" in gateway.calls()["shortenworld"]


async def test_a_second_link_at_shortenworld_costs_one_call() -> None:
    gateway = open_gateway()
    await a_new_link(gateway, "shortenworld")
    gateway.forget_calls()
    assert (await payload_of(gateway, CREATE, input=new_link("shortenworld")))["created"]
    assert gateway.calls()["shortenworld"] == ["POST /entity/link/create"]


async def test_that_there_is_no_such_domain_is_not_said_before_it_was_asked_now() -> None:
    gateway = open_gateway()
    await a_new_link(gateway, "shortenworld")
    gateway.forget_calls()
    await asyncio.sleep(1)
    payload = await payload_of(gateway, CREATE, input=new_link("shortenworld", domain="new.example"))
    assert not payload["created"]
    calls = gateway.calls()["shortenworld"]
    assert calls.count("GET /entity/team/list") == 1
    assert calls.count("GET /entity/domain/list") > 1


async def test_a_slug_that_nobody_has_is_asked_for_again_after_ten_seconds() -> None:
    gateway = open_gateway()
    query = '{ link(shortUrl: "https://cutt.ly/nobody-has-this") { slug } }'
    assert await calls_of(gateway, query) == {"cuttly": ["GET /team/API/index.php"]}
    await asyncio.sleep(9)
    assert await calls_of(gateway, query) == {}
    await asyncio.sleep(2)
    assert await calls_of(gateway, query) == {"cuttly": ["GET /team/API/index.php"]}


async def test_many_callers_with_the_same_cold_question_cost_what_one_costs() -> None:
    one, many = open_gateway(), open_gateway()
    await one.data(LISTS)
    answers = await asyncio.gather(*(many.data(LISTS) for _ in range(20)))
    assert {provider: sorted(calls) for provider, calls in many.calls().items()} == {
        provider: sorted(calls) for provider, calls in one.calls().items()
    }
    assert all(answer == answers[0] for answer in answers)


async def test_with_the_cache_off_every_request_asks() -> None:
    gateway = open_gateway(sections={"cache": {"enabled": False}})
    query = '{ account(key: "tinycc") { tags { name } } }'
    assert [len((await calls_of(gateway, query))["tinycc"]) for _ in range(2)] == [1, 1]
    await gateway.data(REFRESH)


async def test_an_accounts_own_lifetimes_go_before_those_of_all() -> None:
    tables = sandbox_accounts(discover(), SANDBOX)
    own = [{**table, "fresh_seconds": {"domains": 0}} for table in tables if table["key"] == "tinycc"]
    cache = {"fresh_seconds": {"tags": 0, "domains": 600, "usage": 600}}
    gateway = open_gateway(accounts=own, sections={"cache": cache})
    for field, asked in {"tags { name }": [1, 1], "domains { name }": [1, 1], "quotas { used }": [1, 0]}.items():
        query = f'{{ account(key: "tinycc") {{ {field} }} }}'
        assert [len((await calls_of(gateway, query)).get("tinycc", ())) for _ in asked] == asked

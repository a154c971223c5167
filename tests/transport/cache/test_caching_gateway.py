"""Callers see that no call is made again while its answer is fresh."""

import asyncio
from datetime import datetime, timedelta
from typing import Any

import pytest

from harness.cached_lists import LISTS, NODES, REFRESH, calls_of, sources
from harness.gateway import SANDBOX, five_providers, open_gateway
from harness.graphql_writes import CREATE, DELETE, a_new_link, new_link
from harness.virtual_time import NOW
from linkweave.sandbox import sandbox_accounts


async def test_a_repeated_query_gets_the_same_answer_without_a_call() -> None:
    gateway = open_gateway()
    first = await gateway.data(LISTS)
    gateway.forget_calls()
    await asyncio.sleep(30)
    at = gateway.clock.monotonic()
    assert await gateway.data(LISTS) == first
    assert (gateway.calls(), gateway.clock.monotonic()) == ({}, at)


async def test_links_of_a_list_are_found_by_their_ids_without_a_call_while_the_list_is_fresh() -> None:
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


async def test_fetched_at_is_the_moment_of_the_vendors_answer() -> None:
    def fetched_at(data: Any) -> dict[tuple[str, str], str]:
        names = ("links", "tags", "domains")
        return {(name, key): source["fetchedAt"] for name in names for key, source in sources(data, name).items()}

    gateway = open_gateway()
    first = fetched_at(await gateway.data(LISTS))
    await asyncio.sleep(40)
    assert fetched_at(await gateway.data(LISTS)) == first
    assert NOW <= datetime.fromisoformat(first["tags", "tinycc"]) <= NOW + timedelta(seconds=5)


async def test_picsees_slow_lists_are_fetched_as_rarely_as_picsee_wishes() -> None:
    gateway = open_gateway()
    query = '{ account(key: "picsee-main") { tags { name } domains { name } quotas { used } } }'
    assert len((await calls_of(gateway, query))["picsee"]) == 3
    await asyncio.sleep(3200)
    assert await calls_of(gateway, query) == {}


@pytest.mark.parametrize("account", ["picsee-main", "tinycc", "shortenworld"])
async def test_a_write_is_visible_and_the_answers_of_other_accounts_stay_cached(account: str) -> None:
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
    await gateway.payload(DELETE, ids=[link])
    assert (await gateway.data(NODES, ids=[link]))["nodes"] == [None]


async def test_refresh_invalidates_everything_of_the_named_accounts() -> None:
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


async def test_refresh_invalidates_what_its_own_request_has_read() -> None:
    gateway = open_gateway()
    query = """mutation { a: refresh(accounts: ["tinycc"]) { accounts { tags { name } } }
      b: refresh(accounts: ["tinycc"]) { accounts { tags { name } } } }"""
    assert (await calls_of(gateway, query))["tinycc"] == ["GET /tags", "GET /tags"]


async def test_whether_a_destination_has_a_link_is_not_read_from_the_cache() -> None:
    gateway = open_gateway()
    link = new_link("shortenworld")
    query = """query { links(first: 100, filter: { accounts: ["shortenworld"] }) { nodes { destination } } }"""
    await gateway.data(query)
    order = {**link, "ifExists": "FAIL"}
    gateway.forget_calls()
    assert (await gateway.payload(CREATE, input=order))["created"]
    assert "GET /entity/link/list" in gateway.calls()["shortenworld"]


async def test_an_unknown_domain_is_looked_up_at_the_vendor_before_it_is_refused() -> None:
    gateway = open_gateway()
    await a_new_link(gateway, "shortenworld")
    gateway.forget_calls()
    await asyncio.sleep(1)
    payload = await gateway.payload(CREATE, input=new_link("shortenworld", domain="new.example"))
    assert not payload["created"]
    calls = gateway.calls()["shortenworld"]
    assert calls.count("GET /entity/team/list") == 1
    assert calls.count("GET /entity/domain/list") > 1


async def test_a_slug_that_was_not_found_is_looked_up_again_after_ten_seconds() -> None:
    gateway = open_gateway()
    query = '{ link(shortUrl: "https://cutt.ly/nobody-has-this") { slug } }'
    assert await calls_of(gateway, query) == {"cuttly": ["GET /team/API/index.php"]}
    await asyncio.sleep(9)
    assert await calls_of(gateway, query) == {}
    await asyncio.sleep(2)
    assert await calls_of(gateway, query) == {"cuttly": ["GET /team/API/index.php"]}


async def test_many_callers_of_the_same_cold_query_cost_the_calls_of_one() -> None:
    one, many = open_gateway(), open_gateway()
    await one.data(LISTS)
    answers = await asyncio.gather(*(many.data(LISTS) for _ in range(20)))
    assert {provider: sorted(calls) for provider, calls in many.calls().items()} == {
        provider: sorted(calls) for provider, calls in one.calls().items()
    }
    assert all(answer == answers[0] for answer in answers)


async def test_without_the_cache_every_request_makes_its_calls() -> None:
    gateway = open_gateway(sections={"cache": {"enabled": False}})
    query = '{ account(key: "tinycc") { tags { name } } }'
    assert [len((await calls_of(gateway, query))["tinycc"]) for _ in range(2)] == [1, 1]
    await gateway.data(REFRESH)


async def test_the_lifetimes_of_an_account_go_before_those_of_all_accounts() -> None:
    tables = sandbox_accounts(five_providers(), SANDBOX)
    own = [{**table, "fresh_seconds": {"domains": 0}} for table in tables if table["key"] == "tinycc"]
    cache = {"fresh_seconds": {"tags": 0, "domains": 600, "usage": 600}}
    gateway = open_gateway(accounts=own, sections={"cache": cache})
    for field, calls in {"tags { name }": [1, 1], "domains { name }": [1, 1], "quotas { used }": [1, 0]}.items():
        query = f'{{ account(key: "tinycc") {{ {field} }} }}'
        assert [len((await calls_of(gateway, query)).get("tinycc", ())) for _ in calls] == calls

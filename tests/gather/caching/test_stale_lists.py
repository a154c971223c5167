"""Stale answers as callers see them: they come at once, and their sources have the failure of the refresh."""

import asyncio
from typing import Any

import pytest

from harness.cached_lists import LISTS, STATS, calls_of, sources
from harness.gateway import open_gateway


async def test_a_stale_list_is_returned_at_once_and_refreshed_in_the_background() -> None:
    gateway = open_gateway()
    first = await gateway.data(LISTS)
    await asyncio.sleep(400)
    at = gateway.clock.monotonic()
    gateway.forget_calls()
    assert await gateway.data(LISTS) == first
    assert gateway.clock.monotonic() == at
    await asyncio.sleep(10)
    assert set(gateway.calls()) == {"picsee", "shortenworld", "tinycc"}
    gateway.forget_calls()
    later = await gateway.data(LISTS)
    for name in ("links", "tags", "domains"):
        old, new = sources(first, name), sources(later, name)
        assert {key for key in old if old[key]["fetchedAt"] != new[key]["fetchedAt"]} >= {"tinycc"}
        assert {new[key]["status"] for key in ("tinycc", "picsee-main")} == {"OK"}
    assert gateway.calls() == {}


@pytest.mark.parametrize(
    ("kind", "details", "code"),
    [
        ("reset", {}, "UNAVAILABLE"),
        ("status", {"status": 500}, "UNAVAILABLE"),
        ("status", {"status": 200}, "BAD_RESPONSE"),
        ("html", {}, "BAD_RESPONSE"),
        ("status", {"status": 429, "headers": {"retry-after": "7"}}, "RATE_LIMITED"),
    ],
)
async def test_a_vendor_that_fails_leaves_its_earlier_answer_with_a_stale_source(
    kind: str, details: dict[str, Any], code: str
) -> None:
    gateway = open_gateway()
    first = await gateway.data(LISTS)
    await asyncio.sleep(400)
    gateway.break_provider("tinycc", kind, **details)
    assert await gateway.data(LISTS) == first
    await asyncio.sleep(3)
    later = await gateway.data(LISTS)
    kept, shown = (
        [link for link in data["links"]["nodes"] if link["account"]["key"] == "tinycc"] for data in (first, later)
    )
    assert kept == shown
    for name in ("links", "tags", "domains"):
        source = sources(later, name)["tinycc"]
        assert (source["status"], source["error"]) == ("STALE", {"code": code})
        assert source["fetchedAt"] == sources(first, name)["tinycc"]["fetchedAt"]
    assert sources(later, "links")["shortenworld"]["status"] == "OK"


async def test_a_list_is_stale_where_the_domains_that_it_was_planned_from_are_stale() -> None:
    gateway = open_gateway()
    await gateway.data(LISTS)
    await asyncio.sleep(400)
    gateway.break_provider("tinycc", "reset", path="/domains")
    await gateway.data(LISTS)
    await asyncio.sleep(3)
    later = await gateway.data(LISTS)
    assert {name: sources(later, name)["tinycc"]["status"] for name in ("links", "tags", "domains")} == {
        "links": "STALE",
        "tags": "OK",
        "domains": "STALE",
    }
    assert sources(later, "links")["tinycc"]["error"] == {"code": "UNAVAILABLE"}


async def test_nothing_is_stale_after_the_vendor_recovers() -> None:
    gateway = open_gateway()
    await gateway.data(LISTS)
    await asyncio.sleep(400)
    gateway.break_provider("tinycc", "reset")
    for _ in range(2):
        await gateway.data(LISTS)
        await asyncio.sleep(3)
    gateway.mend_provider("tinycc")
    await asyncio.sleep(60)
    for _ in range(2):
        later = await gateway.data(LISTS)
        await asyncio.sleep(3)
    assert {sources(later, name)["tinycc"]["status"] for name in ("links", "tags", "domains")} == {"OK"}


async def test_after_a_day_the_stale_answer_is_gone_and_the_source_is_failed() -> None:
    gateway = open_gateway()
    await gateway.data(LISTS)
    gateway.break_provider("tinycc", "reset")
    await asyncio.sleep(24 * 3600)
    source = sources(await gateway.data(LISTS), "links")["tinycc"]
    assert (source["status"], source["error"]) == ("FAILED", {"code": "UNAVAILABLE"})


@pytest.mark.parametrize(("account", "provider"), [("shortenworld", "shortenworld"), ("picsee-main", "picsee")])
async def test_statistics_are_cached_and_stale_where_they_cannot_be_refreshed(account: str, provider: str) -> None:
    gateway = open_gateway()
    # The newest links were made after the days that are asked for, and so need no call.
    query = "query ($key: ID!) { links(first: 50, filter: { accounts: [$key] }) { nodes { id } } }"
    link = (await gateway.data(query, key=account))["links"]["nodes"][-1]["id"]
    first = await gateway.data(STATS, id=link)
    assert await calls_of(gateway, STATS, id=link) == {}
    await asyncio.sleep(3601)
    gateway.break_provider(provider, "reset")
    for _ in range(2):
        later = await gateway.data(STATS, id=link)
        await asyncio.sleep(3)
    (source,) = later["link"]["stats"]["sources"]
    assert (source["status"], source["error"]) == ("STALE", {"code": "UNAVAILABLE"})
    assert later["link"]["stats"]["clicks"] == first["link"]["stats"]["clicks"]
    assert source["fetchedAt"] == first["link"]["stats"]["sources"][0]["fetchedAt"]


async def test_numbers_that_came_with_a_stale_list_are_stale() -> None:
    gateway = open_gateway()
    query = """{ links(first: 3, filter: { accounts: ["picsee-main"] }) {
      nodes { stats { clicks sources { status fetchedAt error { code } } } } } }"""
    await gateway.data(query)
    await asyncio.sleep(4000)
    gateway.break_provider("picsee", "reset")
    for _ in range(2):
        later = await gateway.data(query)
        await asyncio.sleep(3)
    told = [link["stats"]["sources"][0] for link in later["links"]["nodes"]]
    assert [(source["status"], source["error"]) for source in told] == [("STALE", {"code": "UNAVAILABLE"})] * 3


async def test_a_link_of_a_stale_list_is_returned_where_its_vendor_fails() -> None:
    gateway = open_gateway()
    query = '{ links(first: 3, filter: { accounts: ["tinycc"] }) { nodes { id shortUrl } } }'
    link = (await gateway.data(query))["links"]["nodes"][0]
    gateway.break_provider("tinycc", "reset")
    await asyncio.sleep(600)
    reply = await gateway.data("query ($id: ID!) { link(id: $id) { id shortUrl } }", id=link["id"])
    assert reply["link"] == link

"""What callers see of answers that are merely stale: nobody waits, and sources say why there are no newer ones."""

import asyncio
from typing import Any

import pytest

from harness.cached_lists import LISTS, STATS, calls_of, sources
from harness.gateway import open_gateway


async def test_what_is_stale_is_answered_at_once_and_new_a_moment_later() -> None:
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
async def test_a_vendor_that_fails_leaves_what_it_told_before_and_its_source_says_so(
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


async def test_a_list_is_stale_too_when_what_it_was_planned_by_is() -> None:
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


async def test_once_mended_nothing_is_stale() -> None:
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


async def test_after_a_day_the_failure_is_all_there_is() -> None:
    gateway = open_gateway()
    await gateway.data(LISTS)
    gateway.break_provider("tinycc", "reset")
    await asyncio.sleep(24 * 3600)
    source = sources(await gateway.data(LISTS), "links")["tinycc"]
    assert (source["status"], source["error"]) == ("FAILED", {"code": "UNAVAILABLE"})


@pytest.mark.parametrize(("account", "provider"), [("shortenworld", "shortenworld"), ("picsee-main", "picsee")])
async def test_statistics_are_remembered_and_stale_where_they_cannot_be_read_anew(account: str, provider: str) -> None:
    gateway = open_gateway()
    query = "query ($key: ID!) { links(first: 1, filter: { accounts: [$key] }) { nodes { id } } }"
    link = (await gateway.data(query, key=account))["links"]["nodes"][0]["id"]
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
    query = """{ links(first: 3, filter: { accounts: ["tinycc"] }) {
      nodes { stats { clicks sources { status fetchedAt error { code } } } } } }"""
    await gateway.data(query)
    await asyncio.sleep(400)
    gateway.break_provider("tinycc", "reset")
    for _ in range(2):
        later = await gateway.data(query)
        await asyncio.sleep(3)
    told = [link["stats"]["sources"][0] for link in later["links"]["nodes"]]
    assert [(source["status"], source["error"]) for source in told] == [("STALE", {"code": "UNAVAILABLE"})] * 3


async def test_a_link_that_only_a_list_told_is_better_than_its_vendors_failure() -> None:
    gateway = open_gateway()
    query = '{ links(first: 3, filter: { accounts: ["tinycc"] }) { nodes { id shortUrl } } }'
    link = (await gateway.data(query))["links"]["nodes"][0]
    gateway.break_provider("tinycc", "reset")
    await asyncio.sleep(600)
    reply = await gateway.data("query ($id: ID!) { link(id: $id) { id shortUrl } }", id=link["id"])
    assert reply["link"] == link

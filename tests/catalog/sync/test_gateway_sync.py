"""A gateway with a catalog keeps it in step by itself, and says how far it is."""

import asyncio
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

from harness.gateway import SANDBOX, Gateway, open_gateway
from harness.listed_links import read_all
from linkweave.cli.demo import third_query
from linkweave.providers.discovery import discover
from linkweave.sandbox import sandbox_accounts

FAST = ("tinycc", "shortenworld", "cuttly")
STATE = """{
  catalog { accounts {
    account { key } state links lastFullSync lastSync statisticsAsOf progress error
    budget { callsToday limit }
  } }
}"""
# Most tries of an answer that comes in milliseconds.
TRIES = 1_000


@asynccontextmanager
async def gateway_with_catalog(tmp_path: Path, **sections: Any) -> AsyncIterator[Gateway]:
    providers = {name: discover()[name] for name in FAST}
    catalog = {"url": f"sqlite:///{tmp_path}/catalog.db", "newest_seconds": 1, **sections}
    accounts = sandbox_accounts(providers, SANDBOX)
    gateway = open_gateway(providers=providers, accounts=accounts, sections={"catalog": catalog})
    pages = gateway.app.pages
    async with pages.router.lifespan_context(pages):
        yield gateway


async def in_state(gateway: Gateway, wanted: Mapping[str, str]) -> dict[str, Any]:
    """Returns what the catalog says of each account, once they are in the `wanted` states."""
    for _ in range(TRIES):
        told = (await gateway.data(STATE))["catalog"]["accounts"]
        found = {each["account"]["key"]: each for each in told}
        if {key: each["state"] for key, each in found.items()} == wanted:
            return found
        await asyncio.sleep(0.01)
    raise AssertionError(found)


ALL_IN_STEP = {"tinycc": "IN_STEP", "shortenworld": "IN_STEP", "cuttly": "NOT_LISTED"}


async def test_a_gateway_reads_all_links_into_its_catalog_and_says_so(tmp_path: Path) -> None:
    async with gateway_with_catalog(tmp_path) as gateway:
        found = await in_state(gateway, ALL_IN_STEP)
        for key in ("tinycc", "shortenworld"):
            assert found[key]["links"] == len(await read_all(gateway, {"accounts": [key]})) > 0
            assert found[key]["lastFullSync"] is not None
            assert found[key]["progress"] == 1
            assert found[key]["error"] is None
        assert found["cuttly"]["links"] == 0
        assert found["cuttly"]["lastFullSync"] is None
        # tiny.cc counts its calls of a day.
        assert found["tinycc"]["budget"]["limit"] > found["tinycc"]["budget"]["callsToday"] > 0
        assert found["shortenworld"]["budget"]["limit"] is None


async def test_the_demos_third_example_is_answered_from_the_catalog(tmp_path: Path) -> None:
    async with gateway_with_catalog(tmp_path) as gateway:
        found = await in_state(gateway, ALL_IN_STEP)
        data = await gateway.data(third_query())
    assert data["top"]["totalCount"] == sum(each["links"] for each in found.values())
    assert len(data["top"]["edges"]) == 10
    assert len(data["tags"]["nodes"]) == 5
    assert all(each["linkCount"] > 1 for each in data["doubles"]["nodes"])


async def test_a_vendor_that_is_down_is_said_to_fail_and_the_others_go_on(tmp_path: Path) -> None:
    async with gateway_with_catalog(tmp_path) as gateway:
        gateway.break_provider("tinycc", "reset")
        found = await in_state(gateway, {**ALL_IN_STEP, "tinycc": "FAILING"})
        assert "tinycc" in found["tinycc"]["error"]


async def test_a_gateway_without_a_catalog_says_how_to_get_one() -> None:
    reply = await open_gateway().ask("{ catalog { accounts { state } } accounts { key } }")
    assert reply.data["catalog"] is None
    assert reply.data["accounts"]
    assert reply.codes == ["UNSUPPORTED"]
    assert "[catalog]" in reply.error["message"]

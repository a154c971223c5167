"""A warm account answers at once from the start on, and costs no more calls than its lifetimes require."""

import asyncio
from collections import Counter
from dataclasses import dataclass
from typing import Any

import httpx2
import pytest

from harness.gateway import SANDBOX, UNCACHED, AsgiWire, Gateway, five_providers, open_gateway
from linkweave.sandbox import sandbox_accounts

FAILED = "tinycc: cache warming failed; the next round is in 300 s"
QUERY = "{ links { nodes { shortUrl } sources { status } } tags { nodes { name } } domains { nodes { name } } }"


def gateway_with(warm: bool, **options: Any) -> Gateway:
    tables = [{**table, "warm": warm} for table in sandbox_accounts(five_providers(), SANDBOX)]
    return open_gateway(accounts=tables, **options)


async def run(gateway: Gateway, seconds: float, query: str | None = None) -> float:
    """Let the gateway run; how long the query took at the end."""
    pages = gateway.app.pages
    async with pages.router.lifespan_context(pages):
        await asyncio.sleep(seconds)
        at = gateway.clock.monotonic()
        if query is not None:
            gateway.forget_calls()
            await gateway.data(query)
        return gateway.clock.monotonic() - at


@pytest.mark.parametrize("seconds", [10, 75, 700])
async def test_the_first_query_of_a_warm_account_is_answered_at_once_without_a_call(seconds: float) -> None:
    gateway = gateway_with(warm=True)
    took = await run(gateway, seconds, QUERY)
    assert took == 0


@pytest.mark.parametrize(("warm", "sections"), [(False, {}), (True, UNCACHED)])
async def test_an_account_without_the_setting_or_a_cache_is_not_warmed(warm: bool, sections: Any) -> None:
    gateway = gateway_with(warm, sections=sections)
    await run(gateway, 100)
    assert gateway.calls() == {}


async def test_fresh_answers_are_not_fetched_and_warming_ends_with_the_gateway() -> None:
    gateway = gateway_with(warm=True)
    await run(gateway, 50)
    assert gateway.calls()["tinycc"].count("GET /tags") == 1
    gateway.forget_calls()
    await asyncio.sleep(1000)
    assert gateway.calls() == {}


async def test_a_vendor_that_fails_is_tried_again_in_the_next_round() -> None:
    gateway = gateway_with(warm=True)
    gateway.break_provider("tinycc", "reset")
    running = asyncio.create_task(run(gateway, 60))
    await asyncio.sleep(5)
    gateway.mend_provider("tinycc")
    gateway.forget_calls()
    await running
    assert "GET /tags" in gateway.calls()["tinycc"]


async def test_a_warm_account_is_refreshed_before_its_answers_are_stale() -> None:
    gateway = gateway_with(warm=True)
    listed = '{ links(filter: { accounts: ["tinycc", "shortenworld"] }) { nodes { shortUrl } sources { status } } }'
    pages = gateway.app.pages
    async with pages.router.lifespan_context(pages):
        # What was asked for at the start is fresh for 54 seconds at least.
        await asyncio.sleep(53)
        for provider in ("tinycc", "shortenworld"):
            gateway.break_provider(provider, "reset")
        await asyncio.sleep(37)
        assert (await gateway.data(listed))["links"]["sources"] == [{"status": "OK"}] * 2


async def test_a_warm_account_costs_one_call_per_list_every_45_seconds() -> None:
    gateway = gateway_with(warm=True)
    await run(gateway, 10)
    first = Counter(gateway.calls()["tinycc"])
    gateway = gateway_with(warm=True)
    await run(gateway, 10 + 450)
    assert Counter(gateway.calls()["tinycc"])["GET /urls"] == 11 * first["GET /urls"]


@dataclass(frozen=True)
class Wrong(httpx2.AsyncBaseTransport):
    """A wire that raises an error of the gateway's own for calls to tiny.cc."""

    wire: AsgiWire

    async def handle_async_request(self, request: httpx2.Request) -> httpx2.Response:
        if request.url.path.startswith("/tinycc/"):
            raise ZeroDivisionError
        return await self.wire.handle_async_request(request)


@pytest.mark.parametrize(("seconds", "logged"), [(290, 1), (310, 2)])
async def test_an_error_of_the_gateways_own_is_logged_and_does_not_stop_the_warming_of_others(
    seconds: float, logged: int, caplog: pytest.LogCaptureFixture
) -> None:
    gateway = gateway_with(warm=True, around=Wrong)
    await run(gateway, seconds)
    assert [record.message for record in caplog.records].count(FAILED) == logged
    assert gateway.calls()["shortenworld"].count("GET /entity/domain/list") > 0

"""What a gateway in a command's own process does besides what it is asked for."""

import asyncio

import httpx2
import pytest

from harness.gateway import SANDBOX
from linkweave.cli.gateway.opening import NOTHING, Background, local_client
from linkweave.clock import SystemClock
from linkweave.providers.discovery import discover
from linkweave.sandbox import sandbox_accounts
from linkweave.settings import from_table


@pytest.mark.parametrize(
    ("background", "expected"),
    [
        (NOTHING, set()),
        (Background(works_on_jobs=True), {"work_on_jobs"}),
        (Background(keeps_in_step=True, works_on_jobs=True), {"keep_in_step", "keep_warm", "work_on_jobs"}),
    ],
)
async def test_a_command_starts_only_the_work_that_it_is_for(
    sqlite_url: str, background: Background, expected: set[str]
) -> None:
    accounts = sandbox_accounts({"tinycc": discover()["tinycc"]}, SANDBOX)
    settings = from_table({"accounts": accounts, "catalog": {"url": sqlite_url}}, "demo")
    down = httpx2.MockTransport(lambda _: httpx2.Response(503))
    async with local_client(settings, SystemClock(), down, background):
        running = {getattr(task.get_coro(), "__name__", "") for task in asyncio.all_tasks()}
    assert running & {"keep_in_step", "keep_warm", "work_on_jobs"} == expected

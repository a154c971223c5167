"""Whatever vendors do, no task of the gateway's outlives what it was for, and no operation its deadline."""

import asyncio

import pytest

from harness.gateway import UNCACHED, open_gateway
from harness.vendor_faults import FAULTS

DEADLINE_SECONDS = 3
QUERY = """{
  links(first: 20) { nodes { shortUrl stats { clicks series { clicks } } } sources { status } }
  tags(first: 20) { nodes { name } }
  accounts { domains { name } quotas { name } }
}"""


@pytest.mark.parametrize("sections", [{}, UNCACHED], ids=["remembering", "forgetful"])
@pytest.mark.parametrize("name", FAULTS)
async def test_no_task_is_left_whatever_vendors_do(name: str, sections: dict[str, dict[str, object]]) -> None:
    gateway = open_gateway(deadline_seconds=DEADLINE_SECONDS, sections=sections)
    before = asyncio.all_tasks()
    for provider in ("picsee", "shortenworld", "tinycc", "cuttly"):
        gateway.break_provider(provider, **FAULTS[name][0])
    began = gateway.clock.monotonic()
    replies = await asyncio.gather(*(gateway.ask(QUERY) for _ in range(3)))
    assert gateway.clock.monotonic() - began <= DEADLINE_SECONDS
    assert {source["status"] for reply in replies for source in reply.data["links"]["sources"]} == {
        "FAILED",
        "UNSUPPORTED",
    }
    # What goes on behind has so long.
    await gateway.clock.sleep(60)
    assert asyncio.all_tasks() == before

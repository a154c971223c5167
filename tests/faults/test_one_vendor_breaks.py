"""Whatever one vendor does, the others' answers are complete, and the gateway releases its resources."""

import asyncio
import socket
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from itertools import cycle
from typing import Any

import pytest

from harness.vendor_faults import SHORT_FAULTS
from harness.world import Gateway, Vendors, accounts_of, gateway

DEADLINE_SECONDS = 2
# The vendors take turns with the faults: one with objects around its lists, one with plain lists, one with pages.
BROKEN = ("tinycc", "dub", "rebrandly", "kutt")
BROKEN_BY = dict(zip(SHORT_FAULTS, cycle(BROKEN)))

QUERY = """query Links($accounts: [ID!]) {
  links(first: 20, filter: { accounts: $accounts }) {
    nodes { shortUrl destination account { key } tags { name } stats { clicks } }
    sources { account { key } status returned error { code message retryAfterSeconds } }
  }
}"""

pytestmark = pytest.mark.usefixtures("mended")


@pytest.fixture(scope="module")
def served(sandbox: Vendors, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Gateway]:
    """A gateway without a cache, so that the working vendor gets a call each time."""
    accounts = {str(account["provider"]): account for account in accounts_of(sandbox.url, "shortenworld", *BROKEN)}
    # Each fault has an account of its own, and with it a circuit of its own.
    broken = [{**accounts[provider], "key": name} for name, provider in BROKEN_BY.items()]
    refusing = {**accounts["dub"], "key": "refusing", "base_url": f"http://127.0.0.1:{_closed_port()}/dub"}
    folder, server = tmp_path_factory.mktemp("one-vendor-breaks"), {"deadline_seconds": DEADLINE_SECONDS}
    tables = [accounts["shortenworld"], *broken, refusing]
    with gateway(folder, tables, server=server, cache={"enabled": False}) as program:
        yield program


def _closed_port() -> int:
    with socket.socket() as unused:
        unused.bind(("127.0.0.1", 0))
        return int(unused.getsockname()[1])


@dataclass(frozen=True)
class Answer:
    """The links and the sources by account."""

    links: list[dict[str, Any]]
    sources: Mapping[str, dict[str, Any]]


async def links_of(served: Gateway, *accounts: str) -> Answer:
    found = (await served.ask(QUERY, accounts=accounts))["links"]
    return Answer(found["nodes"], {source["account"]["key"]: source for source in found["sources"]})


def break_vendor(sandbox: Vendors, name: str) -> str:
    """Gives the fault `name` to the vendor of its account, and returns the error code that callers get."""
    fault = SHORT_FAULTS.get(name)
    if fault is not None:
        sandbox.break_provider(BROKEN_BY[name], fault.kind, **fault.details)
    return "UNAVAILABLE" if fault is None else fault.code


@pytest.mark.parametrize("name", [*SHORT_FAULTS, "refusing"])
async def test_the_links_of_the_other_vendor_are_complete_whatever_one_does(
    served: Gateway, sandbox: Vendors, name: str
) -> None:
    whole = await links_of(served, "shortenworld")
    assert whole.sources["shortenworld"]["error"] is None
    code = break_vendor(sandbox, name)
    answer = await links_of(served, "shortenworld", name)
    assert answer.links == whole.links
    assert (answer.sources["shortenworld"]["status"], answer.sources[name]["status"]) == ("OK", "FAILED")
    assert answer.sources[name]["error"]["code"] == code
    wait = answer.sources[name]["error"]["retryAfterSeconds"]
    assert wait is None or 0 <= wait <= 3600


async def test_several_queries_make_at_most_six_calls_to_a_broken_vendor(served: Gateway, sandbox: Vendors) -> None:
    vendor = BROKEN_BY["storm"]
    sandbox.break_provider(vendor, "status", status=500)
    await asyncio.gather(*(links_of(served, "storm", "shortenworld") for _ in range(3)))
    assert 1 <= sandbox.counts(vendor)["calls"] <= 6


async def test_calls_sockets_and_memory_are_released_after_every_fault(served: Gateway, sandbox: Vendors) -> None:
    """Memory is measured after the faults: bombs and floods of fifty megabytes pass through."""
    await links_of(served, "shortenworld")
    before = served.holds()
    for name in SHORT_FAULTS:
        break_vendor(sandbox, name)
        await asyncio.gather(*(links_of(served, name) for _ in range(6)))
    sandbox.mend()
    # Each account keeps the connection of its last call open for a while.
    served.releases(before, sockets=len(SHORT_FAULTS))

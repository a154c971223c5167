"""Lists over all accounts while a vendor fails, and after it works again."""

from collections import Counter
from itertools import cycle
from typing import Any

from harness.gateway import UNCACHED, CutFor, Gateway, open_gateway
from harness.sandbox_truth import short_urls
from harness.vendor_faults import FAULTS, OTHER_STATUSES
from linkweave.transport.circuit.circuit import COOL_DOWN_SECONDS

PAGE = """
query ($first: Int = 20, $after: String, $filter: LinkFilter) {
  links(first: $first, after: $after, filter: $filter) {
    nodes { shortUrl provider { id } }
    pageInfo { hasNextPage endCursor }
    sources { account { provider { id } } status returned exhausted error { code retryAfterSeconds } }
  }
}
"""
LISTING = ("picsee", "shortenworld", "tinycc")


async def page_of(gateway: Gateway, **arguments: Any) -> Any:
    return (await gateway.data(PAGE, **arguments))["links"]


def sources_of(page: Any) -> dict[str, Any]:
    return {source["account"]["provider"]["id"]: source for source in page["sources"]}


async def rest_of(gateway: Gateway, page: Any) -> list[Any]:
    """`page` and all pages after it."""
    pages = [page]
    while pages[-1]["pageInfo"]["hasNextPage"]:
        pages.append(await page_of(gateway, first=100, after=pages[-1]["pageInfo"]["endCursor"]))
    return pages


def assert_every_link_once(gateway: Gateway, pages: list[Any]) -> None:
    truth = short_urls(gateway.clock)
    found = Counter(link["shortUrl"] for page in pages for link in page["nodes"])
    assert found == Counter([*truth["picsee-main"], *truth["shortenworld"], *truth["tinycc"]])


async def test_vendors_that_fail_one_after_the_other_lose_no_link() -> None:
    gateway = open_gateway(sections=UNCACHED)
    faults = [FAULTS[name] for name in ("reset", "truncated", "html", "500", "429")] + list(OTHER_STATUSES.values())[:2]
    pages = [await page_of(gateway)]
    for broken, fault in zip(cycle(LISTING), faults, strict=False):
        fault.inject(gateway, broken)
        pages.append(await page_of(gateway, first=20, after=pages[-1]["pageInfo"]["endCursor"]))
        assert sources_of(pages[-1])[broken]["status"] == "FAILED"
        gateway.mend_provider(broken)
    await gateway.clock.sleep(2 * COOL_DOWN_SECONDS)
    assert_every_link_once(gateway, [*pages[:-1], *await rest_of(gateway, pages[-1])])


async def test_a_vendor_that_fails_within_its_list_returns_the_rest_later() -> None:
    cut = {"now": True}
    gateway = open_gateway(
        around=lambda wire: CutFor(wire, lambda request: cut["now"] and b"prevMapId" in request.url.query)
    )
    only = {"accounts": ["picsee-main"]}
    first = await page_of(gateway, first=100, filter=only)
    source = sources_of(first)["picsee"]
    assert (source["status"], source["error"]["code"], source["exhausted"]) == ("PARTIAL", "UNAVAILABLE", False)
    assert source["returned"] == len(first["nodes"]) > 50
    cut["now"] = False
    rest = await page_of(gateway, first=100, filter=only, after=first["pageInfo"]["endCursor"])
    urls = [link["shortUrl"] for link in (*first["nodes"], *rest["nodes"])]
    assert Counter(urls) == Counter(short_urls(gateway.clock)["picsee-main"])


async def test_a_page_without_any_account_is_empty_and_its_cursor_leads_to_all_links() -> None:
    gateway = open_gateway()
    for broken in LISTING:
        gateway.break_provider(broken, "reset")
    page = await page_of(gateway)
    assert page["nodes"] == []
    assert {source["status"] for source in page["sources"]} == {"FAILED", "UNSUPPORTED"}
    assert not page["pageInfo"]["hasNextPage"]
    for broken in LISTING:
        gateway.mend_provider(broken)
    first = await page_of(gateway, after=page["pageInfo"]["endCursor"])
    assert_every_link_once(gateway, await rest_of(gateway, first))


async def test_the_gateway_returns_a_vendors_retry_after_and_waits_for_it() -> None:
    gateway = open_gateway(sections=UNCACHED)
    gateway.break_provider("picsee", "status", status=429, headers={"Retry-After": "7"}, times=1)
    source = sources_of(await page_of(gateway))["picsee"]
    assert source["error"]["retryAfterSeconds"] == 7
    started = gateway.clock.monotonic()
    page = await page_of(gateway)
    assert sources_of(page)["picsee"]["status"] == "OK"
    assert gateway.clock.monotonic() - started >= 7 - 4


async def test_a_call_that_would_wait_beyond_the_deadline_is_not_made() -> None:
    gateway = open_gateway(deadline_seconds=2)
    source = sources_of(await page_of(gateway))["picsee"]
    assert (source["status"], source["error"]["code"]) == ("FAILED", "RATE_LIMITED")
    assert 0 < source["error"]["retryAfterSeconds"] <= 4
    assert len(gateway.calls()["picsee"]) < 4


async def test_an_account_whose_list_cannot_start_before_the_deadline_does_not_delay_the_others() -> None:
    gateway = open_gateway(deadline_seconds=4.5)
    gateway.break_provider("tinycc", "delay", seconds=60, path="/domains")
    page = await page_of(gateway)
    assert {link["provider"]["id"] for link in page["nodes"]} == {"picsee", "shortenworld"}
    assert len(page["nodes"]) == 20
    assert sources_of(page)["tinycc"]["error"]["code"] == "TIMEOUT"


async def test_health_follows_failures_and_recovery() -> None:
    query = '{ account(key: "tinycc") { health { state lastSuccessAt lastError { code } } } }'
    gateway = open_gateway()
    states = [(await gateway.data(query))["account"]["health"]["state"]]
    gateway.break_provider("tinycc", "reset")
    for _ in range(3):
        await page_of(gateway)
        states.append((await gateway.data(query))["account"]["health"]["state"])
    gateway.mend_provider("tinycc")
    await page_of(gateway)
    health = (await gateway.data(query))["account"]["health"]
    assert [*states, health["state"]] == ["UNKNOWN", "DEGRADED", "DEGRADED", "DOWN", "UP"]
    assert health["lastError"] == {"code": "UNAVAILABLE"}
    assert health["lastSuccessAt"] is not None

"""One vendor goes wrong in every way there is; the others' links are there all the same."""

from collections import Counter
from itertools import cycle
from typing import Any

import pytest

from harness.gateway import UNCACHED, CutFor, Gateway, open_gateway
from harness.sandbox_truth import short_urls
from linkweave.transport.circuit.circuit import COOL_DOWN_SECONDS

PAGE = """
query ($first: Int = 20, $after: String, $filter: LinkFilter) {
  links(first: $first, after: $after, filter: $filter) {
    nodes { shortUrl account { key } provider { id } }
    pageInfo { hasNextPage endCursor }
    sources {
      account { key provider { id } } status returned exhausted fetchedAt
      error { code message providerCode retryAfterSeconds }
    }
  }
}
"""
LISTING = ("picsee", "shortenworld", "tinycc")
SECRETS = ("sandbox-picsee-token", "sandbox-shortenworld-key", "sandbox-tinycc-key", "sandbox-print")

FAULTS: list[tuple[str, dict[str, Any], str]] = [
    ("delay", {"seconds": 60}, "TIMEOUT"),
    ("drip", {"seconds": 5}, "TIMEOUT"),
    ("reset", {}, "UNAVAILABLE"),
    ("truncated", {}, "BAD_RESPONSE"),
    ("html", {}, "BAD_RESPONSE"),
    ("status", {"status": 200}, "BAD_RESPONSE"),
    ("status", {"status": 500}, "UNAVAILABLE"),
    ("status", {"status": 503}, "UNAVAILABLE"),
    ("status", {"status": 429, "headers": {"retry-after": "7"}}, "RATE_LIMITED"),
    ("status", {"status": 401}, "UNAUTHENTICATED"),
    ("status", {"status": 403}, "FORBIDDEN"),
]
NAMES = [f"{kind}-{details.get('status', '')}".rstrip("-") for kind, details, _ in FAULTS]


async def page_of(gateway: Gateway, **arguments: Any) -> Any:
    return (await gateway.data(PAGE, **arguments))["links"]


def sources_of(page: Any) -> dict[str, Any]:
    return {source["account"]["provider"]["id"]: source for source in page["sources"]}


async def read_on(gateway: Gateway, page: Any) -> list[Any]:
    """`page` and all that follow it."""
    pages = [page]
    while pages[-1]["pageInfo"]["hasNextPage"]:
        pages.append(await page_of(gateway, first=100, after=pages[-1]["pageInfo"]["endCursor"]))
    return pages


def assert_tells_nothing_secret(source: Any) -> None:
    message = source["error"]["message"]
    assert source["account"]["key"] in message
    assert not [secret for secret in (*SECRETS, "http://", "Maintenance") if secret in message]


def assert_everything_once(gateway: Gateway, pages: list[Any]) -> None:
    truth = short_urls(gateway.clock)
    found = Counter(link["shortUrl"] for page in pages for link in page["nodes"])
    assert found == Counter([*truth["picsee-main"], *truth["shortenworld"], *truth["tinycc"]])


@pytest.mark.parametrize(("kind", "details", "code"), FAULTS, ids=NAMES)
@pytest.mark.parametrize("broken", LISTING)
async def test_a_vendor_that_goes_wrong_leaves_the_others_links_and_says_how(
    broken: str, kind: str, details: dict[str, Any], code: str
) -> None:
    gateway = open_gateway()
    gateway.break_provider(broken, kind, **details)
    page = await page_of(gateway)
    source = sources_of(page)[broken]
    assert (source["status"], source["error"]["code"]) == ("FAILED", code)
    assert (source["returned"], source["exhausted"], source["fetchedAt"]) == (0, False, None)
    assert {link["provider"]["id"] for link in page["nodes"]} == {*LISTING} - {broken}
    assert len(page["nodes"]) == 20
    assert page["pageInfo"]["hasNextPage"]
    assert {sources_of(page)[other]["status"] for other in {*LISTING} - {broken}} == {"OK"}
    assert_tells_nothing_secret(source)
    assert 1 <= len(gateway.calls()[broken]) <= 6


@pytest.mark.parametrize("broken", LISTING)
async def test_once_mended_the_cursor_brings_the_rest(broken: str) -> None:
    gateway = open_gateway()
    gateway.break_provider(broken, "reset")
    first = await page_of(gateway)
    gateway.mend_provider(broken)
    assert_everything_once(gateway, await read_on(gateway, first))


async def test_vendors_that_break_in_turns_lose_no_link() -> None:
    gateway = open_gateway(sections=UNCACHED)
    page = await page_of(gateway)
    pages = [page]
    for broken, (kind, details, _) in zip(cycle(LISTING), FAULTS[2:9], strict=False):
        gateway.break_provider(broken, kind, **details)
        pages.append(await page_of(gateway, first=20, after=pages[-1]["pageInfo"]["endCursor"]))
        assert sources_of(pages[-1])[broken]["status"] == "FAILED"
        gateway.mend_provider(broken)
    await gateway.clock.sleep(2 * COOL_DOWN_SECONDS)
    assert_everything_once(gateway, [*pages[:-1], *await read_on(gateway, pages[-1])])


async def test_a_limit_that_the_vendor_named_is_passed_on_and_kept() -> None:
    gateway = open_gateway(sections=UNCACHED)
    gateway.break_provider("picsee", "status", status=429, headers={"Retry-After": "7"}, times=1)
    source = sources_of(await page_of(gateway))["picsee"]
    assert source["error"]["retryAfterSeconds"] == 7
    gateway.forget_calls()
    at = gateway.clock.monotonic()
    page = await page_of(gateway)
    assert sources_of(page)["picsee"]["status"] == "OK"
    assert gateway.clock.monotonic() - at >= 7 - 4


async def test_waiting_longer_than_the_deadline_is_refused_without_a_call() -> None:
    gateway = open_gateway(deadline_seconds=2)
    source = sources_of(await page_of(gateway))["picsee"]
    assert (source["status"], source["error"]["code"]) == ("FAILED", "RATE_LIMITED")
    assert 0 < source["error"]["retryAfterSeconds"] <= 4
    assert len(gateway.calls()["picsee"]) < 4


async def test_a_vendor_that_fails_half_way_gives_what_it_told_and_the_rest_later() -> None:
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


async def test_when_everybody_fails_there_is_an_empty_page_that_says_so() -> None:
    gateway = open_gateway()
    for broken in LISTING:
        gateway.break_provider(broken, "reset")
    page = await page_of(gateway)
    assert page["nodes"] == []
    assert {source["status"] for source in page["sources"]} == {"FAILED", "UNSUPPORTED"}
    assert not page["pageInfo"]["hasNextPage"]
    for broken in LISTING:
        gateway.mend_provider(broken)
    assert_everything_once(gateway, await read_on(gateway, await page_of(gateway, after=page["pageInfo"]["endCursor"])))


async def test_a_slow_vendor_does_not_hold_the_answer_beyond_the_deadline() -> None:
    gateway = open_gateway(deadline_seconds=6)
    gateway.break_provider("tinycc", "delay", seconds=600)
    await page_of(gateway)
    assert gateway.clock.monotonic() < 7


async def test_nobody_waits_for_one_whose_list_cannot_even_begin_before_the_deadline() -> None:
    gateway = open_gateway(deadline_seconds=4.5)
    gateway.break_provider("tinycc", "delay", seconds=60, path="/domains")
    page = await page_of(gateway)
    assert {link["provider"]["id"] for link in page["nodes"]} == {"picsee", "shortenworld"}
    assert len(page["nodes"]) == 20
    assert sources_of(page)["tinycc"]["error"]["code"] == "TIMEOUT"


async def test_health_counts_what_went_wrong() -> None:
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

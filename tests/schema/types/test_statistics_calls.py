"""Statistics that need too many calls are refused before the first one, and a host without days is asked once."""

import asyncio
import re
from collections.abc import Mapping
from typing import Any

import pytest

from harness.gateway import UNCACHED, Gateway, open_gateway
from harness.vendor_faults import FAULTS

OF_PICSEE = """query ($allowed: Boolean!) {
  stats(filter: { accounts: ["picsee-main", "shortenworld"] }, allowIncomplete: $allowed) {
    links clicks complete byAccount { account { key } clicks links }
    sources { account { key } status error { code message } }
  }
}"""


BASIC = [
    {
        "key": "basic",
        "provider": "picsee",
        "base_url": "http://sandbox/picsee",
        "plan": "basic",
        "token": "sandbox-picsee-basic-token",
    }
]


def details(gateway: Gateway) -> list[str]:
    """The calls for statistics that PicSee received."""
    return [call for call in gateway.calls().get("picsee", []) if "/details/" in call]


async def test_statistics_of_too_many_calls_are_refused_before_the_first_with_their_cost_and_the_remedy() -> None:
    gateway = open_gateway()
    reply = await gateway.ask(OF_PICSEE, allowed=False)
    stats = reply.data["stats"]
    parts = {part["account"]["key"]: part for part in stats["byAccount"]}
    assert details(gateway) == []
    assert (stats["clicks"], stats["complete"], parts["picsee-main"]["clicks"]) == (None, False, None)
    assert parts["shortenworld"]["clicks"] > 0
    assert {error["extensions"]["code"] for error in reply.errors} == {"RATE_LIMITED"}
    assert ["stats", "clicks"] in [error["path"] for error in reply.errors]
    cost = reply.errors[0]["extensions"]["cost"]
    assert 50 < cost["calls"] <= parts["picsee-main"]["links"]
    assert cost["max"] < cost["calls"]
    assert re.search(r"picsee-main: needs \d+ calls .* none was made\. Ask for fewer links", reply.errors[0]["message"])
    source = next(each for each in stats["sources"] if each["account"]["key"] == "picsee-main")
    # Links that were made within the range need no call.
    assert (source["status"], source["error"]["code"]) == ("PARTIAL", "RATE_LIMITED")

    gateway = open_gateway()
    allowed = (await gateway.data(OF_PICSEE, allowed=True))["stats"]
    assert allowed["clicks"] > parts["shortenworld"]["clicks"]
    assert not allowed["complete"]
    assert details(gateway) == []


@pytest.mark.parametrize("sections", [{}, UNCACHED])
async def test_a_list_of_links_with_statistics_of_too_many_calls_is_refused_as_well(
    sections: Mapping[str, object],
) -> None:
    gateway = open_gateway(accounts=BASIC, sections=sections)
    days = 'range: { from: "2026-11-01", to: "2026-11-10" }'
    found = await gateway.ask(f"{{ links(first: 60) {{ nodes {{ slug clicks stats({days}) {{ clicks }} }} }} }}")
    clicks = [node["stats"]["clicks"] for node in found.data["links"]["nodes"]]
    assert details(gateway) == []
    # The links that were made after these days need no call.
    assert {0, None} == set(clicks)
    assert all(node["clicks"] is not None for node in found.data["links"]["nodes"])
    assert set(found.codes) == {"RATE_LIMITED"}
    few = await gateway.data(f"{{ links(first: 18) {{ nodes {{ slug stats({days}) {{ clicks }} }} }} }}")
    assert None not in [node["stats"]["clicks"] for node in few["links"]["nodes"]]


async def test_what_the_cache_holds_is_no_call() -> None:
    gateway = open_gateway(accounts=BASIC)
    found = await gateway.data("{ links(first: 60) { nodes { id } } }")
    ids = [node["id"] for node in found["links"]["nodes"]][-20:]
    query = 'query ($ids: [ID!]) { stats(links: $ids, range: { from: "2026-11-01", to: "2026-11-10" }) { clicks } }'
    whole = 0
    for part in (ids[:8], ids[8:16]):
        whole += (await gateway.data(query, ids=part))["stats"]["clicks"]
        await asyncio.sleep(1)
    calls = len(details(gateway))
    assert (await gateway.data(query, ids=ids[:16]))["stats"]["clicks"] == whole
    assert len(details(gateway)) == calls == 16
    assert (await gateway.data(query, ids=ids))["stats"]["clicks"] > whole
    assert len(details(gateway)) == 20


BROKEN = """query ($allowed: Boolean!) {
  stats(filter: { tags: { any: ["webinar"] } }, allowIncomplete: $allowed) {
    clicks botClicks complete byAccount { account { key } clicks }
    sources { account { key } status error { code } }
  }
}"""


@pytest.mark.parametrize("allowed", [False, True])
@pytest.mark.parametrize("name", ["delay", "500", "truncated"])
async def test_a_vendor_whose_statistics_break_is_named_and_takes_no_sum_of_measures_that_it_does_not_count(
    name: str, allowed: bool
) -> None:
    gateway = open_gateway()
    FAULTS[name].inject(gateway, "picsee", path="/details/")
    reply = await gateway.ask(BROKEN, allowed=allowed)
    stats = reply.data["stats"]
    clicks = {part["account"]["key"]: part["clicks"] for part in stats["byAccount"]}
    (source,) = (each for each in stats["sources"] if each["account"]["key"] == "picsee-main")
    assert source["error"] == {"code": FAULTS[name].code}
    assert source["status"] in {"PARTIAL", "FAILED"}
    assert stats["botClicks"] > 0
    assert not stats["complete"]
    if allowed:
        assert reply.errors == []
        assert stats["clicks"] == sum(number for number in clicks.values() if number is not None)
    else:
        assert (stats["clicks"], clicks["picsee-main"]) == (None, None)
        place = next(i for i, part in enumerate(stats["byAccount"]) if part["account"]["key"] == "picsee-main")
        expected = {("stats", "clicks"), ("stats", "byAccount", place, "clicks")}
        assert reply.failing_paths() == dict.fromkeys(expected, FAULTS[name].code)
        assert {error["extensions"]["account"] for error in reply.errors} == {"picsee-main"}


MERGED = 'stats(filter: {{ tags: {{ any: ["webinar"] }} }}, allowIncomplete: {allowed}) {{ clicks {more} }}'


@pytest.mark.parametrize("allowed", ["false", "true"])
@pytest.mark.parametrize(
    "more",
    [
        "series { date }",
        "breakdown(by: COUNTRY) { by }",
        "a: breakdown(by: COUNTRY) { by } b: breakdown(by: DEVICE) { by } c: breakdown(by: REFERRER) { by }",
        "byAccount { series { date } breakdown(by: OS) { by } }",
    ],
)
async def test_no_further_selection_changes_a_sum(more: str, allowed: str) -> None:
    alone = await open_gateway().data(f"{{ {MERGED.format(allowed=allowed, more='')} }}")
    beside = await open_gateway().ask(f"{{ {MERGED.format(allowed=allowed, more=more)} }}")
    clicks = beside.data["stats"]["clicks"]
    assert clicks == alone["stats"]["clicks"] or (clicks is None and ["stats", "clicks"] in paths(beside.errors))


def paths(errors: list[dict[str, Any]]) -> list[list[str | int]]:
    return [error["path"] for error in errors]


async def test_days_of_many_links_at_a_host_without_days_cost_one_call() -> None:
    gateway = open_gateway(sections=UNCACHED)

    async def calls_of(query: str) -> list[str]:
        gateway.forget_calls()
        await gateway.data(query)
        return [call for call in gateway.calls()["tinycc"] if call.startswith("GET /stats/")]

    one_account = 'filter: { accounts: ["tinycc"] }'
    listed = f"{{ links(first: 50, {one_account}) {{ nodes {{ stats {{ clicks series {{ date }} }} }} }} }}"
    assert len(await calls_of(listed)) == 1
    assert await calls_of(listed) == []
    merged = f"{{ stats({one_account}) {{ links clicks series {{ date }} byAccount {{ series {{ date }} }} }} }}"
    assert await calls_of(merged) == []

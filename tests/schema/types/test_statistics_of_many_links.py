"""Statistics of many links are a handful of calls at a vendor that counts them together."""

from dataclasses import replace
from typing import Any

from harness.costs import ask
from harness.gateway import UNCACHED, Gateway
from linkweave.providers.dub import PROVIDER
from linkweave.providers.shortio import PROVIDER as SHORTIO
from linkweave.testing.bench import account_table
from linkweave.testing.gateway import open_gateway

RANGE = 'range: { from: "2026-10-22", to: "2026-11-20" }'
NUMBERS = "clicks series { date clicks } breakdown(by: COUNTRY, first: 1000) { buckets { key clicks } }"
MERGED = f"{{ stats({RANGE}) {{ links complete {NUMBERS} byAccount {{ {NUMBERS} }} }} }}"


def gateway_with_a_thousand_links(plan: str = "advanced") -> Gateway:
    dub = replace(PROVIDER, emulator="harness.dub_vendor:emulate_many_links")
    table = account_table(dub, {"plan": plan})
    return open_gateway(providers={"dub": dub}, accounts=[table], sections=UNCACHED)


def analytics(gateway: Gateway) -> int:
    return sum("/analytics" in call for call in gateway.calls()["dub"])


async def pages(gateway: Gateway, selection: str) -> list[dict[str, Any]]:
    query = f"""query ($after: String) {{ links(first: 100, after: $after) {{
      pageInfo {{ endCursor hasNextPage }} nodes {{ id {selection} }} }} }}"""
    links: list[dict[str, Any]] = []
    after, more = None, True
    while more:
        page = (await gateway.data(query, after=after))["links"]
        links += page["nodes"]
        after, more = page["pageInfo"]["endCursor"], page["pageInfo"]["hasNextPage"]
    return links


async def test_a_thousand_links_are_counted_with_a_handful_of_calls_that_the_cost_bounds() -> None:
    gateway = gateway_with_a_thousand_links()
    answer = await ask(gateway, MERGED)
    assert "errors" not in answer
    stats = answer["data"]["stats"]
    (part,) = stats["byAccount"]
    assert (stats["links"], stats["complete"]) == (1_000, True)
    # The clicks of links that were made in these days came with the list: three calls count the others.
    assert analytics(gateway) == 3 + 4 + 4
    assert len(gateway.calls()["dub"]) < 30
    assert len(gateway.calls()["dub"]) <= answer["extensions"]["cost"]["calls"] < 40
    assert {name: part[name] for name in ("clicks", "series", "breakdown")} == {
        name: stats[name] for name in ("clicks", "series", "breakdown")
    }
    clicks = stats["clicks"]
    assert clicks == sum(day["clicks"] for day in stats["series"])
    assert clicks == sum(bucket["clicks"] for bucket in stats["breakdown"]["buckets"])
    gateway.forget_calls()
    links = await pages(gateway, f"stats({RANGE}) {{ clicks }}")
    assert clicks == sum(link["stats"]["clicks"] for link in links) > 0
    assert 0 < analytics(gateway) <= len(links) / 100


async def test_a_sum_over_named_links_lacks_a_link_that_does_not_exist() -> None:
    gateway = gateway_with_a_thousand_links()
    ids = [link["id"] for link in (await gateway.data("{ links(first: 3) { nodes { id } } }"))["links"]["nodes"]]
    query = f"""query ($ids: [ID!], $some: Boolean!) {{
      stats(links: $ids, allowIncomplete: $some, {RANGE}) {{ {NUMBERS} }} }}"""
    whole = (await gateway.data(query, ids=ids, some=False))["stats"]
    await gateway.data("mutation ($ids: [ID!]!) { deleteLinks(ids: $ids) { id } }", ids=ids[:1])
    lacking = await gateway.ask(query, ids=ids, some=False)
    assert set(lacking.codes) == {"NOT_FOUND"}
    assert list(lacking.data["stats"].values()) == [None] * 3
    rest = (await gateway.data(query, ids=ids, some=True))["stats"]
    assert 0 <= rest["clicks"] <= whole["clicks"]
    assert rest["clicks"] == sum(day["clicks"] for day in rest["series"])


async def test_sums_that_need_too_many_calls_are_refused_before_the_first() -> None:
    gateway = gateway_with_a_thousand_links("pro")
    dimensions = ("COUNTRY", "REFERRER", "DEVICE", "OS", "BROWSER")
    reply = await gateway.ask(
        f"{{ stats({RANGE}) {{ {' '.join(f'{by}: breakdown(by: {by}) {{ by }}' for by in dimensions)} }} }}"
    )
    assert set(reply.codes) == {"RATE_LIMITED"}
    assert len(reply.codes) == len(dimensions)
    assert reply.errors[0]["extensions"]["cost"] == {"calls": 20, "max": 16}
    assert analytics(gateway) == 0


async def test_clicks_of_people_and_of_bots_are_counted_together_at_two_hosts() -> None:
    shortio = replace(SHORTIO, emulator="harness.shortio_vendor:emulate_many_links")
    gateway = open_gateway(
        providers={"shortio": shortio}, accounts=[account_table(shortio)], deadline_seconds=20, sections=UNCACHED
    )
    reply = await gateway.ask(f"{{ stats({RANGE}) {{ links clicks botClicks }} }}")
    stats = reply.data["stats"]
    assert (stats["links"], reply.codes) == (1_000, [])
    assert 0 < stats["botClicks"] < stats["clicks"]
    counted = [call for call in gateway.calls()["shortio"] if "/statistics/" in call]
    # 800 links of one domain, and 100 of two others. Bots are counted by path, up to 500 links in a call.
    assert len(counted) == (8 + 1 + 1) + (2 + 1 + 1)
    gateway.break_provider("shortio", "status", status=503, path="/statistics/")
    broken = await gateway.ask("{ links(first: 3) { nodes { shortUrl clicks } } }")
    assert [node["clicks"] for node in broken.data["links"]["nodes"]] == [None] * 3
    assert set(broken.codes) == {"UNAVAILABLE"}

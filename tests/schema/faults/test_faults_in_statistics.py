from typing import Any

import pytest

from harness.gateway import CutFor, open_gateway
from harness.vendor_faults import KIND_NAMES, KINDS, PROVIDER, a_link_of

STATS = 'stats(range: { from: "2026-11-01", to: "2026-11-15" })'


@pytest.mark.parametrize(("kind", "details", "code"), KINDS, ids=KIND_NAMES)
@pytest.mark.parametrize(
    ("key", "path"), [("picsee-main", "/details/"), ("shortenworld", "/analytics")], ids=["picsee", "shortenworld"]
)
async def test_statistics_that_cannot_be_had_are_null_beside_the_link(
    key: str, path: str, kind: str, details: dict[str, Any], code: str
) -> None:
    gateway = open_gateway()
    link = await a_link_of(gateway, key)
    gateway.break_provider(PROVIDER[key], kind, path=path, **details)
    query = f"""query ($id: ID!) {{
      link(id: $id) {{
        slug
        {STATS} {{
          clicks
          series {{ date }}
          breakdown(by: COUNTRY) {{ by }}
          sources {{ account {{ key }} status truncated from error {{ code }} }}
        }}
      }}
    }}"""
    reply = await gateway.ask(query, id=link)
    stats = reply.data["link"].pop("stats")
    assert reply.data["link"]["slug"]
    assert (stats["clicks"], stats["series"], stats["breakdown"]) == (None, None, None)
    (source,) = stats["sources"]
    assert source["status"] == "FAILED"
    assert source["error"] == {"code": code}
    assert reply.failing_paths() == {("link", "stats", name): code for name in ("clicks", "series", "breakdown")}


async def test_cuttlys_statistics_fail_beside_a_link_that_was_read() -> None:
    gateway = open_gateway(
        around=lambda wire: CutFor(wire, lambda request: b"date_from=2026-11-01" in request.url.query)
    )
    query = f"""{{ link(shortUrl: "https://cutt.ly/spring-sale") {{
      title stats {{ clicks }} early: {STATS} {{ clicks sources {{ status error {{ code }} }} }} }} }}"""
    reply = await gateway.ask(query)
    assert reply.data["link"]["title"]
    assert reply.data["link"]["stats"]["clicks"] > 0
    assert reply.data["link"]["early"] == {
        "clicks": None,
        "sources": [{"status": "FAILED", "error": {"code": "UNAVAILABLE"}}],
    }
    assert reply.failing_paths() == {("link", "early", "clicks"): "UNAVAILABLE"}


async def test_one_dimension_fails_alone_where_each_is_a_call() -> None:
    gateway = open_gateway()
    link = await a_link_of(gateway, "picsee-main")
    gateway.break_provider("picsee", "status", path="/details/referrers", status=500)
    query = """query ($id: ID!) { link(id: $id) { stats {
      clicks
      countries: breakdown(by: COUNTRY) { buckets { key } }
      referrers: breakdown(by: REFERRER) { buckets { key } }
      sources { status error { code } }
    } } }"""
    reply = await gateway.ask(query, id=link)
    stats = reply.data["link"]["stats"]
    assert stats["clicks"] is not None
    assert stats["countries"]["buckets"]
    assert stats["referrers"] is None
    assert stats["sources"] == [{"status": "PARTIAL", "error": {"code": "UNAVAILABLE"}}]
    assert reply.failing_paths() == {("link", "stats", "referrers"): "UNAVAILABLE"}


@pytest.mark.parametrize("broken", ["picsee", "shortenworld", "tinycc"])
async def test_sums_leave_out_who_failed_and_say_so(broken: str) -> None:
    query = """query ($accounts: [ID!]) {
      stats(filter: { tags: { any: ["webinar"] }, accounts: $accounts }) {
        clicks uniqueClicks links
        byAccount { account { key } clicks uniqueClicks links }
        sources { account { key provider { id } } status error { code } }
      }
    }"""
    others = [key for key, provider in PROVIDER.items() if provider != broken]
    alone = (await open_gateway().data(query, accounts=others))["stats"]
    gateway = open_gateway()
    gateway.break_provider(broken, "reset")
    stats = (await gateway.data(query))["stats"]
    for field in ("clicks", "uniqueClicks", "links", "byAccount"):
        assert stats[field] == alone[field]
    failed = [source for source in stats["sources"] if source["account"]["provider"]["id"] == broken]
    assert [(source["status"], source["error"]) for source in failed] == [("FAILED", {"code": "UNAVAILABLE"})]


async def test_sums_are_null_with_an_error_when_nobody_tells() -> None:
    gateway = open_gateway()
    link = await a_link_of(gateway, "shortenworld")
    gateway.break_provider("shortenworld", "reset", path="/analytics")
    query = f"""query ($ids: [ID!]) {{ {STATS.replace("stats(", "stats(links: $ids, ")} {{
      clicks links sources {{ status }} }} }}"""
    reply = await gateway.ask(query, ids=[link])
    assert reply.data == {"stats": {"clicks": None, "links": 1, "sources": [{"status": "FAILED"}]}}
    assert reply.failing_paths() == {("stats", "clicks"): "UNAVAILABLE"}

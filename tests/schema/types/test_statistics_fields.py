from datetime import date, timedelta
from typing import Any

import pytest

from harness.gateway import SANDBOX, Gateway, open_gateway
from harness.sandbox_truth import picsee_links
from harness.vendor_faults import a_link_of
from linkweave.providers.picsee.emulator.state import TAIPEI

SOURCES = "sources { account { key } status counts botsExcluded timeZone from to truncated fetchedAt notice }"
BASIC = [
    {
        "key": "basic",
        "provider": "picsee",
        "base_url": f"{SANDBOX}/picsee",
        "plan": "basic",
        "token": "sandbox-picsee-basic-token",
    }
]


async def stats_of(gateway: Gateway, link: str, days: str, selection: str) -> Any:
    query = f"query ($id: ID!) {{ link(id: $id) {{ stats({days}) {{ {selection} {SOURCES} }} }} }}"
    return (await gateway.data(query, id=link))["link"]["stats"]


@pytest.mark.parametrize(
    ("key", "counts", "zone", "days"),
    [
        ("picsee-main", ["CLICKS", "UNIQUE_CLICKS"], "Asia/Taipei", ("2026-10-22", "2026-11-20")),
        ("tinycc", ["CLICKS", "UNIQUE_CLICKS"], "UTC", (None, None)),
        ("shortenworld", ["CLICKS", "BOT_CLICKS"], None, ("2026-10-22", "2026-11-20")),
        ("cuttly", ["CLICKS", "BOT_CLICKS"], None, ("2026-10-22", "2026-11-20")),
    ],
)
async def test_a_source_says_what_its_numbers_mean(
    key: str, counts: list[str], zone: str | None, days: tuple[str | None, str | None]
) -> None:
    gateway = open_gateway()
    link = await a_link_of(gateway, key)
    query = f"query ($ids: [ID!]) {{ stats(links: $ids) {{ clicks breakdown(by: COUNTRY) {{ by }} {SOURCES} }} }}"
    (source,) = (await gateway.data(query, ids=[link]))["stats"]["sources"]
    assert (source["account"]["key"], source["status"], source["counts"]) == (key, "OK", counts)
    assert (source["timeZone"], (source["from"], source["to"]), source["truncated"]) == (zone, days, False)
    assert source["fetchedAt"].startswith("2026-11-20T10:30:")


async def test_a_range_beyond_the_plans_history_is_truncated() -> None:
    gateway = open_gateway(accounts=BASIC)
    truth = next(link for link in picsee_links(gateway.clock) if link.created_at.date() < date(2026, 9, 20))
    found = await gateway.data(f'{{ link(shortUrl: "https://{truth.domain}/{truth.encode_id}") {{ id }} }}')
    stats = await stats_of(
        gateway,
        found["link"]["id"],
        'range: { from: "2026-09-25", to: "2026-11-20" }',
        "clicks uniqueClicks series { date clicks uniqueClicks }",
    )
    (source,) = stats["sources"]
    assert (source["truncated"], source["from"], source["to"]) == (True, "2026-10-22", "2026-11-20")
    told = [day for day in truth.days if day.day >= date(2026, 10, 22)]
    assert stats["clicks"] == sum(day.clicks for day in told)
    assert stats["uniqueClicks"] == sum(day.unique_clicks for day in told)
    assert stats["series"] == [
        {"date": day.day.isoformat(), "clicks": day.clicks, "uniqueClicks": day.unique_clicks} for day in told
    ]


async def test_a_range_before_the_plans_history_has_no_numbers_and_no_error() -> None:
    gateway = open_gateway(accounts=BASIC)
    link = await a_link_of(gateway, "basic")
    stats = await stats_of(gateway, link, 'range: { from: "2026-01-01", to: "2026-01-31" }', "clicks series { date }")
    assert (stats["clicks"], stats["series"]) == (None, None)
    assert stats["sources"][0]["truncated"]


async def test_the_advanced_plan_has_a_history_of_one_year() -> None:
    gateway = open_gateway()
    link = await a_link_of(gateway, "picsee-main")
    query = f"""query ($ids: [ID!]) {{
      stats(links: $ids, range: {{ from: "2025-01-01", to: "2026-11-20" }}) {{ clicks {SOURCES} }} }}"""
    (source,) = (await gateway.data(query, ids=[link]))["stats"]["sources"]
    assert (source["truncated"], source["from"], source["to"]) == (True, "2025-11-21", "2026-11-20")


async def test_days_are_in_the_vendors_time_zone() -> None:
    gateway = open_gateway()
    newest = picsee_links(gateway.clock)[0]
    found = await gateway.data(f'{{ link(shortUrl: "https://{newest.domain}/{newest.encode_id}") {{ id }} }}')
    today = gateway.clock.now().astimezone(TAIPEI).date()
    stats = await stats_of(gateway, found["link"]["id"], f'range: {{ from: "{today}" }}', "series { date }")
    assert [day["date"] for day in stats["series"]] == [today.isoformat()]


@pytest.mark.parametrize("key", ["picsee-main", "shortenworld", "cuttly"])
async def test_the_clicks_of_two_halves_of_a_range_add_up(key: str) -> None:
    gateway = open_gateway()
    link = await a_link_of(gateway, key)
    start = date(2026, 11, 1)
    whole, *parts = [
        (await stats_of(gateway, link, f'range: {{ from: "{first}", to: "{last}" }}', "clicks"))["clicks"]
        for first, last in (
            (start, start + timedelta(days=9)),
            (start, start + timedelta(days=3)),
            (start + timedelta(days=4), start + timedelta(days=9)),
        )
    ]
    assert whole == sum(parts)


MERGED = """
query ($ids: [ID!], $filter: LinkFilter) {
  stats(links: $ids, filter: $filter, range: { from: "2026-11-01", to: "2026-11-15" }) {
    clicks uniqueClicks botClicks links
    series { date clicks uniqueClicks }
    breakdown(by: COUNTRY, first: 1000) { buckets { key clicks uniqueClicks } remainder { clicks } }
    byAccount { account { key } clicks uniqueClicks botClicks links }
    sources { account { key } status notice }
  }
}
"""
SINGLE = """
query ($ids: [ID!]!) {
  nodes(ids: $ids) { ... on Link { stats(range: { from: "2026-11-01", to: "2026-11-15" }) {
    clicks uniqueClicks botClicks
    series { date clicks uniqueClicks }
    breakdown(by: COUNTRY, first: 1000) { buckets { key clicks uniqueClicks } }
  } } }
}
"""
LINKS = '{ links(first: 100, filter: { tags: { any: ["webinar"] } }) { nodes { id } } }'


def summed(numbers: list[int | None]) -> int | None:
    known = [number for number in numbers if number is not None]
    return sum(known) if known else None


def added(rows: list[Any], key: str) -> dict[str, tuple[int | None, int | None]]:
    keys = {row[key] for row in rows}
    return {
        each: (
            summed([row["clicks"] for row in rows if row[key] == each]),
            summed([row["uniqueClicks"] for row in rows if row[key] == each]),
        )
        for each in keys
    }


async def test_merged_statistics_are_the_sums_of_the_links_statistics_for_each_measure() -> None:
    gateway = open_gateway()
    ids = [link["id"] for link in (await gateway.data(LINKS))["links"]["nodes"]]
    ids.append(await a_link_of(gateway, "cuttly"))
    merged = (await gateway.data(MERGED, ids=ids))["stats"]
    single = [node["stats"] for node in (await gateway.data(SINGLE, ids=ids))["nodes"]]
    assert merged["links"] == len(ids) > 10
    for field in ("clicks", "uniqueClicks", "botClicks"):
        assert merged[field]
        assert merged[field] == summed([each[field] for each in single])
    days = [day for each in single for day in each["series"] or []]
    assert added(merged["series"], "date") == added(days, "date")
    assert [day["date"] for day in merged["series"]] == sorted({day["date"] for day in days})
    buckets = [bucket for each in single for bucket in (each["breakdown"] or {"buckets": []})["buckets"]]
    assert added(merged["breakdown"]["buckets"], "key") == added(buckets, "key")
    assert merged["breakdown"]["remainder"] is None


async def test_the_parts_of_the_accounts_add_up_to_the_total() -> None:
    stats = (await open_gateway().data(MERGED, filter={"tags": {"any": ["webinar"]}}))["stats"]
    for field in ("clicks", "uniqueClicks", "links"):
        assert stats[field] == summed([part[field] for part in stats["byAccount"]])
    assert {part["account"]["key"] for part in stats["byAccount"]} == {"picsee-main", "shortenworld", "tinycc"}


async def test_a_measure_that_an_account_does_not_count_is_null_instead_of_zero() -> None:
    stats = (await open_gateway().data(MERGED, filter={"tags": {"any": ["webinar"]}}))["stats"]
    parts = {part["account"]["key"]: part for part in stats["byAccount"]}
    assert parts["shortenworld"]["uniqueClicks"] is None
    assert parts["picsee-main"]["botClicks"] is None
    assert parts["tinycc"]["botClicks"] is None


async def test_the_remainder_is_the_sum_of_the_smaller_buckets() -> None:
    gateway = open_gateway()
    link = await a_link_of(gateway, "shortenworld")
    days = 'range: { from: "2026-11-01", to: "2026-11-15" }'
    selection = "all: breakdown(by: COUNTRY, first: 1000) { buckets { clicks } remainder { clicks } }"
    selection += " few: breakdown(by: COUNTRY, first: 2) { buckets { key clicks } remainder { key label clicks } }"
    stats = await stats_of(gateway, link, days, selection)
    every = [bucket["clicks"] for bucket in stats["all"]["buckets"]]
    assert every == sorted(every, reverse=True)
    assert [bucket["clicks"] for bucket in stats["few"]["buckets"]] == every[:2]
    assert stats["few"]["remainder"] == {"key": "other", "label": "All others", "clicks": sum(every[2:])}


async def test_an_id_that_is_given_twice_counts_once() -> None:
    gateway = open_gateway()
    link = await a_link_of(gateway, "shortenworld")
    once = await gateway.data(MERGED, ids=[link])
    assert await gateway.data(MERGED, ids=[link] * 3) == once


async def test_no_links_have_no_clicks() -> None:
    stats = (await open_gateway().data(MERGED, ids=[]))["stats"]
    assert (stats["clicks"], stats["links"], stats["series"], stats["byAccount"]) == (None, 0, None, [])


async def test_accounts_without_lists_are_unsupported_sources() -> None:
    stats = (await open_gateway().data(MERGED, filter={"tags": {"any": ["webinar"]}}))["stats"]
    statuses = {source["account"]["key"]: source["status"] for source in stats["sources"]}
    assert statuses == {
        "picsee-main": "OK",
        "shortenworld": "OK",
        "tinycc": "OK",
        "cuttly": "UNSUPPORTED",
        "chevereto": "UNSUPPORTED",
    }


async def test_merged_statistics_count_a_thousand_links_and_name_the_accounts_that_are_cut() -> None:
    table = {"provider": "tinycc", "base_url": f"{SANDBOX}/tinycc", "username": "sandbox-print"}
    accounts = [{**table, "key": f"print-{number}", "api_key": "sandbox-tinycc-key"} for number in range(13)]
    query = "{ stats { clicks links byAccount { links } sources { account { key } status notice } } }"
    stats = (await open_gateway(accounts=accounts).data(query))["stats"]
    assert stats["links"] == sum(part["links"] for part in stats["byAccount"]) == 1000
    cut = [source for source in stats["sources"] if source["status"] == "PARTIAL"]
    assert cut
    assert all("1000" in source["notice"] for source in cut)
    whole = [part["links"] for part in stats["byAccount"] if part["links"] == 80]
    assert len(whole) == 13 - len(cut)


async def test_merged_statistics_of_fewer_links_count_all_of_them() -> None:
    stats = (await open_gateway().data("{ stats { links sources { status notice } } }"))["stats"]
    assert 250 < stats["links"] < 1000
    assert {(source["status"], source["notice"]) for source in stats["sources"]} <= {
        ("OK", None),
        ("UNSUPPORTED", None),
    }

from datetime import date, timedelta
from typing import Any

import pytest

from harness.gateway import SANDBOX, Gateway, open_gateway
from harness.sandbox_truth import picsee_links
from harness.vendor_faults import a_link_of
from linkweave.providers.picsee.emulator.state import TAIPEI

SOURCES = """sources {
  account { key } status counts botsExcluded timeZone from to truncated fetchedAt notice error { code message }
}"""
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


DEFAULT_DAYS = ("2026-10-22", "2026-11-20")


@pytest.mark.parametrize(
    ("key", "counts", "zone", "status", "days"),
    [
        ("picsee-main", ["CLICKS", "UNIQUE_CLICKS"], "Asia/Taipei", "OK", DEFAULT_DAYS),
        ("tinycc", ["CLICKS", "UNIQUE_CLICKS"], "UTC", "UNSUPPORTED", (None, None)),
        ("shortenworld", ["CLICKS", "BOT_CLICKS"], None, "OK", DEFAULT_DAYS),
        ("cuttly", ["CLICKS", "BOT_CLICKS"], None, "OK", DEFAULT_DAYS),
    ],
)
async def test_a_source_says_what_its_numbers_mean(
    key: str, counts: list[str], zone: str | None, status: str, days: tuple[str | None, str | None]
) -> None:
    gateway = open_gateway()
    link = await a_link_of(gateway, key)
    query = f"query ($ids: [ID!]) {{ stats(links: $ids) {{ clicks breakdown(by: COUNTRY) {{ by }} {SOURCES} }} }}"
    (source,) = (await gateway.data(query, ids=[link]))["stats"]["sources"]
    assert (source["account"]["key"], source["status"], source["counts"]) == (key, status, counts)
    assert (source["timeZone"], (source["from"], source["to"]), source["truncated"]) == (zone, days, False)
    assert (source["error"] and source["error"]["code"]) == (None if status == "OK" else "UNSUPPORTED")
    assert status == "UNSUPPORTED" or source["fetchedAt"].startswith("2026-11-20T10:30:")


ONE_DAY = 'range: { from: "2026-11-19", to: "2026-11-19" }'


@pytest.mark.parametrize("rest", ["", "series { date }", "breakdown(by: COUNTRY) { by } series { date } botClicks"])
@pytest.mark.parametrize("key", ["picsee-main", "basic", "tinycc", "shortenworld", "cuttly"])
async def test_clicks_of_a_link_are_of_its_life_and_its_statistics_of_the_days_alone(key: str, rest: str) -> None:
    gateway = open_gateway(accounts=BASIC) if key == "basic" else open_gateway()
    link = await a_link_of(gateway, key)
    days = f"stats({ONE_DAY}) {{ clicks uniqueClicks {rest} }}"
    query = f"query ($id: ID!) {{ link(id: $id) {{ clicks uniqueClicks {days} account {{ key }} }} }}"
    found = (await gateway.data(query, id=link))["link"]
    life, stats = (found["clicks"], found["uniqueClicks"]), (found["stats"]["clicks"], found["stats"]["uniqueClicks"])
    counts_unique, counts_days = key in {"picsee-main", "basic", "tinycc"}, key != "tinycc"
    assert life[0] > 30
    assert (life[1] is not None) == counts_unique
    assert (stats[0] is not None, stats[1] is not None) == (counts_days, counts_days and counts_unique)
    assert stats[0] is None or stats[0] < 25


async def test_a_day_merged_over_vendors_holds_no_vendors_whole_life() -> None:
    query = f"""{{ stats(filter: {{ tags: {{ any: ["webinar"] }} }}, {ONE_DAY}) {{
      clicks complete byAccount {{ account {{ key }} clicks }} sources {{ account {{ key }} status }} }} }}"""
    stats = (await open_gateway().data(query))["stats"]
    clicks = {part["account"]["key"]: part["clicks"] for part in stats["byAccount"]}
    assert clicks["tinycc"] is None
    assert stats["clicks"] == clicks["picsee-main"] + clicks["shortenworld"]
    assert not stats["complete"]
    assert {"account": {"key": "tinycc"}, "status": "UNSUPPORTED"} in stats["sources"]


async def test_a_range_beyond_the_plans_history_has_the_last_days_and_no_totals() -> None:
    gateway = open_gateway(accounts=BASIC)
    truth = next(link for link in picsee_links(gateway.clock) if link.created_at.date() < date(2026, 9, 20))
    found = await gateway.data(f'{{ link(shortUrl: "https://{truth.domain}/{truth.encode_id}") {{ id }} }}')
    days = 'range: { from: "2026-09-25", to: "2026-11-20" }'
    selection = "clicks uniqueClicks series { date clicks uniqueClicks } breakdown(by: COUNTRY) { by }"
    stats = await stats_of(gateway, found["link"]["id"], days, selection)
    (source,) = stats["sources"]
    assert (source["truncated"], source["from"], source["to"]) == (True, "2026-10-22", "2026-11-20")
    assert (source["status"], source["error"]["code"]) == ("PARTIAL", "UNSUPPORTED")
    assert (stats["clicks"], stats["uniqueClicks"], stats["breakdown"]) == (None, None, None)
    told = [day for day in truth.days if day.day >= date(2026, 10, 22)]
    assert stats["series"] == [
        {"date": day.day.isoformat(), "clicks": day.clicks, "uniqueClicks": day.unique_clicks} for day in told
    ]
    merged = f"query ($ids: [ID!]) {{ stats(links: $ids, {days}) {{ clicks complete }} }}"
    reply = await gateway.ask(merged, ids=[found["link"]["id"]])
    assert reply.data == {"stats": {"clicks": None, "complete": False}}
    assert (reply.error["path"], reply.error["extensions"]["account"]) == (["stats", "clicks"], "basic")


async def test_a_range_before_the_plans_history_has_no_numbers_and_says_so() -> None:
    gateway = open_gateway(accounts=BASIC)
    old = picsee_links(gateway.clock)[-1]
    found = await gateway.data(f'{{ link(shortUrl: "https://{old.domain}/{old.encode_id}") {{ id }} }}')
    days = 'range: { from: "2026-09-01", to: "2026-10-01" }'
    stats = await stats_of(gateway, found["link"]["id"], days, "clicks series { date }")
    (source,) = stats["sources"]
    assert (stats["clicks"], stats["series"]) == (None, None)
    assert (source["truncated"], source["from"], source["to"]) == (True, None, None)
    assert (source["status"], source["error"]["code"]) == ("UNSUPPORTED", "UNSUPPORTED")
    assert "counts clicks from 2026-10-22 to 2026-11-20 only" in source["error"]["message"]


async def test_days_before_a_link_was_made_cut_nothing_off() -> None:
    gateway = open_gateway(accounts=BASIC)
    young = picsee_links(gateway.clock)[5]
    found = await gateway.data(f'{{ link(shortUrl: "https://{young.domain}/{young.encode_id}") {{ id }} }}')
    stats = await stats_of(gateway, found["link"]["id"], 'range: { from: "2025-01-01" }', "clicks series { clicks }")
    assert stats["clicks"] == sum(day["clicks"] for day in stats["series"]) == young.clicks
    assert (stats["sources"][0]["truncated"], stats["sources"][0]["status"]) == (False, "OK")


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
        "tinycc": "UNSUPPORTED",
        "cuttly": "UNSUPPORTED",
        "chevereto": "UNSUPPORTED",
    }


async def test_merged_statistics_count_a_thousand_links_and_name_the_accounts_that_are_cut() -> None:
    table = {"provider": "tinycc", "base_url": f"{SANDBOX}/tinycc", "username": "sandbox-print"}
    accounts = [{**table, "key": f"print-{number}", "api_key": "sandbox-tinycc-key"} for number in range(13)]
    query = """query ($allowed: Boolean!) { stats(allowIncomplete: $allowed) {
      clicks complete links byAccount { links } sources { account { key } status notice } } }"""
    gateway = open_gateway(accounts=accounts)
    reply = await gateway.ask(query, allowed=False)
    stats = reply.data["stats"]
    assert stats["links"] == sum(part["links"] for part in stats["byAccount"]) == 1000
    cut = [source for source in stats["sources"] if source["notice"] is not None]
    assert cut
    assert all("1000" in source["notice"] for source in cut)
    assert (stats["clicks"], stats["complete"]) == (None, False)
    named = {error["extensions"]["account"]: error["path"] for error in reply.errors}
    assert named == {source["account"]["key"]: ["stats", "clicks"] for source in cut}
    assert not (await gateway.data(query, allowed=True))["stats"]["complete"]
    whole = [part["links"] for part in stats["byAccount"] if part["links"] == 80]
    assert len(whole) == 13 - len(cut)


async def test_merged_statistics_of_fewer_links_count_all_of_them() -> None:
    stats = (await open_gateway().data("{ stats { links sources { status notice } } }"))["stats"]
    assert 250 < stats["links"] < 1000
    assert {(source["status"], source["notice"]) for source in stats["sources"]} <= {
        ("OK", None),
        ("UNSUPPORTED", None),
    }

"""`stats` of days and whole lives from the catalog, where a vendor does not tell them or does not answer."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import replace
from datetime import timedelta
from typing import Any, Final

from sqlalchemy import update

from harness.catalog_gateway import CatalogGateway, clicked, days_ago, known_link, open_catalog_gateway
from harness.gateway import open_gateway
from harness.known_rows import KnownRow, store_rows
from harness.virtual_time import NOW
from linkweave.catalog.reads.questions.clicks import DaySpan
from linkweave.catalog.tables import ACCOUNT_SYNCS
from linkweave.schema.global_ids import decode_id, encode_id
from linkweave.testing.gateway import SANDBOX

_STATS: Final = """
query ($ids: [ID!]!) {
  stats(links: $ids, range: {from: "2026-11-11", to: "2026-11-20"}) {
    clicks uniqueClicks complete
    series { date clicks uniqueClicks }
    sources { status measuredBy asOf truncated from to error { code } }
  }
}
"""

_ALL: Final = """{ stats(range: {from: "2026-11-11", to: "2026-11-20"}) {
  clicks uniqueClicks links complete
  series { date clicks }
  byAccount { links clicks }
  sources { account { key } status notice asOf error { message } }
} }"""


async def _ids(account: str, count: int = 1) -> list[str]:
    """The IDs of some links of an account of the sandbox."""
    data = await open_gateway().data(
        "query ($key: ID!, $first: Int!) { links(first: $first, filter: {accounts: [$key]}) { nodes { id } } }",
        key=account,
        first=count,
    )
    return [node["id"] for node in data["links"]["nodes"]]


def _row(number: int, link_id: str, *days: DaySpan, **more: Any) -> KnownRow:
    account, handle = decode_id(link_id, "id").parts
    return known_link(number, account, handle=handle, days=days, **more)


@asynccontextmanager
async def _world(url: str, *rows: KnownRow) -> AsyncIterator[CatalogGateway]:
    async with open_catalog_gateway(url) as world:
        await store_rows(world.database, rows)
        yield world


async def test_days_that_the_gateway_measured_are_there_where_the_vendor_tells_none(sqlite_url: str) -> None:
    ids = await _ids("tinycc", 2)
    rows = (
        replace(_row(1, ids[0], clicked(2, 5, 4), clicked(0, 1, 1)), days_source="OBSERVED"),
        replace(_row(2, ids[1], clicked(2, 10, 6)), days_source="OBSERVED"),
    )
    without = (await open_gateway().ask(_STATS, ids=ids)).data["stats"]
    assert (without["clicks"], without["series"], without["sources"][0]["status"]) == (None, None, "UNSUPPORTED")
    async with _world(sqlite_url, *rows) as world:
        stats = (await world.data(_STATS, ids=ids))["stats"]
    assert (stats["clicks"], stats["uniqueClicks"], stats["complete"]) == (16, 11, True)
    assert {point["date"]: point["clicks"] for point in stats["series"] if point["clicks"]} == {
        "2026-11-18": 15,
        "2026-11-20": 1,
    }
    assert stats["sources"] == [
        {
            "status": "OK",
            "measuredBy": "GATEWAY",
            "asOf": "2026-11-20T10:30:00Z",
            "truncated": False,
            "from": "2026-11-11",
            "to": "2026-11-20",
            "error": None,
        }
    ]


async def test_statistics_of_a_vendor_that_is_down_are_those_of_the_catalog(sqlite_url: str) -> None:
    ids = await _ids("picsee-main")
    async with _world(sqlite_url, _row(1, ids[0], clicked(1, 7, 3))) as world:
        world.gateway.break_provider("picsee", "status", status=503)
        stats = (await world.data(_STATS, ids=ids))["stats"]
    (source,) = stats["sources"]
    assert (stats["clicks"], stats["uniqueClicks"], len(stats["series"])) == (7, 3, 10)
    assert (source["status"], source["measuredBy"], source["error"]) == ("STALE", "VENDOR", {"code": "UNAVAILABLE"})


async def test_a_range_that_the_catalog_knows_in_part_has_those_days_and_no_sum(sqlite_url: str) -> None:
    ids = await _ids("tinycc")
    # The link 30 was created 30 days ago.
    row = replace(_row(30, ids[0], clicked(2, 5, 4)), days_from=days_ago(4))
    async with _world(sqlite_url, row) as world:
        reply = await world.gateway.ask(_STATS, ids=ids)
    stats = reply.data["stats"]
    assert (stats["clicks"], stats["uniqueClicks"], stats["complete"]) == (None, None, False)
    assert [point["clicks"] for point in stats["series"]] == [0, 0, 5, 0, 0]
    (source,) = stats["sources"]
    assert (source["status"], source["truncated"], source["from"]) == ("PARTIAL", True, "2026-11-16")


async def test_days_that_were_read_too_long_ago_end_before_that_reading(sqlite_url: str) -> None:
    ids = await _ids("tinycc")
    row = replace(_row(1, ids[0], clicked(5, 5, 4)), days_at=NOW - timedelta(days=3))
    async with _world(sqlite_url, row) as world:
        stats = (await world.gateway.ask(_STATS, ids=ids)).data["stats"]
    assert stats["clicks"] is None
    assert (stats["series"][-1]["date"], stats["sources"][0]["to"]) == ("2026-11-16", "2026-11-16")


async def test_accounts_with_too_many_links_are_counted_by_the_catalog_where_it_knows_them_all(sqlite_url: str) -> None:
    keys = ["tinycc", *(f"print-{number}" for number in range(12))]
    table = {"provider": "tinycc", "base_url": f"{SANDBOX}/tinycc", "username": "sandbox-print"}
    accounts = [{**table, "key": key, "api_key": "sandbox-tinycc-key"} for key in keys]
    handles = [decode_id(each, "id").parts[1] for each in await _ids("tinycc", 100)]
    places = enumerate((key, handle) for key in keys for handle in handles)
    rows = [known_link(at + 1, key, handle=handle, days=[clicked(2, 3, 2)]) for at, (key, handle) in places]
    async with open_catalog_gateway(sqlite_url, rows, dict.fromkeys(keys, NOW), accounts, 300) as world:
        await _change_syncs(world, statistics_at=NOW)
        known = (await world.gateway.ask(_ALL)).data["stats"]
        await _change_syncs(world, last_full_walk_at=None)
        unknown = (await world.gateway.ask(_ALL)).data["stats"]
    assert (len(rows), known["links"], unknown["links"]) == (1040, 1040, 1000)
    assert (known["clicks"], known["uniqueClicks"], known["complete"]) == (3 * 1040, 2 * 1040, True)
    assert {(source["status"], source["notice"]) for source in known["sources"]} == {("OK", None)}
    assert [point["clicks"] for point in known["series"] if point["clicks"]] == [3 * 1040]
    assert {(part["links"], part["clicks"]) for part in known["byAccount"]} == {(80, 240)}
    assert (unknown["clicks"], unknown["complete"]) == (None, False)
    assert "PARTIAL" in {source["status"] for source in unknown["sources"]}


async def _change_syncs(world: CatalogGateway, **values: object) -> None:
    async with world.database.write() as connection:
        await connection.execute(update(ACCOUNT_SYNCS).values(values))


async def test_a_deleted_link_is_not_counted_as_a_link_without_clicks(sqlite_url: str) -> None:
    link_id = encode_id("Link", "tinycc", "go.shopdemo.example/gone")
    row = replace(_row(1, link_id, clicked(40, 5, 4)), is_deleted=True)
    async with _world(sqlite_url, row) as world:
        reply = await world.gateway.ask(_STATS, ids=[link_id])
    stats = reply.data["stats"]
    assert (stats["clicks"], stats["complete"], stats["series"]) == (None, False, None)
    assert (stats["sources"][0]["status"], stats["sources"][0]["error"]) == ("FAILED", {"code": "NOT_FOUND"})
    assert set(reply.codes) == {"NOT_FOUND"}


async def test_a_link_that_the_catalog_does_not_know_stays_without_days(sqlite_url: str) -> None:
    ids = await _ids("tinycc")
    async with _world(sqlite_url) as world:
        stats = (await world.data(_STATS, ids=ids))["stats"]
    assert (stats["clicks"], stats["sources"][0]["status"]) == (None, "UNSUPPORTED")


async def test_live_statistics_do_not_need_the_database(sqlite_url: str) -> None:
    ids = [*await _ids("picsee-main"), *await _ids("tinycc")]
    async with _world(sqlite_url) as world:
        async with world.database.write() as connection:
            await connection.exec_driver_sql("DROP TABLE links")
        sources = (await world.data(_STATS, ids=ids))["stats"]["sources"]
    assert [source["status"] for source in sources] == ["OK", "UNSUPPORTED"]


async def test_known_links_of_a_vendor_that_lists_none_are_counted(sqlite_url: str) -> None:
    query = '{ stats(filter: {accounts: ["cuttly"]}) { clicks links complete sources { status notice } } }'
    created = (
        'mutation { createLink(input: {accounts: ["cuttly"], destination: "https://example.com/new"}) { link { id } } }'
    )
    async with _world(sqlite_url) as world:
        link_id = (await world.data(created, to="https://example.com/new"))["createLink"]["link"]["id"]
        await store_rows(world.database, [_row(1, link_id)])
        stats = (await world.data(query))["stats"]
    assert (stats["clicks"], stats["links"], stats["complete"]) == (0, 1, False)
    (source,) = stats["sources"]
    assert source["status"] == "PARTIAL"
    assert source["notice"].startswith("The provider lists no links.")

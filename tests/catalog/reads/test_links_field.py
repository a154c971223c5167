"""`links(orderBy, read)` and `totalCount`: GraphQL in, the catalog filled, answers out."""

from datetime import timedelta
from typing import Any, Final

import pytest

from harness.catalog_gateway import (
    ALONE,
    LISTING,
    CatalogGateway,
    clicked,
    days_ago,
    known_link,
    open_catalog_gateway,
)
from harness.gateway import open_gateway
from harness.virtual_time import NOW

_LINKS: Final = """
query ($first: Int, $after: String, $order: LinkOrder, $read: ReadFrom! = AUTO, $filter: LinkFilter) {
  links(first: $first, after: $after, orderBy: $order, read: $read, filter: $filter) {
    totalCount
    edges { cursor clicksInRange }
    nodes { slug clicks account { key } }
    pageInfo { hasNextPage hasPreviousPage endCursor }
    sources { account { key } status read asOf notice returned exhausted error { code message } }
  }
}
"""
_REMEDY: Final = 'add url to [catalog] in the configuration, such as url = "sqlite:///linkweave.db"'

# Half of the links are at Cutt.ly, which lists none.
ROWS: Final = tuple(known_link(number, ("tinycc", "cuttly")[number % 2]) for number in range(1, 8))


def _slugs(data: Any) -> list[str]:
    return [node["slug"] for node in data["links"]["nodes"]]


def _sources(data: Any) -> dict[str, dict[str, Any]]:
    return {source["account"]["key"]: source for source in data["links"]["sources"]}


async def _pages(world: CatalogGateway, size: int, **variables: object) -> list[str]:
    slugs, after, more = [], None, True
    while more:
        data = await world.data(_LINKS, first=size, after=after, **variables)
        page = data["links"]["pageInfo"]
        assert page["hasPreviousPage"] == (after is not None)
        slugs += _slugs(data)
        after, more = page["endCursor"], page["hasNextPage"]
    return slugs


async def test_links_are_paged_in_the_order_of_their_clicks_without_a_call(sqlite_url: str) -> None:
    async with open_catalog_gateway(sqlite_url, ROWS) as world:
        assert await _pages(world, 3, order={"field": "CLICKS"}) == ["s7", "s6", "s5", "s4", "s3", "s2", "s1"]
        assert await _pages(world, 3, order={"field": "CREATED_AT", "direction": "ASC"}) == [
            f"s{number}" for number in range(7, 0, -1)
        ]
        assert not world.gateway.calls()


async def test_a_page_of_the_catalog_says_so_and_as_of_when(sqlite_url: str) -> None:
    walked = {key: NOW - timedelta(hours=2) for key in LISTING if key != "shortenworld"}
    async with open_catalog_gateway(sqlite_url, ROWS, walked) as world:
        data = await world.data(_LINKS, first=2, read="CATALOG")
    sources = _sources(data)
    assert {source["read"] for source in sources.values() if source["status"] != "UNSUPPORTED"} == {"CATALOG"}
    assert (sources["tinycc"]["status"], sources["tinycc"]["asOf"]) == ("OK", "2026-11-20T08:30:00Z")
    assert (sources["tinycc"]["returned"], sources["tinycc"]["exhausted"]) == (1, False)
    assert (sources["cuttly"]["status"], sources["cuttly"]["asOf"]) == ("PARTIAL", None)
    assert sources["cuttly"]["notice"].startswith("The provider lists no links.")
    assert (sources["shortenworld"]["status"], sources["shortenworld"]["asOf"]) == ("PARTIAL", None)
    assert "have not all been read yet" in sources["shortenworld"]["notice"]
    assert sources["chevereto"]["status"] == "UNSUPPORTED"
    assert data["links"]["totalCount"] is None


async def test_the_total_counts_the_links_that_match_once_all_accounts_were_read(sqlite_url: str) -> None:
    async with open_catalog_gateway(sqlite_url, ROWS) as world:
        assert (await world.data(_LINKS, order={"field": "CLICKS"}))["links"]["totalCount"] == 7
        assert (await world.data(_LINKS, filter={"search": "example.com/3"}))["links"]["totalCount"] == 1
        assert (await world.data(_LINKS, filter={"authorId": "x"}))["links"]["totalCount"] is None


async def test_links_of_a_vendor_that_lists_none_join_the_live_lists(sqlite_url: str) -> None:
    async with open_catalog_gateway(sqlite_url, ROWS) as world:
        only = {"accounts": ["cuttly"]}
        auto = await world.data(_LINKS, filter=only)
        assert _slugs(auto) == ["s1", "s3", "s5", "s7"]
        assert (_sources(auto)["cuttly"]["status"], _sources(auto)["cuttly"]["read"]) == ("PARTIAL", "CATALOG")
        assert await _pages(world, 3, filter=only) == ["s1", "s3", "s5", "s7"]
        live = await world.data(_LINKS, filter=only, read="LIVE")
        assert _slugs(live) == []
        assert (_sources(live)["cuttly"]["status"], _sources(live)["cuttly"]["read"]) == ("UNSUPPORTED", "LIVE")
        everything = await _pages(world, 50)
        assert [everything.count(slug) for slug in ("s1", "s3", "s5", "s7")] == [1, 1, 1, 1]
        assert len(everything) > len(ROWS)


async def test_the_order_by_clicks_in_a_range_shows_them(sqlite_url: str) -> None:
    rows = (
        known_link(1, "tinycc", days=(clicked(3, 5), clicked(2, 2), clicked(40, 100))),
        known_link(2, "tinycc", days=(clicked(1, 9),)),
        # Its days are known, but there was no click in the range.
        known_link(3, "tinycc", days=(clicked(50, 1),)),
        known_link(4, "tinycc"),
    )
    async with open_catalog_gateway(sqlite_url, rows) as world:
        days = {"from": days_ago(7).isoformat(), "to": days_ago(0).isoformat()}
        data = await world.data(_LINKS, order={"field": "CLICKS_IN_RANGE", "range": days})
    assert _slugs(data) == ["s2", "s1", "s3", "s4"]
    assert [edge["clicksInRange"] for edge in data["links"]["edges"]] == [9, 7, 0, None]


async def test_callers_see_and_count_only_the_links_of_their_accounts(sqlite_url: str) -> None:
    async with open_catalog_gateway(sqlite_url, ROWS) as world:
        alone = CatalogGateway(world.gateway.bearing(ALONE), world.database)
        data = await alone.data(_LINKS, order={"field": "CLICKS"})
        assert (_slugs(data), data["links"]["totalCount"]) == (["s6", "s4", "s2"], 3)
        assert set(_sources(data)) == {"tinycc"}
        seen_by_all = (await world.data(_LINKS, first=2, order={"field": "CLICKS"}))["links"]["pageInfo"]["endCursor"]
        error = await alone.error(_LINKS, after=seen_by_all, order={"field": "CLICKS"})
        assert (error["extensions"]["code"], error["extensions"]["field"]) == ("INVALID_INPUT", "after")


@pytest.mark.parametrize(
    ("variables", "field"),
    [
        ({"order": {"field": "CLICKS"}, "read": "LIVE"}, "read"),
        ({"order": {"field": "CLICKS", "range": {}}}, "orderBy.range"),
        (
            {"order": {"field": "CLICKS_IN_RANGE", "range": {"from": "2026-11-02", "to": "2026-11-01"}}},
            "orderBy.range.from",
        ),
        ({"read": "CATALOG", "filter": {"authorId": "1"}}, "filter.authorId"),
        ({"read": "CATALOG", "filter": {"origin": "API"}}, "filter.origin"),
        ({"read": "CATALOG", "after": "nonsense"}, "after"),
        ({"read": "CATALOG", "filter": {"search": "x" * 1_001}}, "filter.search"),
    ],
)
async def test_what_the_catalog_cannot_answer_is_refused_with_the_field(
    sqlite_url: str, variables: dict[str, object], field: str
) -> None:
    async with open_catalog_gateway(sqlite_url) as world:
        error = await world.error(_LINKS, **variables)
    assert (error["extensions"]["code"], error["extensions"]["field"]) == ("INVALID_INPUT", field)


@pytest.mark.parametrize(
    ("variables", "name"), [({"order": {"field": "CLICKS"}}, "orderBy"), ({"read": "CATALOG"}, "read: CATALOG")]
)
async def test_without_a_catalog_the_remedy_is_named(variables: dict[str, object], name: str) -> None:
    gateway = open_gateway()
    error = (await gateway.ask(_LINKS, **variables)).error
    assert error["extensions"]["code"] == "UNSUPPORTED"
    assert error["message"] == f"{name} needs the catalog, and this gateway has none; {_REMEDY}"
    assert (await gateway.data(_LINKS))["links"]["totalCount"] is None


async def test_live_lists_go_on_while_the_database_cannot_be_used(sqlite_url: str) -> None:
    async with open_catalog_gateway(sqlite_url, ROWS) as world:
        await _drop_links(world)
        error = await world.error("{ links(orderBy: {field: CLICKS}) { nodes { id } } }")
        assert error["extensions"]["code"] == "UNAVAILABLE"
        live = await world.data("{ links { nodes { id } sources { account { key } status error { code } } } }")
    assert len(live["links"]["nodes"]) == 20
    failed = {source["account"]["key"]: source["error"] for source in live["links"]["sources"] if source["error"]}
    assert failed["cuttly"] == {"code": "UNAVAILABLE"}
    assert set(failed) == {"cuttly", "chevereto"}


async def _drop_links(world: CatalogGateway) -> None:
    async with world.database.write() as connection:
        await connection.exec_driver_sql("DROP TABLE links")

"""`statsBy`, `destinations`, `uploads` and `Link.history`: GraphQL in, the catalog filled, answers out."""

from dataclasses import replace
from datetime import timedelta
from typing import Final

import pytest

from harness.catalog_gateway import ALONE, CatalogGateway, clicked, days_ago, known_link, open_catalog_gateway
from harness.gateway import open_gateway
from harness.virtual_time import NOW
from linkweave.catalog.reads.questions.clicks import DaySpan
from linkweave.catalog.writes.record_links import Sighting, record_links
from linkweave.catalog.writes.record_upload import record_upload
from linkweave.gather.known.groups import ALL_UNKNOWN_NOTICE, SOME_UNKNOWN_NOTICE
from linkweave.models import Upload
from linkweave.models.link_changes import SeenBy

_BY_TAG: Final = """
query ($group: StatsGroup! = TAG, $interval: Interval! = DAY, $first: Int, $after: String, $filter: LinkFilter) {
  statsBy(
    group: $group, first: $first, after: $after, filter: $filter, range: {from: "2026-11-11", to: "2026-11-20"}
  ) {
    nodes {
      key label links clicks uniqueClicks complete
      series(interval: $interval) { date clicks uniqueClicks }
      byAccount { account { key } links clicks series { clicks } }
    }
    pageInfo { hasNextPage endCursor }
    sources { account { key } status measuredBy asOf from to notice error { code } }
  }
}
"""
ROWS: Final = (
    known_link(1, "tinycc", tags=("Spring",), days=(clicked(1, 5, 3), clicked(0, 2, 1))),
    known_link(2, "tinycc", tags=("spring", "sale"), days=(clicked(1, 10, 4), clicked(30, 500))),
    # Its days are known from today on only.
    replace(known_link(3, "tinycc", tags=("sale",), days=(clicked(0, 7),)), days_from=days_ago(0)),
    known_link(4, "tinycc", tags=("new",)),
)


async def test_clicks_by_tag_add_up_what_is_known_and_say_whether_that_is_all(sqlite_url: str) -> None:
    async with open_catalog_gateway(sqlite_url, ROWS) as world:
        data = await world.data(_BY_TAG, filter={"accounts": ["tinycc"]})
        nodes = data["statsBy"]["nodes"]
        assert not world.gateway.calls()
    assert [(each["key"], each["label"], each["links"], each["clicks"], each["complete"]) for each in nodes] == [
        ("spring", "Spring", 2, 17, True),
        ("sale", "sale", 2, 10, False),
        ("new", "new", 1, None, False),
    ]
    assert [each["uniqueClicks"] for each in nodes] == [8, 4, None]
    assert [point["clicks"] for point in nodes[0]["series"]] == [0, 0, 0, 0, 0, 0, 0, 0, 15, 2]
    assert nodes[0]["series"][-1] == {"date": "2026-11-20", "clicks": 2, "uniqueClicks": 1}
    assert nodes[2]["series"] is None
    (part,) = nodes[0]["byAccount"]
    assert (part["account"]["key"], part["links"], part["clicks"]) == ("tinycc", 2, 17)
    assert sum(point["clicks"] for point in part["series"]) == 17
    (source,) = data["statsBy"]["sources"]
    assert (source["measuredBy"], source["from"], source["to"]) == ("VENDOR", "2026-11-11", "2026-11-20")


@pytest.mark.parametrize(
    ("tag", "source"),
    [
        ("spring", {"status": "OK", "notice": None}),
        ("sale", {"status": "PARTIAL", "notice": SOME_UNKNOWN_NOTICE}),
        ("new", {"status": "PARTIAL", "notice": ALL_UNKNOWN_NOTICE}),
    ],
)
async def test_an_account_some_of_whose_clicks_are_not_known_is_partial(
    sqlite_url: str, tag: str, source: dict[str, str | None]
) -> None:
    query = """query ($filter: LinkFilter) {
      statsBy(group: ACCOUNT, filter: $filter, range: {from: "2026-11-11", to: "2026-11-20"}) {
        sources { status notice }
      }
    }"""
    async with open_catalog_gateway(sqlite_url, ROWS) as world:
        data = await world.data(query, filter={"accounts": ["tinycc"], "tags": {"any": [tag]}})
    assert data["statsBy"]["sources"] == [source]


@pytest.mark.parametrize(
    ("interval", "points"),
    [
        ("WEEK", [("2026-11-11", 1), ("2026-11-16", 5)]),
        ("MONTH", [("2026-11-11", 6)]),
        (
            "DAY",
            [
                (f"2026-11-{day}", count)
                for day, count in zip(range(11, 21), (1, *([0] * 5), *([None] * 3), 0), strict=True)
            ],
        ),
    ],
)
async def test_a_span_of_several_days_counts_where_it_lies_whole(
    sqlite_url: str, interval: str, points: list[tuple[str, int | None]]
) -> None:
    span = DaySpan(days_ago(3), days_ago(1), 5, None)
    rows = (known_link(1, "tinycc", tags=("spring",), days=(clicked(9, 1), span)),)
    async with open_catalog_gateway(sqlite_url, rows) as world:
        (node,) = (await world.data(_BY_TAG, interval=interval))["statsBy"]["nodes"]
    assert [(point["date"], point["clicks"]) for point in node["series"]] == points


async def test_a_link_that_was_made_in_its_range_is_complete_from_that_day_in_its_accounts_zone(
    sqlite_url: str,
) -> None:
    # 20:00 of UTC, which is the next day in Taipei, where PicSee counts.
    made = NOW.replace(hour=20) - timedelta(days=5)
    row = known_link(1, "picsee-main", created_at=made, tags=("spring",), days=(clicked(1, 5, 3),))
    async with open_catalog_gateway(sqlite_url, (replace(row, days_from=days_ago(4)),)) as world:
        (node,) = (await world.data(_BY_TAG, filter={"accounts": ["picsee-main"]}))["statsBy"]["nodes"]
        assert (node["clicks"], node["complete"]) == (5, True)


async def test_teams_and_campaigns_have_the_names_that_their_vendor_tells(sqlite_url: str) -> None:
    rows = (
        known_link(1, "shortenworld", team_id="team-apac", campaign_id="camp-102"),
        known_link(2, "shortenworld", team_id="team-gone"),
    )
    async with open_catalog_gateway(sqlite_url, rows) as world:
        teams = (await world.data(_BY_TAG, group="TEAM"))["statsBy"]["nodes"]
        campaigns = (await world.data(_BY_TAG, group="CAMPAIGN"))["statsBy"]["nodes"]
        assert sorted(each["label"] for each in teams) == ["APAC marketing", "team-gone"]
        assert [each["label"] for each in campaigns] == ["Lunar New Year"]


async def test_groups_are_paged_and_only_of_the_callers_accounts(sqlite_url: str) -> None:
    rows = (*ROWS, known_link(5, "picsee-main", tags=("hidden",), days=(clicked(1, 1, 1),)))
    async with open_catalog_gateway(sqlite_url, rows) as world:
        first = (await world.data(_BY_TAG, group="ACCOUNT", first=1))["statsBy"]
        assert [(each["key"], each["label"]) for each in first["nodes"]] == [("tinycc", "Print & packaging")]
        rest = (await world.data(_BY_TAG, group="ACCOUNT", first=5, after=first["pageInfo"]["endCursor"]))["statsBy"]
        assert [each["key"] for each in rest["nodes"]] == ["picsee-main"]
        # PicSee counts unique clicks too: these are no clicks, and none of its own clicks are left out.
        assert rest["nodes"][0]["complete"] is False
        alone = CatalogGateway(world.gateway.bearing(ALONE), world.database)
        seen = (await alone.data(_BY_TAG))["statsBy"]
    assert "hidden" not in [each["key"] for each in seen["nodes"]]
    assert [source["account"]["key"] for source in seen["sources"]] == ["tinycc"]


_DESTINATIONS: Final = """
query ($filter: DestinationFilter, $first: Int, $after: String) {
  destinations(filter: $filter, first: $first, after: $after) {
    totalCount
    nodes {
      url linkCount clicks complete accounts { key }
      links(first: 1) { totalCount nodes { slug } pageInfo { hasNextPage } }
      stats(range: {from: "2026-11-11", to: "2026-11-20"}) { links }
    }
    pageInfo { hasNextPage endCursor }
    sources { account { key } status read returned }
  }
}
"""


async def test_destinations_with_several_links_over_all_accounts(sqlite_url: str) -> None:
    shop = "https://shop.example/sale"
    rows = (
        known_link(1, "tinycc", destination=shop),
        known_link(2, "cuttly", destination="HTTPS://SHOP.example:443/sale#top"),
        known_link(3, "tinycc", destination=f"{shop}?utm_source=mail"),
        known_link(4, "tinycc"),
    )
    async with open_catalog_gateway(sqlite_url, rows) as world:
        several = (await world.data(_DESTINATIONS, filter={"minLinks": 2}))["destinations"]
        (node,) = several["nodes"]
        assert (several["totalCount"], node["linkCount"], node["clicks"]) == (1, 2, 3)
        # Cutt.ly lists no links: it may have others to the same destination.
        assert node["complete"] is False
        assert [account["key"] for account in node["accounts"]] == ["cuttly", "tinycc"]
        assert (node["links"]["totalCount"], node["links"]["nodes"]) == (2, [{"slug": "s1"}])
        assert node["links"]["pageInfo"] == {"hasNextPage": True}
        assert node["stats"] == {"links": 2}
        without = (await world.data(_DESTINATIONS, filter={"minLinks": 2, "ignoreUtm": True}))["destinations"]
        assert [each["linkCount"] for each in without["nodes"]] == [3]
        page = (await world.data(_DESTINATIONS, first=1))["destinations"]
        after = page["pageInfo"]["endCursor"]
        rest = (await world.data(_DESTINATIONS, first=5, after=after))["destinations"]
        assert len(page["nodes"] + rest["nodes"]) == page["totalCount"] == 3
        only = {"links": {"accounts": ["cuttly"]}, "host": "SHOP.example", "search": "/SALE"}
        assert (await world.data(_DESTINATIONS, filter=only))["destinations"]["nodes"][0]["linkCount"] == 1


_UPLOADS: Final = """
query ($filter: UploadFilter, $first: Int, $after: String) {
  uploads(filter: $filter, first: $first, after: $after) {
    nodes { name account { key } deleteUrl }
    pageInfo { hasNextPage endCursor }
  }
}
"""


async def test_uploads_are_listed_newest_first(sqlite_url: str) -> None:
    async with open_catalog_gateway(sqlite_url) as world:
        async with world.database.write() as connection:
            for number in range(3):
                await record_upload(connection, "chevereto", _upload(number), NOW + timedelta(hours=number))
        page = (await world.data(_UPLOADS, first=2))["uploads"]
        assert [node["name"] for node in page["nodes"]] == ["photo2.png", "photo1.png"]
        assert page["nodes"][0] == {"name": "photo2.png", "account": {"key": "chevereto"}, "deleteUrl": None}
        rest = (await world.data(_UPLOADS, after=page["pageInfo"]["endCursor"]))["uploads"]
        assert ([node["name"] for node in rest["nodes"]], rest["pageInfo"]["hasNextPage"]) == (["photo0.png"], False)
        found = await world.data(_UPLOADS, filter={"search": "PHOTO1", "mimeType": "image/png"})
        assert [node["name"] for node in found["uploads"]["nodes"]] == ["photo1.png"]
        between = {"uploadedAfter": "2026-11-20T11:00:00Z", "uploadedBefore": "2026-11-20T12:00:00Z"}
        assert [node["name"] for node in (await world.data(_UPLOADS, filter=between))["uploads"]["nodes"]] == [
            "photo1.png"
        ]
        alone = CatalogGateway(world.gateway.bearing(ALONE), world.database)
        assert (await alone.data(_UPLOADS))["uploads"]["nodes"] == []


async def test_the_history_of_a_link_shows_what_changed(sqlite_url: str) -> None:
    link = known_link(1, "tinycc", title="old").link
    async with open_catalog_gateway(sqlite_url) as world:
        async with world.database.write() as connection:
            await record_links(connection, Sighting("tinycc", SeenBy.SYNC, NOW), [link])
            later = replace(link, title="new", tags=("sale",), fetched_at=NOW + timedelta(hours=1))
            await record_links(connection, Sighting("tinycc", SeenBy.GATEWAY, NOW + timedelta(hours=1)), [later])
        data = await world.data(
            "{ links(read: CATALOG) { nodes { history { kind at seenBy fields { name before after } } } } }"
        )
    changed, created = data["links"]["nodes"][0]["history"]
    assert (created["kind"], created["seenBy"], created["fields"]) == ("CREATED", "SYNC", [])
    assert (changed["kind"], changed["seenBy"], changed["at"]) == ("UPDATED", "GATEWAY", "2026-11-20T11:30:00Z")
    assert sorted(changed["fields"], key=lambda field: field["name"]) == [
        {"name": "tags", "before": "[]", "after": '["sale"]'},
        {"name": "title", "before": "old", "after": "new"},
    ]


@pytest.mark.parametrize(
    ("query", "field"),
    [
        ("{ destinations { totalCount } }", "destinations"),
        ("{ statsBy(group: TAG) { nodes { key } } }", "statsBy"),
        ("{ uploads { nodes { id } } }", "uploads"),
        ("{ links(first: 1) { nodes { history { at } } } }", "history"),
    ],
)
async def test_each_field_says_what_it_needs_where_there_is_no_catalog(query: str, field: str) -> None:
    error = (await open_gateway().ask(query)).error
    assert error["extensions"]["code"] == "UNSUPPORTED"
    assert error["message"].startswith(f"{field} needs the catalog, and this gateway has none; add url to [catalog]")


@pytest.mark.parametrize(
    ("query", "field"),
    [
        ("{ destinations(filter: {minLinks: 0}) { totalCount } }", "filter.minLinks"),
        ('{ destinations(filter: {search: " "}) { totalCount } }', "filter.search"),
        ("{ destinations(filter: {links: {authorId: 1}}) { totalCount } }", "filter.links.authorId"),
        ('{ statsBy(group: TAG, range: {from: "2026-12-24"}) { nodes { key } } }', "range.from"),
        ('{ destinations(filter: {host: "a\\u0000"}) { totalCount } }', "filter.host"),
        ('{ uploads(filter: {mimeType: "a\\u0000"}) { nodes { id } } }', "filter.mimeType"),
        ("{ statsBy(group: TAG, first: 101) { nodes { key } } }", "first"),
        ('{ uploads(filter: {accounts: ["nobody"]}) { nodes { id } } }', "filter.accounts"),
    ],
)
async def test_wrong_arguments_are_refused_with_their_names(sqlite_url: str, query: str, field: str) -> None:
    async with open_catalog_gateway(sqlite_url) as world:
        error = await world.error(query)
    assert (error["extensions"]["code"], error["extensions"]["field"]) == ("INVALID_INPUT", field)


def _upload(number: int) -> Upload:
    url = f"https://pic.li/{number}"
    return Upload(
        str(number), f"photo{number}.png", url, url, "image/png", "png", 100, nsfw=False, delete_url=f"{url}/x"
    )

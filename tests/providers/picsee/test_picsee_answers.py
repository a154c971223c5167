"""PicSee: answers that its emulator does not give, and what is left when a part of them fails."""

from datetime import UTC, date, datetime

import pytest

from harness.emulators import NOW, answering
from harness.picsee_vendor import DAYS, OVERVIEW, adapter_answering, adapter_over, links_of, scripted
from linkweave.errors import BadResponseError, UnavailableError
from linkweave.models import SERIES, TOTALS, Dimension, LinkFilter, Period, RawBucket, StatsPart
from linkweave.providers.read_capabilities import Lane

TODAY = date(2026, 11, 20)
DAY = Period(TODAY, TODAY)
COUNTRY = StatsPart.of(Dimension.COUNTRY)
LANE = Lane("api", {"isAPI": "true", "isStar": "false"})
ITEM = {
    "mapId": 22198535,
    "domain": "pse.is",
    "encodeId": "5b93x9",
    "url": "https://example.com/a",
    "createTime": "2023-11-20T13:00:00+08:00",
}
STATUS = {"planName": "basic", "quota": 10000, "usage": 13}
DETAILS = {"dailyClicks": (200, {"data": {"dailyClicks": [DAYS]}}), "regions": (503, {})}


@pytest.mark.parametrize(
    ("key", "values"),
    [
        ("domain", [None, "pse.is/evil", ["pse.is"]]),
        ("encodeId", [None, "", {"a": 1}]),
        ("url", [None, "", {}]),
    ],
)
async def test_a_listed_link_without_its_identity_is_left_out_with_a_notice(key: str, values: list[object]) -> None:
    for value in values:
        page = await adapter_answering([ITEM, {**ITEM, key: value}]).list_links(LANE, None)
        assert [link.slug for link in page.items] == ["5b93x9"]
        assert page.left_out.notice == f"1 entry was left out, because these fields could not be read: data.{key}."


@pytest.mark.parametrize(
    ("key", "values", "field", "expected"),
    [
        (
            "createTime",
            [None, "yesterday", "2023-13-40T00:00:00", "0000-00-00 00:00:00", 1700456400],
            "created_at",
            None,
        ),
        ("title", [None, ["A"]], "title", None),
        ("tags", [None, {}, "sale", [{"value": None}], [7]], "tags", ()),
        ("tags", [["sale"], [{"value": "sale"}, {}, None]], "tags", ("sale",)),
        ("picseeUrl", ["not a URL", "https://[::1"], "short_url", "https://pse.is/5b93x9"),
        ("externalId", [{"a": 1}], "external_id", None),
        ("mapId", [None, "12a", "9" * 5000, True, 1.5], "slug", "5b93x9"),
    ],
)
async def test_a_wrong_field_of_a_listed_link_is_null(
    key: str, values: list[object], field: str, expected: object
) -> None:
    for value in values:
        page = await adapter_answering([{**ITEM, key: value}]).list_links(LANE, None)
        assert [getattr(link, field) for link in page.items] == [expected]
        assert page.left_out.notice is None


@pytest.mark.parametrize(
    ("value", "clicks"),
    [(100, 100), ("100", 100), ("1,234", 1234), (100.0, 100), (-1, None), (True, None), ("many", None), (None, None)],
)
async def test_clicks_of_a_listed_link_may_be_digits(value: object, clicks: int | None) -> None:
    item = {**ITEM, "totalClicks": value, "uniqueClicks": value}
    (link,) = (await adapter_answering([item]).list_links(LANE, None)).items
    assert link.included is not None
    assert (link.included.clicks, link.included.unique_clicks) == (clicks, clicks)


async def test_a_full_page_is_followed_by_the_next_one_although_rows_were_left_out() -> None:
    items = [{**ITEM, "mapId": 100 + number} for number in range(50)]
    page = await adapter_answering([{**items[0], "url": None}, {**items[1], "mapId": None}, *items[2:]]).list_links(
        LANE, None
    )
    assert (len(page.items), page.next) == (49, "102")


@pytest.mark.parametrize(
    ("given", "expected"),
    [
        ({}, {"title": None, "tags": (), "external_id": None, "short_url": "https://pse.is/5b93x9"}),
        ({"mapId": "22198535", "picseeUrl": "http://pse.is/5b93x9"}, {"short_url": "http://pse.is/5b93x9"}),
        ({"encodeId": "春季"}, {"slug": "春季", "short_url": "https://pse.is/%E6%98%A5%E5%AD%A3"}),
    ],
)
async def test_a_listed_link_needs_few_fields(given: dict[str, str], expected: dict[str, object]) -> None:
    (link,) = (await adapter_answering([{**ITEM, **given}]).list_links(LANE, None)).items
    assert {name: getattr(link, name) for name in expected} == expected
    assert link.included is not None
    assert (link.included.clicks, link.included.unique_clicks) == (None, None)


@pytest.mark.parametrize(("given", "expected"), [({}, "crm"), ({"externalId": ""}, "crm"), ({"externalId": "x"}, "x")])
async def test_a_list_narrowed_to_an_external_id_gives_it_to_links_without_one(
    given: dict[str, str], expected: str
) -> None:
    lane = Lane("api", {**LANE.query, "externalId": "crm"})
    (link,) = (await adapter_answering([{**ITEM, **given}]).list_links(lane, None)).items
    assert link.external_id == expected


async def test_a_list_that_repeats_itself_is_a_bad_response_instead_of_endless() -> None:
    adapter = adapter_answering([{**ITEM, "mapId": 100 + number} for number in range(50)])
    first = await adapter.list_links(LANE, None)
    assert first.next == "100"
    with pytest.raises(BadResponseError, match="repeats itself"):
        await adapter.list_links(LANE, first.next)


@pytest.mark.parametrize(
    ("text", "hour"),
    [
        ("2023-11-20 13:00:00", 5),
        ("2023-11-20T13:00:00", 5),
        ("2023-11-20T13:00:00+08:00", 5),
        ("2023-11-20T13:00:00+0800", 5),
        ("2023-11-20T13:00:00Z", 13),
        ("2023-11-20T13:00:00.000Z", 13),
    ],
)
async def test_a_time_without_an_offset_is_taipeis(text: str, hour: int) -> None:
    link = (await links_of(adapter_answering({**OVERVIEW, "createTime": text}), ["5b93x9"], frozenset()))["5b93x9"]
    assert link.created_at == datetime(2023, 11, 20, hour, tzinfo=UTC)
    assert link.included is not None
    assert (link.included.clicks, link.included.unique_clicks) == (None, None)


async def test_statistics_are_read_whatever_the_name_of_their_list() -> None:
    rows = [{**DAYS, "date": "2026-11-21"}, DAYS, {**DAYS, "date": "2026-11-19"}]
    report = await adapter_answering({"from": "x", "whatever": rows, "other": []}).read_stats(
        "5b93x9", None, Period(date(2026, 11, 1), TODAY), frozenset({TOTALS, SERIES})
    )
    assert report.series is not None
    assert [day.day.day for day in report.series] == [19, 20]
    assert (report.clicks, report.unique_clicks) == (30, 20)


@pytest.mark.parametrize("day", ["20.11.2026", 20261120, None, "2026-11-31"])
async def test_a_day_that_cannot_be_read_fails_the_days(day: object) -> None:
    adapter = adapter_answering({"dailyClicks": [DAYS, {**DAYS, "date": day}]})
    with pytest.raises(BadResponseError):
        await adapter.read_stats("x", None, DAY, frozenset({SERIES}))


async def test_a_day_without_its_clicks_fails_the_totals_and_not_the_days() -> None:
    rows = [DAYS, {**DAYS, "totalClicks": None}]
    report = await adapter_answering({"dailyClicks": rows}).read_stats("x", None, DAY, frozenset({TOTALS, SERIES}))
    assert report.series is not None
    assert [(day.clicks, day.unique_clicks) for day in report.series] == [(15, 10), (None, 10)]
    assert (report.clicks, report.unique_clicks) == (None, None)
    assert {part: type(error) for part, error in report.failures.items()} == {TOTALS: BadResponseError}


async def test_a_country_may_come_without_a_code_or_a_count_but_not_without_a_name() -> None:
    rows = [{"name": "Taiwan", "count": 9}, {"name": "Japan", "count": "many"}]
    report = await adapter_answering({"regions": rows}).read_stats("x", None, DAY, frozenset({COUNTRY}))
    assert report.breakdowns[Dimension.COUNTRY] == (RawBucket("Taiwan", unique_clicks=9), RawBucket("Japan"))
    with pytest.raises(BadResponseError):
        await adapter_answering({"regions": [*rows, {"count": 9}]}).read_stats("x", None, DAY, frozenset({COUNTRY}))


@pytest.mark.parametrize(
    ("given", "active"),
    [
        ({}, None),
        ({"endTime": None}, None),
        ({"endTime": "2026-11-19 23:59:59"}, False),
        ({"endTime": "2026-11-19 23:59:59", "queryTime": "2026-11-18 10:00:00"}, True),
    ],
)
async def test_a_plan_is_active_until_it_ends(given: dict[str, object], active: bool | None) -> None:
    usage = await adapter_answering({**STATUS, "quota": None, **given}).usage()
    assert usage.plan is not None
    end = datetime(2026, 11, 19, 15, 59, 59, tzinfo=UTC) if given.get("endTime") else None
    assert (usage.plan.name, usage.plan.expires_at, usage.plan.active) == ("basic", end, active)
    assert [(quota.used, quota.limit) for quota in usage.quotas] == [(13, None)]


async def test_a_plan_or_a_quota_that_cannot_be_read_is_null() -> None:
    usage = await adapter_answering({"planName": None, "usage": "many"}).usage()
    assert (usage.plan, usage.quotas) == (None, ())


async def test_a_domain_of_an_unknown_kind_has_none_and_one_without_a_name_is_left_out() -> None:
    rows = [{"domain": "A.example", "type": "new"}, {"domain": "b.example"}, {"type": "root"}]
    domains = await adapter_answering({"domains": rows}).list_domains()
    assert [(each.name, each.kind, each.https, each.is_default) for each in domains] == [
        ("a.example", None, None, None),
        ("b.example", None, None, None),
    ]


async def test_an_overview_that_fails_is_an_error_and_not_a_missing_link() -> None:
    links = await adapter_over(answering(503, b"")).get_links(["a", "b"], frozenset())
    assert {handle: type(each) for handle, each in links.items()} == {"a": UnavailableError, "b": UnavailableError}


@pytest.mark.parametrize("listed", [(503, {}), (200, {"data": []})])
async def test_a_link_is_answered_from_its_overview_where_the_list_does_not_help(listed: tuple[int, object]) -> None:
    adapter = scripted({"/v2/links/overview": listed, "/overview": (200, {"data": OVERVIEW})})
    link = (await links_of(adapter, ["5b93x9"], frozenset({"title", "starred"})))["5b93x9"]
    assert (link.destination, link.title, link.starred) == ("https://example.com/a", None, None)


async def test_a_tag_is_not_searched_for_while_its_spelling_is_unknown() -> None:
    spellings = adapter_answering({"tags": [{"id": 1, "value": "Sale"}, {"id": 2, "value": "SALE"}]})
    for adapter in (spellings, adapter_over(answering(503, b""))):
        plan = await adapter.plan_links(LinkFilter(tags_any=("sale",), search="shoes"))
        assert len(plan.lanes) == 4
        assert all(set(lane.query) == {"isAPI", "isStar"} for lane in plan.lanes)


async def test_one_part_that_fails_leaves_the_others() -> None:
    report = await scripted(DETAILS).read_stats("x", None, DAY, frozenset({TOTALS, COUNTRY}))
    assert (report.clicks, report.unique_clicks, report.breakdowns) == (15, 10, {})
    assert {part: type(error) for part, error in report.failures.items()} == {COUNTRY: UnavailableError}


async def test_parts_of_one_failed_call_fail_together() -> None:
    regions = {"data": {"regions": [{"name": "Taiwan", "code": "TW", "count": 9}]}}
    adapter = scripted({"dailyClicks": (200, {"data": {}}), "regions": (200, regions)})
    report = await adapter.read_stats("x", None, DAY, frozenset({TOTALS, SERIES, COUNTRY}))
    failures = {part: type(error) for part, error in report.failures.items()}
    assert failures == {TOTALS: BadResponseError, SERIES: BadResponseError}
    assert report.breakdowns[Dimension.COUNTRY] == (RawBucket("Taiwan", "TW", unique_clicks=9),)


async def test_the_first_failure_is_raised_when_all_parts_fail() -> None:
    adapter = scripted({"dailyClicks": (503, {}), "regions": (404, {})})
    with pytest.raises(UnavailableError):
        await adapter.read_stats("x", None, DAY, frozenset({TOTALS, COUNTRY}))


async def test_totals_that_came_with_a_link_outlive_a_failing_vendor() -> None:
    created = {**OVERVIEW, "createTime": NOW.isoformat(), "totalClicks": 3, "uniqueClicks": 2}
    adapter = scripted({**DETAILS, "/overview": (200, {"data": created})})
    link = (await links_of(adapter, ["x"], frozenset()))["x"]
    report = await adapter.read_stats("x", link, DAY, frozenset({TOTALS, COUNTRY}))
    assert (report.clicks, report.unique_clicks, set(report.failures)) == (3, 2, {COUNTRY})

"""PicSee: answers that its emulator does not give, from odd to hostile."""

from collections.abc import Awaitable, Callable, Mapping
from datetime import UTC, date, datetime

import pytest

from harness.emulators import answering
from harness.picsee_vendor import DAYS, OVERVIEW, links_of, over, saying
from linkweave.errors import BadResponseError
from linkweave.models import SERIES, TOTALS, Dimension, Period, RawBucket, StatsPart
from linkweave.providers.picsee.adapter import PicseeAdapter
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

Ask = Callable[[PicseeAdapter], Awaitable[object]]

READS: Mapping[str, Ask] = {
    "list links": lambda adapter: adapter.list_links(LANE, None),
    "get link": lambda adapter: adapter.find_link("pse.is", "5b93x9", frozenset()),
    "read daily clicks": lambda adapter: adapter.read_stats("5b93x9", None, DAY, frozenset({TOTALS})),
    "read clicks by country": lambda adapter: adapter.read_stats("5b93x9", None, DAY, frozenset({COUNTRY})),
    "read audience labels": lambda adapter: adapter.read_stats(
        "5b93x9", None, DAY, frozenset({StatsPart.of(Dimension.INTEREST)})
    ),
    "list tags": lambda adapter: adapter.list_tags(),
    "list domains": lambda adapter: adapter.list_domains(),
    "read tracking presets": lambda adapter: adapter.tracking_presets(),
    "read usage": lambda adapter: adapter.usage(),
    "count links by external id": lambda adapter: adapter.external_id_usage(DAY),
}

SECRET = "s3cret-in-the-body"


@pytest.mark.parametrize("operation", READS)
@pytest.mark.parametrize(
    "body",
    [
        f'"{SECRET}"',
        f'["{SECRET}"]',
        "null",
        "{}",
        f'{{"data": "{SECRET}"}}',
        '{"data": null}',
        f'{{"data": [["{SECRET}"]]}}',
        f'{{"data": {{"first": "{SECRET}"}}}}',
        f'{{"data": {{"first": ["{SECRET}", 1, null]}}}}',
        '{"data": {"interest": null, "brand": null}}',
        '{"data": [NaN]}',
        f"<html>{SECRET}</html>",
        "",
    ],
)
async def test_an_answer_of_another_shape_is_bad_and_never_shown(operation: str, body: str) -> None:
    with pytest.raises(BadResponseError) as caught:
        await READS[operation](over(answering(200, body.encode())))
    assert caught.value.operation == operation
    assert caught.value.account == "picsee"
    assert SECRET not in str(caught.value)


@pytest.mark.parametrize(
    ("key", "value"),
    [
        ("mapId", None),
        ("mapId", "12a"),
        ("mapId", "9" * 5000),
        ("mapId", True),
        ("mapId", 1.5),
        ("domain", "pse.is/evil"),
        ("domain", ["pse.is"]),
        ("encodeId", ""),
        ("url", {}),
        ("createTime", None),
        ("createTime", "yesterday"),
        ("createTime", "2023-13-40T00:00:00"),
        ("createTime", "0001-01-01T00:00:00"),
        ("createTime", 1700456400),
        ("title", ["A"]),
        ("tags", None),
        ("tags", ["facebook"]),
        ("tags", [{"value": None}]),
        ("totalClicks", "100"),
        ("totalClicks", -1),
        ("uniqueClicks", True),
        ("picseeUrl", "not a URL"),
        ("picseeUrl", "https://[::1"),
        ("externalId", {"a": 1}),
    ],
)
async def test_a_listed_link_with_a_wrong_field_is_bad(key: str, value: object) -> None:
    with pytest.raises(BadResponseError):
        await saying([{**ITEM, key: value}]).list_links(LANE, None)


async def test_a_listed_link_may_tell_little() -> None:
    (link,) = (await saying([ITEM]).list_links(LANE, None)).items
    assert (link.title, link.tags, link.external_id) == (None, (), None)
    assert link.included is not None
    assert (link.included.clicks, link.included.unique_clicks) == (None, None)


async def test_a_listed_link_may_tell_its_short_url_and_a_map_id_in_digits() -> None:
    item = {**ITEM, "mapId": "22198535", "picseeUrl": "http://pse.is/5b93x9"}
    (link,) = (await saying([item]).list_links(LANE, None)).items
    assert link.short_url == "http://pse.is/5b93x9"


async def test_a_slug_in_chinese_makes_a_short_url() -> None:
    (link,) = (await saying([{**ITEM, "encodeId": "春季"}]).list_links(LANE, None)).items
    assert link.slug == "春季"
    assert link.short_url == "https://pse.is/%E6%98%A5%E5%AD%A3"


@pytest.mark.parametrize(("told", "expected"), [({}, "crm"), ({"externalId": ""}, "crm"), ({"externalId": "x"}, "x")])
async def test_an_external_id_that_is_not_told_is_the_one_asked_for(told: dict[str, str], expected: str) -> None:
    lane = Lane("api", {**LANE.query, "externalId": "crm"})
    (link,) = (await saying([{**ITEM, **told}]).list_links(lane, None)).items
    assert link.external_id == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("2023-11-20 13:00:00", datetime(2023, 11, 20, 5, tzinfo=UTC)),
        ("2023-11-20T13:00:00", datetime(2023, 11, 20, 5, tzinfo=UTC)),
        ("2023-11-20T13:00:00+08:00", datetime(2023, 11, 20, 5, tzinfo=UTC)),
        ("2023-11-20T13:00:00Z", datetime(2023, 11, 20, 13, tzinfo=UTC)),
        ("2023-11-20T13:00:00.000Z", datetime(2023, 11, 20, 13, tzinfo=UTC)),
    ],
)
async def test_times_come_in_several_spellings_and_without_an_offset_are_taipeis(text: str, expected: datetime) -> None:
    links = await links_of(saying({**OVERVIEW, "createTime": text}), ["5b93x9"], frozenset())
    assert links["5b93x9"].created_at == expected


async def test_an_overview_without_totals_includes_none() -> None:
    links = await links_of(saying(OVERVIEW), ["5b93x9"], frozenset())
    included = links["5b93x9"].included
    assert included is not None
    assert (included.clicks, included.unique_clicks) == (None, None)


async def test_a_list_that_repeats_itself_is_bad_instead_of_endless() -> None:
    page = [{**ITEM, "mapId": 100 + number} for number in range(50)]
    adapter = saying(page)
    first = await adapter.list_links(LANE, None)
    assert first.next == "100"
    with pytest.raises(BadResponseError, match="repeats itself"):
        await adapter.list_links(LANE, first.next)


async def test_an_empty_page_ends_the_list() -> None:
    page = await saying([]).list_links(LANE, "100")
    assert (page.items, page.next) == ((), None)


async def test_the_name_of_a_list_does_not_matter() -> None:
    rows = [{**DAYS, "date": "2026-11-21"}, DAYS, {**DAYS, "date": "2026-11-19"}]
    report = await saying({"from": "x", "whatever": rows, "other": []}).read_stats(
        "5b93x9", None, Period(date(2026, 11, 1), TODAY), frozenset({TOTALS, SERIES})
    )
    assert report.series is not None
    assert [day.day.day for day in report.series] == [19, 20]
    assert (report.clicks, report.unique_clicks) == (30, 20)


@pytest.mark.parametrize("day", ["20.11.2026", 20261120, None, "2026-11-31"])
async def test_a_day_in_another_spelling_is_bad(day: object) -> None:
    with pytest.raises(BadResponseError):
        await saying({"dailyClicks": [{**DAYS, "date": day}]}).read_stats("x", None, DAY, frozenset({SERIES}))


async def test_a_country_may_come_without_a_code() -> None:
    report = await saying({"regions": [{"name": "Taiwan", "count": 9}]}).read_stats(
        "x", None, DAY, frozenset({COUNTRY})
    )
    assert report.breakdowns[Dimension.COUNTRY] == (RawBucket("Taiwan", unique_clicks=9),)


@pytest.mark.parametrize(
    ("told", "expires_at", "active"),
    [
        ({}, None, None),
        ({"endTime": None}, None, None),
        ({"endTime": "2026-11-19 23:59:59"}, datetime(2026, 11, 19, 15, 59, 59, tzinfo=UTC), False),
        (
            {"endTime": "2026-11-19 23:59:59", "queryTime": "2026-11-18 10:00:00"},
            datetime(2026, 11, 19, 15, 59, 59, tzinfo=UTC),
            True,
        ),
    ],
)
async def test_a_plan_is_active_until_it_ends(told: object, expires_at: datetime | None, active: bool | None) -> None:
    assert isinstance(told, dict)
    plan = (await saying({**STATUS, **told}).usage()).plan
    assert plan is not None
    assert (plan.name, plan.expires_at, plan.active) == ("basic", expires_at, active)


async def test_a_quota_may_have_no_ceiling() -> None:
    (quota,) = (await saying({**STATUS, "quota": None}).usage()).quotas
    assert (quota.used, quota.limit) == (13, None)


async def test_a_domain_of_an_unknown_kind_has_none() -> None:
    rows = [{"domain": "A.example", "type": "new"}, {"domain": "b.example"}]
    domains = await saying({"domains": rows}).list_domains()
    assert [(each.name, each.kind, each.https, each.is_default) for each in domains] == [
        ("a.example", None, None, None),
        ("b.example", None, None, None),
    ]

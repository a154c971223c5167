"""PicSee: answers that its emulator does not give, from odd to hostile."""

import json
from collections.abc import Awaitable, Callable, Mapping
from datetime import UTC, date, datetime

import httpx2
import pytest

from harness import NOW, ManualClock, answering
from linkweave.accounts import check_accounts, open_account
from linkweave.errors import (
    BadResponseError,
    ConflictError,
    ForbiddenError,
    NotFoundError,
    PlanRequiredError,
    RateLimitedError,
    RejectedError,
    UnauthenticatedError,
    UnavailableError,
    VendorError,
)
from linkweave.models import SERIES, TOTALS, Dimension, LinkFilter, Period, RawBucket, StatsPart
from linkweave.providers.capabilities import Lane
from linkweave.providers.picsee import PROVIDER
from linkweave.providers.picsee.adapter import PicseeAdapter

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
OVERVIEW = {
    "url": "https://example.com/a",
    "picseeUrl": "https://pse.is/5b93x9",
    "createTime": "2023-11-20T13:00:00+08:00",
}
DAYS = {"date": "2026-11-20", "totalClicks": 15, "uniqueClicks": 10}
STATUS = {"planName": "basic", "quota": 10000, "usage": 13}


def over(http: httpx2.AsyncClient, plan: str = "advanced") -> PicseeAdapter:
    table = {"key": "picsee", "provider": "picsee", "token": "t", "plan": plan}
    (settings,) = check_accounts([table], {"picsee": PROVIDER}, "demo")
    adapter = open_account(settings, PROVIDER, http, ManualClock()).adapter
    assert isinstance(adapter, PicseeAdapter)
    return adapter


def saying(data: object) -> PicseeAdapter:
    return over(answering(200, json.dumps({"data": data, "meta": {}}).encode()))


def scripted(answers: Mapping[str, tuple[int, object]], plan: str = "advanced") -> PicseeAdapter:
    """Each path's own answer, found by how the path ends."""

    def respond(request: httpx2.Request) -> httpx2.Response:
        status, body = next(answer for end, answer in answers.items() if request.url.path.endswith(end))
        # A response of content alone has been read already, and transport reads streams.
        return httpx2.Response(status, stream=httpx2.ByteStream(json.dumps(body).encode()), request=request)

    return over(httpx2.AsyncClient(transport=httpx2.MockTransport(respond)), plan)


Ask = Callable[[PicseeAdapter], Awaitable[object]]

READS: Mapping[str, Ask] = {
    "list links": lambda adapter: adapter.list_links(LANE, None),
    "get link": lambda adapter: adapter.get_links(["5b93x9"], frozenset()),
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
    links = await saying({**OVERVIEW, "createTime": text}).get_links(["5b93x9"], frozenset())
    assert links["5b93x9"].created_at == expected


async def test_an_overview_without_totals_includes_none() -> None:
    links = await saying(OVERVIEW).get_links(["5b93x9"], frozenset())
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


@pytest.mark.parametrize(
    ("status", "code", "kind"),
    [
        (403, "PUB00201", PlanRequiredError),
        (400, "PUB00503", ConflictError),
        (409, "PUB00503", ConflictError),
        (400, "PUB00510", RejectedError),
        (400, "PUB00704", RejectedError),
        (400, "PUB00706", RejectedError),
        (400, "PUB99999", RejectedError),
        (422, "PUB99999", RejectedError),
    ],
)
async def test_picsees_own_codes_are_told(status: int, code: str, kind: type[VendorError]) -> None:
    body = json.dumps({"error": {"status": status, "code": code, "message": SECRET}})
    with pytest.raises(kind) as caught:
        await over(answering(status, body.encode())).list_tags()
    assert type(caught.value) is kind
    assert caught.value.provider_code == code
    assert SECRET not in str(caught.value)


@pytest.mark.parametrize(
    ("status", "kind"),
    [
        (400, RejectedError),
        (401, UnauthenticatedError),
        (403, ForbiddenError),
        (404, NotFoundError),
        (429, RateLimitedError),
        (500, UnavailableError),
        (503, UnavailableError),
    ],
)
@pytest.mark.parametrize(
    "body",
    [
        "",
        "gone wrong",
        '"text"',
        '{"error": "text"}',
        '{"error": {"code": 7}}',
        '{"error": {"code": ["PUB00503"]}}',
        '{"error": {"code": "a code with spaces"}}',
    ],
)
async def test_without_a_code_the_http_status_tells(status: int, kind: type[VendorError], body: str) -> None:
    with pytest.raises(kind) as caught:
        await over(answering(status, body.encode())).list_tags()
    assert type(caught.value) is kind
    assert caught.value.provider_code is None


@pytest.mark.parametrize(
    ("status", "kind"), [(401, UnauthenticatedError), (404, NotFoundError), (500, UnavailableError)]
)
async def test_an_unknown_code_does_not_hide_what_the_status_says(status: int, kind: type[VendorError]) -> None:
    body = json.dumps({"error": {"status": status, "code": "PUB99999"}})
    with pytest.raises(kind):
        await over(answering(status, body.encode())).list_tags()


async def test_a_429_tells_when_to_ask_again() -> None:
    with pytest.raises(RateLimitedError) as caught:
        await over(answering(429, b"", {"retry-after": "7"})).list_tags()
    assert caught.value.retry_after == 7


async def test_a_failure_of_one_overview_is_not_a_missing_link() -> None:
    with pytest.raises(UnavailableError):
        await over(answering(503, b"")).get_links(["a", "b"], frozenset())


async def test_a_link_can_do_without_the_list() -> None:
    adapter = scripted({"/v2/links/overview": (503, {}), "/overview": (200, {"data": OVERVIEW})})
    links = await adapter.get_links(["5b93x9"], frozenset({"title"}))
    assert (links["5b93x9"].destination, links["5b93x9"].title) == ("https://example.com/a", None)


async def test_a_link_that_no_list_has_yet_is_answered_from_its_overview() -> None:
    adapter = scripted({"/v2/links/overview": (200, {"data": []}), "/overview": (200, {"data": OVERVIEW})})
    links = await adapter.get_links(["5b93x9"], frozenset({"starred"}))
    assert links["5b93x9"].starred is None


async def test_a_tag_is_not_searched_for_while_its_spelling_is_unsure() -> None:
    spellings = saying({"tags": [{"id": 1, "value": "Sale"}, {"id": 2, "value": "SALE"}]})
    failing = over(answering(503, b""))
    for adapter in (spellings, failing):
        plan = await adapter.plan_links(LinkFilter(tags_any=("sale",), search="shoes"))
        assert len(plan.lanes) == 4
        assert all(set(lane.query) == {"isAPI", "isStar"} for lane in plan.lanes)


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


async def test_one_part_that_fails_leaves_the_others() -> None:
    adapter = scripted({"dailyClicks": (200, {"data": {"dailyClicks": [DAYS]}}), "regions": (503, {})})
    report = await adapter.read_stats("x", None, DAY, frozenset({TOTALS, COUNTRY}))
    assert (report.clicks, report.unique_clicks) == (15, 10)
    assert {part: type(error) for part, error in report.failures.items()} == {COUNTRY: UnavailableError}
    assert report.breakdowns == {}


async def test_parts_of_one_failed_call_fail_together() -> None:
    regions = {"data": {"regions": [{"name": "Taiwan", "code": "TW", "count": 9}]}}
    adapter = scripted({"dailyClicks": (200, {"data": {}}), "regions": (200, regions)})
    report = await adapter.read_stats("x", None, DAY, frozenset({TOTALS, SERIES, COUNTRY}))
    assert {part: type(error) for part, error in report.failures.items()} == {
        TOTALS: BadResponseError,
        SERIES: BadResponseError,
    }
    assert report.breakdowns[Dimension.COUNTRY] == (RawBucket("Taiwan", "TW", unique_clicks=9),)


async def test_when_all_parts_fail_the_first_failure_is_raised() -> None:
    adapter = scripted({"dailyClicks": (503, {}), "regions": (404, {})})
    with pytest.raises(UnavailableError):
        await adapter.read_stats("x", None, DAY, frozenset({TOTALS, COUNTRY}))


async def test_totals_that_came_with_a_link_outlive_a_failing_vendor() -> None:
    created = {**OVERVIEW, "createTime": NOW.isoformat(), "totalClicks": 3, "uniqueClicks": 2}
    adapter = scripted({"/overview": (200, {"data": created}), "regions": (503, {})})
    link = (await adapter.get_links(["x"], frozenset()))["x"]
    report = await adapter.read_stats("x", link, DAY, frozenset({TOTALS, COUNTRY}))
    assert (report.clicks, report.unique_clicks, set(report.failures)) == (3, 2, {COUNTRY})


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

"""PicSee: its refusals in our words, and what is left when a part of an answer fails."""

import json
from datetime import date

import pytest

from harness.emulators import NOW, answering
from harness.picsee_vendor import DAYS, OVERVIEW, links_of, over, saying, scripted
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

TODAY = date(2026, 11, 20)
DAY = Period(TODAY, TODAY)
COUNTRY = StatsPart.of(Dimension.COUNTRY)
SECRET = "s3cret-in-the-body"


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
    links = await over(answering(503, b"")).get_links(["a", "b"], frozenset())
    assert {handle: type(each) for handle, each in links.items()} == {"a": UnavailableError, "b": UnavailableError}


async def test_a_link_can_do_without_the_list() -> None:
    adapter = scripted({"/v2/links/overview": (503, {}), "/overview": (200, {"data": OVERVIEW})})
    links = await links_of(adapter, ["5b93x9"], frozenset({"title"}))
    assert (links["5b93x9"].destination, links["5b93x9"].title) == ("https://example.com/a", None)


async def test_a_link_that_no_list_has_yet_is_answered_from_its_overview() -> None:
    adapter = scripted({"/v2/links/overview": (200, {"data": []}), "/overview": (200, {"data": OVERVIEW})})
    links = await links_of(adapter, ["5b93x9"], frozenset({"starred"}))
    assert links["5b93x9"].starred is None


async def test_a_tag_is_not_searched_for_while_its_spelling_is_unsure() -> None:
    spellings = saying({"tags": [{"id": 1, "value": "Sale"}, {"id": 2, "value": "SALE"}]})
    failing = over(answering(503, b""))
    for adapter in (spellings, failing):
        plan = await adapter.plan_links(LinkFilter(tags_any=("sale",), search="shoes"))
        assert len(plan.lanes) == 4
        assert all(set(lane.query) == {"isAPI", "isStar"} for lane in plan.lanes)


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
    link = (await links_of(adapter, ["x"], frozenset()))["x"]
    report = await adapter.read_stats("x", link, DAY, frozenset({TOTALS, COUNTRY}))
    assert (report.clicks, report.unique_clicks, set(report.failures)) == (3, 2, {COUNTRY})

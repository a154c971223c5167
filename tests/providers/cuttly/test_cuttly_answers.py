"""Cutt.ly: the many shapes of its answers about a link, in place of the emulator's."""

import json
from datetime import UTC, datetime

import httpx2
import pytest

from harness.cuttly_vendor import adapter_answering, adapter_over, get
from harness.emulators import NOW
from linkweave.errors import BadResponseError, NotFoundError, UnavailableError
from linkweave.models import TOTALS, Dimension, Link, Period, RawBucket, StatsPart, StatsReport
from linkweave.providers.cuttly import PROVIDER

HANDLE = "cutt.ly/abc123"
PERIOD = Period(NOW.date(), NOW.date())

STATS = {
    "status": 1,
    "clicks": "12",
    "date": "2024-05-01",
    "title": "Example",
    "fullLink": "https://example.com/a",
    "shortLink": "https://cutt.ly/abc123",
    "facebook": 1,
    "twitter": 0,
    "linkedin": 0,
    "rest": 11,
    "refs": {"ref": [{"link": "google.com", "clicks": "3"}]},
    "devices": {"geo": [{"tag": "PL", "clicks": "8"}], "dev": [{"tag": "Desktop", "clicks": "9"}]},
    "bots": {"bots": [{"name": "Googlebot", "clicks": "1"}, {"name": "bingbot", "clicks": 2}]},
}
ABSENT = object()
EVERY_BREAKDOWN = (Dimension.COUNTRY, Dimension.DEVICE, Dimension.REFERRER, Dimension.BOT, Dimension.SOCIAL)


def answer(**changes: object) -> bytes:
    """A link as PHP writes it, slashes escaped."""
    stats = {name: value for name, value in {**STATS, **changes}.items() if value is not ABSENT}
    return json.dumps({"stats": stats}).replace("/", "\\/").encode()


async def link_from(body: bytes) -> Link:
    return await get(adapter_answering(body), HANDLE)


async def stats_from(body: object) -> StatsReport:
    return await adapter_answering(body).read_stats(HANDLE, None, PERIOD, frozenset({TOTALS}))


@pytest.mark.parametrize("title", [ABSENT, None, ""])
async def test_a_title_that_is_missing_or_empty_is_null(title: object) -> None:
    assert (await link_from(answer(title=title))).title is None


async def test_a_list_may_be_an_object_with_numbered_keys() -> None:
    rows = {"0": {"tag": "PL", "clicks": "8"}, "2": {"tag": "DE", "clicks": 1}}
    report = await stats_from(answer(clicks=12, devices={"geo": rows}, refs={"ref": {}}))
    assert report.clicks == 12
    assert report.breakdowns[Dimension.COUNTRY] == (RawBucket("PL", "PL", 8), RawBucket("DE", "DE", 1))
    assert report.breakdowns[Dimension.REFERRER] == ()


async def test_an_empty_array_in_place_of_an_object_means_no_clicks() -> None:
    report = await stats_from(answer(devices=[], refs=[], bots=[]))
    social = {Dimension.SOCIAL: report.breakdowns[Dimension.SOCIAL]}
    assert dict(report.breakdowns) == {**dict.fromkeys(PROVIDER.stats_dimensions, ()), **social}
    assert report.bot_clicks == 0


async def test_an_absent_list_is_no_breakdown_rather_than_an_empty_one() -> None:
    gone = dict.fromkeys(("devices", "refs", "bots", "facebook", "twitter", "linkedin", "rest"), ABSENT)
    report = await stats_from(answer(**gone))
    assert (report.clicks, report.bot_clicks, report.breakdowns) == (12, None, {})
    some = await stats_from(answer(devices={"geo": []}, refs={}, bots={}))
    assert set(some.breakdowns) == {Dimension.COUNTRY, Dimension.SOCIAL}
    assert some.bot_clicks is None


@pytest.mark.parametrize(("bots", "clicks"), [(7, 7), ("7", 7), (0, 0), ({"bots": []}, 0), (STATS["bots"], 3)])
async def test_bots_may_be_a_number_or_a_list(bots: object, clicks: int) -> None:
    assert (await stats_from(answer(bots=bots))).bot_clicks == clicks


@pytest.mark.parametrize("status", [0, "0"])
async def test_status_0_is_a_link_that_does_not_exist(status: object) -> None:
    absent = {"stats": {"status": status}}
    assert await adapter_answering(absent).get_links([HANDLE], frozenset()) == {}
    with pytest.raises(NotFoundError):
        await stats_from(absent)


@pytest.mark.parametrize(
    ("name", "values"),
    [
        ("status", [3, ABSENT, True]),
        ("fullLink", [None, ABSENT, "", {}]),
        ("shortLink", [None, ABSENT, {}, "javascript:alert(1)"]),
    ],
)
async def test_an_answer_without_the_links_identity_is_a_bad_response(name: str, values: list[object]) -> None:
    for value in values:
        with pytest.raises(BadResponseError) as caught:
            await stats_from(answer(**{name: value}))
        assert str(caught.value).startswith(f"social: stats.{name} ")


@pytest.mark.parametrize("destination", ["mailto:sales@example.com", "myapp://open/1"])
async def test_a_destination_may_have_any_scheme(destination: str) -> None:
    assert (await link_from(answer(fullLink=destination))).destination == destination


@pytest.mark.parametrize(
    ("name", "values", "lost"),
    [
        ("refs", [None, "none", {"ref": None}], {Dimension.REFERRER}),
        ("devices", [{"geo": "PL", "dev": []}, {"geo": None, "dev": []}], {Dimension.COUNTRY}),
        ("devices", [None, [1], "none"], {Dimension.COUNTRY, Dimension.DEVICE}),
        ("bots", [None, 1.5, {"bots": None}], {Dimension.BOT}),
        ("facebook", [None, "many"], set()),
    ],
)
async def test_a_wrong_field_is_a_breakdown_that_is_missing(
    name: str, values: list[object], lost: set[Dimension]
) -> None:
    for value in values:
        report = await stats_from(answer(**{name: value}))
        assert set(report.breakdowns) == {*EVERY_BREAKDOWN} - lost
        assert (report.clicks, report.failures) == (12, {})


@pytest.mark.parametrize(
    ("changes", "dimension"),
    [
        ({"devices": {"geo": [{"tag": "PL", "clicks": 1}, {"clicks": 2}]}}, Dimension.COUNTRY),
        ({"devices": {"geo": {"0": {"tag": "PL", "clicks": 1}, "1": ["PL", 1]}}}, Dimension.COUNTRY),
        ({"refs": {"ref": [{"link": None, "clicks": 1}]}}, Dimension.REFERRER),
        ({"bots": {"bots": [{"name": "Googlebot", "clicks": 1}, 7]}}, Dimension.BOT),
    ],
)
async def test_a_row_without_its_name_fails_its_breakdown(changes: dict[str, object], dimension: Dimension) -> None:
    report = await stats_from(answer(**changes))
    assert dimension not in report.breakdowns
    assert {part: type(error) for part, error in report.failures.items()} == {StatsPart.of(dimension): BadResponseError}
    assert dimension is not Dimension.BOT or report.bot_clicks is None


async def test_a_row_without_its_clicks_has_null() -> None:
    rows = [{"tag": "PL", "clicks": "8"}, {"tag": "DE", "clicks": -1}]
    bots = {"bots": [{"name": "Googlebot", "clicks": ""}, {"name": "bingbot", "clicks": 2}]}
    report = await stats_from(answer(devices={"geo": rows}, bots=bots))
    assert report.breakdowns[Dimension.COUNTRY] == (RawBucket("PL", "PL", 8), RawBucket("DE", "DE"))
    # A sum of the others would be too small.
    assert (report.bot_clicks, report.failures) == (None, {})


@pytest.mark.parametrize("clicks", [ABSENT, None, "", "many", -1, 1.5, True, "9" * 5000, 10**20])
async def test_clicks_that_cannot_be_read_fail_the_totals_and_not_the_link(clicks: object) -> None:
    body = answer(clicks=clicks)
    report = await stats_from(body)
    assert (report.clicks, set(report.failures)) == (None, {TOTALS})
    assert set(report.breakdowns) == {*EVERY_BREAKDOWN}
    assert (await link_from(body)).title == "Example"


@pytest.mark.parametrize("clicks", [1234, "1234", "1,234", 1234.0])
async def test_clicks_may_be_digits(clicks: object) -> None:
    assert (await stats_from(answer(clicks=clicks))).clicks == 1234


async def test_a_link_that_fails_alone_has_its_error_in_its_place() -> None:
    def respond(request: httpx2.Request) -> httpx2.Response:
        broken = request.url.params["url"].endswith("/broken")
        return httpx2.Response(500 if broken else 200, stream=httpx2.ByteStream(b"" if broken else answer()))

    adapter = adapter_over(httpx2.AsyncClient(transport=httpx2.MockTransport(respond)))
    links = await adapter.get_links(["cutt.ly/a", "cutt.ly/broken", "cutt.ly/b"], frozenset())
    kinds = {handle: type(link) for handle, link in links.items()}
    assert kinds == {"cutt.ly/a": Link, "cutt.ly/broken": UnavailableError, "cutt.ly/b": Link}


@pytest.mark.parametrize(
    ("day", "created_at"),
    [
        ("2024-05-01", datetime(2024, 5, 1, tzinfo=UTC)),
        ("01.05.2024", datetime(2024, 5, 1, tzinfo=UTC)),
        ("0000-00-00", None),
        ("", None),
        (5, None),
        (["x"], None),
        (None, None),
        (ABSENT, None),
    ],
)
async def test_the_day_of_shortening_is_the_creation_time(day: object, created_at: datetime | None) -> None:
    assert (await link_from(answer(date=day))).created_at == created_at

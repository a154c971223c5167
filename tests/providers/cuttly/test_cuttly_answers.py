"""Cutt.ly: answers of every shape, in yes and no, in place of the emulator's."""

import json
from collections.abc import Mapping
from typing import Any

import httpx2
import pytest

from harness.cuttly_vendor import adapter_for, get
from harness.emulators import NOW, ManualClock, answering
from linkweave.accounts import open_account
from linkweave.errors import (
    BadResponseError,
    ConflictError,
    ForbiddenError,
    NotFoundError,
    PlanRequiredError,
    QuotaExhaustedError,
    RateLimitedError,
    RejectedError,
    UnauthenticatedError,
    UnavailableError,
    VendorError,
)
from linkweave.models import TOTALS, Dimension, Link, Period, RawBucket, StatsReport
from linkweave.providers.cuttly import PROVIDER
from linkweave.providers.cuttly.adapter import CuttlyAdapter
from linkweave.providers.cuttly.refusals import TEXTS
from linkweave.transport.health import HealthState

HANDLE = "cutt.ly/abc123"
PERIOD = Period(NOW.date(), NOW.date())
SECRET = "nobody-may-see-this"

FOUND = {
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


def found(**changes: object) -> bytes:
    stats = {name: value for name, value in {**FOUND, **changes}.items() if value is not ABSENT}
    return json.dumps({"stats": stats}).replace("/", "\\/").encode()


async def link_from(body: bytes) -> Link:
    return await get(adapter_for(200, body), HANDLE)


async def stats_from(body: bytes, status: int = 200) -> StatsReport:
    return await adapter_for(status, body).read_stats(HANDLE, None, PERIOD, frozenset({TOTALS}))


async def refusal_of(status: int, data: object) -> VendorError:
    body = data if isinstance(data, bytes) else json.dumps(data).encode()
    with pytest.raises(VendorError) as caught:
        await stats_from(body, status)
    return caught.value


async def test_escaped_slashes_are_read() -> None:
    link = await link_from(found())
    assert (link.destination, link.short_url) == ("https://example.com/a", "https://cutt.ly/abc123")


@pytest.mark.parametrize("clicks", [12, "12"])
async def test_clicks_may_be_a_number_or_a_string(clicks: object) -> None:
    assert (await stats_from(found(clicks=clicks))).clicks == 12


@pytest.mark.parametrize("title", [ABSENT, None, ""])
async def test_a_title_that_is_missing_or_empty_is_unknown(title: object) -> None:
    assert (await link_from(found(title=title))).title is None


@pytest.mark.parametrize("date", [ABSENT, None, "2024-05-01", "01.05.2024", "0000-00-00", 5, ["x"]])
async def test_a_date_without_time_and_zone_is_no_time_of_creation(date: object) -> None:
    assert (await link_from(found(date=date))).created_at is None


async def test_lists_may_be_objects_with_numbered_keys() -> None:
    rows = {"0": {"tag": "PL", "clicks": "8"}, "2": {"tag": "DE", "clicks": 1}}
    report = await stats_from(found(devices={"geo": rows}, refs={"ref": {}}))
    assert report.breakdowns[Dimension.COUNTRY] == (RawBucket("PL", "PL", 8), RawBucket("DE", "DE", 1))
    assert report.breakdowns[Dimension.REFERRER] == ()


async def test_an_empty_array_instead_of_an_object_means_no_clicks() -> None:
    report = await stats_from(found(devices=[], refs=[], bots=[]))
    social = report.breakdowns[Dimension.SOCIAL]
    assert dict(report.breakdowns) == {
        **dict.fromkeys(PROVIDER.stats_dimensions, ()),
        Dimension.SOCIAL: social,
    }
    assert report.bot_clicks == 0


async def test_what_is_absent_is_left_out_rather_than_empty() -> None:
    gone = dict.fromkeys(("devices", "refs", "bots", "facebook", "twitter", "linkedin", "rest"), ABSENT)
    report = await stats_from(found(**gone))
    assert report.breakdowns == {}
    assert (report.clicks, report.bot_clicks) == (12, None)


async def test_a_list_that_is_absent_among_others_is_left_out() -> None:
    report = await stats_from(found(devices={"geo": []}, refs={}, bots={}))
    assert set(report.breakdowns) == {Dimension.COUNTRY, Dimension.SOCIAL}
    assert report.bot_clicks is None


@pytest.mark.parametrize(("bots", "clicks"), [(7, 7), ("7", 7), (0, 0), ({"bots": []}, 0), (FOUND["bots"], 3)])
async def test_bots_may_be_a_number_or_a_list(bots: object, clicks: int) -> None:
    assert (await stats_from(found(bots=bots))).bot_clicks == clicks


@pytest.mark.parametrize("status", [0, "0"])
async def test_status_0_is_a_link_that_does_not_exist(status: object) -> None:
    body = json.dumps({"stats": {"status": status}}).encode()
    assert await adapter_for(200, body).get_links([HANDLE], frozenset()) == {}
    assert isinstance(await refusal_of(200, {"stats": {"status": status}}), NotFoundError)


@pytest.mark.parametrize(
    "changes",
    [
        {"status": 3},
        {"status": ABSENT},
        {"status": True},
        {"clicks": ABSENT},
        {"clicks": None},
        {"clicks": "many"},
        {"clicks": -1},
        {"clicks": 1.5},
        {"clicks": True},
        {"clicks": "9" * 5000},
        {"clicks": 10**16},
        {"fullLink": None},
        {"fullLink": ABSENT},
        {"fullLink": "javascript:alert(1)"},
        {"shortLink": {}},
        {"title": ["x"]},
        {"rest": None},
        {"refs": None},
        {"refs": "none"},
        {"refs": {"ref": None}},
        {"refs": {"ref": {"0": {"link": "a", "clicks": 1}, "x": {}}}},
        {"refs": {"ref": {"link": "a", "clicks": 1}}},
        {"refs": {"ref": [{"link": None, "clicks": 1}]}},
        {"devices": {"geo": "PL"}},
        {"devices": {"geo": [{"tag": "PL"}]}},
        {"devices": {"geo": [["PL", 1]]}},
        {"devices": [1]},
        {"bots": None},
        {"bots": 1.5},
        {"bots": {"bots": None}},
    ],
)
async def test_any_other_shape_is_a_bad_response(changes: Mapping[str, object]) -> None:
    with pytest.raises(BadResponseError) as caught:
        await stats_from(found(**changes, note=SECRET))
    assert (caught.value.account, caught.value.operation) == ("social", "read statistics")


@pytest.mark.parametrize("body", [b"", b"null", b"[]", b'"nobody-may-see-this"', b"<html>nobody-may-see-this", b"NaN"])
async def test_an_answer_that_is_no_object_is_a_bad_response_that_quotes_nothing(body: bytes) -> None:
    error = await refusal_of(200, body)
    assert isinstance(error, BadResponseError)
    assert SECRET not in str(error)


async def test_a_bad_response_names_the_field_and_never_its_value() -> None:
    error = await refusal_of(200, found(devices={"geo": [{"tag": {"x": SECRET}, "clicks": 1}]}))
    assert str(error) == "social: stats.devices.geo.0.tag has an unexpected shape (read statistics)"


@pytest.mark.parametrize("text", TEXTS)
@pytest.mark.parametrize("way", ["object", "bare string", "plain text", "object with 200"])
async def test_a_refusal_in_words_is_known_however_it_comes(text: str, way: str) -> None:
    ways: Mapping[str, tuple[int, Any]] = {
        "object": (409, {"code": 409, "error": text}),
        "bare string": (200, text),
        "plain text": (400, f" {text.upper()}.\n".encode()),
        "object with 200": (200, {"error": f"{text}, and so on"}),
    }
    error = await refusal_of(*ways[way])
    assert type(error) is TEXTS[text]
    assert error.provider_code == text
    assert str(error) == f'social: says "{text}" (read statistics)'


def test_each_text_of_the_document_has_its_kind() -> None:
    kinds = {kind: {text for text in TEXTS if TEXTS[text] is kind} for kind in set(TEXTS.values())}
    assert kinds[UnauthenticatedError] == {"Unauthorized"}
    assert kinds[PlanRequiredError] == {"Subscription has expired", "Insufficient subscription level"}
    assert kinds[ConflictError] == {"Provided alias is unavailable"}
    assert "Incorrect date format" in kinds[RejectedError]
    assert len(kinds) == 4


@pytest.mark.parametrize(
    ("status", "data", "kind", "code"),
    [
        (401, {"auth": False}, UnauthenticatedError, "auth:false"),
        (200, {"auth": False}, UnauthenticatedError, "auth:false"),
        (200, {"stats": {"status": 2}}, UnauthenticatedError, "2"),
        (200, {"stats": {"status": "2"}}, UnauthenticatedError, "2"),
        (401, {"code": 401, "error": "something new"}, UnauthenticatedError, "401"),
        (200, {"code": 403, "error": "something new"}, ForbiddenError, "403"),
        (200, {"code": "429"}, RateLimitedError, "429"),
        (409, {"code": 409, "error": "something new"}, RejectedError, "409"),
        (409, b"something new", RejectedError, "409"),
        (409, {"error": None}, RejectedError, "409"),
        (400, b"something new", RejectedError, None),
        (401, b"", UnauthenticatedError, None),
        (403, b"", ForbiddenError, None),
        (429, {"auth": False}, RateLimitedError, None),
        (503, {"auth": False}, UnavailableError, None),
        (302, b"", BadResponseError, None),
    ],
)
async def test_a_refusal_without_known_words_is_read_by_its_shape(
    status: int, data: object, kind: type[VendorError], code: str | None
) -> None:
    error = await refusal_of(status, data)
    assert type(error) is kind
    assert error.provider_code == code
    assert "something new" not in str(error)


@pytest.mark.parametrize(
    ("number", "kind"),
    [
        (0, RejectedError),
        (1, RejectedError),
        (2, RejectedError),
        (3, ConflictError),
        (4, UnauthenticatedError),
        (5, RejectedError),
        (6, RejectedError),
        (8, QuotaExhaustedError),
    ],
)
@pytest.mark.parametrize("wrapped", [True, False])
async def test_numbers_of_the_regular_api_are_understood(
    number: int, kind: type[VendorError], *, wrapped: bool
) -> None:
    error = await refusal_of(200, {"url": {"status": number}} if wrapped else {"status": str(number)})
    assert type(error) is kind
    assert error.provider_code == str(number)


@pytest.mark.parametrize("data", [{"url": {"status": 7}}, {"status": 9}, {"url": "x"}, {"status": True}, {"stats": 1}])
async def test_numbers_that_say_nothing_are_a_bad_response(data: object) -> None:
    assert isinstance(await refusal_of(200, data), BadResponseError)


@pytest.mark.parametrize("number", [1, 2, 3, 4])
def test_numbers_that_an_edit_uses_otherwise_are_left_to_who_knows_the_action(number: int) -> None:
    assert PROVIDER.classify(200, {"status": number}) is None
    assert PROVIDER.classify(200, {"url": {"status": number}}) is None


async def test_a_link_that_fails_alone_has_its_error_in_its_place() -> None:
    def respond(request: httpx2.Request) -> httpx2.Response:
        broken = request.url.params["url"].endswith("/broken")
        return httpx2.Response(500 if broken else 200, stream=httpx2.ByteStream(b"" if broken else found()))

    http = httpx2.AsyncClient(transport=httpx2.MockTransport(respond))
    settings = PROVIDER.settings.model_validate({"key": "social", "provider": "cuttly", "api_key": "key-of-a-test"})
    adapter = open_account(settings, PROVIDER, http, ManualClock()).adapter
    assert isinstance(adapter, CuttlyAdapter)
    links = await adapter.get_links(["cutt.ly/a", "cutt.ly/broken", "cutt.ly/b"], frozenset())
    assert [type(link) for link in links.values()] == [Link, UnavailableError, Link]
    assert list(links) == ["cutt.ly/a", "cutt.ly/broken", "cutt.ly/b"]


async def test_a_refused_key_is_seen_in_the_accounts_health() -> None:
    settings = PROVIDER.settings.model_validate({"key": "social", "provider": "cuttly", "api_key": "key-of-a-test"})
    account = open_account(settings, PROVIDER, answering(200, b'{"stats": {"status": 2}}'), ManualClock())
    assert isinstance(account.adapter, CuttlyAdapter)
    with pytest.raises(UnauthenticatedError):
        await get(account.adapter, HANDLE)
    assert account.health.state is HealthState.DOWN

"""ShortenWorld: links and their settings as its list may have them, of which nearly all keys are guesses."""

import json
from datetime import UTC, date, datetime

import pytest

from harness.shortenworld_vendor import (
    LINKS,
    OK,
    TEAMS,
    Vendor,
    account_of,
    adapter_answering,
    adapter_of,
    good,
    link_row,
    read_link,
    refused,
)
from linkweave.errors import BadResponseError, RejectedError
from linkweave.models import DeviceTarget, Expiry, Link, Measure, Platform, Team, Utm, Variant
from linkweave.providers.read_capabilities import Lane

SHOWN = Lane("shown", {"hidden": "false"})
OLD, NEW = "https://www.example.com/", "https://b.example/"
NOON = datetime(2025, 11, 12, 10, 0, tzinfo=UTC)


async def link_of(row: dict[str, object], lane: Lane = SHOWN) -> Link:
    (link,) = (await adapter_answering({LINKS: good(links=[row])}).list_links(lane, None)).items
    return link


async def test_a_refusal_shows_the_vendors_words_without_anything_that_may_be_a_secret() -> None:
    message = "Token eyJhbGciOiJIUzI1NiJ9.eyJzdWIi at https://u:p@x.example\n\x1b[2J is wrong " + "very " * 99
    with pytest.raises(RejectedError) as refusal:
        await adapter_answering({TEAMS: refused(8, message)}).list_teams()
    assert refusal.value.message.startswith('sw: says "Token … at … … is wrong very very')
    assert len(refusal.value.message) < 160


@pytest.mark.parametrize("form", ["canary/key+1", "canary%2Fkey%2B1", "canary%2fkey%2b1", "x=canary/key+1,"])
async def test_the_api_key_is_masked_in_the_vendors_words(form: str) -> None:
    vendor = Vendor({TEAMS: refused(8, f"bad key {form} given")})
    with pytest.raises(RejectedError) as refusal:
        await adapter_of(account_of(vendor, api_key="canary/key+1")).list_teams()
    assert refusal.value.message.startswith('sw: says "bad key ')
    assert "***" in refusal.value.message
    assert "canary" not in refusal.value.message


async def test_no_part_of_a_secret_is_left_where_the_vendors_words_are_cut() -> None:
    for blanks in range(24):
        vendor = Vendor({TEAMS: refused(8, "very " * 20 + "x" * blanks + " canary-key-123 is wrong")})
        with pytest.raises(RejectedError) as refusal:
            await adapter_of(account_of(vendor, api_key="canary-key-123")).list_teams()
        assert "can" not in refusal.value.message


async def test_a_refusal_without_words_shows_its_number() -> None:
    with pytest.raises(RejectedError, match="code 8"):
        await adapter_answering({TEAMS: refused(8)}).list_teams()


@pytest.mark.parametrize(
    "body",
    [
        b'{"status": {"code": 0}, "links": [], "links": 5}',
        b"[" * 100_000,
        json.dumps({"status": OK, "links": []}).encode() + b" " * 1_000_000,
    ],
)
async def test_an_answer_that_is_hard_to_parse_is_a_bad_response(body: bytes) -> None:
    with pytest.raises(BadResponseError):
        await adapter_answering({LINKS: (200, body)}).list_links(SHOWN, None)


@pytest.mark.parametrize(
    ("key", "values"),
    [
        ("id", [..., "", None, ["secret"]]),
        ("linkShort", [..., "go.example.com/secret", "https://[secret", "javascript://go.example.com/secret"]),
        ("destination", [..., None]),
    ],
)
async def test_a_link_without_its_identity_is_left_out_with_a_notice(key: str, values: list[object]) -> None:
    for value in values:
        rows = [link_row(1), link_row(2, **{key: value})]
        page = await adapter_answering({LINKS: good(links=rows)}).list_links(SHOWN, None)
        assert [link.handle for link in page.items] == ["id-1"]
        assert page.left_out.notice == f"1 entry was left out, because these fields could not be read: links.{key}."


async def test_a_full_page_is_followed_by_the_next_one_although_rows_were_left_out() -> None:
    rows = [link_row(number) for number in range(99)]
    page = await adapter_answering({LINKS: good(links=[*rows, {"id": "x"}])}).list_links(SHOWN, None)
    assert (len(page.items), page.next) == (99, "1.100")


async def test_a_team_without_its_identity_is_left_out() -> None:
    rows: list[object] = [{"id": 1}, {"name": "x"}, {"id": "1", "name": None}, {"id": 2, "name": "Two"}]
    assert await adapter_answering({TEAMS: good(teams=rows)}).list_teams() == (Team("2", "Two"),)


async def test_a_link_has_what_its_row_has_and_null_for_all_else() -> None:
    row = link_row(
        7,
        title="Spring sale",
        tags=["sale", "spring"],
        teamId="t1",
        campaignId="c1",
        clicks=12,
        linkShort="https://GO.Example.com/Slug7",
        code="Slug7",
        createdTime=1_762_941_600_000,
    )
    link = await link_of(row)
    assert link.included is not None
    assert (link.included.clicks, link.included.measures) == (12, frozenset({Measure.CLICKS}))
    assert link == Link(
        handle="id-7",
        short_url="https://GO.Example.com/Slug7",
        slug="Slug7",
        destination="https://www.example.com/",
        fetched_at=link.fetched_at,
        domain="go.example.com",
        title="Spring sale",
        tags=("sale", "spring"),
        created_at=NOON,
        archived=False,
        team_id="t1",
        campaign_id="c1",
        included=link.included,
    )


async def test_keys_that_are_guesses_may_all_be_missing() -> None:
    link = await link_of({"id": 7, "linkShort": "https://go.example.com/abc", "destination": OLD})
    assert (link.handle, link.slug, link.domain) == ("7", "abc", "go.example.com")
    assert (link.title, link.tags, link.created_at, link.included) == (None, (), None, None)
    assert (link.team_id, link.campaign_id) == (None, None)


@pytest.mark.parametrize("hidden", [True, False])
async def test_a_link_is_archived_if_it_came_with_the_list_of_hidden_ones(*, hidden: bool) -> None:
    lane = Lane("any", {"hidden": "true" if hidden else "false"})
    assert (await link_of(link_row(1, hidden=...), lane)).archived is hidden


# Values that are no text, no number and no flag.
WRONG: tuple[object, ...] = ("", {"a": 1}, [], None)
WRONG_TAGS: tuple[object, ...] = (None, "a", [{"name": "a"}], [None])

# Keys of a row, and the field of a link that is read from them.
ROWS: list[tuple[dict[str, object], str, object]] = [
    *(({"code": value}, "slug", "slug1") for value in WRONG[:2]),
    *(({"title": value}, "title", None) for value in WRONG[2:]),
    *(({"teamId": value}, "team_id", None) for value in WRONG[2:]),
    *(({"createdTime": value}, "created_at", None) for value in (*WRONG, -1, 10**18, 1e300)),
    *(({"tags": value}, "tags", ()) for value in WRONG_TAGS),
    ({"tags": ["a", None, "b"]}, "tags", ("a", "b")),
    ({"hidden": "false"}, "archived", False),
    ({"campaignId": None}, "campaign_id", None),
    ({"campaignId": ""}, "campaign_id", None),
    ({"createdTime": 1_762_941_600}, "created_at", NOON),
    ({"createdTime": 1_762_941_600_000}, "created_at", NOON),
    ({"createdTime": "1762941600000"}, "created_at", NOON),
    ({"createdTime": 1_762_941_600_000.0}, "created_at", NOON),
    ({"expiration": {}}, "expiry", None),
    ({"expiration": None}, "expiry", None),
    ({"expiration": "never"}, "expiry", None),
    ({"expiration": {"date": 5}}, "expiry", None),
    ({"expiration": {"date": []}}, "expiry", None),
    ({}, "expiry", None),
    ({"expiration": {"date": "", "click": 0, "clickType": 0, "destinationByDate": ""}}, "expiry", None),
    ({"expiration": {"date": "31/12/2026"}}, "expiry", Expiry(at=date(2026, 12, 31))),
    ({"expiration": {"click": "7", "clickType": "1"}}, "expiry", Expiry(after_clicks=7, count_unique_only=True)),
    ({"expiration": {"click": 7, "clickType": 0}}, "expiry", Expiry(after_clicks=7, count_unique_only=False)),
    ({"expiration": {"click": 7}}, "expiry", Expiry(after_clicks=7)),
    ({"expiration": {"date": "2026-12-31"}}, "expiry", None),
    ({"expiration": {"click": -1}}, "expiry", None),
    ({}, "device_targets", None),
    ({"redirectMobile": {}}, "device_targets", ()),
    (
        {"redirectMobile": {"ios": "", "android": None, "mobile": NEW}},
        "device_targets",
        (DeviceTarget(Platform.OTHER_MOBILE, NEW),),
    ),
    ({"redirectMobile": {"ios": ["x"], "android": NEW}}, "device_targets", None),
    ({"redirectMobile": True}, "device_targets", None),
    ({}, "variants", None),
    ({"testing": []}, "variants", ()),
    ({"testing": None}, "variants", None),
    ({"testing": [{"link": NEW, "percentage": 40}]}, "variants", (Variant(OLD, 60), Variant(NEW, 40))),
    (
        {"testing": [{"link": NEW, "percentage": 40}, {"link": OLD, "percentage": 60}]},
        "variants",
        (Variant(OLD, 60), Variant(NEW, 40)),
    ),
    ({"testing": [{"link": NEW, "percentage": 100}]}, "variants", (Variant(NEW, 100),)),
    ({"testing": [{"link": NEW}, {"link": OLD, "percentage": 60}]}, "variants", None),
    ({"testing": [{"link": NEW, "percentage": "many"}]}, "variants", None),
    ({"testing": {"link": NEW}}, "variants", None),
    ({}, "password_protected", None),
    ({"hasPassword": True}, "password_protected", True),
    ({"hasPassword": False}, "password_protected", False),
    ({"hasPassword": {"a": 1}}, "password_protected", None),
    ({}, "unique_window_minutes", None),
    ({"clickType": 0, "uniqueTime": 15}, "unique_window_minutes", 0),
    ({"clickType": "1", "uniqueTime": "15"}, "unique_window_minutes", 15),
    ({"clickType": 1}, "unique_window_minutes", None),
    ({"clickType": 7, "uniqueTime": 15}, "unique_window_minutes", None),
    ({"clickType": [], "uniqueTime": {}}, "unique_window_minutes", None),
    ({}, "utm", None),
    ({"utmSource": None, "utmMedium": ""}, "utm", Utm()),
    ({"utmSource": "a", "utmMedium": "b", "utmCampaign": "c", "utmTerm": "d", "utmContent": "e"}, "utm", Utm(*"abcde")),
    ({"utmSource": ["a"], "utmTerm": "d"}, "utm", Utm(term="d")),
]


@pytest.mark.parametrize(("keys", "field", "value"), ROWS)
async def test_a_setting_is_read_where_its_shape_is_understood(
    keys: dict[str, object], field: str, value: object
) -> None:
    adapter = adapter_answering({LINKS: good(links=[link_row(1, **keys)])})
    assert getattr(await read_link(adapter, "id-1"), field) == value


@pytest.mark.parametrize(("value", "clicks"), [(3, 3), ("1,234", 1234), (3.0, 3), (-1, None), (True, None), ("", None)])
async def test_clicks_that_cannot_be_read_are_null(value: object, clicks: int | None) -> None:
    link = await link_of(link_row(1, clicks=value))
    assert (None if link.included is None else link.included.clicks) == clicks

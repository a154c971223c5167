"""Single links of tiny.cc: how they are named, fetched and understood."""

from collections.abc import Mapping
from datetime import UTC, date, datetime
from typing import Any

import httpx2
import pytest

from harness.tinycc_vendor import DEFAULT, OTHER, canned, entry, refusal, scripted, server, urls
from linkweave.errors import NotFoundError
from linkweave.models import Expiry, Link, Measure
from linkweave.providers.tinycc.handles import LinkName, name_groups

NO_FIELDS: frozenset[str] = frozenset()


async def read(**changed: object) -> Link:
    found = await canned(urls(entry(**changed))).find_link("m.tiny.cc", "h", NO_FIELDS)
    assert found is not None
    return found


async def test_links_of_two_domains_take_two_calls_and_each_names_its_domain() -> None:
    tiny = server()
    found = await tiny.adapter.get_links([f"{DEFAULT}/card", f"{OTHER}/card"], NO_FIELDS)
    assert found[f"{DEFAULT}/card"].destination == "https://www.example.com/business-cards"
    assert found[f"{OTHER}/card"].destination == "https://www.example.com/loyalty/card"
    assert sorted(call.query["domain"] for call in tiny.calls) == [DEFAULT, OTHER]


async def test_unknown_hashes_unknown_domains_and_other_texts_find_no_link() -> None:
    tiny = server()
    handles = [f"{DEFAULT}/card", f"{DEFAULT}/nope", "elsewhere.example/card", "card", "", "/card", f"{DEFAULT}/"]
    assert list(await tiny.adapter.get_links(handles, NO_FIELDS)) == [f"{DEFAULT}/card"]
    assert len(tiny.calls) == 2


@pytest.mark.parametrize("slug", ["tab\there", "x" * 256, "\ud800", ""])
async def test_an_impossible_slug_finds_no_link_without_a_call(slug: str) -> None:
    tiny = server()
    assert await tiny.adapter.find_link(DEFAULT, slug, NO_FIELDS) is None
    assert tiny.calls == []


@pytest.mark.parametrize("domain", ["ü" * 300, "bad\n.example", "ü..example", ""])
async def test_an_impossible_domain_finds_no_link_without_a_call(domain: str) -> None:
    tiny = server()
    assert await tiny.adapter.find_link(domain, "card", NO_FIELDS) is None
    assert tiny.calls == []


async def test_a_hash_is_case_sensitive_and_a_domain_is_not() -> None:
    tiny = server()
    assert await tiny.adapter.find_link(DEFAULT, "CARD", NO_FIELDS) is None
    found = await tiny.adapter.get_links([f"{DEFAULT.upper()}/card"], NO_FIELDS)
    assert found[f"{DEFAULT.upper()}/card"].handle == f"{DEFAULT}/card"


async def test_a_link_of_another_domain_than_requested_is_not_returned() -> None:
    assert await canned(urls(entry(short_url="other.example/h"))).find_link("m.tiny.cc", "h", NO_FIELDS) is None


def test_a_group_has_at_most_a_thousand_hashes_and_each_name_once() -> None:
    names = [LinkName("a.example", f"h{n}") for n in range(1001)] + [
        LinkName("b.example", "x"),
        LinkName("b.example", "x"),
    ]
    assert [(group[0].domain, len(group)) for group in name_groups(names)] == [
        ("a.example", 1000),
        ("a.example", 1),
        ("b.example", 1),
    ]


def test_a_thousand_of_the_longest_custom_hashes_are_one_group_and_longer_ones_are_split() -> None:
    assert len(list(name_groups(LinkName("a.example", f"{n:025}") for n in range(1000)))) == 1
    assert len(list(name_groups(LinkName("a.example", f"{n:0200}") for n in range(300)))) == 3


async def test_without_handles_no_call_is_made() -> None:
    tiny = server()
    assert await tiny.adapter.get_links([], NO_FIELDS) == {}
    assert tiny.calls == []


@pytest.mark.parametrize("code", [1204, 1306])
async def test_a_group_that_is_refused_for_one_unknown_hash_is_halved_until_the_others_are_found(code: int) -> None:
    asked: list[str] = []

    def respond(request: httpx2.Request) -> tuple[int, object]:
        hashes = request.url.params["hashes"].split(",")
        asked.append(",".join(hashes))
        if "c" in hashes:
            return 404, refusal(code)
        return 200, urls(*(entry(hash=each, short_url=f"m.tiny.cc/{each}") for each in hashes))

    found = await scripted(respond).get_links([f"m.tiny.cc/{slug}" for slug in "abcd"], NO_FIELDS)
    assert sorted(link.slug for link in found.values()) == ["a", "b", "d"]
    assert asked == ["a,b,c,d", "a,b", "c,d", "c", "d"]


@pytest.mark.parametrize("body", [refusal(1301), {"detail": "no such page"}])
async def test_not_found_for_another_reason_than_the_link_is_an_error(
    body: Mapping[str, Any],
) -> None:
    with pytest.raises(NotFoundError):
        await canned(body, 404).get_links(["m.tiny.cc/h"], NO_FIELDS)


async def test_every_field_that_the_vendor_sends_is_read_and_the_others_are_null() -> None:
    link = await read(
        last_visit="2015-08-30 20:57:03",
        note="lots of notes...",
        email_stats=True,
        protected=True,
        archived=True,
        tags=["group1", 2024],
        total_clicks=22,
        unique_clicks=1,
    )
    assert (link.handle, link.slug, link.domain) == ("m.tiny.cc/h", "h", "m.tiny.cc")
    assert link.destination == "http://google.com"
    assert link.last_click_at == datetime(2015, 8, 30, 20, 57, 3, tzinfo=UTC)
    assert (link.note, link.tags) == ("lots of notes...", ("group1", "2024"))
    assert (link.email_reports, link.protected, link.archived) == (True, True, True)
    assert (link.qr_small, link.qr_large) == ("https://m.tiny.cc/s.png", "https://m.tiny.cc/b.png")
    assert (link.title, link.created_at, link.starred, link.external_id, link.team_id) == (None,) * 5
    assert (link.device_targets, link.variants, link.utm, link.password_protected) == (None,) * 4


async def test_totals_come_with_the_link() -> None:
    link = await read(total_clicks=22, unique_clicks=1)
    assert link.included is not None
    assert (link.included.clicks, link.included.unique_clicks) == (22, 1)
    assert (link.included.covered, link.included.truncated, link.included.fetched_at) == (None, False, link.fetched_at)
    assert link.included.measures == {Measure.CLICKS, Measure.UNIQUE_CLICKS}


@pytest.mark.parametrize(
    ("changed", "short_url"),
    [
        ({}, "https://m.tiny.cc/h"),
        ({"short_url_with_protocol": "http://m.tiny.cc/h"}, "http://m.tiny.cc/h"),
        ({"short_url_with_protocol": "javascript:alert(1)"}, "https://m.tiny.cc/h"),
        ({"short_url": "http://M.tiny.cc/h"}, "http://M.tiny.cc/h"),
    ],
)
async def test_the_short_url_gets_a_scheme_and_the_handle_does_not_depend_on_it(
    changed: dict[str, object], short_url: str
) -> None:
    link = await read(**changed)
    assert (link.short_url, link.handle) == (short_url, "m.tiny.cc/h")


async def test_the_domain_of_a_link_is_in_ascii_form() -> None:
    adapter = canned(urls(entry(short_url="bücher.example/h")))
    link = await adapter.find_link("BÜCHER.example", "h", NO_FIELDS)
    assert link is not None
    assert link.handle == "xn--bcher-kva.example/h"


@pytest.mark.parametrize(
    ("day", "clicks", "expiry"),
    [
        (None, 0, None),
        (None, None, None),
        ("2016-01-02", 0, Expiry(at=date(2016, 1, 2))),
        (None, 100, Expiry(after_clicks=100)),
        ("2016-01-02", 100, Expiry(at=date(2016, 1, 2), after_clicks=100)),
    ],
)
async def test_an_expiry_is_a_day_or_a_number_of_clicks_and_no_limit_is_none(
    day: str | None, clicks: int | None, expiry: Expiry | None
) -> None:
    assert (await read(expiration_date=day, max_clicks=clicks)).expiry == expiry


@pytest.mark.parametrize("qr", ["/qr/small/h.png", "m.tiny.cc/qr.png", "", "ftp://m.tiny.cc/qr", "https://", None])
async def test_a_qr_code_that_is_no_absolute_url_is_null(qr: str | None) -> None:
    link = await read(links={"qr_small": qr, "qr_big": "HTTP://m.tiny.cc/b.png"})
    assert (link.qr_small, link.qr_large) == (None, "HTTP://m.tiny.cc/b.png")


async def test_a_link_without_qr_codes_has_none() -> None:
    link = await read(links=None)
    assert (link.qr_small, link.qr_large) == (None, None)


async def test_an_empty_note_is_empty_and_not_null() -> None:
    assert (await read(note="")).note == ""


@pytest.mark.parametrize(
    ("said", "utc"),
    [
        ("2015-08-30 20:57:03", datetime(2015, 8, 30, 20, 57, 3, tzinfo=UTC)),
        ("2015-08-30T20:57:03+02:00", datetime(2015, 8, 30, 18, 57, 3, tzinfo=UTC)),
    ],
)
async def test_a_time_without_an_offset_is_in_utc(said: str, utc: datetime) -> None:
    assert (await read(last_visit=said)).last_click_at == utc


async def test_a_hash_with_a_slash_keeps_it() -> None:
    adapter = canned(urls(entry(hash="a/b", short_url="m.tiny.cc/a/b")))
    assert list(await adapter.get_links(["m.tiny.cc/a/b"], NO_FIELDS)) == ["m.tiny.cc/a/b"]

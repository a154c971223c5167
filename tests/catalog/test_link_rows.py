"""A link that was stored comes back as it was."""

from dataclasses import replace
from datetime import UTC, date, datetime
from typing import Any

import orjson
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from linkweave.catalog.link_rows import link_of, row_of, storable, tag_rows
from linkweave.catalog.storable_text import without_unstorable
from linkweave.models import DeviceTarget, Expiry, Link, Measure, Platform, StatsReport, Utm, Variant

AT = datetime(2026, 11, 20, 10, 30, tzinfo=UTC)
PLAIN = Link("1", "https://s.example/a", "a", "https://example.com/", AT)
FULL = Link(
    "7",
    "https://s.example/Spring",
    "Spring",
    "https://example.com/?utm_source=Mail&utm_term=t",
    AT,
    domain="S.example",
    title="Straße",
    note="n",
    tags=("News", "spring", "NEWS"),
    created_at=AT,
    last_click_at=AT,
    external_id="e",
    expiry=Expiry(date(2027, 1, 2), 5, count_unique_only=True, redirect_to="https://example.com/over"),
    device_targets=(DeviceTarget(Platform.IOS, "https://example.com/ios"),),
    variants=(Variant("https://example.com/b", 50),),
    utm=Utm(source="letter"),
    archived=False,
    starred=True,
    unique_window_minutes=30,
    team_id="t1",
    campaign_id="c1",
    included=StatsReport(frozenset({Measure.CLICKS, Measure.UNIQUE_CLICKS}), AT, clicks=9, unique_clicks=4),
)


def _stored(link: Link) -> dict[str, Any]:
    row = row_of("acct", storable(link))
    report = link.included
    clicks = None if report is None else report.clicks
    unique_clicks = None if report is None else report.unique_clicks
    return {
        **row,
        "model": orjson.loads(orjson.dumps(row["model"])),
        "clicks": clicks,
        "unique_clicks": unique_clicks,
        "clicks_at": None if report is None else report.fetched_at,
    }


@pytest.mark.parametrize("link", [PLAIN, FULL, replace(PLAIN, variants=(), device_targets=())])
def test_a_link_comes_back_from_its_row(link: Link) -> None:
    assert link_of(_stored(link)) == link


@settings(max_examples=50)
@given(st.builds(Link, included=st.none(), fetched_at=st.just(AT)))
def test_any_link_with_storable_text_comes_back_from_its_row(link: Link) -> None:
    link = replace(without_unstorable(link), last_click_at=AT, created_at=None)
    assert link_of(_stored(link)) == link


def test_the_columns_of_a_link() -> None:
    row = row_of("acct", storable(FULL))
    assert row["account"] == "acct"
    assert row["slug_key"] == "spring"
    assert row["title_key"] == "strasse"
    assert row["domain"] == "S.example"
    assert row["domain_key"] == "s.example"
    assert row["destination_host"] == "example.com"
    assert row["destination_key_without_utm"] == "https://example.com/"
    assert row["expires_at"] == datetime(2027, 1, 2, tzinfo=UTC)
    # Those of the link go before those of its destination.
    assert (row["utm_source"], row["utm_medium"], row["utm_term"]) == ("letter", None, "t")
    assert row["seen_at"] == AT


def test_tags_that_differ_only_by_case_are_one() -> None:
    assert [(row["tag_key"], row["tag"], row["position"]) for row in tag_rows(FULL)] == [
        ("news", "News", 0),
        ("spring", "spring", 1),
    ]


@pytest.mark.parametrize(
    ("changed", "is_another"),
    [
        (replace(FULL, title="Strasse"), True),
        (replace(FULL, tags=("spring", "News")), True),
        (replace(FULL, note=None), True),
        (replace(FULL, fetched_at=datetime(2026, 12, 1, tzinfo=UTC)), False),
        (replace(FULL, last_click_at=None, included=None), False),
    ],
)
def test_the_digest_is_another_where_the_link_is(changed: Link, is_another: bool) -> None:
    assert (storable(changed).digest != storable(FULL).digest) is is_another
    assert (storable(changed).model != storable(FULL).model) is is_another


@pytest.mark.parametrize(
    ("text", "stored"),
    [("plain", "plain"), ("nul\0", "nul�"), ("ü\0", "ü�"), ("lone \ud800", "lone �"), ("😀", "😀")],
)
def test_characters_that_cannot_be_stored_are_replaced(text: str, stored: str) -> None:
    link = storable(replace(FULL, title=text, tags=("ok", text), utm=Utm(source=text))).link
    assert (link.title, link.tags, link.utm) == (stored, ("ok", stored), Utm(source=stored))


def test_a_link_with_storable_text_is_not_copied() -> None:
    assert storable(FULL).link is FULL
    assert without_unstorable(FULL) is FULL

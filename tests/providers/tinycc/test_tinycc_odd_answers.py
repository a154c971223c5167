"""An odd value in an answer of tiny.cc costs its field, or its row where the row cannot do without it."""

import asyncio
import json
from collections.abc import Iterator, Mapping
from dataclasses import replace
from datetime import date
from typing import Any

import orjson
import pytest
from hypothesis import given
from hypothesis import strategies as st

from harness.failure_cases.tinycc import HANDLE, LANE
from harness.tinycc_vendor import canned, entry, urls, wrote
from linkweave.errors import BadResponseError
from linkweave.models import SERIES, TOTALS, Domain, LeftOut, Link, LinkFilter, Page, Period, Plan, Quota
from linkweave.models.changes import ALL_LINK_FIELDS, NewLink, WrittenLink

DAYS = Period(date(2026, 11, 1), date(2026, 11, 20))
HOOK: dict[str, object] = {
    "id": 5,
    "event": "click",
    "type": "domain",
    "domain": "a.example",
    "url": "https://e.com",
    "method": "post",
    "headers": [],
    "encoding": "json",
    "ignore_errors": False,
}


def entries(**changed: object) -> list[dict[str, object]]:
    """Three links, of which the second has some odd values."""
    first, third = (entry(hash=each, short_url=f"m.tiny.cc/{each}") for each in "ac")
    return [first, entry(**{"hash": "b", "short_url": "m.tiny.cc/b", "total_clicks": 3, "note": "n", **changed}), third]


async def listed(rows: list[Any]) -> Page[Link]:
    return await canned(urls(*rows)).list_links(LANE, None)


# Key, the field of a link that it leads to, and values that it cannot have.
WRONG: dict[str, tuple[str, tuple[object, ...]]] = {
    "total_clicks": ("clicks", (None, -1, 1.5, "many", False, [])),
    "last_visit": ("last_click_at", ("yesterday", 5, "", "0001-01-01T00:00:00+14:00")),
    "expiration_date": ("expiry", ("2016-13-40", 5, "0000-00-00")),
    "max_clicks": ("expiry", ("none",)),
    "archived": ("archived", ("perhaps",)),
    "email_stats": ("email_reports", ([],)),
    "note": ("note", (["secret body"],)),
    "links": ("qr_small", ([], {"qr_small": 5}, {"qr_small": "/card.png"})),
}
NEEDED: dict[str, tuple[object, ...]] = {
    "hash": ("", None, True, []),
    "long_url": ("", None, {}),
    "short_url": (None, "h", "/h", "user@m.tiny.cc/h"),
}


@pytest.mark.parametrize(
    ("key", "value", "field"), [(key, value, field) for key, (field, values) in WRONG.items() for value in values]
)
async def test_a_wrong_value_costs_its_field_alone(key: str, value: object, field: str) -> None:
    page = await listed(entries(**{key: value}))
    link = page.items[1]
    found = link.included.clicks if field == "clicks" and link.included else getattr(link, field, None)
    assert found is None
    assert (link.handle, link.destination) == ("m.tiny.cc/b", "http://google.com")
    assert len(page.items) == 3
    assert not page.left_out.rows
    assert "secret" not in repr(page)


@pytest.mark.parametrize(
    ("tags", "read"), [(None, ()), ("a", ()), ({}, ()), ([{"label": "a"}], ()), (["a", None, "b"], ("a", "b"))]
)
async def test_a_wrong_tag_costs_the_tag_alone(tags: object, read: tuple[str, ...]) -> None:
    page = await listed(entries(tags=tags))
    assert [link.tags for link in page.items] == [(), read, ()]
    assert not page.left_out.rows


async def test_counts_may_come_as_text_with_commas() -> None:
    page = await listed(entries(total_clicks="1,234", unique_clicks=3.0))
    included = page.items[1].included
    assert included is not None
    assert (included.clicks, included.unique_clicks) == (1234, 3)
    assert not page.left_out


@pytest.mark.parametrize(("key", "value"), [(key, value) for key, values in NEEDED.items() for value in values])
async def test_a_link_without_hash_destination_or_address_is_left_out_and_counted(key: str, value: object) -> None:
    page = await listed(entries(**{key: value}))
    assert [link.slug for link in page.items] == ["a", "c"]
    assert page.left_out == LeftOut(rows={f"urls.{key}": 1})


@pytest.mark.parametrize("row", [None, 5, "text", [], {}])
async def test_what_is_no_link_at_all_is_left_out_and_counted(row: object) -> None:
    page = await listed([row, *entries()])
    assert [link.slug for link in page.items] == [*"abc"]
    assert page.left_out.row_count == 1


async def test_rows_that_were_left_out_count_for_the_next_offset() -> None:
    page = await canned(urls(*entries(hash=None), total=10)).list_links(LANE, "4")
    assert (len(page.items), page.next) == (2, "6.1")


@pytest.mark.parametrize("paging", [[], {}, {"total_count": None}, {"total_count": "many"}, None])
async def test_without_a_readable_total_a_list_ends_with_a_page_without_new_links(paging: object) -> None:
    assert (await canned({**urls(*entries()), "page": paging}).list_links(LANE, None)).next == "2.1"
    assert (await canned({**urls(entry(hash="c")), "page": paging}).list_links(LANE, "2.1")).next is None


async def test_tags_domains_and_webhooks_are_read_row_by_row() -> None:
    tags = {"tags": ["banana", {"label": None}, {"label": "a"}, {}]}
    assert await canned(tags).list_tags() == ("a",)
    domains = {"domains": [{"domain": ""}, {"domain": "a.example", "redirect_code": "soon", "use_https": "perhaps"}]}
    assert await canned(domains).list_domains() == (Domain("a.example"),)
    hooks = {"webhooks": [{**HOOK, **wrong} for wrong in ({}, {"type": "galaxy"}, {"domain": None}, {"url": None})]}
    page = await canned(hooks).list_webhooks(0, 20)
    assert [hook.id for hook in page.items] == ["5"]
    assert page.left_out.row_count == 3


async def test_a_plan_says_which_domains_it_could_not_read() -> None:
    body = {"domains": [{"status": "active"}, {"domain": "a.example"}]}
    plan = await canned(body).plan_links(LinkFilter())
    assert [lane.name for lane in plan.lanes] == ["a.example"]
    assert plan.notice == "1 entry was left out, because these fields could not be read: domains.domain."


@pytest.mark.parametrize(
    ("account", "plan", "quotas"),
    [
        ({"subscription_plan": "x", "account_expiration_date": "never"}, Plan("x", active=True), ()),
        ({"subscription_plan": [], "counters": None}, None, ()),
        ({"counters": {"urls": 13, "calls": {"count": 5, "limit": "none"}, "a": {}}}, None, (Quota("calls", 5),)),
    ],
)
async def test_an_account_is_read_counter_by_counter(
    account: Mapping[str, object], plan: Plan | None, quotas: tuple[Quota, ...]
) -> None:
    usage = await canned({"account": account}).usage()
    assert (usage.plan, usage.quotas) == (plan, quotas)


async def test_a_day_that_cannot_be_read_costs_the_days_and_a_wrong_total_itself() -> None:
    days = {"soon": {"total": 1, "unique": 1}, "2026-11-02": 5, "2026-11-03": {"total": 2, "unique": 1}}
    body = {"stats": [None, {"hash": "h", "total_clicks": -1, "unique_clicks": 1, "daily_clicks": days}]}
    report = await canned(body).read_stats(HANDLE, None, None, frozenset({TOTALS}))
    assert (report.clicks, report.unique_clicks) == (None, 1)
    with pytest.raises(BadResponseError, match="a day has an unexpected shape"):
        await canned(body).read_stats(HANDLE, None, DAYS, frozenset({TOTALS, SERIES}))


async def test_a_wrong_value_of_a_new_link_leaves_its_field_to_a_second_read() -> None:
    result = await canned(wrote(entry(last_visit="yesterday", note=[]))).create_link(NewLink("http://google.com"))
    assert isinstance(result, WrittenLink)
    assert {"last_click_at", "note"}.isdisjoint(result.known_fields)
    assert result.known_fields | {"last_click_at", "note"} == ALL_LINK_FIELDS


JSON = st.recursive(
    st.none() | st.booleans() | st.integers(-(2**53), 2**53) | st.text(st.characters(codec="utf-8"), max_size=20),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text("abc", max_size=3), inner, max_size=3),
    max_leaves=6,
)


def ways(value: object, path: tuple[Any, ...] = ()) -> Iterator[tuple[Any, ...]]:
    """The ways to every value in an answer, less the answer itself."""
    if path:
        yield path
    parts = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for key, inner in parts:
        yield from ways(inner, (*path, key))


ANSWER = {**urls(*entries(last_visit="2026-11-01 10:00:00", tags=["x"], max_clicks=5))}
WAYS = [way for way in ways(ANSWER) if way[0] == "page" or way[:2] == ("urls", 1)]
WHOLE = asyncio.run(listed(entries(last_visit="2026-11-01 10:00:00", tags=["x"], max_clicks=5)))


@given(way=st.sampled_from(WAYS), value=JSON)
def test_any_value_in_the_place_of_another_costs_its_own_link_at_most(way: tuple[Any, ...], value: object) -> None:
    answer = json.loads(orjson.dumps(ANSWER))
    inner = answer
    for key in way[:-1]:
        inner = inner[key]
    inner[way[-1]] = value
    page = asyncio.run(canned(answer).list_links(LANE, None))
    undated = [replace(link, fetched_at=WHOLE.fetched_at) for link in page.items]
    assert [undated[0], undated[-1]] == [WHOLE.items[0], WHOLE.items[2]]
    assert len(page.items) + page.left_out.row_count == 3

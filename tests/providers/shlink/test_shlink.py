"""Shlink: names by domain and code, lists by tags, times and domains, whole lists of tags, and tags of their own."""

import json
from collections.abc import Mapping
from datetime import UTC, date, datetime, timedelta

import httpx2
import pytest

from harness.failure_cases.shlink import ALONE, SHORT_URL, VISIT
from harness.shlink_vendor import Shlink, adapter_over, shlink
from harness.whole_lists import listed
from linkweave.errors import NotFoundError, RejectedError, UnsupportedError, VendorError
from linkweave.models import (
    BOT_TOTALS,
    SERIES,
    TOTALS,
    DayClicks,
    Dimension,
    Expiry,
    Link,
    LinkFilter,
    Period,
    StatsPart,
)
from linkweave.models.changes import LinkPatch, NewLink
from linkweave.providers.read_capabilities import Lane
from linkweave.providers.shlink import PROVIDER
from linkweave.providers.shlink.adapter import ShlinkAdapter
from linkweave.providers.shlink.emulator.seed import CUSTOM_DOMAIN, TWIN_CODE
from linkweave.providers.shlink.emulator.server import DEFAULT_DOMAIN, Server, ShortUrl, Visit
from linkweave.providers.shlink.handles import LinkName
from linkweave.providers.shlink.statistics import MAX_PAGES, VISITS_A_PAGE
from linkweave.providers.shlink.wire import ShortUrlRow
from linkweave.testing.gateway import open_gateway
from linkweave.testing.virtual_time import NOW

TODAY = NOW.date()
BY_COUNTRY, BY_DEVICE = StatsPart.of(Dimension.COUNTRY), StatsPart.of(Dimension.DEVICE)
ALL_PARTS = frozenset({TOTALS, BOT_TOTALS, SERIES, BY_COUNTRY, BY_DEVICE, StatsPart.of(Dimension.REFERRER)})


def answering(body: object, status: int = 200) -> ShlinkAdapter:
    def respond(request: httpx2.Request) -> httpx2.Response:
        return httpx2.Response(status, stream=httpx2.ByteStream(json.dumps(body).encode()), request=request)

    return adapter_over(httpx2.AsyncClient(transport=httpx2.MockTransport(respond)))


def queries(vendor: Shlink, path: str) -> list[dict[str, str]]:
    return [dict(call.query) for call in vendor.calls if call.path.endswith(path)]


@pytest.mark.parametrize(
    ("handle", "name"),
    [
        ("/abc", LinkName("abc")),
        ("s.test/abc", LinkName("abc", "s.test")),
        ("s.test/a/b", LinkName("a/b", "s.test")),
        ("abc", None),
        ("s.test/", None),
        ("/ ", None),
        ("", None),
        ("/\x00", None),
    ],
)
async def test_a_handle_is_a_domain_and_a_code_and_anything_else_is_not_found_without_a_call(
    handle: str, name: LinkName | None
) -> None:
    assert LinkName.parse(handle) == name
    if name is not None:
        assert str(name) == handle
        return
    vendor = shlink()
    calls = (vendor.adapter.delete_link, vendor.adapter.plan_update(LinkPatch(title="x"))[0].run)
    for call in calls:
        with pytest.raises(NotFoundError):
            await call(handle)
    with pytest.raises(NotFoundError):
        await vendor.adapter.read_stats(handle, None, Period(TODAY, TODAY), ALL_PARTS)
    assert vendor.calls == []


async def test_the_same_code_on_two_domains_is_two_links() -> None:
    vendor = shlink()
    destinations = {}
    for domain in (DEFAULT_DOMAIN, CUSTOM_DOMAIN):
        link = await vendor.adapter.find_link(domain, TWIN_CODE, frozenset())
        assert link is not None
        destinations[link.handle] = link.destination
    assert destinations == {
        "/coats": "https://www.example.com/twin/default",
        f"{CUSTOM_DOMAIN}/coats": f"https://www.example.com/twin/{CUSTOM_DOMAIN}",
    }
    await vendor.adapter.delete_link(f"{CUSTOM_DOMAIN}/coats")
    assert (await vendor.adapter.get_links([*destinations], frozenset())).keys() == {"/coats"}
    sent = [call.get("domain") for call in queries(vendor, f"/{TWIN_CODE}")]
    assert sent == [None, *[CUSTOM_DOMAIN] * 2, None, CUSTOM_DOMAIN]


def test_times_are_told_in_the_servers_zone_and_read_in_utc() -> None:
    link = read(SHORT_URL)
    assert link.created_at == datetime(2026, 8, 21, 18, 34, 16, tzinfo=UTC)
    assert link.expiry == Expiry(date(2027, 1, 31), 100)
    assert link.included is not None
    assert (link.included.clicks, link.included.bot_clicks) == (328, 0)
    assert read({**SHORT_URL, "meta": {"validUntil": None, "maxVisits": None}}).expiry is None


def read(row: Mapping[str, object]) -> Link:
    return ShortUrlRow.model_validate(row).to_link(NOW)


async def test_tags_are_sent_as_the_server_spells_them() -> None:
    vendor = shlink()
    either = await listed(vendor.adapter, LinkFilter(tags_any=("SALE", "email", "no such")))
    both = await listed(vendor.adapter, LinkFilter(tags_all=("Sale", "spring"), tags_any=("email",)))
    none = await listed(vendor.adapter, LinkFilter(tags_none=("sale", "no such")))
    assert either
    assert all({"sale", "email"} & {*link.tags} for link in either)
    assert both
    assert all({"sale", "spring"} <= {*link.tags} for link in both)
    assert none
    assert not any("sale" in link.tags for link in none)
    for wanted in (LinkFilter(tags_any=("no such",)), LinkFilter(tags_all=("sale", "no such"))):
        assert (await vendor.adapter.plan_links(wanted)).lanes == ()


async def test_each_wanted_domain_is_a_list_of_its_own_and_the_default_one_is_called_default() -> None:
    vendor = shlink()
    plan = await vendor.adapter.plan_links(LinkFilter(domains=(CUSTOM_DOMAIN, DEFAULT_DOMAIN, "nobodys.example")))
    assert [lane.query["domain"] for lane in plan.lanes] == ["DEFAULT", CUSTOM_DOMAIN]
    for lane in plan.lanes:
        links = (await vendor.adapter.list_links(lane, None)).items
        assert {link.domain for link in links} == {lane.name}


async def test_creation_times_are_sent_with_an_offset() -> None:
    vendor = shlink()
    wanted = LinkFilter(created_after=NOW - timedelta(days=9), created_before=NOW - timedelta(days=3))
    links = await listed(vendor.adapter, wanted)
    assert links
    assert all(link.created_at and NOW - timedelta(9) <= link.created_at <= NOW - timedelta(3) for link in links)
    assert queries(vendor, "/short-urls")[0]["startDate"] == "2026-11-11T10:30:00+00:00"


@pytest.mark.parametrize(
    ("wanted", "notice"),
    [(LinkFilter(archived=True), "Shlink has no archived links."), (LinkFilter(campaign_ids=("1",)), None)],
)
async def test_a_filter_on_what_shlink_does_not_have_matches_nothing_without_a_call(
    wanted: LinkFilter, notice: str | None
) -> None:
    vendor = shlink()
    plan = await vendor.adapter.plan_links(wanted)
    assert (plan.lanes, plan.notice, vendor.calls) == ((), notice, [])


async def test_tags_are_added_and_removed_without_losing_others_and_the_present_ones_are_read_first() -> None:
    vendor = shlink()
    handle = (await vendor.adapter.create_link(NewLink("https://e.example.com", tags=("a", "b")))).link.handle
    vendor.calls.clear()
    (step,) = vendor.adapter.plan_update(LinkPatch(title="T", add_tags=("c", "B", "c"), remove_tags=("A",)))
    assert await step.run(handle) == handle
    assert [call.method for call in vendor.calls] == ["GET", "PATCH"]
    assert json.loads(vendor.calls[-1].body) == {"title": "T", "tags": ["b", "c"]}
    with pytest.raises(NotFoundError):
        await step.run("/nobody")


async def test_a_part_of_an_expiry_without_a_value_stays_and_null_clears_both() -> None:
    vendor = shlink()
    new = NewLink("https://e.example.com", expiry=Expiry(at=date(2027, 1, 31), after_clicks=9))
    handle = (await vendor.adapter.create_link(new)).link.handle
    shown = []
    for patch in (LinkPatch(expiry=Expiry(after_clicks=5)), LinkPatch(expiry=None)):
        await vendor.adapter.plan_update(patch)[0].run(handle)
        link = (await vendor.adapter.get_links([handle], frozenset()))[handle]
        assert isinstance(link, Link)
        shown.append(link.expiry)
    assert shown == [Expiry(date(2027, 1, 31), 5), None]


@pytest.mark.parametrize(
    ("expiry", "path", "is_invalid"),
    [
        (Expiry(after_clicks=0), ("expiry", "after_clicks"), True),
        (Expiry(at=TODAY, redirect_to="https://e.com"), ("expiry", "redirect_to"), False),
        (Expiry(), ("expiry",), False),
    ],
)
def test_an_expiry_that_shlink_cannot_be_told_is_found_before_any_call(
    expiry: Expiry, path: tuple[str, ...], *, is_invalid: bool
) -> None:
    adapter = shlink().adapter
    (problem,) = adapter.check_new_link(NewLink("https://e.com", expiry=expiry))
    assert (problem.path, problem.is_invalid) == (path, is_invalid)
    assert adapter.check_patch(LinkPatch(expiry=expiry)) == (problem,)


async def test_the_default_domain_is_not_sent_by_its_name() -> None:
    vendor = shlink()
    for domain, sent in ((DEFAULT_DOMAIN, None), (CUSTOM_DOMAIN, CUSTOM_DOMAIN)):
        link = (await vendor.adapter.create_link(NewLink("https://e.example.com", domain=domain))).link
        assert link.domain == domain
        assert json.loads(vendor.calls[-1].body).get("domain") == sent


async def test_a_reused_link_is_new_only_if_it_was_made_just_now() -> None:
    vendor = shlink()
    created = []
    for seconds in (0, 120):
        vendor.clock.advance(seconds)
        created.append((await vendor.adapter.create_link(NewLink("https://e.example.com", reuse=True))).created)
    assert created == [True, False]
    assert (await vendor.adapter.create_link(NewLink("https://e.example.com"))).created


async def test_a_link_with_too_many_visits_is_not_deleted_where_the_server_says_so() -> None:
    vendor = shlink()
    vendor.server.has_threshold = True
    popular = max(vendor.server.short_urls, key=lambda each: len(each.visits))
    with pytest.raises(RejectedError, match="too many visits") as caught:
        await vendor.adapter.delete_link(str(LinkName(popular.code, popular.domain)))
    assert caught.value.provider_code == "invalid-short-url-deletion"


async def test_a_tag_is_renamed_and_deleted_in_any_spelling_and_not_created_alone() -> None:
    vendor = shlink()
    assert await vendor.adapter.rename_tag("SALE", "offer") == "offer"
    await vendor.adapter.delete_tag("Offer")
    assert not {"sale", "offer"} & {*await vendor.adapter.list_tags()}
    with pytest.raises(NotFoundError):
        await vendor.adapter.delete_tag("offer")
    with pytest.raises(UnsupportedError):
        await vendor.adapter.create_tag("offer")


async def test_a_list_of_tags_without_an_end_is_a_bad_response() -> None:
    page = {"data": [f"t{number}" for number in range(500)], "pagination": {"totalItems": 10**9}}
    with pytest.raises(VendorError, match="has no end"):
        await answering({"tags": page}).list_tags()


def server_with(visits: list[Visit], created: datetime = NOW - timedelta(days=30)) -> Shlink:
    return shlink(Server(shlink().clock, [ShortUrl("a", "https://e.com", created, visits=visits)], []))


def visit(at: datetime, *, is_bot: bool = False, agent: str = "Windows") -> Visit:
    return Visit(at, None if is_bot else "https://www.google.com/", agent, None if is_bot else ("TW", "Taiwan"), is_bot)


async def test_the_visits_of_a_period_are_counted_by_day_and_dimension_without_those_of_bots() -> None:
    yesterday = NOW - timedelta(days=1)
    midnight = datetime(2026, 11, 19, tzinfo=UTC)
    vendor = server_with(
        [
            visit(midnight - timedelta(seconds=1)),
            visit(midnight),
            visit(yesterday, agent="Mozilla/5.0 (iPhone) Mobile"),
            visit(yesterday, agent="Mozilla/5.0 (iPad)"),
            visit(yesterday, is_bot=True),
            visit(NOW, agent=""),
        ]
    )
    report = await vendor.adapter.read_stats("/a", None, Period(TODAY - timedelta(1), TODAY), ALL_PARTS)
    assert (report.clicks, report.bot_clicks, report.truncated) == (4, 1, False)
    assert report.covered == Period(TODAY - timedelta(1), TODAY)
    assert report.series == (DayClicks(TODAY - timedelta(1), 3), DayClicks(TODAY, 1))
    rows = {by: {(row.name, row.code): row.clicks for row in rows} for by, rows in report.breakdowns.items()}
    assert rows == {
        Dimension.COUNTRY: {("Taiwan", "TW"): 4},
        Dimension.REFERRER: {("https://www.google.com/", None): 4},
        Dimension.DEVICE: {("Desktop", None): 1, ("Mobile", None): 1, ("Tablet", None): 1, ("unknown", None): 1},
    }


@pytest.mark.parametrize(("count", "calls"), [(0, 1), (VISITS_A_PAGE, 1), (VISITS_A_PAGE + 1, 2), (3_500, 4)])
async def test_visits_are_read_by_a_thousand(count: int, calls: int) -> None:
    vendor = server_with([visit(NOW - timedelta(seconds=number)) for number in range(count)])
    report = await vendor.adapter.read_stats("/a", None, Period(TODAY, TODAY), frozenset({TOTALS}))
    assert (report.clicks, len(vendor.calls)) == (count, calls)


async def test_of_more_visits_than_are_read_the_whole_days_are_told_and_no_total() -> None:
    hour = timedelta(minutes=12)
    vendor = server_with([visit(NOW - hour * number) for number in range(VISITS_A_PAGE * MAX_PAGES + 1)])
    report = await vendor.adapter.read_stats("/a", None, Period(TODAY - timedelta(99), TODAY), ALL_PARTS)
    assert (report.clicks, report.bot_clicks, report.breakdowns, report.truncated) == (None, None, {}, True)
    assert report.covered == Period(TODAY - timedelta(41), TODAY)
    assert report.series is not None
    assert [day.clicks for day in report.series[:-1]] == [120] * 41
    assert len(vendor.calls) == MAX_PAGES


async def test_a_day_with_more_visits_than_are_read_is_told_in_no_part() -> None:
    vendor = server_with([visit(NOW - timedelta(seconds=number)) for number in range(VISITS_A_PAGE * MAX_PAGES + 1)])
    report = await vendor.adapter.read_stats("/a", None, Period(TODAY, TODAY), ALL_PARTS)
    assert (report.truncated, report.covered, report.clicks, report.series) == (True, None, None, None)


async def test_totals_of_a_whole_life_come_with_the_link() -> None:
    vendor = shlink()
    newest = (await vendor.adapter.list_links(Lane("links"), None)).items[3]
    vendor.calls.clear()
    total = frozenset({TOTALS, BOT_TOTALS})
    for period in (None, Period(TODAY - timedelta(29), TODAY)):
        report = await vendor.adapter.read_stats(newest.handle, newest, period, total)
        assert newest.included is not None
        assert (report.clicks, report.bot_clicks) == (newest.included.clicks, newest.included.bot_clicks)
    assert vendor.calls == []
    counted = await vendor.adapter.read_stats(newest.handle, newest, Period(TODAY - timedelta(29), TODAY), ALL_PARTS)
    assert (counted.clicks, counted.bot_clicks) == (report.clicks, report.bot_clicks)
    life = await vendor.adapter.read_stats(newest.handle, None, None, total)
    assert life.clicks == report.clicks
    with pytest.raises(NotFoundError):
        await vendor.adapter.read_stats("/nobody", None, None, total)


async def test_a_visit_that_cannot_be_read_fails_the_statistics() -> None:
    page = {"data": [VISIT, {**VISIT, "potentialBot": "perhaps"}], "pagination": {"totalItems": 2}}
    with pytest.raises(VendorError, match="a visit cannot be read"):
        await answering({"visits": page}).read_stats("/a", None, Period(TODAY, TODAY), ALL_PARTS)


async def test_visits_that_are_counted_and_not_listed_are_told_in_no_part() -> None:
    page = {"data": [], "pagination": {**ALONE, "totalItems": 5}}
    report = await answering({"visits": page}).read_stats("/a", None, Period(TODAY, TODAY), ALL_PARTS)
    assert (report.truncated, report.covered, report.clicks, report.series) == (True, None, None, None)


async def test_a_range_of_a_link_is_counted_by_one_call_and_its_days_add_up() -> None:
    gateway = open_gateway(providers={"shlink": PROVIDER})
    filtered = """{ links(first: 3, filter: { tags: { any: ["Sale"] }, domains: ["shl.coats-demo.example"] }) {
      nodes { id tags { name } domain { name } } } }"""
    links = (await gateway.data(filtered))["links"]["nodes"]
    assert [link["domain"]["name"] for link in links] == [DEFAULT_DOMAIN] * 3
    assert all({"name": "sale"} in link["tags"] for link in links)
    gateway.forget_calls()
    statistics = """query ($id: ID!) { link(id: $id) { stats(range: { from: "2026-11-01", to: "2026-11-20" }) {
      clicks series { clicks } devices: breakdown(by: DEVICE) { buckets { key clicks } } sources { truncated } } } }"""
    stats = (await gateway.data(statistics, id=links[2]["id"]))["link"]["stats"]
    assert (stats["clicks"] > 0, stats["sources"]) == (True, [{"truncated": False}])
    assert sum(day["clicks"] for day in stats["series"]) == stats["clicks"]
    assert sum(bucket["clicks"] for bucket in stats["devices"]["buckets"]) == stats["clicks"]
    assert {bucket["key"] for bucket in stats["devices"]["buckets"]} <= {"mobile", "tablet", "desktop"}
    assert len([call for call in gateway.calls()["shlink"] if call.endswith("/visits")]) == 1

"""Bitly: several names of a link, clicks by as few calls as possible, a monthly budget, tags over links, cursors."""

import json
from collections import Counter
from collections.abc import Mapping
from datetime import UTC, date, datetime, timedelta
from typing import Any

import httpx2
import pytest

from harness.bitly_vendor import FREE, Bitly, adapter_over, bitly
from harness.emulators import NOW
from harness.failure_cases.bitly import HANDLE, LINK, PAGE
from linkweave.errors import (
    AmbiguousError,
    BadResponseError,
    ConflictError,
    ForbiddenError,
    NotFoundError,
    PlanRequiredError,
    QuotaExhaustedError,
    QuotaKnownExhaustedError,
    RejectedError,
    TooManyCallsError,
    UnauthenticatedError,
    UnsupportedError,
)
from linkweave.models import SERIES, TOTALS, Dimension, Expiry, Link, LinkFilter, Period, StatsPart, StatsReport
from linkweave.models.changes import LinkPatch, NewLink
from linkweave.providers.bitly import PROVIDER
from linkweave.providers.bitly.adapter import BitlyAdapter
from linkweave.providers.bitly.emulator.seed import CUSTOM_DOMAIN, FREE_TOKEN, MAIN_GROUP, OTHER_GROUP, TOKEN
from linkweave.providers.bitly.emulator.store import StoredLink
from linkweave.providers.bitly.statistics import outcome
from linkweave.providers.read_capabilities import Lane
from linkweave.testing.bench import account_table
from linkweave.testing.gateway import open_gateway

LIST = Lane("links", {"archived": "both"})
TODAY = NOW.date()
MONTH = Period(TODAY - timedelta(days=29), TODAY)
COUNTRY, DEVICE = StatsPart.of(Dimension.COUNTRY), StatsPart.of(Dimension.DEVICE)


async def all_links(adapter: BitlyAdapter, lane: Lane = LIST) -> list[Link]:
    page = await adapter.list_links(lane, None)
    links = list(page.items)
    while page.next is not None:
        page = await adapter.list_links(lane, page.next)
        links += page.items
    return links


def stored(vendor: Bitly, handle: str) -> StoredLink:
    return vendor.access.users[TOKEN].find(handle)[1]


def clicks_of(link: StoredLink, days: Period | None = None) -> int:
    every: Counter[date] = sum((each.days for each in link.back_halves), Counter(link.days))
    return sum(n for day, n in every.items() if days is None or days.start <= day <= days.end)


def answering(answer: object, status: int = 200) -> tuple[BitlyAdapter, list[httpx2.Request]]:
    asked = list[httpx2.Request]()

    def respond(request: httpx2.Request) -> httpx2.Response:
        asked.append(request)
        return httpx2.Response(status, stream=httpx2.ByteStream(json.dumps(answer).encode()), request=request)

    return adapter_over(httpx2.AsyncClient(transport=httpx2.MockTransport(respond))), asked


async def update(vendor: Bitly, handle: str, patch: LinkPatch) -> None:
    for step in vendor.adapter.plan_update(patch):
        await step.run(handle)


async def test_an_account_is_one_group_and_without_one_it_is_the_users_default() -> None:
    main, default = bitly(), bitly(group=None)
    assert (len(await all_links(main.adapter)), len(await all_links(default.adapter))) == (140, 6)
    assert default.asked()[:2] == ["GET /user", f"GET /groups/{OTHER_GROUP}/bitlinks"]
    own = (await all_links(main.adapter))[0].handle
    assert await default.adapter.get_links([own], frozenset()) == {}
    assert [domain.name for domain in await main.adapter.list_domains()] == [CUSTOM_DOMAIN, "bit.ly"]


async def test_pages_follow_the_cursor_on_the_accounts_own_address_and_read_raw_control_characters() -> None:
    vendor = bitly()
    links = await all_links(vendor.adapter)
    assert links[2].title == "Spring  sale"
    assert "search_after" in vendor.calls[1].query
    elsewhere = {**PAGE, "pagination": {"next": "https://elsewhere.example/v4/x?size=1&page=2&archived=on"}}
    adapter, asked = answering(elsewhere)
    token = (await adapter.list_links(LIST, None)).next
    assert token == "page=2"
    await adapter.list_links(LIST, "page=3")
    assert str(asked[1].url) == f"http://emulator/v4/groups/{MAIN_GROUP}/bitlinks?archived=both&size=100&page=3"


async def test_a_link_is_found_by_each_of_its_names_and_case_tells_links_apart() -> None:
    vendor = bitly()
    links = await all_links(vendor.adapter)
    two = next(link for link in links if len(stored(vendor, link.handle).back_halves) == 2)
    first, second = (each.name for each in stored(vendor, two.handle).back_halves)
    assert two.short_url == f"https://{first}"
    for name in (two.handle, first, second):
        domain, _, slug = name.partition("/")
        found = await vendor.adapter.find_link(domain, slug, frozenset())
        assert found is not None
        assert found.handle == two.handle
    assert await vendor.adapter.get_links([second], frozenset()) == {}
    upper, lower = [await vendor.adapter.find_link("bit.ly", slug, frozenset()) for slug in ("4CaSe9", "4cAsE9")]
    assert upper is not None
    assert lower is not None
    assert upper.destination != lower.destination


async def test_a_link_of_somebody_else_is_not_found_and_a_dead_token_is_told_apart() -> None:
    vendor, dead = bitly(), bitly(token="wrong")
    assert await vendor.adapter.find_link("nobodys.example", "x", frozenset()) is None
    assert vendor.asked() == ["GET /bitlinks/nobodys.example/x", "GET /user"]
    assert isinstance((await dead.adapter.get_links([HANDLE], frozenset()))[HANDLE], UnauthenticatedError)
    gone, _ = answering({**LINK, "is_deleted": True})
    assert await gone.get_links([HANDLE], frozenset()) == {}


async def test_lists_are_narrowed_by_archive_times_creator_and_one_tag() -> None:
    adapter = bitly().adapter
    wanted = LinkFilter(
        archived=False,
        author_id="agency",
        tags_any=("SALE",),
        created_after=datetime(2026, 11, 1, tzinfo=UTC),
        created_before=datetime.max.replace(tzinfo=UTC),
    )
    (lane,) = (await adapter.plan_links(wanted)).lanes
    times = {"created_after": str(int(datetime(2026, 11, 1, tzinfo=UTC).timestamp()) - 1)}
    assert dict(lane.query) == {"archived": "off", "tags": "sale", "encoding_login": "agency", **times}
    links = await all_links(adapter, lane)
    assert links
    assert all("sale" in link.tags and not link.archived for link in links)
    (open_lane,) = (await adapter.plan_links(LinkFilter(tags_any=("sale", "email")))).lanes
    assert dict(open_lane.query) == {"archived": "both"}
    for nothing in (LinkFilter(tags_all=("no such tag",)), LinkFilter(domains=("nobodys.example",))):
        assert (await adapter.plan_links(nothing)).lanes == ()


async def test_totals_of_all_links_take_one_call_but_for_links_that_the_ranking_does_not_tell() -> None:
    vendor = bitly()
    links = [link for link in await all_links(vendor.adapter) if link.short_url.endswith(link.handle)]
    listed = len(vendor.calls)
    for period in (None, MONTH):
        totals = await vendor.adapter.read_totals(links, period)
        for link in links:
            report = totals[link.handle]
            assert isinstance(report, StatsReport)
            assert report.clicks == clicks_of(stored(vendor, link.handle), period)
    asked = [line.partition("/bitlinks")[2] for line in vendor.asked()[listed:]]
    assert asked.count("/clicks") == 2
    assert len(asked) < len(links)


async def test_the_clicks_of_a_link_are_those_of_all_its_names() -> None:
    vendor = bitly()
    two = next(link for link in await all_links(vendor.adapter) if len(stored(vendor, link.handle).back_halves) == 2)
    link = stored(vendor, two.handle)
    life = await vendor.adapter.read_stats(two.handle, two, None, frozenset({TOTALS}))
    days = await vendor.adapter.read_stats(two.handle, None, MONTH, frozenset({TOTALS, SERIES, COUNTRY}))
    assert life.clicks == clicks_of(link) > link.days.total()
    assert days.clicks == clicks_of(link, MONTH) == sum(row.clicks or 0 for row in days.breakdowns[Dimension.COUNTRY])
    assert "" in {row.name for row in days.breakdowns[Dimension.COUNTRY]}
    assert [day.day for day in days.series or ()] == sorted({day.day for day in days.series or ()})


async def test_days_are_asked_for_as_units_back_from_their_end() -> None:
    vendor = bitly()
    link = (await all_links(vendor.adapter))[-1]
    past = Period(TODAY - timedelta(days=9), TODAY - timedelta(days=3))
    await vendor.adapter.read_stats(link.handle, link, past, frozenset({COUNTRY}))
    await vendor.adapter.read_stats(link.handle, link, MONTH, frozenset({SERIES}))
    countries, series = (dict(call.query) for call in vendor.calls[-2:])
    assert countries == {"unit": "day", "units": "7", "unit_reference": f"{past.end}T23:59:59+0000", "size": "100"}
    assert series == {"unit": "day", "units": "31", "unit_reference": NOW.strftime("%Y-%m-%dT%H:%M:%S+0000")}


async def test_days_beyond_the_lookback_are_unsupported_but_for_young_links() -> None:
    vendor = bitly(plan="core")
    links = await all_links(vendor.adapter)
    young, old = links[1], links[-1]
    before = Period(TODAY - timedelta(days=60), TODAY - timedelta(days=40))
    long = Period(TODAY - timedelta(days=60), TODAY)
    parts = frozenset({TOTALS, SERIES, DEVICE})
    whole, cut, none = [
        await vendor.adapter.read_stats(link.handle, link, period, parts)
        for link, period in ((young, long), (old, long), (old, before))
    ]
    assert (whole.truncated, whole.failures, whole.covered) == (False, {}, long)
    assert whole.clicks == clicks_of(stored(vendor, young.handle))
    assert (cut.truncated, set(cut.failures), cut.covered) == (True, {TOTALS, DEVICE}, MONTH)
    assert all(day.day >= MONTH.start for day in cut.series or ())
    assert (none.truncated, none.covered) == (True, None)
    assert none.failures.keys() == parts
    assert all(isinstance(failure, UnsupportedError) for failure in none.failures.values())
    together = await vendor.adapter.read_totals([young, old], long)
    of_young, of_old = together[young.handle], together[old.handle]
    assert isinstance(of_young, StatsReport)
    assert isinstance(of_old, StatsReport)
    assert (of_young.clicks, of_old.clicks, set(of_old.failures)) == (whole.clicks, None, {TOTALS})


async def test_more_links_than_can_be_counted_one_by_one_are_not_counted() -> None:
    row = {**LINK, "custom_bitlinks": ["https://go.example.com/promo"]}
    adapter, asked = answering({**PAGE, "links": [{**row, "id": f"bit.ly/{n}"} for n in range(101)]})
    links = (await adapter.list_links(LIST, None)).items
    totals = await adapter.read_totals(links, None)
    assert {type(error) for error in totals.values()} == {TooManyCallsError}
    assert len(asked) == 1


async def test_the_whole_group_is_counted_by_one_call_for_each_part() -> None:
    gateway = open_gateway(providers={"bitly": PROVIDER}, accounts=[account_table(PROVIDER)], deadline_seconds=60)
    countries = "breakdown(by: COUNTRY, first: 50) { buckets { clicks } }"
    query = f"{{ stats {{ links complete series {{ clicks }} by: {countries} }} }}"
    stats = (await gateway.data(query))["stats"]
    total = sum(day["clicks"] for day in stats["series"])
    assert (stats["links"], stats["complete"]) == (140, True)
    assert sum(bucket["clicks"] for bucket in stats["by"]["buckets"]) == total > 0
    asked = [call for call in gateway.calls()["bitly"] if not call.endswith("/bitlinks")]
    assert sorted(asked) == [f"GET /v4/groups/{MAIN_GROUP}/clicks", f"GET /v4/groups/{MAIN_GROUP}/countries"]


async def test_small_plans_lack_devices_and_days_of_the_group() -> None:
    vendor = bitly(**FREE)
    link = (await all_links(vendor.adapter))[0]
    report = await vendor.adapter.read_stats(link.handle, link, MONTH, frozenset({TOTALS, DEVICE}))
    assert isinstance(report.failures[DEVICE], PlanRequiredError)
    assert report.clicks is not None
    assert vendor.adapter.links_per_call(SERIES, whole_account=True) == 1
    with pytest.raises(PlanRequiredError):
        await update(vendor, link.handle, LinkPatch(destination="https://www.example.com/elsewhere"))


async def test_a_month_without_calls_left_is_known_and_bitly_is_asked_for_its_count_each_50_calls() -> None:
    vendor = bitly(**FREE)
    user = vendor.access.users[FREE_TOKEN]
    for _ in range(51):
        await vendor.adapter.probe()
    counts = [line for line in vendor.asked() if line.endswith("/plan_limits")]
    assert len(counts) == 3
    assert len(vendor.asked()) == user.calls[user.month()]


async def test_a_month_without_calls_left_is_known_without_a_call() -> None:
    vendor = bitly(**FREE)
    user = vendor.access.users[FREE_TOKEN]
    user.calls[user.month()] = user.plan.calls - 5
    results = [type(await outcome(vendor.adapter.list_tags())) for _ in range(6)]
    assert results == [*[tuple] * 3, *[QuotaKnownExhaustedError] * 3]
    assert user.calls[user.month()] == user.plan.calls
    error = await outcome(vendor.adapter.list_tags())
    assert isinstance(error, QuotaKnownExhaustedError)
    assert error.retry_after == (datetime(2026, 12, 1, tzinfo=UTC) - vendor.clock.now()).total_seconds()


async def test_a_used_up_month_of_links_is_told_each_time_and_is_no_rate_limit() -> None:
    vendor = bitly(**FREE)
    for _ in range(2):
        with pytest.raises(QuotaExhaustedError) as caught:
            await vendor.adapter.create_link(NewLink("https://www.example.com/new"))
        assert caught.value.provider_code == "MONTHLY_ENCODE_LIMIT_EXCEEDED"


async def test_a_new_link_names_group_and_domain_and_a_reused_one_is_not_new() -> None:
    vendor = bitly()
    new = NewLink("https://www.example.com/new")
    made = await vendor.adapter.create_link(new)
    again = await vendor.adapter.create_link(new)
    reused = await vendor.adapter.create_link(NewLink(new.destination, reuse=True))
    assert (made.created, again.created, reused.created) == (True, True, False)
    assert len({each.link.handle for each in (made, again)}) == 2
    adapter, asked = answering(LINK, 201)
    await adapter.create_link(NewLink(new.destination, reuse=True, expiry=Expiry(at=date(2027, 1, 31))))
    assert json.loads(asked[0].content) == {
        "long_url": new.destination,
        "domain": "bit.ly",
        "group_guid": MAIN_GROUP,
        "expiration_at": "2027-01-31T23:59:59+0000",
        "force_new_link": False,
    }


@pytest.mark.parametrize("slug", ["a/b", "a b", "a?b", "x" * 201])
def test_a_slug_that_no_link_can_have_is_invalid_without_a_call(slug: str) -> None:
    vendor = bitly()
    for problems in (
        vendor.adapter.check_new_link(NewLink("https://e.com", slug=slug)),
        vendor.adapter.check_patch(LinkPatch(slug=slug)),
    ):
        assert [(each.path, each.is_invalid) for each in problems] == [(("slug",), True)]
    assert vendor.asked() == []


async def test_a_new_slug_is_one_more_name_on_the_domain_that_the_link_shows() -> None:
    vendor = bitly()
    links = await all_links(vendor.adapter)
    named, plain = links[0], links[2]
    for link, domain in ((named, CUSTOM_DOMAIN), (plain, "bit.ly")):
        await update(vendor, link.handle, LinkPatch(slug=f"new-{domain[:2]}"))
        found = (await vendor.adapter.get_links([link.handle], frozenset()))[link.handle]
        assert isinstance(found, Link)
        assert found.short_url == f"https://{domain}/new-{domain[:2]}"
        assert await vendor.adapter.find_link(link.domain or "", link.slug, frozenset()) is not None
    with pytest.raises(ConflictError):
        await update(vendor, links[3].handle, LinkPatch(slug="new-bi"))


async def test_links_that_change_alike_go_together_and_unknown_ones_are_not_found() -> None:
    vendor = bitly()
    handles = [link.handle for link in (await all_links(vendor.adapter))[:3]]
    listed = len(vendor.calls)
    tagged, gone = LinkPatch(add_tags=("Expo",)), LinkPatch(archived=True)
    orders = [*((handle, tagged) for handle in handles), ("bit.ly/none", tagged), ("/", gone)]
    results = await vendor.adapter.update_links(orders)
    assert results[:3] == [None] * 3
    assert all(isinstance(error, NotFoundError) for error in results[3:])
    assert vendor.asked()[listed:] == [f"GET /groups/{MAIN_GROUP}/tags", f"PATCH /groups/{MAIN_GROUP}/bitlinks"]
    assert all("Expo" in stored(vendor, handle).tags for handle in handles)
    together = [vendor.adapter.takes_together(patch) for patch in (tagged, gone, LinkPatch(title="x"))]
    assert together == [True, True, False]


async def test_tags_keep_their_spelling_and_a_half_renamed_one_is_ambiguous() -> None:
    vendor = bitly()
    tagged = [link.handle for link in await all_links(vendor.adapter) if "sale" in link.tags]
    await update(vendor, tagged[0], LinkPatch(add_tags=("NEWSLETTER",), remove_tags=("Sale",)))
    assert "newsletter" in stored(vendor, tagged[0]).tags
    assert await vendor.adapter.rename_tag("SALE", "Offers") == "Offers"
    assert all("Offers" in stored(vendor, handle).tags for handle in tagged[1:])
    page = {**PAGE, "links": [LINK, {**LINK, "id": "bit.ly/2"}]}
    answers = iter([{"tags": ["x"]}, page, {"tags": []}, {"links": [HANDLE]}])
    http = httpx2.MockTransport(
        lambda request: httpx2.Response(
            200, stream=httpx2.ByteStream(json.dumps(next(answers)).encode()), request=request
        )
    )
    with pytest.raises(AmbiguousError, match="1 of 2 links"):
        await adapter_over(httpx2.AsyncClient(transport=http)).delete_tag("x")


async def test_only_a_link_that_was_never_changed_is_deleted() -> None:
    vendor = bitly()
    links = await all_links(vendor.adapter)
    with pytest.raises(RejectedError, match="archive this one"):
        await vendor.adapter.delete_link(links[0].handle)
    await vendor.adapter.delete_link(links[2].handle)
    with pytest.raises(NotFoundError):
        await vendor.adapter.delete_link(links[2].handle)
    empty = httpx2.MockTransport(lambda request: httpx2.Response(204, request=request, stream=httpx2.ByteStream(b"")))
    await adapter_over(httpx2.AsyncClient(transport=empty)).delete_link(HANDLE)


@pytest.mark.parametrize(
    "handle", ["", " ", "bit.ly", "bit.ly/", "bit.ly/..", "bit.ly/a/b", "bit.ly/a?b", "bit.ly/%2F"]
)
async def test_text_that_cannot_be_a_name_is_not_found_without_a_call(handle: str) -> None:
    vendor = bitly()
    assert await vendor.adapter.get_links([handle], frozenset()) == {}
    for patch in (LinkPatch(title="Other"), LinkPatch(slug="a"), LinkPatch(add_tags=("sale",))):
        with pytest.raises(NotFoundError):
            await update(vendor, handle, patch)
    with pytest.raises(NotFoundError):
        await vendor.adapter.delete_link(handle)
    assert vendor.calls == []


@pytest.mark.parametrize(
    ("expiry", "path"),
    [
        (Expiry(at=TODAY), None),
        (Expiry(at=TODAY - timedelta(days=1)), ("expiry", "at")),
        (Expiry(at=TODAY + timedelta(days=366)), ("expiry", "at")),
        (Expiry(after_clicks=5, at=TODAY), ("expiry", "after_clicks")),
        (Expiry(), ("expiry",)),
    ],
)
def test_an_expiry_that_bitly_refuses_is_found_before_any_call(expiry: Expiry, path: tuple[str, ...] | None) -> None:
    problems = bitly().adapter.check_new_link(NewLink("https://e.com", expiry=expiry))
    assert [problem.path for problem in problems] == ([] if path is None else [path])


@pytest.mark.parametrize(
    ("options", "words"),
    [
        ({}, None),
        ({"plan": "growth"}, "plan is 'growth' in the configuration, but 'Premium' at Bitly"),
        ({"group": "Bnone"}, "group is 'Bnone' in the configuration, but the token is not for this group"),
    ],
)
async def test_the_check_compares_group_and_plan(options: Mapping[str, Any], words: str | None) -> None:
    vendor = bitly(**options)
    assert await vendor.adapter.probe() == (() if words is None else (words,))


async def test_the_plans_counters_have_the_gateways_names_and_the_months_end() -> None:
    vendor = bitly()
    usage = await vendor.adapter.usage()
    quotas = {quota.name: quota for quota in usage.quotas}
    assert usage.plan is not None
    assert usage.plan.name == "Premium"
    assert quotas["apiCallsThisMonth"].limit == 100_000
    assert quotas["apiCallsThisMonth"].resets_at == datetime(2026, 12, 1, tzinfo=UTC)
    assert quotas["linksThisMonth"].provider_name == "encodes"
    assert quotas["GET /groups"].resets_at == datetime(2026, 11, 20, 11, tzinfo=UTC)


def by_path(answers: Mapping[str, object]) -> tuple[httpx2.AsyncClient, list[str]]:
    """A vendor with an answer for the end of each path, and 403 for others; and the paths that were asked for."""
    asked = list[str]()

    def respond(request: httpx2.Request) -> httpx2.Response:
        asked.append(request.url.path)
        found = next((each for end, each in answers.items() if request.url.path.endswith(end)), None)
        content = json.dumps(found if found is not None else {"message": "FORBIDDEN"}).encode()
        status = 403 if found is None else 200
        return httpx2.Response(status, stream=httpx2.ByteStream(content), request=request)

    return httpx2.AsyncClient(transport=httpx2.MockTransport(respond)), asked


TAGS: Mapping[str, object] = {"tags": []}
TWO_ORGANIZATIONS = {"groups": [{"guid": "B1", "organization_guid": "O1"}, {"guid": "B2", "organization_guid": "O2"}]}
USED_UP = {
    "plan_limits": [{"name": "API calls", "limit": 10, "count": 10}, {"name": "encodes", "limit": 5, "count": 1}]
}


@pytest.mark.parametrize(
    ("group", "answers", "is_known"),
    [
        ("B2", {"/groups": TWO_ORGANIZATIONS, "O2/plan_limits": USED_UP}, True),
        (None, {"/groups": TWO_ORGANIZATIONS, "/plan_limits": USED_UP, "/user": {"default_group_guid": "B1"}}, False),
        (
            "B1",
            {"/groups": TWO_ORGANIZATIONS, "/plan_limits": {"plan_limits": [{"name": "encodes", "count": 1}]}},
            False,
        ),
        ("B1", {"/groups": TWO_ORGANIZATIONS, "/plan_limits": {"limits": []}}, False),
        ("B1", {"/groups": TWO_ORGANIZATIONS}, False),
        ("B1", {}, False),
    ],
)
async def test_calls_go_on_where_bitly_does_not_tell_how_many_are_left(
    group: str | None, answers: Mapping[str, object], is_known: bool
) -> None:
    http, asked = by_path({**answers, "/tags": TAGS})
    adapter = adapter_over(http, plan="free", group=group)
    results = [await outcome(adapter.list_tags()) for _ in range(2)]
    assert [isinstance(each, QuotaKnownExhaustedError) for each in results] == [is_known] * 2
    assert sum(path.endswith("/groups") for path in asked) == 1


async def test_an_only_group_is_the_default_and_domains_may_be_told_of_the_user_alone() -> None:
    http, asked = by_path({"/groups": {"groups": [{"guid": "B1"}]}, "/bsds": {"bsds": ["Go.example.com", "bit.ly"]}})
    domains = await adapter_over(http, group=None).list_domains()
    assert [(domain.name, domain.is_default) for domain in domains] == [("go.example.com", False), ("bit.ly", True)]
    assert [path.rpartition("/")[2] for path in asked] == ["groups", "bsds"]


@pytest.mark.parametrize(
    ("period", "covered", "failed"),
    [
        (Period(TODAY - timedelta(days=500), TODAY), Period(TODAY - timedelta(days=364), TODAY), {COUNTRY}),
        (Period(TODAY - timedelta(days=500), TODAY - timedelta(days=400)), None, {COUNTRY, SERIES}),
        (Period(TODAY + timedelta(days=1), TODAY + timedelta(days=2)), Period(*[TODAY + timedelta(days=1)] * 2), set()),
    ],
)
async def test_a_group_is_counted_within_the_lookback_of_its_plan(
    period: Period, covered: Period | None, failed: set[StatsPart]
) -> None:
    day = {"ts": f"{TODAY}T00:00:00+0000", "count": 3}
    http, asked = by_path({f"/groups/{MAIN_GROUP}/clicks": {"data": [day, {**day, "ts": "2020-01-01T00:00:00+0000"}]}})
    (report,) = await adapter_over(http).read_sums((), period, frozenset({SERIES, COUNTRY}), whole_account=True)
    assert isinstance(report, StatsReport)
    assert (report.covered, set(report.failures)) == (covered, failed)
    counted = [TODAY] if period.start <= TODAY <= period.end else []
    assert [each.day for each in report.series or ()] == counted
    assert len(asked) == len(counted)


async def test_a_group_of_which_one_part_cannot_be_read_has_the_others() -> None:
    http, _ = by_path({f"/groups/{MAIN_GROUP}/clicks": {"data": [{"ts": "soon", "count": 3}]}})
    (report,) = await adapter_over(http).read_sums((), MONTH, frozenset({SERIES, COUNTRY}), whole_account=True)
    assert isinstance(report, StatsReport)
    assert {part: type(error) for part, error in report.failures.items()} == {
        SERIES: BadResponseError,
        COUNTRY: ForbiddenError,
    }


async def links_of(vendor: Bitly) -> tuple[Link, ...]:
    (lane, *_) = (await vendor.adapter.plan_links(LinkFilter())).lanes
    return tuple((await vendor.adapter.list_links(lane, None)).items[:5])


LATELY = Period(TODAY - timedelta(days=20), TODAY)


@pytest.mark.parametrize("count", [0, 5])
async def test_a_plan_without_the_clicks_of_a_group_has_the_sum_of_its_links(count: int) -> None:
    vendor = bitly(**FREE)
    links = (await links_of(vendor))[:count]
    (report,) = await vendor.adapter.read_sums(links, LATELY, frozenset({TOTALS}), whole_account=True)
    assert isinstance(report, StatsReport)
    told = (await vendor.adapter.read_totals(links, LATELY)).values()
    clicks = [each.clicks or 0 for each in told if isinstance(each, StatsReport)]
    assert (report.clicks, len(clicks)) == (sum(clicks), count)
    assert bool(report.clicks) is bool(count)


async def test_a_sum_of_links_that_cannot_be_read_is_their_error() -> None:
    def respond(request: httpx2.Request) -> httpx2.Response:
        is_of_group = request.url.path.endswith(f"/groups/{MAIN_GROUP}/clicks")
        status, code = (402, "UPGRADE_REQUIRED") if is_of_group else (403, "FORBIDDEN")
        body = httpx2.ByteStream(json.dumps({"message": code}).encode())
        return httpx2.Response(status, stream=body, request=request)

    http = httpx2.AsyncClient(transport=httpx2.MockTransport(respond))
    link = Link(HANDLE, f"https://{HANDLE}", "2Qj2niP", "https://example.com/", NOW)
    (report,) = await adapter_over(http).read_sums((link,), LATELY, frozenset({TOTALS}), whole_account=True)
    assert isinstance(report, StatsReport)
    assert isinstance(report.failures[TOTALS], ForbiddenError)


async def test_a_ranking_that_may_be_cut_does_not_say_that_a_link_has_no_clicks() -> None:
    rows = [{"id": f"bit.ly/{n}", "clicks": 1} for n in range(50)]
    http, asked = by_path({"/bitlinks/clicks": {"sorted_links": rows}, "/clicks/summary": {"total_clicks": 7}})
    adapter = adapter_over(http)
    link = Link(HANDLE, f"https://{HANDLE}", "2Qj2niP", "https://example.com/", NOW)
    assert (await adapter.read_stats(HANDLE, link, None, frozenset({TOTALS}))).clicks == 7
    assert len(asked) == 2
    gone, _ = by_path({})
    assert isinstance((await adapter_over(gone).read_totals([link], None))[HANDLE], ForbiddenError)

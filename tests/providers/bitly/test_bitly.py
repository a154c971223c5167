"""Bitly: several names of a link, clicks by as few calls as possible, a monthly budget, tags over links, cursors."""

import json
from collections.abc import Mapping
from datetime import UTC, date, datetime, timedelta
from typing import Any

import httpx2
import pytest

from harness.bitly_answers import LIST, TODAY, all_links, answering, by_path, stored, update
from harness.bitly_vendor import FREE, adapter_over, bitly
from harness.failure_cases.bitly import HANDLE, LINK, PAGE
from linkweave.errors import (
    AmbiguousError,
    ConflictError,
    NotFoundError,
    QuotaExhaustedError,
    QuotaKnownExhaustedError,
    RejectedError,
    UnauthenticatedError,
)
from linkweave.models import Expiry, Link, LinkFilter
from linkweave.models.changes import LinkPatch, NewLink
from linkweave.providers.bitly.emulator.seed import CUSTOM_DOMAIN, FREE_TOKEN, MAIN_GROUP, OTHER_GROUP
from linkweave.providers.bitly.statistics import outcome


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

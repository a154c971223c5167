"""Which of tiny.cc's lists are read, and how they are paged."""

from datetime import UTC, datetime

import pytest

from harness.tinycc_vendor import DEFAULT, OTHER, canned, entry, every_link, every_page, refusal, scripted, server, urls
from linkweave.errors import BadResponseError, NotFoundError
from linkweave.models import LinkFilter, LinkOrigin
from linkweave.providers.read_capabilities import FilterField, Lane, LinkSort
from linkweave.providers.tinycc.links import MAX_PAGE_BYTES

LANE_OF_DEFAULT = Lane(DEFAULT, {"domain": DEFAULT})
LANE = Lane("m.tiny.cc", {"domain": "m.tiny.cc"})


async def test_the_domains_are_read_once_and_listed_in_the_vendors_order() -> None:
    tiny = server()
    plan = await tiny.adapter.plan_links(LinkFilter())
    assert tiny.paths == ["/domains"]
    assert [lane.name for lane in plan.lanes] == [DEFAULT, OTHER]
    assert [lane.query for lane in plan.lanes] == [{"domain": DEFAULT}, {"domain": OTHER}]


async def test_the_working_domain_of_the_settings_changes_no_lane() -> None:
    plan = await server(domain=OTHER).adapter.plan_links(LinkFilter())
    assert [lane.name for lane in plan.lanes] == [DEFAULT, OTHER]


async def test_a_page_repeats_the_last_links_of_the_page_before() -> None:
    tiny = server()
    template = tiny.state.urls[0]
    tiny.state.urls = [
        type(template)(DEFAULT, f"x{n}", "https://e.com", template.created, template.modified) for n in range(2300)
    ]
    links = await every_page(tiny.adapter, Lane(DEFAULT, {"domain": DEFAULT}))
    assert list(dict.fromkeys(link.slug for link in links)) == [f"x{n}" for n in reversed(range(2300))]
    assert [call.query["offset"] for call in tiny.calls] == ["0", "99", "1089", "2079"]


@pytest.mark.parametrize(
    ("body", "token", "after"),
    [
        (urls(entry(), entry(hash="g"), total=2), None, None),
        # A page may be smaller than the limit.
        (urls(entry(), entry(hash="g"), total=5), "1.1", "2.1"),
        (urls(total=99), "3", None),
        ({"urls": [entry()]}, None, "1.0"),
        ({"urls": [entry()]}, "1.1", None),
        ({"urls": []}, "1", None),
    ],
)
async def test_a_list_ends_at_its_total_or_at_the_first_empty_page(
    body: object, token: str | None, after: str | None
) -> None:
    assert (await canned(body).list_links(LANE, token)).next == after


async def test_a_page_of_a_thousand_links_with_the_longest_destinations_fits_under_the_byte_cap() -> None:
    long_url = "https://example.com/" + "a/" * 1014
    body = urls(*(entry(hash=f"h{n}", long_url=long_url, note="n" * 25, tags=["sale", "print"]) for n in range(1000)))
    page = await canned(body).list_links(LANE, None)
    assert len(page.items) == 1000


async def test_an_answer_over_the_byte_cap_is_a_bad_response() -> None:
    with pytest.raises(BadResponseError):
        await canned(b'{"urls": [' + b" " * MAX_PAGE_BYTES + b"]}").list_links(LANE, None)


async def test_a_domain_filter_chooses_lanes_without_regard_to_case() -> None:
    plan = await server().adapter.plan_links(LinkFilter(domains=("M.ShopDemo.Example",)))
    assert [lane.name for lane in plan.lanes] == [OTHER]
    assert FilterField.DOMAINS in plan.handled


async def test_a_domain_of_another_account_leaves_no_lane() -> None:
    assert (await server().adapter.plan_links(LinkFilter(domains=("elsewhere.example",)))).lanes == ()


async def test_a_domain_is_found_in_its_unicode_and_in_its_ascii_form() -> None:
    domain = {"domain": "BÜCHER.example", "status": "default", "redirect_code": "303", "use_https": True}
    adapter = canned({"domains": [domain, {**domain, "domain": "xn--bcher-kva.example"}]})
    for asked in ("bücher.example", "xn--bcher-kva.example"):
        (lane,) = (await adapter.plan_links(LinkFilter(domains=(asked,)))).lanes
        assert lane.query == {"domain": "xn--bcher-kva.example"}


@pytest.mark.parametrize(("working", "query"), [(None, {}), ("tiny.cc", {"domain": "tiny.cc"})])
async def test_an_account_that_lists_no_domain_is_read_at_its_working_domain(
    working: str | None, query: dict[str, str]
) -> None:
    tiny = server(domain=working)
    tiny.state.domains = []
    plan = await tiny.adapter.plan_links(LinkFilter(domains=("tiny.cc",)))
    assert [lane.query for lane in plan.lanes] == [query]
    assert FilterField.DOMAINS not in plan.handled


async def test_the_vendor_searches_destinations_notes_and_hashes() -> None:
    tiny = server()
    wanted = LinkFilter(search="LOYALTY")
    plan = await tiny.adapter.plan_links(wanted)
    found = await every_link(tiny.adapter, wanted)
    assert FilterField.SEARCH in plan.handled
    assert 0 < len(found) < 80
    assert all("loyalty" in f"{link.destination} {link.note} {link.slug}".lower() for link in found)


async def test_a_search_with_blanks_at_its_ends_is_sent_and_checked_again() -> None:
    plan = await server().adapter.plan_links(LinkFilter(search=" card "))
    assert [lane.query["search"] for lane in plan.lanes] == ["card", "card"]
    assert FilterField.SEARCH not in plan.handled


@pytest.mark.parametrize("search", ["  ", "x" * 201, "line\nbreak", "\ud800"])
async def test_a_search_that_cannot_be_sent_is_left_to_the_gateway(search: str) -> None:
    plan = await server().adapter.plan_links(LinkFilter(search=search))
    assert all("search" not in lane.query for lane in plan.lanes)
    assert FilterField.SEARCH not in plan.handled


@pytest.mark.parametrize(
    ("wanted", "expression"),
    [
        (LinkFilter(tags_any=("print",)), "(print)"),
        (LinkFilter(tags_any=("Print", "packaging", "PRINT")), "(print|packaging)"),
        (LinkFilter(tags_all=("print", "sale")), "print&sale"),
        (LinkFilter(tags_none=("sale",)), "~sale"),
        (
            LinkFilter(tags_any=("sale", "gifts"), tags_all=("print",), tags_none=("spring",)),
            "(sale|gifts)&print&~spring",
        ),
        (LinkFilter(tags_any=("black-friday", "no-such-tag")), "(black-friday)"),
    ],
)
async def test_tags_become_one_expression_over_all_domains(wanted: LinkFilter, expression: str) -> None:
    tiny = server()
    plan = await tiny.adapter.plan_links(wanted)
    assert [lane.query for lane in plan.lanes] == [{"tags": expression}]
    assert plan.handled == frozenset()
    assert tiny.paths == ["/tags"]


@pytest.mark.parametrize(
    "wanted",
    [
        LinkFilter(tags_any=("print", "loyalty")),
        LinkFilter(tags_all=("packaging", "loyalty", "crm")),
        LinkFilter(tags_none=("print", "sale")),
        LinkFilter(tags_any=("sale",), tags_all=("print",), tags_none=("spring", "gifts")),
    ],
)
async def test_an_expression_lists_exactly_the_links_with_these_tags_each_once(wanted: LinkFilter) -> None:
    tiny = server()
    expected = {
        f"{url.domain}/{url.hash}"
        for url in tiny.state.urls
        if (not wanted.tags_any or set(wanted.tags_any) & set(url.tags))
        and set(wanted.tags_all) <= set(url.tags)
        and not set(wanted.tags_none) & set(url.tags)
    }
    links = await every_link(tiny.adapter, wanted)
    assert expected
    assert sorted(link.handle for link in links) == sorted(expected)
    assert tiny.paths == ["/tags", "/urls"]


@pytest.mark.parametrize(
    "wanted",
    [
        LinkFilter(tags_any=("no-such-tag",)),
        LinkFilter(tags_all=("print", "no-such-tag")),
        LinkFilter(tags_any=("archived",)),
        LinkFilter(tags_any=("no such & tag",)),
    ],
)
async def test_unknown_tags_leave_no_lane(wanted: LinkFilter) -> None:
    tiny = server()
    assert (await tiny.adapter.plan_links(wanted)).lanes == ()
    assert tiny.paths == ["/tags"]


async def test_excluding_unknown_tags_excludes_nothing() -> None:
    assert len(await every_link(server().adapter, LinkFilter(tags_none=("no-such-tag",)))) == 80


@pytest.mark.parametrize(
    "label", ["point of sale", "archived", "Visited", "-sale", "sale-", "a&b", "a|b", "(a", "x" * 1001]
)
async def test_an_ambiguous_label_is_left_to_the_gateway(label: str) -> None:
    tiny = server()
    tiny.state.tags.append(label)
    plan = await tiny.adapter.plan_links(LinkFilter(tags_any=(label, "print")))
    assert [lane.query for lane in plan.lanes] == [{"domain": DEFAULT}, {"domain": OTHER}]
    assert FilterField.TAGS not in plan.handled


async def test_with_tags_a_domain_filter_is_left_to_the_gateway_because_the_vendor_ignores_it() -> None:
    wanted = LinkFilter(tags_any=("print",), domains=(OTHER,), search="card")
    tiny = server()
    plan = await tiny.adapter.plan_links(wanted)
    assert [lane.query for lane in plan.lanes] == [{"tags": "(print)", "search": "card"}]
    assert plan.handled == frozenset()


async def test_with_tags_a_domain_in_unicode_is_walked_so_that_its_spelling_does_not_matter() -> None:
    plan = await server().adapter.plan_links(LinkFilter(tags_any=("print",), domains=("bücher.example",)))
    assert plan.lanes == ()


@pytest.mark.parametrize("archived", [True, False])
async def test_the_gateway_filters_archived_links(archived: bool) -> None:
    plan = await server().adapter.plan_links(LinkFilter(archived=archived))
    assert [lane.query for lane in plan.lanes] == [{"domain": DEFAULT}, {"domain": OTHER}]
    assert FilterField.ARCHIVED not in plan.handled


@pytest.mark.parametrize(
    ("wanted", "surprising"),
    [
        (LinkFilter(created_after=datetime(2026, 1, 1, tzinfo=UTC)), True),
        (LinkFilter(created_before=datetime(2026, 1, 1, tzinfo=UTC)), True),
        (LinkFilter(origin=LinkOrigin.API), True),
        (LinkFilter(origin=LinkOrigin.DASHBOARD), True),
        (LinkFilter(starred=False), True),
        (LinkFilter(external_id="crm-1"), False),
        (LinkFilter(team_ids=("t1",)), False),
        (LinkFilter(campaign_ids=("c1",)), False),
    ],
)
async def test_a_filter_on_what_the_vendor_does_not_have_matches_no_link_without_a_call(
    wanted: LinkFilter, surprising: bool
) -> None:
    tiny = server()
    plan = await tiny.adapter.plan_links(wanted)
    assert plan.lanes == ()
    assert (plan.notice is not None) is surprising
    assert tiny.calls == []


async def test_a_domain_that_was_deleted_since_the_plan_is_not_found() -> None:
    with pytest.raises(NotFoundError) as caught:
        await scripted(lambda _: (404, refusal(1313))).list_links(LANE, None)
    assert caught.value.provider_code == "1313"


@pytest.mark.parametrize("sort", LinkSort)
async def test_the_vendor_lists_links_in_another_order(sort: LinkSort) -> None:
    tiny = server()
    plan = tiny.adapter.sorted_plan(await tiny.adapter.plan_links(LinkFilter()), sort)
    links = await every_page(tiny.adapter, plan.lanes[0])
    assert {link.slug for link in links} == {link.slug for link in await every_page(tiny.adapter, LANE_OF_DEFAULT)}
    assert tiny.calls[1].query["order_by"] == {"SLUG": "hash"}.get(sort.value, sort.value.lower())
    if sort is LinkSort.CLICKS:
        clicks = [link.included.clicks or 0 for link in links if link.included is not None]
        assert clicks == sorted(clicks, reverse=True)

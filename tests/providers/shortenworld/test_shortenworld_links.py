"""ShortenWorld: which lists a filter reads, and how single links are found in them."""

import httpx2
import pytest

from harness.emulators import bench
from harness.shortenworld_vendor import (
    DOMAINS,
    LINKS,
    LOGIN,
    TEAMS,
    Answer,
    Vendor,
    account_of,
    adapter_of,
    all_links,
    good,
    link_row,
)
from linkweave.models import LinkFilter, LinkOrigin
from linkweave.providers.read_capabilities import FilterField

NO_FIELDS = frozenset[str]()


def by_half(shown: Answer, hidden: Answer) -> Vendor:
    """A vendor with one answer for each of the two lists."""

    def answer(request: httpx2.Request) -> Answer:
        return hidden if request.url.params["hidden"] == "true" else shown

    return Vendor({LINKS: answer})


def page_of(request: httpx2.Request) -> int:
    return int(request.url.params["page"])


async def test_two_lists_together_hold_every_link() -> None:
    it = bench("shortenworld")
    plan = await adapter_of(it).plan_links(LinkFilter())
    assert [(lane.name, dict(lane.query)) for lane in plan.lanes] == [
        ("shown", {"hidden": "false"}),
        ("hidden", {"hidden": "true"}),
    ]
    assert set(FilterField) - plan.handled == {FilterField.DESTINATION, FilterField.TAGS, FilterField.CREATED}
    assert (plan.notice, it.calls) == (None, [])
    links = await all_links(adapter_of(it))
    assert len(links) == len({link.handle for link in links}) == 64
    assert [(call.query["hidden"], call.query["page"], call.query["size"]) for call in it.calls[1:]] == [
        ("false", "0", "100"),
        ("false", "1", "100"),
        ("true", "0", "100"),
    ]


async def test_a_hidden_link_that_is_in_both_lists_is_in_the_result_once() -> None:
    rows = [link_row(1), link_row(2, hidden=True), link_row(3)]
    links = await all_links(adapter_of(account_of(by_half(good(links=rows), good(links=rows[1:2])))))
    assert [(link.handle, link.archived) for link in links] == [("id-1", False), ("id-3", False), ("id-2", True)]


@pytest.mark.parametrize("archived", [True, False])
async def test_archived_chooses_one_of_the_lists(*, archived: bool) -> None:
    links = await all_links(adapter_of(bench("shortenworld")), LinkFilter(archived=archived))
    assert {link.archived for link in links} == {archived}
    assert len(links) == (8 if archived else 56)


async def test_each_team_has_lists_of_its_own() -> None:
    adapter = adapter_of(bench("shortenworld"))
    both = LinkFilter(team_ids=("team-apac", "team-emea", "team-apac"))
    names = [lane.name for lane in (await adapter.plan_links(both)).lanes]
    of_one = await all_links(adapter, LinkFilter(team_ids=("team-emea",), archived=False))
    assert names == ["team-apac/shown", "team-apac/hidden", "team-emea/shown", "team-emea/hidden"]
    assert len({link.handle for link in await all_links(adapter, both)}) == 64
    assert {(link.team_id, link.archived) for link in of_one} == {("team-emea", False)}


@pytest.mark.parametrize(
    ("wanted", "parameter", "value"),
    [
        (LinkFilter(campaign_ids=("camp-101", "camp-201", "camp-101")), "campaignIds", "camp-101,camp-201"),
        (
            LinkFilter(domains=("GO.fashion.example", "apac.swlink.example", "unknown.example")),
            "domainIds",
            "dom-1,dom-3",
        ),
        (LinkFilter(search="PODCAST"), "search", "PODCAST"),
    ],
)
async def test_the_vendor_filters_by_campaigns_domains_and_words(
    wanted: LinkFilter, parameter: str, value: str
) -> None:
    it = bench("shortenworld")
    links = await all_links(adapter_of(it), wanted)
    assert {call.query[parameter] for call in it.calls if call.path == LINKS} == {value}
    assert links
    for link in links:
        assert not wanted.campaign_ids or link.campaign_id in wanted.campaign_ids
        assert not wanted.domains or link.domain in {"go.fashion.example", "apac.swlink.example"}
        assert not wanted.search or "podcast" in (link.title or "").casefold()
    lookups = [call.path for call in it.calls if call.path != LINKS]
    assert lookups == ([LOGIN, TEAMS, DOMAINS, DOMAINS] if wanted.domains else [LOGIN])


async def test_a_search_comes_with_a_notice_and_an_empty_one_is_none() -> None:
    adapter = adapter_of(bench("shortenworld"))
    assert "slugs and titles only" in str((await adapter.plan_links(LinkFilter(search="x"))).notice)
    empty = await adapter.plan_links(LinkFilter(search=""))
    assert (["search" in lane.query for lane in empty.lanes], empty.notice) == ([False, False], None)


@pytest.mark.parametrize(
    ("wanted", "notice"),
    [
        (LinkFilter(external_id="crm-1"), "ShortenWorld has no external ids."),
        (LinkFilter(starred=True), "ShortenWorld has no starred links."),
        (LinkFilter(starred=False), "ShortenWorld has no starred links."),
        (LinkFilter(origin=LinkOrigin.API), "ShortenWorld does not report how a link was made."),
        (
            LinkFilter(origin=LinkOrigin.DASHBOARD, domains=("go.fashion.example",)),
            "ShortenWorld does not report how a link was made.",
        ),
        # Ids that would mean something else between commas.
        (LinkFilter(team_ids=("",)), None),
        (LinkFilter(campaign_ids=("camp-101,camp-201",)), None),
        (LinkFilter(campaign_ids=()), None),
    ],
)
async def test_a_filter_that_no_link_can_match_costs_no_call(wanted: LinkFilter, notice: str | None) -> None:
    it = bench("shortenworld")
    plan = await adapter_of(it).plan_links(wanted)
    assert (plan.lanes, plan.notice, it.calls) == ((), notice, [])


async def test_domains_that_the_account_does_not_have_match_no_link() -> None:
    plan = await adapter_of(bench("shortenworld")).plan_links(LinkFilter(domains=("unknown.example",)))
    assert (plan.lanes, plan.notice) == ((), "The account has none of the wanted domains.")


async def test_links_are_found_by_reading_the_lists_no_further_than_needed() -> None:
    it = bench("shortenworld")
    adapter = adapter_of(it)
    everything = await all_links(adapter)
    shown, last_shown, hidden = everything[0], everything[55], everything[60]
    it.calls.clear()
    assert await adapter.get_links([], NO_FIELDS) == {}
    assert await adapter.get_links([shown.handle, shown.handle], NO_FIELDS) == {shown.handle: shown}
    assert len(it.calls) == 1
    found = await adapter.get_links([hidden.handle, "no such link", last_shown.handle], NO_FIELDS)
    assert found == {last_shown.handle: last_shown, hidden.handle: hidden}
    assert len(it.calls) == 1 + 3


async def test_the_search_for_links_ends_after_two_thousand() -> None:
    def endless(request: httpx2.Request) -> Answer:
        return good(links=[link_row(page_of(request) * 100 + place) for place in range(100)])

    vendor = Vendor({LINKS: endless})
    found = await adapter_of(account_of(vendor)).get_links(["id-1999", "id-2000"], NO_FIELDS)
    assert set(found) == {"id-1999"}
    assert len(vendor.queries(LINKS)) == 20


async def test_the_search_for_links_over_tiny_pages_ends_after_a_hundred_pages() -> None:
    vendor = Vendor({LINKS: lambda request: good(links=[link_row(page_of(request))], total=10**9)})
    assert await adapter_of(account_of(vendor)).get_links(["no such link"], NO_FIELDS) == {}
    assert len(vendor.queries(LINKS)) == 100


async def test_a_short_url_is_searched_for_in_both_lists() -> None:
    it = bench("shortenworld")
    adapter = adapter_of(it)
    everything = await all_links(adapter)
    for link in (everything[0], everything[-1]):
        assert link.domain is not None
        assert await adapter.find_link(link.domain.upper(), link.slug, NO_FIELDS) == link
    assert [call.query["hidden"] for call in it.calls if "search" in call.query] == ["false", "false", "true"]


async def test_a_search_result_with_another_slug_or_domain_is_not_the_link() -> None:
    rows = [
        link_row(1, code="sale-2", linkShort="https://go.example.com/sale-2"),
        link_row(2, code="Sale", linkShort="https://go.example.com/Sale"),
        link_row(3, code="sale", linkShort="https://other.example.com/sale"),
    ]
    vendor = by_half(good(links=rows), good(links=[]))
    assert await adapter_of(account_of(vendor)).find_link("go.example.com", "sale", NO_FIELDS) is None
    assert [query["search"] for query in vendor.queries(LINKS)] == ["sale", "sale"]


async def test_a_slug_with_special_characters_reaches_the_vendor_unchanged() -> None:
    it = bench("shortenworld")
    assert await adapter_of(it).find_link("go.example.com", "a&b=c/ü?#", NO_FIELDS) is None
    assert [call.query.get("search") for call in it.calls if call.path != LOGIN] == ["a&b=c/ü?#"] * 2

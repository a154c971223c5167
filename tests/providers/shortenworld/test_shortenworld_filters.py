"""What of a filter ShortenWorld is asked, and what needs no asking."""

import pytest
from test_shortenworld_links import read

from harness.emulators import bench
from harness.shortenworld_vendor import LINKS, LOGIN, TEAMS, adapter_of
from linkweave.models import LinkFilter, LinkOrigin
from linkweave.providers.read_capabilities import FilterField

DOMAINS = "/entity/domain/list"


async def test_without_a_filter_there_are_two_lanes_and_planning_asks_nobody() -> None:
    it = bench("shortenworld")

    plan = await adapter_of(it.account).plan_links(LinkFilter())

    assert [(lane.name, dict(lane.query)) for lane in plan.lanes] == [
        ("shown", {"hidden": "false"}),
        ("hidden", {"hidden": "true"}),
    ]
    assert plan.notice is None
    assert it.calls == []


async def test_tags_and_times_are_left_to_the_gateway() -> None:
    plan = await adapter_of(bench("shortenworld").account).plan_links(LinkFilter())

    assert set(FilterField) - plan.handled == {FilterField.TAGS, FilterField.CREATED}


@pytest.mark.parametrize("archived", [True, False])
async def test_archived_chooses_one_half(archived: bool) -> None:
    it = bench("shortenworld")

    links = await read(adapter_of(it.account), LinkFilter(archived=archived))

    assert {link.archived for link in links} == {archived}
    assert len(links) == (8 if archived else 56)


async def test_each_team_has_lanes_of_its_own() -> None:
    it = bench("shortenworld")
    adapter = adapter_of(it.account)
    both = LinkFilter(team_ids=("team-apac", "team-emea", "team-apac"))

    names = [lane.name for lane in (await adapter.plan_links(both)).lanes]
    of_both = await read(adapter, both)
    of_one = await read(adapter, LinkFilter(team_ids=("team-emea",), archived=False))

    assert names == ["team-apac/shown", "team-apac/hidden", "team-emea/shown", "team-emea/hidden"]
    assert len(of_both) == len({link.handle for link in of_both}) == 64
    assert {(link.team_id, link.archived) for link in of_one} == {("team-emea", False)}


async def test_campaigns_are_asked_for_together() -> None:
    it = bench("shortenworld")
    wanted = LinkFilter(campaign_ids=("camp-101", "camp-201", "camp-101"))

    links = await read(adapter_of(it.account), wanted)

    assert {link.campaign_id for link in links} == {"camp-101", "camp-201"}
    assert {call.query["campaignIds"] for call in it.calls if call.path == LINKS} == {"camp-101,camp-201"}


async def test_domains_are_looked_up_in_every_team_and_asked_for_by_id() -> None:
    it = bench("shortenworld")
    wanted = LinkFilter(domains=("GO.fashion.example", "apac.swlink.example", "unknown.example"))

    links = await read(adapter_of(it.account), wanted)

    assert {link.domain for link in links} == {"go.fashion.example", "apac.swlink.example"}
    assert [call.path for call in it.calls[:4]] == [LOGIN, TEAMS, DOMAINS, DOMAINS]
    assert {call.query["domainIds"] for call in it.calls if call.path == LINKS} == {"dom-1,dom-3"}


async def test_a_domain_that_the_account_has_not_leaves_nothing_to_list_and_says_so() -> None:
    plan = await adapter_of(bench("shortenworld").account).plan_links(LinkFilter(domains=("unknown.example",)))

    assert plan.lanes == ()
    assert plan.notice == "The account has none of the domains asked for."


async def test_words_are_searched_by_the_vendor_in_slugs_and_titles() -> None:
    it = bench("shortenworld")
    adapter = adapter_of(it.account)
    wanted = LinkFilter(search="PODCAST")

    links = await read(adapter, wanted)

    assert links
    assert all("podcast" in (link.title or "").casefold() for link in links)
    assert {call.query["search"] for call in it.calls if call.path == LINKS} == {"PODCAST"}
    assert "slugs and titles only" in str((await adapter.plan_links(wanted)).notice)


async def test_an_empty_search_is_none() -> None:
    plan = await adapter_of(bench("shortenworld").account).plan_links(LinkFilter(search=""))

    assert ["search" in lane.query for lane in plan.lanes] == [False, False]
    assert plan.notice is None


@pytest.mark.parametrize(
    "wanted",
    [
        LinkFilter(external_id="crm-1"),
        LinkFilter(starred=True),
        LinkFilter(starred=False),
        LinkFilter(origin=LinkOrigin.API),
        LinkFilter(origin=LinkOrigin.DASHBOARD, domains=("go.fashion.example",)),
    ],
)
async def test_what_the_vendor_does_not_know_of_links_matches_none_and_costs_no_call(wanted: LinkFilter) -> None:
    it = bench("shortenworld")

    plan = await adapter_of(it.account).plan_links(wanted)

    assert plan.lanes == ()
    assert "ShortenWorld" in str(plan.notice)
    assert it.calls == []


@pytest.mark.parametrize(
    "wanted",
    [LinkFilter(team_ids=("",)), LinkFilter(campaign_ids=("camp-101,camp-201",)), LinkFilter(campaign_ids=())],
)
async def test_an_id_that_would_mean_more_to_the_vendor_than_to_the_caller_is_not_sent(wanted: LinkFilter) -> None:
    assert (await adapter_of(bench("shortenworld").account).plan_links(wanted)).lanes == ()

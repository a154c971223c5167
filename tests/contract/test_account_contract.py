"""What is around the links: tags, domains, teams, campaigns, trackers, webhooks, plans, counters, and the way in."""

from collections.abc import Mapping
from datetime import timedelta

import pytest
from pydantic import SecretStr

from harness.provider_bench import PROVIDERS, Bench, able, all_links, open_bench
from linkweave.errors import UnauthenticatedError, VendorError
from linkweave.models import Capability, Link, Period, TrackerScope
from linkweave.providers.read_capabilities import (
    CanListCampaigns,
    CanListDomains,
    CanListTags,
    CanListTeams,
    CanListTrackers,
    CanListTrackingPresets,
    CanListWebhooks,
    CanReportExternalIdUsage,
    CanReportUsage,
)


async def links_of(bench: Bench) -> list[Link]:
    return [link for lane in await all_links(bench) for link in lane]


def secrets_of(name: str) -> Mapping[str, object]:
    """The settings of a provider that are credentials, each wrong."""
    settings = PROVIDERS[name].settings.model_validate(
        {"key": "x", "provider": name, **PROVIDERS[name].sandbox_accounts[0].options}
    )
    return {field: "wrong" for field, value in settings if isinstance(value, SecretStr)}


@pytest.mark.parametrize("name", able(Capability.LIST_TAGS))
async def test_every_tag_of_a_link_is_listed(name: str) -> None:
    bench = open_bench(name)
    tags = await bench.can(CanListTags).list_tags()
    assert len(tags) == len(set(tags)) > 5
    assert {tag for link in await links_of(bench) for tag in link.tags} <= set(tags)


@pytest.mark.parametrize("name", able(Capability.LIST_DOMAINS))
async def test_every_domain_of_a_link_is_listed(name: str) -> None:
    bench = open_bench(name)
    domains = await bench.can(CanListDomains).list_domains()
    names = [domain.name for domain in domains]
    assert names == [each.lower() for each in names]
    assert len(names) == len(set(names)) > 1
    assert {link.domain for link in await links_of(bench)} <= set(names)
    assert sum(domain.is_default is True for domain in domains) <= 1


@pytest.mark.parametrize("name", able(Capability.LIST_TEAMS))
async def test_every_team_of_a_link_a_domain_or_a_campaign_is_listed(name: str) -> None:
    bench = open_bench(name)
    teams = {team.id: team for team in await bench.can(CanListTeams).list_teams()}
    assert all(team.name for team in teams.values())
    named = {link.team_id for link in await links_of(bench)}
    named |= {campaign.team_id for campaign in await bench.can(CanListCampaigns).list_campaigns(None)}
    named |= {domain.team_id for domain in await bench.can(CanListDomains).list_domains()}
    assert named <= teams.keys()


@pytest.mark.parametrize("name", able(Capability.LIST_CAMPAIGNS, Capability.LIST_TEAMS))
async def test_the_campaigns_of_the_teams_are_those_of_the_account(name: str) -> None:
    bench = open_bench(name)
    lister = bench.can(CanListCampaigns)
    campaigns = await lister.list_campaigns(None)
    per_team = [await lister.list_campaigns(team.id) for team in await bench.can(CanListTeams).list_teams()]
    assert sorted((one.id, one.name) for each in per_team for one in each) == sorted((c.id, c.name) for c in campaigns)
    assert {link.campaign_id for link in await links_of(bench)} - {None} <= {campaign.id for campaign in campaigns}


@pytest.mark.parametrize("name", able(Capability.LIST_TRACKERS))
async def test_trackers_are_told_on_all_three_levels(name: str) -> None:
    bench = open_bench(name)
    lister = bench.can(CanListTrackers)
    team = (await bench.can(CanListTeams).list_teams())[0]
    tracked = [each for link in (await links_of(bench))[:8] for each in await lister.list_link_trackers(link.handle)]
    for trackers, scope in (
        (await lister.list_trackers(), TrackerScope.CATALOG),
        (await lister.list_team_trackers(team.id), TrackerScope.TEAM),
        (tracked, TrackerScope.LINK),
    ):
        assert trackers
        assert {tracker.scope for tracker in trackers} == {scope}
        assert all(tracker.id and tracker.name for tracker in trackers)
        assert len({tracker.id for tracker in trackers}) == len(trackers)


@pytest.mark.parametrize("name", able(Capability.LIST_TRACKING_PRESETS))
async def test_presets_are_told(name: str) -> None:
    presets = await open_bench(name).can(CanListTrackingPresets).tracking_presets()
    assert presets.utm_sources
    assert presets.utm_mediums
    assert all(preset.id for preset in (*presets.pixels, *presets.tag_managers))


@pytest.mark.parametrize("name", able(Capability.LIST_WEBHOOKS))
async def test_webhooks_are_paged_and_have_one_target_each(name: str) -> None:
    bench = open_bench(name)
    lister = bench.can(CanListWebhooks)
    whole = await lister.list_webhooks(0, 100)
    assert whole.next is None
    assert len(whole.items) > 1
    one_by_one = [(await lister.list_webhooks(offset, 1)) for offset in range(len(whole.items))]
    assert tuple(page.items[0] for page in one_by_one) == whole.items
    assert [page.next is None for page in one_by_one] == [*[False] * (len(whole.items) - 1), True]
    assert (await lister.list_webhooks(len(whole.items), 10)).items == ()
    handles = {link.handle for link in await links_of(bench)}
    for webhook in whole.items:
        targets = [each for each in (webhook.link_handle, webhook.domain, webhook.tag) if each is not None]
        assert len(targets) == 1
        assert webhook.link_handle in {*handles, None}


@pytest.mark.parametrize("name", able(Capability.ACCOUNT_USAGE))
async def test_plan_and_counters_are_told(name: str) -> None:
    usage = await open_bench(name).can(CanReportUsage).usage()
    assert usage.plan is not None
    assert usage.plan.name
    assert usage.plan.expires_at is None or usage.plan.expires_at.utcoffset() == timedelta(0)
    names = [quota.name for quota in usage.quotas]
    assert len(names) == len(set(names)) > 0
    assert all(0 <= quota.used <= (quota.limit or quota.used) for quota in usage.quotas)


@pytest.mark.parametrize("name", able(Capability.EXTERNAL_ID_USAGE))
async def test_usage_is_counted_per_external_id(name: str) -> None:
    bench = open_bench(name)
    reporter = bench.can(CanReportExternalIdUsage)
    today = bench.account.adapter.today()
    used = await reporter.external_id_usage(Period(today - timedelta(days=29), today))
    ids = [each.external_id for each in used]
    assert len(ids) == len(set(ids)) > 1
    assert None in ids
    assert all(each.links > 0 for each in used)
    assert {link.external_id for link in await links_of(bench)} >= set(ids)


@pytest.mark.parametrize("name", PROVIDERS)
async def test_good_credentials_pass_the_check_with_few_calls(name: str) -> None:
    bench = open_bench(name)
    assert await bench.account.adapter.probe() == ()
    assert 1 <= len(bench.calls) <= 2


@pytest.mark.parametrize("name", PROVIDERS)
async def test_wrong_credentials_do_not_pass_the_check(name: str) -> None:
    wrong = secrets_of(name)
    assert wrong
    bench = open_bench(name, **wrong)
    with pytest.raises(UnauthenticatedError) as caught:
        await bench.account.adapter.probe()
    assert caught.value.account == bench.account.key
    assert "wrong" not in str(caught.value)
    assert len(bench.calls) <= 2


@pytest.mark.parametrize("name", PROVIDERS)
async def test_a_vendor_that_is_down_does_not_pass_the_check(name: str) -> None:
    bench = open_bench(name, base_url="http://nowhere")
    with pytest.raises(VendorError):
        await bench.account.adapter.probe()

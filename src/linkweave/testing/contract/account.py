"""What an account has besides links: tags, domains, teams, campaigns, trackers, presets, webhooks, plan, counters."""

from datetime import timedelta

from linkweave.models import Capability, Link, Period, TrackerScope
from linkweave.providers import read_capabilities as reads
from linkweave.testing.bench import Bench, list_all_links
from linkweave.testing.contract.base import ProviderContract
from linkweave.testing.virtual_time import in_virtual_time


async def _listed_links(bench: Bench) -> list[Link]:
    """Returns every link that the account lists; none where it lists none."""
    if not isinstance(bench.account.adapter, reads.CanListLinks):
        return []
    return [link for lane in await list_all_links(bench) for link in lane]


class ListTagsContract(ProviderContract):
    """The contract of CanListTags."""

    capability = Capability.LIST_TAGS

    @in_virtual_time
    async def test_every_tag_of_a_link_is_listed_once(self) -> None:
        bench = self.open_bench()
        tags = await bench.adapter_as(reads.CanListTags).list_tags()
        assert len(tags) == len(set(tags)) > 0
        assert {tag for link in await _listed_links(bench) for tag in link.tags} <= set(tags)


class ListDomainsContract(ProviderContract):
    """The contract of CanListDomains."""

    capability = Capability.LIST_DOMAINS

    @in_virtual_time
    async def test_every_domain_of_a_link_is_listed_once_in_lower_case(self) -> None:
        bench = self.open_bench()
        domains = await bench.adapter_as(reads.CanListDomains).list_domains()
        names = [domain.name for domain in domains]
        assert names == [name.lower() for name in names]
        assert len(names) == len(set(names)) > 0
        assert {link.domain for link in await _listed_links(bench)} <= set(names)
        assert sum(domain.is_default is True for domain in domains) <= 1


class ListTeamsContract(ProviderContract):
    """The contract of CanListTeams."""

    capability = Capability.LIST_TEAMS

    @in_virtual_time
    async def test_every_team_of_a_link_a_domain_or_a_campaign_is_listed(self) -> None:
        bench = self.open_bench()
        adapter = bench.account.adapter
        teams = {team.id: team for team in await bench.adapter_as(reads.CanListTeams).list_teams()}
        assert all(team.name for team in teams.values())
        used = {link.team_id for link in await _listed_links(bench)}
        if isinstance(adapter, reads.CanListCampaigns):
            used |= {campaign.team_id for campaign in await adapter.list_campaigns(None)}
        if isinstance(adapter, reads.CanListDomains):
            used |= {domain.team_id for domain in await adapter.list_domains()}
        assert used - {None} <= teams.keys()


class ListCampaignsContract(ProviderContract):
    """The contract of CanListCampaigns."""

    capability = Capability.LIST_CAMPAIGNS

    @in_virtual_time
    async def test_every_campaign_of_a_link_is_listed_and_belongs_to_one_team(self) -> None:
        bench = self.open_bench()
        adapter = bench.adapter_as(reads.CanListCampaigns)
        campaigns = await adapter.list_campaigns(None)
        assert {link.campaign_id for link in await _listed_links(bench)} - {None} <= {each.id for each in campaigns}
        if isinstance(adapter, reads.CanListTeams):
            of_teams = [await adapter.list_campaigns(team.id) for team in await adapter.list_teams()]
            named = sorted((each.id, each.name) for team in of_teams for each in team)
            assert named == sorted((each.id, each.name) for each in campaigns)


class ListTrackersContract(ProviderContract):
    """The contract of CanListTrackers."""

    capability = Capability.LIST_TRACKERS

    @in_virtual_time
    async def test_trackers_have_the_scope_of_their_list(self) -> None:
        bench = self.open_bench()
        adapter = bench.adapter_as(reads.CanListTrackers)
        team = (await bench.adapter_as(reads.CanListTeams).list_teams())[0]
        links = (await _listed_links(bench))[:8]
        on_links = [each for link in links for each in await adapter.list_link_trackers(link.handle)]
        for trackers, scope in (
            (await adapter.list_trackers(), TrackerScope.CATALOG),
            (await adapter.list_team_trackers(team.id), TrackerScope.TEAM),
            (on_links, TrackerScope.LINK),
        ):
            assert {tracker.scope for tracker in trackers} == {scope}
            assert all(tracker.id and tracker.name for tracker in trackers)
            assert len({tracker.id for tracker in trackers}) == len(trackers)


class ListTrackingPresetsContract(ProviderContract):
    """The contract of CanListTrackingPresets."""

    capability = Capability.LIST_TRACKING_PRESETS

    @in_virtual_time
    async def test_presets_have_values_and_ids(self) -> None:
        presets = await self.open_bench().adapter_as(reads.CanListTrackingPresets).tracking_presets()
        assert presets.utm_sources
        assert presets.utm_mediums
        assert all(preset.id for preset in (*presets.pixels, *presets.tag_managers))


class ListWebhooksContract(ProviderContract):
    """The contract of CanListWebhooks."""

    capability = Capability.LIST_WEBHOOKS

    @in_virtual_time
    async def test_webhooks_are_paged_and_have_one_target_each(self) -> None:
        bench = self.open_bench()
        adapter = bench.adapter_as(reads.CanListWebhooks)
        whole = await adapter.list_webhooks(0, 100)
        count = len(whole.items)
        assert (whole.next, count > 1) == (None, True)
        one_by_one = [await adapter.list_webhooks(offset, 1) for offset in range(count)]
        assert tuple(page.items[0] for page in one_by_one) == whole.items
        assert [page.next is None for page in one_by_one] == [*[False] * (count - 1), True]
        assert (await adapter.list_webhooks(count, 10)).items == ()
        handles = {link.handle for link in await _listed_links(bench)}
        for webhook in whole.items:
            assert [webhook.link_handle, webhook.domain, webhook.tag].count(None) == 2
            assert webhook.link_handle in {*handles, None}


class ReportUsageContract(ProviderContract):
    """The contract of CanReportUsage."""

    capability = Capability.ACCOUNT_USAGE

    @in_virtual_time
    async def test_the_plan_and_its_counters_are_reported(self) -> None:
        usage = await self.open_bench().adapter_as(reads.CanReportUsage).usage()
        if usage.plan is not None:
            assert usage.plan.name
            assert usage.plan.expires_at is None or usage.plan.expires_at.utcoffset() == timedelta(0)
        names = [quota.name for quota in usage.quotas]
        assert len(names) == len(set(names))
        assert names or usage.plan
        assert all(0 <= quota.used <= (quota.limit or quota.used) for quota in usage.quotas)


class ReportExternalIdUsageContract(ProviderContract):
    """The contract of CanReportExternalIdUsage."""

    capability = Capability.EXTERNAL_ID_USAGE

    @in_virtual_time
    async def test_links_are_counted_per_external_id(self) -> None:
        bench = self.open_bench()
        today = bench.account.adapter.today()
        period = Period(today - timedelta(days=29), today)
        usage = await bench.adapter_as(reads.CanReportExternalIdUsage).external_id_usage(period)
        ids = [each.external_id for each in usage]
        assert len(ids) == len(set(ids)) > 1
        assert all(each.links > 0 for each in usage)
        assert {link.external_id for link in await _listed_links(bench)} >= set(ids)

"""Accounts."""

from datetime import datetime
from typing import Annotated

import strawberry

from linkweave.context.cache_control import forbid_storing
from linkweave.errors import InvalidInputError, VendorError
from linkweave.gather.account_loaders import AccountLoaders
from linkweave.gather.listing.link_query import AccountQuery, LinkQuery
from linkweave.providers.read_capabilities import CanReportExternalIdUsage
from linkweave.schema.context import Info, add_error
from linkweave.schema.global_ids import encode_id
from linkweave.schema.inputs.filters import DateRangeInput, LinksFilter, filters_by_account, team_id_of
from linkweave.schema.inputs.usage_times import usage_times
from linkweave.schema.types.account_facts import AccountHealth, AccountUser, ExternalIdUsage, Plan, Quota
from linkweave.schema.types.domain import Domain
from linkweave.schema.types.link_connection import LinkConnection, read_links
from linkweave.schema.types.lost_rows import report_left_out, report_lost_rows
from linkweave.schema.types.node import Node
from linkweave.schema.types.nullable import map_or_none, none_if_unsupported
from linkweave.schema.types.pagination import After, First, page_size
from linkweave.schema.types.provider import Provider
from linkweave.schema.types.tag import Tag
from linkweave.schema.types.teams import Campaign, Team, Tracker, TrackingPresets
from linkweave.schema.types.tracker_lists import list_trackers
from linkweave.schema.types.webhook import WebhookConnection, read_webhooks

ByTeam = Annotated[strawberry.ID | None, strawberry.argument(description="The ID of a team. The default is all teams.")]


@strawberry.type(description="A configured account at a provider. It has its own credentials.")
class Account(Node):
    loaders: strawberry.Private[AccountLoaders]
    key: str = strawberry.field(description='The key of the account in the configuration, for example "picsee-main".')
    label: str | None = strawberry.field(description="The display name of the account from the configuration.")

    @classmethod
    def of(cls, loaders: AccountLoaders) -> "Account":
        known: Account | None = loaders.made.get(("Account", ""))
        if known is None:
            node_id, label = encode_id("Account", loaders.key), loaders.account.settings.label
            known = loaders.made["Account", ""] = cls(id=node_id, loaders=loaders, key=loaders.key, label=label)
        return known

    @strawberry.field(description="The provider of the account.")
    def provider(self) -> Provider:
        return Provider.of(self.loaders.account.provider)

    @strawberry.field(
        description=(
            "The plan of the account. If the provider does not report it, this is the plan from the configuration."
        )
    )
    async def plan(self) -> Plan | None:
        usage = await none_if_unsupported(self.loaders.usage())
        plan = None if usage is None else usage.plan
        if plan is not None:
            return Plan(name=plan.name, expires_at=plan.expires_at, active=plan.active)
        configured = self.loaders.account.settings.plan
        return None if configured is None else Plan(name=configured, expires_at=None, active=None)

    @strawberry.field(description="The provider's user of the account. Null if the provider does not report it.")
    async def user(self) -> AccountUser | None:
        usage = await none_if_unsupported(self.loaders.usage())
        user = None if usage is None else usage.user
        return None if user is None else AccountUser(id=user.id, name=user.name)

    @strawberry.field(
        description=(
            "The usage counters of the provider. Empty if it has none, or if the call failed. See "
            "`errors` in the response."
        ),
    )
    async def quotas(self, info: Info) -> list[Quota]:
        try:
            usage = await none_if_unsupported(self.loaders.usage())
        except VendorError as error:
            add_error(info, error)
            return []
        return [] if usage is None else [Quota.of(each) for each in usage.quotas]

    @strawberry.field(
        description=(
            "The number of links created over the API for each external ID (PicSee). Null for other providers."
        ),
    )
    async def external_id_usage(
        self,
        info: Info,
        range: Annotated[  # noqa: A002 - the contract's name
            DateRangeInput | None,
            strawberry.argument(description="The days to count, at most 31. The default is the last 30 days."),
        ] = None,
        since: Annotated[
            datetime | None,
            strawberry.argument(description="The time from which to count, in place of `range`. Give `until` as well."),
        ] = None,
        until: Annotated[
            datetime | None,
            strawberry.argument(description="The time up to which to count, at most 31 days after `since`."),
        ] = None,
    ) -> list[ExternalIdUsage] | None:
        adapter = self.loaders.account.adapter
        if not isinstance(adapter, CanReportExternalIdUsage):
            return None
        if since is not None or until is not None:
            start, end = usage_times(range, since, until, adapter.max_usage_days)
            usage = await self.loaders.external_id_usage_between(start, end)
            report_lost_rows(info, self.loaders, "external id usage", f"{start.isoformat()}/{end.isoformat()}")
            return [ExternalIdUsage(external_id=each.external_id, links=each.links) for each in usage]
        period = DateRangeInput.parse(range).check(adapter.today()).resolve(adapter.today())
        if (period.end - period.start).days >= adapter.max_usage_days:
            raise InvalidInputError(
                "range", f"covers more than {adapter.max_usage_days} days, which is the most allowed"
            )
        usage = await self.loaders.external_id_usage(period)
        report_lost_rows(info, self.loaders, "external id usage", str(period))
        return [ExternalIdUsage(external_id=each.external_id, links=each.links) for each in usage]

    @strawberry.field(description="The short domains of the account. Null if the provider cannot list them.")
    async def domains(self, info: Info) -> list[Domain] | None:
        domains = await none_if_unsupported(self.loaders.domains())
        report_lost_rows(info, self.loaders, "domains")
        return map_or_none(lambda domain: Domain.of(self.loaders, domain.name), domains)

    @strawberry.field(description="The tags of the account. Null if the provider cannot list them.")
    async def tags(self, info: Info) -> list[Tag] | None:
        tags = await none_if_unsupported(self.loaders.tags())
        report_lost_rows(info, self.loaders, "tags")
        return map_or_none(lambda name: Tag.of(name, (self.loaders,)), tags)

    @strawberry.field(description="The teams of the account. Null if the provider has no teams.")
    async def teams(self, info: Info) -> list[Team] | None:
        teams = await none_if_unsupported(self.loaders.teams())
        report_lost_rows(info, self.loaders, "teams")
        return map_or_none(lambda team: Team.of(self.loaders, team.id), teams)

    @strawberry.field(description="The campaigns of the account. Null if the provider has no campaigns.")
    async def campaigns(self, info: Info, team: ByTeam = None) -> list[Campaign] | None:
        team_id = team_id_of(team, self.loaders)
        campaigns = await none_if_unsupported(self.loaders.campaigns(team_id))
        report_lost_rows(info, self.loaders, "campaigns", team_id or "")
        return map_or_none(lambda campaign: Campaign.of(self.loaders, campaign.id, campaign), campaigns)

    @strawberry.field(
        description=(
            "The trackers in the provider's catalogue and those of the teams. With `team`, only those of "
            "this team. Null if the provider has no trackers."
        ),
    )
    async def trackers(self, info: Info, team: ByTeam = None) -> list[Tracker] | None:
        team_id = team_id_of(team, self.loaders)
        found = await none_if_unsupported(list_trackers(self.loaders, team_id))
        if found is None:
            return None
        report_left_out(info, self.loaders, "trackers", found.left_out)
        return [Tracker.of(self.loaders, owner, tracker) for owner, tracker in found.owned]

    @strawberry.field(
        description=(
            "Values used before for campaign parameters, pixels and tag managers. Null if the provider "
            "does not report them."
        )
    )
    async def tracking_presets(self, info: Info) -> TrackingPresets | None:
        presets = await none_if_unsupported(self.loaders.tracking_presets())
        report_lost_rows(info, self.loaders, "tracking presets")
        return None if presets is None else TrackingPresets.of(presets)

    @strawberry.field(description="The webhooks of the account. Null if the provider has no webhooks.")
    async def webhooks(self, info: Info, first: First = 20, after: After = None) -> WebhookConnection | None:
        return await none_if_unsupported(read_webhooks(info, self.loaders, page_size(first, 20), after))

    @strawberry.field(
        description=(
            "The links of the account. They are sorted newest first, if the provider reports when they were created."
        )
    )
    async def links(
        self,
        info: Info,
        first: First = 20,
        after: After = None,
        filter: LinksFilter = None,  # noqa: A002 - the contract's name
    ) -> LinkConnection:
        session = info.context.session
        filters = filters_by_account(session, filter, (self.loaders,))
        query = LinkQuery(tuple(AccountQuery(loaders, link_filter) for loaders, link_filter in filters))
        return await read_links(info, query, page_size(first, 20), after)

    @strawberry.field(description="The health of the account, as the gateway has observed it.")
    def health(self) -> AccountHealth:
        forbid_storing()
        return AccountHealth.of(self.loaders)

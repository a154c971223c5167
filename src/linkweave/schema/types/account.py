"""Accounts."""

from typing import Annotated

import strawberry

from linkweave.context.cache_control import forbid_storing
from linkweave.errors import InvalidInputError, VendorError
from linkweave.gather.account_loaders import AccountLoaders
from linkweave.gather.listing.link_pages import AccountQuery, LinkQuery
from linkweave.providers.read_capabilities import CanReportExternalIdUsage
from linkweave.schema.context import Info, note_problem
from linkweave.schema.global_ids import encode_id
from linkweave.schema.inputs.filters import DateRangeInput, LinkFilterInput, account_filter, team_of
from linkweave.schema.types.account_facts import AccountHealth, ExternalIdUsage, Plan, Quota
from linkweave.schema.types.domain import Domain
from linkweave.schema.types.link_connection import LinkConnection, read_links
from linkweave.schema.types.node import Node
from linkweave.schema.types.nullable import map_or_none, none_if_unsupported
from linkweave.schema.types.pagination import After, First, page_size
from linkweave.schema.types.provider import Provider
from linkweave.schema.types.tag import Tag
from linkweave.schema.types.teams import Campaign, Team, Tracker, TrackingPresets, trackers_of_account
from linkweave.schema.types.webhook import WebhookConnection, list_webhooks

ByTeam = Annotated[
    strawberry.ID | None, strawberry.argument(description="Only of this team; all teams where left out.")
]


@strawberry.type(description="One configured account at one provider, with its own credentials.")
class Account(Node):
    loaders: strawberry.Private[AccountLoaders]
    key: str = strawberry.field(description='Its key in the configuration, e.g. "picsee-main".')
    label: str | None = strawberry.field(description="Its name for people, from the configuration.")

    @classmethod
    def of(cls, loaders: AccountLoaders) -> "Account":
        return cls(
            id=encode_id("Account", loaders.key),
            loaders=loaders,
            key=loaders.key,
            label=loaders.account.settings.label,
        )

    @strawberry.field(description="The service that the account is at.")
    def provider(self) -> Provider:
        return Provider.of(self.loaders.account.provider)

    @strawberry.field(description="The plan, as the provider reports it, else as the configuration names it.")
    async def plan(self) -> Plan | None:
        usage = await none_if_unsupported(self.loaders.usage())
        plan = None if usage is None else usage.plan
        if plan is not None:
            return Plan(name=plan.name, expires_at=plan.expires_at, active=plan.active)
        named = self.loaders.account.settings.plan
        return None if named is None else Plan(name=named, expires_at=None, active=None)

    @strawberry.field(
        description="The provider's own counters; empty where it reports none, or could not be asked (see `errors`).",
    )
    async def quotas(self, info: Info) -> list[Quota]:
        try:
            usage = await none_if_unsupported(self.loaders.usage())
        except VendorError as error:
            note_problem(info, error)
            return []
        quotas = () if usage is None else usage.quotas
        return [Quota(name=each.name, used=each.used, limit=each.limit, resets_at=each.resets_at) for each in quotas]

    @strawberry.field(
        description="Links made over the API, per external id (PicSee). At most 31 days; by default the last 30.",
    )
    async def external_id_usage(
        self,
        range: Annotated[  # noqa: A002 - the contract's name
            DateRangeInput | None,
            strawberry.argument(description="The days to count, in the account's reporting time zone."),
        ] = None,
    ) -> list[ExternalIdUsage] | None:
        adapter = self.loaders.account.adapter
        if not isinstance(adapter, CanReportExternalIdUsage):
            return None
        period = DateRangeInput.read(range).check(adapter.today()).on(adapter.today())
        if (period.end - period.start).days >= adapter.max_usage_days:
            raise InvalidInputError(
                "range", f"covers more than {adapter.max_usage_days} days, which is the most allowed"
            )
        used = await self.loaders.external_id_usage(period)
        return [ExternalIdUsage(external_id=each.external_id, links=each.links) for each in used]

    @strawberry.field(description="The account's short domains; null where the provider cannot list them.")
    async def domains(
        self,
    ) -> list[Domain] | None:
        domains = await none_if_unsupported(self.loaders.domains())
        return map_or_none(lambda domain: Domain.of(self.loaders, domain.name), domains)

    @strawberry.field(description="The account's tags; null where the provider cannot list them.")
    async def tags(self) -> list[Tag] | None:
        tags = await none_if_unsupported(self.loaders.tags())
        return map_or_none(lambda name: Tag.of(name, (self.loaders,)), tags)

    @strawberry.field(description="The account's teams; null where the provider has none.")
    async def teams(self) -> list[Team] | None:
        teams = await none_if_unsupported(self.loaders.teams())
        return map_or_none(lambda team: Team.of(self.loaders, team.id), teams)

    @strawberry.field(description="The account's campaigns; null where the provider has none.")
    async def campaigns(self, team: ByTeam = None) -> list[Campaign] | None:
        team_id = team_of(team, self.loaders)
        campaigns = await none_if_unsupported(self.loaders.campaigns(team_id))
        return map_or_none(lambda campaign: Campaign.of(self.loaders, campaign.id, campaign), campaigns)

    @strawberry.field(
        description="The provider's catalogue of trackers and those of every team, or of one team alone; "
        "null where the provider has none.",
    )
    async def trackers(self, team: ByTeam = None) -> list[Tracker] | None:
        team_id = team_of(team, self.loaders)
        found = await none_if_unsupported(trackers_of_account(self.loaders, team_id))
        return map_or_none(lambda owned: Tracker.of(self.loaders, *owned), found)

    @strawberry.field(description="Campaign values, pixels and tag managers used before; null where not told.")
    async def tracking_presets(
        self,
    ) -> TrackingPresets | None:
        presets = await none_if_unsupported(self.loaders.tracking_presets())
        return None if presets is None else TrackingPresets.of(presets)

    @strawberry.field(description="The account's webhooks; null where the provider has none.")
    async def webhooks(self, info: Info, first: First = 20, after: After = None) -> WebhookConnection | None:
        return await none_if_unsupported(list_webhooks(info, self.loaders, page_size(first, 20), after))

    @strawberry.field(description="The account's links, newest first where the provider tells when they were made.")
    async def links(
        self,
        info: Info,
        first: First = 20,
        after: After = None,
        filter: Annotated[  # noqa: A002 - the contract's name
            LinkFilterInput | None,
            strawberry.argument(description="Which links; what is left out restricts nothing."),
        ] = None,
    ) -> LinkConnection:
        session = info.context.session
        chosen = account_filter(session, filter, (self.loaders,))
        query = LinkQuery(tuple(AccountQuery(loaders, wanted) for loaders, wanted in chosen))
        return await read_links(info, query, page_size(first, 20), after)

    @strawberry.field(description="What the gateway has seen of this account.")
    def health(self) -> AccountHealth:
        forbid_storing()
        return AccountHealth.of(self.loaders.account)

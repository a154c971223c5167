"""Providers and accounts."""

from collections.abc import Awaitable, Callable, Sequence
from typing import TYPE_CHECKING, Annotated, TypeVar

import strawberry

from linkweave import models
from linkweave.context.cache_control import forbid_storing
from linkweave.errors import InvalidInputError, UnsupportedError, VendorError
from linkweave.gather.account_loaders import AccountLoaders
from linkweave.gather.listing.link_pages import AccountQuery, LinkQuery
from linkweave.models import Capability, Dimension
from linkweave.providers import record as providers
from linkweave.providers.read_capabilities import CanReportExternalIdUsage
from linkweave.schema.context import Info, note_problem
from linkweave.schema.global_ids import encode_id
from linkweave.schema.inputs.filters import DateRangeInput, LinkFilterInput, account_filter, team_of
from linkweave.schema.names import camel
from linkweave.schema.scalars import URL
from linkweave.schema.types.account_facts import AccountHealth, ExternalIdUsage, Plan, Quota
from linkweave.schema.types.node import Node
from linkweave.schema.types.pagination import After, First, page_size

if TYPE_CHECKING:
    from linkweave.schema.types.domain import Domain
    from linkweave.schema.types.link_connection import LinkConnection
    from linkweave.schema.types.tag import Tag
    from linkweave.schema.types.teams import Campaign, Team, Tracker, TrackingPresets
    from linkweave.schema.types.webhook import WebhookConnection

T = TypeVar("T")
R = TypeVar("R")

ByTeam = Annotated[
    strawberry.ID | None, strawberry.argument(description="Only of this team; all teams where left out.")
]


async def or_none(answer: Awaitable[T]) -> T | None:
    """`answer`, or None where the provider cannot tell at all."""
    try:
        return await answer
    except UnsupportedError:
        return None


@strawberry.type(description="A kind of service: picsee, cuttly, tinycc, shortenworld, chevereto, and later ones.")
class Provider:
    record: strawberry.Private[providers.Provider]
    id: strawberry.ID = strawberry.field(description='The provider\'s name in settings and filters, e.g. "picsee".')
    name: str = strawberry.field(description="What the service calls itself.")
    documentation_url: URL | None = strawberry.field(description="The vendor's own documentation of its API.")

    @classmethod
    def of(cls, known: providers.Provider) -> "Provider":
        return cls(
            record=known,
            id=strawberry.ID(known.id),
            name=known.name,
            documentation_url=URL(known.documentation_url),
        )

    @strawberry.field(description="What the gateway can ask of this provider.")
    def capabilities(self) -> list[Capability]:
        return [each for each in models.Capability if each in self.record.capabilities]

    @strawberry.field(description="What `stats.breakdown` can tell for links of this provider.")
    def stats_dimensions(self) -> list[Dimension]:
        return [each for each in models.Dimension if each in self.record.stats_dimensions]

    @strawberry.field(description="Every field of UpdateLinkInput and CreateLinkInput that this provider can be told.")
    def writable_link_fields(self) -> list[str]:
        return sorted(camel(name) for name in self.record.writable_fields)

    @strawberry.field(description="The configured accounts at this provider.")
    def accounts(self, info: Info) -> list[Annotated["Account", strawberry.lazy("linkweave.schema.types.account")]]:
        all_accounts = info.context.session.accounts.values()
        return [Account.of(each) for each in all_accounts if each.account.provider.id == self.record.id]


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
        usage = await or_none(self.loaders.usage())
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
            usage = await or_none(self.loaders.usage())
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
    ) -> list[Annotated["Domain", strawberry.lazy("linkweave.schema.types.domain")]] | None:
        from linkweave.schema.types.domain import Domain

        return _each(await or_none(self.loaders.domains()), lambda one: Domain.of(self.loaders, one.name))

    @strawberry.field(description="The account's tags; null where the provider cannot list them.")
    async def tags(self) -> list[Annotated["Tag", strawberry.lazy("linkweave.schema.types.tag")]] | None:
        from linkweave.schema.types.tag import Tag

        return _each(await or_none(self.loaders.tags()), lambda name: Tag.of(name, (self.loaders,)))

    @strawberry.field(description="The account's teams; null where the provider has none.")
    async def teams(self) -> list[Annotated["Team", strawberry.lazy("linkweave.schema.types.teams")]] | None:
        from linkweave.schema.types.teams import Team

        return _each(await or_none(self.loaders.teams()), lambda team: Team.of(self.loaders, team.id))

    @strawberry.field(description="The account's campaigns; null where the provider has none.")
    async def campaigns(
        self, team: ByTeam = None
    ) -> list[Annotated["Campaign", strawberry.lazy("linkweave.schema.types.teams")]] | None:
        from linkweave.schema.types.teams import Campaign

        team_id = team_of(team, self.loaders)
        campaigns = await or_none(self.loaders.campaigns(team_id))
        return _each(campaigns, lambda campaign: Campaign.of(self.loaders, campaign.id, campaign))

    @strawberry.field(
        description="The provider's catalogue of trackers and those of every team, or of one team alone; "
        "null where the provider has none.",
    )
    async def trackers(
        self, team: ByTeam = None
    ) -> list[Annotated["Tracker", strawberry.lazy("linkweave.schema.types.teams")]] | None:
        from linkweave.schema.types.teams import Tracker, trackers_of_account

        team_id = team_of(team, self.loaders)
        found = await or_none(trackers_of_account(self.loaders, team_id))
        return _each(found, lambda each: Tracker.of(self.loaders, each[0], each[1]))

    @strawberry.field(description="Campaign values, pixels and tag managers used before; null where not told.")
    async def tracking_presets(
        self,
    ) -> Annotated["TrackingPresets", strawberry.lazy("linkweave.schema.types.teams")] | None:
        from linkweave.schema.types.teams import TrackingPresets

        presets = await or_none(self.loaders.tracking_presets())
        return None if presets is None else TrackingPresets.of(presets)

    @strawberry.field(description="The account's webhooks; null where the provider has none.")
    async def webhooks(
        self, info: Info, first: First = 20, after: After = None
    ) -> Annotated["WebhookConnection", strawberry.lazy("linkweave.schema.types.webhook")] | None:
        from linkweave.schema.types.webhook import list_webhooks

        return await or_none(list_webhooks(info, self.loaders, page_size(first, 20), after))

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
    ) -> Annotated["LinkConnection", strawberry.lazy("linkweave.schema.types.link_connection")]:
        from linkweave.schema.types.link_connection import read_links

        session = info.context.session
        chosen = account_filter(session, filter, (self.loaders,))
        query = LinkQuery(tuple(AccountQuery(loaders, wanted) for loaders, wanted in chosen))
        return await read_links(info, query, page_size(first, 20), after)

    @strawberry.field(description="What the gateway has seen of this account.")
    def health(self) -> AccountHealth:
        forbid_storing()
        return AccountHealth.of(self.loaders.account)


def _each(items: Sequence[T] | None, make: Callable[[T], R]) -> list[R] | None:
    return None if items is None else [make(item) for item in items]

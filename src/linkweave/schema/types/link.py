"""Links."""

from collections.abc import Awaitable, Callable
from datetime import datetime

import strawberry

from linkweave import models
from linkweave.errors import CatalogMissingError
from linkweave.gather.account_loaders import AccountLoaders
from linkweave.gather.statistics.counted_links import CountedLink
from linkweave.gather.statistics.statistics import Statistics
from linkweave.models import TOTALS
from linkweave.providers.read_capabilities import CanReadStats
from linkweave.schema.context import Info
from linkweave.schema.global_ids import encode_id
from linkweave.schema.inputs.filters import DateRangeInput, StatsRange
from linkweave.schema.scalars import URL, Long, as_url
from linkweave.schema.types.domain import Domain
from linkweave.schema.types.link_change import LinkChange
from linkweave.schema.types.link_parts import DeviceTarget, Expiry, QrCode, Utm, Variant
from linkweave.schema.types.lost_rows import report_lost_rows
from linkweave.schema.types.nullable import map_or_none, none_if_unsupported
from linkweave.schema.types.owned import Owned
from linkweave.schema.types.provider import Provider
from linkweave.schema.types.statistics import Stats
from linkweave.schema.types.tag import Tag
from linkweave.schema.types.teams import Campaign, Team, Tracker


@strawberry.type(description="A short link. Fields that the provider does not report are null.")
class Link(Owned):
    link: strawberry.Private[models.Link]

    @classmethod
    def of(cls, loaders: AccountLoaders, link: models.Link) -> "Link":
        return cls(id=encode_id("Link", loaders.key, link.handle), loaders=loaders, link=link)

    @strawberry.field(graphql_type=URL, description="The short URL that visitors open.")
    def short_url(self) -> str:
        return self.link.short_url

    @strawberry.field(description="The part of the short URL after the domain.")
    def slug(self) -> str:
        return self.link.slug

    @strawberry.field(graphql_type=URL, description="The URL that the link redirects to.")
    def destination(self) -> str:
        return self.link.destination

    @strawberry.field(description="The title. It is set by a user or taken from the page.")
    def title(self) -> str | None:
        return self.link.title

    @strawberry.field(description="An internal note. Visitors do not see it.")
    def note(self) -> str | None:
        return self.link.note

    @strawberry.field(description="When the link was created.")
    def created_at(self) -> datetime | None:
        return self.link.created_at

    @strawberry.field(description="When the link was last clicked.")
    def last_click_at(self) -> datetime | None:
        return self.link.last_click_at

    @strawberry.field(description="An ID of your own that the provider stores with the link.")
    def external_id(self) -> str | None:
        return self.link.external_id

    @strawberry.field(description="Whether visitors must enter a password.")
    def password_protected(self) -> bool | None:
        return self.link.password_protected

    @strawberry.field(description="Whether the link is archived, or hidden in the provider's dashboard.")
    def archived(self) -> bool | None:
        return self.link.archived

    @strawberry.field(description="Whether the link is starred.")
    def starred(self) -> bool | None:
        return self.link.starred

    @strawberry.field(description="Whether the link is protected against deletion (tiny.cc).")
    def protected(self) -> bool | None:
        return self.link.protected

    @strawberry.field(description="Whether the provider sends reports by e-mail.")
    def email_reports(self) -> bool | None:
        return self.link.email_reports

    @strawberry.field(
        description=(
            "Repeated clicks of a visitor within this number of minutes count once. With 0 every click counts."
        ),
    )
    def unique_window_minutes(self) -> int | None:
        return self.link.unique_window_minutes

    @strawberry.field(description="When the gateway read this data from the provider.")
    def fetched_at(self) -> datetime:
        return self.link.fetched_at

    @strawberry.field(description="The provider of the link.")
    def provider(self) -> Provider:
        return Provider.of(self.loaders.account.provider)

    @strawberry.field(description="The short domain of the link.")
    def domain(self) -> Domain | None:
        return None if self.link.domain is None else Domain.of(self.loaders, self.link.domain)

    @strawberry.field(description="The tags of the link.")
    def tags(self) -> list[Tag]:
        return [Tag.of_account(name, self.loaders) for name in self.link.tags]

    @strawberry.field(
        description="When the link expires. Null if it does not expire, or if the provider does not report it."
    )
    def expiry(self) -> Expiry | None:
        return None if self.link.expiry is None else Expiry.of(self.link.expiry)

    @strawberry.field(description="Separate destinations for some platforms.")
    def device_targets(self) -> list[DeviceTarget] | None:
        return map_or_none(DeviceTarget.of, self.link.device_targets)

    @strawberry.field(description="All destinations for an A/B test. The link's own destination is one of them.")
    def variants(self) -> list[Variant] | None:
        return map_or_none(Variant.of, self.link.variants)

    @strawberry.field(description="Campaign parameters.")
    def utm(self) -> Utm | None:
        return None if self.link.utm is None else Utm.of(self.link.utm)

    @strawberry.field(description="The team that the link belongs to.")
    def team(self) -> Team | None:
        return None if self.link.team_id is None else Team.of(self.loaders, self.link.team_id)

    @strawberry.field(description="The campaign that the link belongs to.")
    def campaign(self) -> Campaign | None:
        return None if self.link.campaign_id is None else Campaign.of(self.loaders, self.link.campaign_id)

    @strawberry.field(
        description="The trackers of the link. Null if the provider has no trackers. Costs one call per link."
    )
    async def trackers(self, info: Info) -> list[Tracker] | None:
        trackers = await none_if_unsupported(self.loaders.link_trackers(self.link.handle))
        report_lost_rows(info, self.loaders, "link trackers", self.link.handle)
        return map_or_none(lambda tracker: Tracker.of(self.loaders, self.link.handle, tracker), trackers)

    @strawberry.field(description="A QR code of the short URL.")
    def qr_code(self) -> QrCode:
        return QrCode(
            short_url=self.link.short_url,
            small=as_url(self.link.qr_small),
            large=as_url(self.link.qr_large),
        )

    @strawberry.field(
        graphql_type=Long | None,
        description=(
            "The number of clicks since the link was created. Null if the provider does not count clicks, or does not "
            "tell those of the link's whole life."
        ),
    )
    def clicks(self) -> int | Awaitable[int | None] | None:
        return self._of_life(lambda report: report.clicks)

    @strawberry.field(
        graphql_type=Long | None,
        description="The number of unique clicks since the link was created. Null if the provider does not count them.",
    )
    def unique_clicks(self) -> int | Awaitable[int | None] | None:
        return self._of_life(lambda report: report.unique_clicks)

    def _of_life(self, number: Callable[[models.StatsReport], int | None]) -> int | Awaitable[int | None] | None:
        included = self.link.included
        if included is not None and included.covered is None:
            return number(included)
        return self._read_life(number)

    async def _read_life(self, number: Callable[[models.StatsReport], int | None]) -> int | None:
        if not isinstance(self.loaders.account.adapter, CanReadStats):
            return None
        return number(await self.loaders.stats(self.link.handle, None, TOTALS))

    @strawberry.field(
        description=(
            "What changed of the link, newest first: at most 100 changes, since the gateway first saw it. It needs the "
            "catalog."
        )
    )
    async def history(self) -> list[LinkChange] | None:
        if self.loaders.known is None:
            raise CatalogMissingError("history")
        return [LinkChange.of(change) for change in await self.loaders.known.changes(self.link.handle)]

    @strawberry.field(
        description="Click statistics of the link over some days. `clicks` beside it are of the link's whole life."
    )
    def stats(
        self,
        range: StatsRange = None,  # noqa: A002 - the contract's name
    ) -> Stats:
        within = DateRangeInput.parse(range).check(self.loaders.account.adapter.today())
        return Stats(statistics=Statistics.of_link(CountedLink(self.loaders, self.link.handle), within))

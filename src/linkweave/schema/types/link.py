"""Links."""

from collections.abc import Awaitable, Callable
from datetime import date, datetime
from typing import Annotated

import strawberry

from linkweave import models
from linkweave.errors import CatalogMissingError
from linkweave.gather.account_loaders import AccountLoaders
from linkweave.gather.statistics.counted_links import CountedLink
from linkweave.gather.statistics.statistics import Statistics
from linkweave.models import TOTALS, Platform
from linkweave.providers.read_capabilities import CanReadStats
from linkweave.schema.context import Info
from linkweave.schema.global_ids import encode_id
from linkweave.schema.inputs.filters import DateRangeInput
from linkweave.schema.scalars import URL, Long, as_url
from linkweave.schema.types.domain import Domain
from linkweave.schema.types.link_change import LinkChange
from linkweave.schema.types.lost_rows import report_lost_rows
from linkweave.schema.types.nullable import map_or_none, none_if_unsupported
from linkweave.schema.types.owned import Owned
from linkweave.schema.types.provider import Provider
from linkweave.schema.types.statistics import Stats
from linkweave.schema.types.tag import Tag
from linkweave.schema.types.teams import Campaign, Team, Tracker


@strawberry.type(description="When a link expires, and where it redirects after that.")
class Expiry:
    at: date | None = strawberry.field(description="The last day on which the link redirects to its destination.")
    after_clicks: int | None = strawberry.field(
        graphql_type=Long | None, description="The number of clicks after which the link expires."
    )
    count_unique_only: bool | None = strawberry.field(
        description="Whether only unique clicks count towards `afterClicks`."
    )
    redirect_to: URL | None = strawberry.field(description="Where the link redirects after the day `at`.")
    redirect_to_after_clicks: URL | None = strawberry.field(
        description="Where the link redirects after `afterClicks` clicks."
    )

    @classmethod
    def of(cls, expiry: models.Expiry) -> "Expiry":
        return cls(
            at=expiry.at,
            after_clicks=expiry.after_clicks,
            count_unique_only=expiry.count_unique_only,
            redirect_to=as_url(expiry.redirect_to),
            redirect_to_after_clicks=as_url(expiry.redirect_to_after_clicks),
        )


@strawberry.type(description="A separate destination for one platform.")
class DeviceTarget:
    platform: Platform = strawberry.field(description="The platform of the visitors.")
    destination: URL = strawberry.field(description="The destination for these visitors.")

    @classmethod
    def of(cls, target: models.DeviceTarget) -> "DeviceTarget":
        return cls(platform=target.platform, destination=URL(target.destination))


@strawberry.type(description="An alternative destination for a share of the visitors.")
class Variant:
    destination: URL = strawberry.field(description="The URL that this variant redirects to.")
    percentage: int = strawberry.field(description="The percentage of visitors that get this variant.")

    @classmethod
    def of(cls, variant: models.Variant) -> "Variant":
        return cls(destination=URL(variant.destination), percentage=variant.percentage)


@strawberry.type(description="Campaign parameters. The provider adds them to the destination URL.")
class Utm:
    source: str | None = strawberry.field(description="The campaign source (`utm_source`).")
    medium: str | None = strawberry.field(description="The campaign medium (`utm_medium`).")
    campaign: str | None = strawberry.field(description="The campaign name (`utm_campaign`).")
    term: str | None = strawberry.field(description="The campaign term (`utm_term`).")
    content: str | None = strawberry.field(description="The campaign content (`utm_content`).")

    @classmethod
    def of(cls, utm: models.Utm) -> "Utm":
        return cls(source=utm.source, medium=utm.medium, campaign=utm.campaign, term=utm.term, content=utm.content)


@strawberry.type(description="A QR code of the short URL.")
class QrCode:
    short_url: strawberry.Private[str]
    small: URL | None = strawberry.field(description="The provider's small image. Null if it does not make one.")
    large: URL | None = strawberry.field(description="The provider's large image. Null if it does not make one.")

    @strawberry.field(description="An SVG image of the QR code. The gateway makes it itself.")
    async def svg(self, info: Info) -> str:
        return await info.context.qr_codes.svg(self.short_url)


@strawberry.type(description="A short link. Fields that the provider does not report are null.")
class Link(Owned):
    link: strawberry.Private[models.Link]
    short_url: URL = strawberry.field(description="The short URL that visitors open.")
    slug: str = strawberry.field(description="The part of the short URL after the domain.")
    destination: URL = strawberry.field(description="The URL that the link redirects to.")
    title: str | None = strawberry.field(description="The title. It is set by a user or taken from the page.")
    note: str | None = strawberry.field(description="An internal note. Visitors do not see it.")
    created_at: datetime | None = strawberry.field(description="When the link was created.")
    last_click_at: datetime | None = strawberry.field(description="When the link was last clicked.")
    external_id: str | None = strawberry.field(description="An ID of your own that the provider stores with the link.")
    password_protected: bool | None = strawberry.field(description="Whether visitors must enter a password.")
    archived: bool | None = strawberry.field(
        description="Whether the link is archived, or hidden in the provider's dashboard.",
    )
    starred: bool | None = strawberry.field(description="Whether the link is starred.")
    protected: bool | None = strawberry.field(
        description="Whether the link is protected against deletion (tiny.cc).",
    )
    email_reports: bool | None = strawberry.field(description="Whether the provider sends reports by e-mail.")
    unique_window_minutes: int | None = strawberry.field(
        description=(
            "Repeated clicks of a visitor within this number of minutes count once. With 0 every click counts."
        ),
    )
    fetched_at: datetime = strawberry.field(description="When the gateway read this data from the provider.")

    @classmethod
    def of(cls, loaders: AccountLoaders, link: models.Link) -> "Link":
        return cls(
            id=encode_id("Link", loaders.key, link.handle),
            loaders=loaders,
            link=link,
            short_url=URL(link.short_url),
            slug=link.slug,
            destination=URL(link.destination),
            title=link.title,
            note=link.note,
            created_at=link.created_at,
            last_click_at=link.last_click_at,
            external_id=link.external_id,
            password_protected=link.password_protected,
            archived=link.archived,
            starred=link.starred,
            protected=link.protected,
            email_reports=link.email_reports,
            unique_window_minutes=link.unique_window_minutes,
            fetched_at=link.fetched_at,
        )

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
        range: Annotated[  # noqa: A002 - the contract's name
            DateRangeInput | None,
            strawberry.argument(description="The days to count. The default is the last 30 days."),
        ] = None,
    ) -> Stats:
        within = DateRangeInput.parse(range).check(self.loaders.account.adapter.today())
        return Stats(statistics=Statistics.of_link(CountedLink(self.loaders, self.link.handle), within))

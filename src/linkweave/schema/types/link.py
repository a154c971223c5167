"""Links."""

from datetime import date, datetime
from io import BytesIO
from typing import Annotated

import segno
import strawberry

from linkweave import models
from linkweave.gather.account_loaders import AccountLoaders
from linkweave.gather.statistics.statistics import CountedLink, Statistics
from linkweave.models import Platform
from linkweave.schema.global_ids import encode_id
from linkweave.schema.inputs.filters import DateRangeInput
from linkweave.schema.scalars import URL, as_url
from linkweave.schema.types.domain import Domain
from linkweave.schema.types.nullable import map_or_none, none_if_unsupported
from linkweave.schema.types.owned import Owned
from linkweave.schema.types.provider import Provider
from linkweave.schema.types.statistics import Stats
from linkweave.schema.types.tag import Tag
from linkweave.schema.types.teams import Campaign, Team, Tracker


@strawberry.type(description="When a link stops leading to its destination, and where it leads then.")
class Expiry:
    at: date | None = strawberry.field(description="The day on which it ends.")
    after_clicks: int | None = strawberry.field(description="It ends after so many clicks.")
    count_unique_only: bool | None = strawberry.field(description="Whether only unique clicks count towards that.")
    redirect_to: URL | None = strawberry.field(description="Where it leads after that day.")
    redirect_to_after_clicks: URL | None = strawberry.field(description="Where it leads after that many clicks.")

    @classmethod
    def of(cls, expiry: models.Expiry) -> "Expiry":
        return cls(
            at=expiry.at,
            after_clicks=expiry.after_clicks,
            count_unique_only=expiry.count_unique_only,
            redirect_to=as_url(expiry.redirect_to),
            redirect_to_after_clicks=as_url(expiry.redirect_to_after_clicks),
        )


@strawberry.type(description="Another destination for one platform.")
class DeviceTarget:
    platform: Platform = strawberry.field(description="Who is sent there.")
    destination: URL = strawberry.field(description="Where to.")

    @classmethod
    def of(cls, target: models.DeviceTarget) -> "DeviceTarget":
        return cls(platform=target.platform, destination=URL(target.destination))


@strawberry.type(description="One of several destinations and its share of the clicks.")
class Variant:
    destination: URL = strawberry.field(description="Where it leads.")
    percentage: int = strawberry.field(description="Its share in percent.")

    @classmethod
    def of(cls, variant: models.Variant) -> "Variant":
        return cls(destination=URL(variant.destination), percentage=variant.percentage)


@strawberry.type(description="Campaign parameters that the provider appends to the destination.")
class Utm:
    source: str | None = strawberry.field(description="utm_source.")
    medium: str | None = strawberry.field(description="utm_medium.")
    campaign: str | None = strawberry.field(description="utm_campaign.")
    term: str | None = strawberry.field(description="utm_term.")
    content: str | None = strawberry.field(description="utm_content.")

    @classmethod
    def of(cls, utm: models.Utm) -> "Utm":
        return cls(source=utm.source, medium=utm.medium, campaign=utm.campaign, term=utm.term, content=utm.content)


@strawberry.type(description="The link as a QR code.")
class QrCode:
    short_url: strawberry.Private[str]
    small: URL | None = strawberry.field(description="The provider's own small image, where it makes one.")
    large: URL | None = strawberry.field(description="The provider's own large image, where it makes one.")

    @strawberry.field(description="An SVG document of the short URL, drawn by the gateway.")
    def svg(self) -> str:
        drawn = BytesIO()
        # With its namespace and on white: it is to be read from a file and on a dark page, too.
        segno.make(self.short_url, micro=False).save(drawn, kind="svg", scale=4, light="#fff", xmldecl=False, nl=False)
        return drawn.getvalue().decode()


@strawberry.type(description="A short link of one account. Fields that its provider cannot tell are null.")
class Link(Owned):
    link: strawberry.Private[models.Link]
    short_url: URL = strawberry.field(description="What people click.")
    slug: str = strawberry.field(description="What follows the domain in the short URL.")
    destination: URL = strawberry.field(description="Where it leads, as the provider gives it.")
    title: str | None = strawberry.field(description="The title, set by hand or taken from the page.")
    note: str | None = strawberry.field(description="A note for the team.")
    created_at: datetime | None = strawberry.field(description="When it was made.")
    last_click_at: datetime | None = strawberry.field(description="When it was last clicked.")
    external_id: str | None = strawberry.field(description="The id that the maker gave it (PicSee).")
    password_protected: bool | None = strawberry.field(description="Whether visitors are asked for a password.")
    archived: bool | None = strawberry.field(
        description="Out of sight in the provider's dashboard (tiny.cc archived, ShortenWorld hidden).",
    )
    starred: bool | None = strawberry.field(description="Whether it is starred at the provider.")
    protected: bool | None = strawberry.field(
        description="Cannot be deleted at the provider until this is lifted (tiny.cc).",
    )
    email_reports: bool | None = strawberry.field(description="Whether the provider sends reports by e-mail.")
    unique_window_minutes: int | None = strawberry.field(
        description="Minutes in which repeated clicks of one visitor count once; 0: every click counts.",
    )
    fetched_at: datetime = strawberry.field(description="When the provider told this.")

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

    @strawberry.field(description="The service that the link is at.")
    def provider(self) -> Provider:
        return Provider.of(self.loaders.account.provider)

    @strawberry.field(description="The short domain that the link is on.")
    def domain(self) -> Domain | None:
        return None if self.link.domain is None else Domain.of(self.loaders, self.link.domain)

    @strawberry.field(description="The link's tags.")
    def tags(self) -> list[Tag]:
        return [Tag.of(name, (self.loaders,)) for name in self.link.tags]

    @strawberry.field(description="When and how it ends; null where it does not, or where that is not told.")
    def expiry(self) -> Expiry | None:
        return None if self.link.expiry is None else Expiry.of(self.link.expiry)

    @strawberry.field(description="Other destinations by platform.")
    def device_targets(self) -> list[DeviceTarget] | None:
        return map_or_none(DeviceTarget.of, self.link.device_targets)

    @strawberry.field(description="A/B/n variants, the destination itself included as the rest of the 100 percent.")
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

    @strawberry.field(description="The trackers on the link; null where the provider has none. One call per link.")
    async def trackers(self) -> list[Tracker] | None:
        found = await none_if_unsupported(self.loaders.link_trackers(self.link.handle))
        return map_or_none(lambda tracker: Tracker.of(self.loaders, self.link.handle, tracker), found)

    @strawberry.field(description="The link as a QR code.")
    def qr_code(self) -> QrCode:
        return QrCode(
            short_url=self.link.short_url,
            small=as_url(self.link.qr_small),
            large=as_url(self.link.qr_large),
        )

    @strawberry.field(description="Clicks of the link.")
    def stats(
        self,
        range: Annotated[  # noqa: A002 - the contract's name
            DateRangeInput | None,
            strawberry.argument(description="The days to count; the last 30 where left out."),
        ] = None,
    ) -> Stats:
        within = DateRangeInput.read(range).check(self.loaders.account.adapter.today())
        return Stats(numbers=Statistics([CountedLink(self.loaders, self.link.handle)], within))

"""What a link is made of besides plain values."""

from datetime import date

import strawberry

from linkweave import models
from linkweave.models import Platform
from linkweave.schema.context import Info
from linkweave.schema.scalars import URL, Long, as_url


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

"""The inputs that create and update links."""

from datetime import date

import strawberry
from strawberry import UNSET

from linkweave.gather.writing.create_links import IfExists
from linkweave.models import Platform
from linkweave.schema.inputs.filters import TagFilterInput
from linkweave.schema.scalars import URL


@strawberry.input(description="Campaign parameters. The provider adds them to the destination URL.")
class UtmInput:
    source: str | None = strawberry.field(default=None, description="The campaign source (`utm_source`).")
    medium: str | None = strawberry.field(default=None, description="The campaign medium (`utm_medium`).")
    campaign: str | None = strawberry.field(default=None, description="The campaign name (`utm_campaign`).")
    term: str | None = strawberry.field(default=None, description="The campaign term (`utm_term`).")
    content: str | None = strawberry.field(default=None, description="The campaign content (`utm_content`).")


@strawberry.input(description="When a link expires, and where it redirects after that.")
class ExpiryInput:
    at: date | None = strawberry.field(
        default=None, description="The last day on which the link redirects to its destination."
    )
    after_clicks: int | None = strawberry.field(
        default=None, description="The number of clicks after which the link expires."
    )
    count_unique_only: bool | None = strawberry.field(
        default=None, description="Whether only unique clicks count towards `afterClicks`."
    )
    redirect_to: URL | None = strawberry.field(default=None, description="Where the link redirects after the day `at`.")
    redirect_to_after_clicks: URL | None = strawberry.field(
        default=None,
        description="Where the link redirects after `afterClicks` clicks.",
    )


@strawberry.input(description="A separate destination for one platform.")
class DeviceTargetInput:
    platform: Platform = strawberry.field(description="The platform of the visitors.")
    destination: URL = strawberry.field(description="The destination for these visitors.")


@strawberry.input(
    description=(
        "An alternative destination for a share of the visitors. The remaining visitors go to the "
        "link's own destination."
    )
)
class VariantInput:
    destination: URL = strawberry.field(description="The URL that this variant redirects to.")
    percentage: int = strawberry.field(description="The percentage of visitors that get this variant.")


@strawberry.input(description="The preview that social networks show for the link.")
class PreviewInput:
    title: str | None = strawberry.field(default=None, description="The headline of the preview.")
    description: str | None = strawberry.field(default=None, description="The text below the headline.")
    image_url: URL | None = strawberry.field(default=None, description="The URL of the preview picture.")


@strawberry.input(description="A link to create.")
class CreateLinkInput:
    accounts: list[strawberry.ID] = strawberry.field(
        description=(
            "One account, or several in order of preference. Each is an account key or an account ID. The "
            "gateway tries the next account if one is down, out of quota or rate limited. It never does "
            "so after an error `AMBIGUOUS`."
        ),
    )
    destination: URL = strawberry.field(description="The URL that the link redirects to.")
    slug: str | None = strawberry.field(
        default=None, description="The part of the short URL after the domain. By default the provider chooses it."
    )
    domain: str | None = strawberry.field(
        default=None, description="The short domain. The default is the account's default domain."
    )
    title: str | None = strawberry.field(default=None, description="The title of the link.")
    note: str | None = strawberry.field(default=None, description="An internal note. Visitors do not see it.")
    tags: list[str] | None = strawberry.field(default=None, description="Tags to add to the link.")
    external_id: str | None = strawberry.field(default=None, description="An ID of your own for the link.")
    utm: UtmInput | None = strawberry.field(default=None, description="Campaign parameters.")
    expiry: ExpiryInput | None = strawberry.field(default=None, description="When the link expires.")
    device_targets: list[DeviceTargetInput] | None = strawberry.field(
        default=None,
        description="Separate destinations for some platforms.",
    )
    variants: list[VariantInput] | None = strawberry.field(
        default=None,
        description=(
            "Alternative destinations, each for a share of the visitors. The remaining visitors go to `destination`."
        ),
    )
    password: str | None = strawberry.field(default=None, description="The password that visitors must enter.")
    team: strawberry.ID | None = strawberry.field(
        default=None, description="The ID of the team that the link belongs to."
    )
    campaign: strawberry.ID | None = strawberry.field(
        default=None, description="The ID of the campaign that the link belongs to."
    )
    if_exists: IfExists | None = strawberry.field(
        default=IfExists.CREATE,
        description="What happens if the account already has a link to this destination.",
    )
    fetch_title: bool | None = strawberry.field(
        default=True,
        description="Whether the provider reads the page's title. Some plans do not allow false.",
    )
    public_stats: bool | None = strawberry.field(default=None, description="Whether the link's statistics are public.")
    sms_header: str | None = strawberry.field(
        default=None,
        description=(
            "The TRAI header for commercial SMS in India. Use it with the domain `2s.ms` or with a domain of the team."
        ),
    )
    email_reports: bool | None = strawberry.field(
        default=None, description="Whether the provider sends reports by e-mail."
    )
    unique_window_minutes: int | None = strawberry.field(
        default=None,
        description=(
            "Repeated clicks of a visitor within this number of minutes count once. With 0 every click counts."
        ),
    )
    preview: PreviewInput | None = strawberry.field(default=None, description="The preview that social networks show.")
    pixel: str | None = strawberry.field(default=None, description="The ID of a Meta pixel.")
    tag_manager: str | None = strawberry.field(default=None, description="The ID of a Google Tag Manager container.")
    idempotency_key: str | None = strawberry.field(
        default=None,
        description=(
            "A key of your own for this request. A request with the same key within 24 hours returns the "
            "first link. It does not create a second one. While it is not clear whether the first request created the "
            "link, the error is AMBIGUOUS, and `retryAfterSeconds` says when to send the request again. While the "
            "gateway cannot store the key, the error is UNAVAILABLE, and nothing was created."
        ),
    )


@strawberry.input(
    description=(
        "Changes to a link. Fields that you leave out do not change. Null clears a field, if the "
        "provider supports that."
    )
)
class UpdateLinkInput:
    id: strawberry.ID = strawberry.field(description="The ID of the link.")
    destination: URL | None = strawberry.field(default=UNSET, description="The URL that the link redirects to.")
    slug: str | None = strawberry.field(
        default=UNSET, description="The part of the short URL after the domain. A new slug may change the link's ID."
    )
    title: str | None = strawberry.field(default=UNSET, description="The title of the link.")
    note: str | None = strawberry.field(default=UNSET, description="An internal note. Visitors do not see it.")
    add_tags: list[str] | None = strawberry.field(default=UNSET, description="Tags to add to the link.")
    remove_tags: list[str] | None = strawberry.field(default=UNSET, description="Tags to remove from the link.")
    external_id: str | None = strawberry.field(default=UNSET, description="An ID of your own for the link.")
    utm: UtmInput | None = strawberry.field(default=UNSET, description="Campaign parameters.")
    expiry: ExpiryInput | None = strawberry.field(default=UNSET, description="When the link expires.")
    device_targets: list[DeviceTargetInput] | None = strawberry.field(
        default=UNSET,
        description="Separate destinations for some platforms.",
    )
    variants: list[VariantInput] | None = strawberry.field(
        default=UNSET,
        description=(
            "Alternative destinations, each for a share of the visitors. The remaining visitors go to `destination`."
        ),
    )
    password: str | None = strawberry.field(default=UNSET, description="The password that visitors must enter.")
    archived: bool | None = strawberry.field(
        default=UNSET, description="Whether the link is archived, or hidden in the provider's dashboard."
    )
    starred: bool | None = strawberry.field(default=UNSET, description="Whether the link is starred.")
    protected: bool | None = strawberry.field(
        default=UNSET, description="Whether the link is protected against deletion."
    )
    email_reports: bool | None = strawberry.field(
        default=UNSET, description="Whether the provider sends reports by e-mail."
    )
    unique_window_minutes: int | None = strawberry.field(
        default=UNSET,
        description=(
            "Repeated clicks of a visitor within this number of minutes count once. With 0 every click counts."
        ),
    )
    preview: PreviewInput | None = strawberry.field(default=UNSET, description="The preview that social networks show.")
    pixel: str | None = strawberry.field(default=UNSET, description="The ID of a Meta pixel.")
    tag_manager: str | None = strawberry.field(default=UNSET, description="The ID of a Google Tag Manager container.")


@strawberry.input(
    description="Changes of all links of an account that have some tags. Fields that you leave out stay as they are."
)
class UpdateLinksByTagInput:
    account: strawberry.ID = strawberry.field(description="The key or the ID of the account.")
    tags: TagFilterInput = strawberry.field(description="The tags of the links. Give `any` or `all`.")
    note: str | None = strawberry.field(default=UNSET, description="An internal note. Visitors do not see it.")
    expiry: ExpiryInput | None = strawberry.field(default=UNSET, description="When the links expire.")
    email_reports: bool | None = strawberry.field(
        default=UNSET, description="Whether the provider sends reports by e-mail."
    )
    archived: bool | None = strawberry.field(default=UNSET, description="Whether the links are archived.")
    protected: bool | None = strawberry.field(
        default=UNSET, description="Whether the links are protected against deletion."
    )

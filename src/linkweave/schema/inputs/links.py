"""What callers may say of links, as GraphQL takes it."""

from datetime import date

import strawberry
from strawberry import UNSET

from linkweave.gather.writing.create_links import IfExists
from linkweave.models import Platform
from linkweave.schema.scalars import URL


@strawberry.input(description="Campaign parameters that the provider appends to the destination.")
class UtmInput:
    source: str | None = strawberry.field(default=None, description="utm_source.")
    medium: str | None = strawberry.field(default=None, description="utm_medium.")
    campaign: str | None = strawberry.field(default=None, description="utm_campaign.")
    term: str | None = strawberry.field(default=None, description="utm_term.")
    content: str | None = strawberry.field(default=None, description="utm_content.")


@strawberry.input(description="When a link stops leading to its destination, and where it leads then.")
class ExpiryInput:
    at: date | None = strawberry.field(default=None, description="The last day on which it leads there.")
    after_clicks: int | None = strawberry.field(default=None, description="It ends after so many clicks.")
    count_unique_only: bool | None = strawberry.field(
        default=None, description="Count only unique clicks towards that."
    )
    redirect_to: URL | None = strawberry.field(default=None, description="Where it leads after that day.")
    redirect_to_after_clicks: URL | None = strawberry.field(
        default=None,
        description="Where it leads after that many clicks.",
    )


@strawberry.input(description="Another destination for one platform.")
class DeviceTargetInput:
    platform: Platform = strawberry.field(description="Who is sent there.")
    destination: URL = strawberry.field(description="Where to.")


@strawberry.input(
    description="An alternative destination. What all of them leave of the 100 percent is the destination's."
)
class VariantInput:
    destination: URL = strawberry.field(description="Where it leads.")
    percentage: int = strawberry.field(description="Its share in percent.")


@strawberry.input(description="What social networks show of the link.")
class PreviewInput:
    title: str | None = strawberry.field(default=None, description="The headline.")
    description: str | None = strawberry.field(default=None, description="The text below it.")
    image_url: URL | None = strawberry.field(default=None, description="The picture.")


@strawberry.input(description="A link to be made.")
class CreateLinkInput:
    accounts: list[strawberry.ID] = strawberry.field(
        description="One account, or several in order of preference, by key or by id: the next is tried when one is "
        "down, out of quota or rate limited. Never after an ambiguous failure.",
    )
    destination: URL = strawberry.field(description="Where it leads.")
    slug: str | None = strawberry.field(default=None, description="What follows the domain; chosen by the provider.")
    domain: str | None = strawberry.field(default=None, description="The short domain; the account's default one.")
    title: str | None = strawberry.field(default=None, description="The title.")
    note: str | None = strawberry.field(default=None, description="A note for the team.")
    tags: list[str] | None = strawberry.field(default=None, description="Tags to put on it.")
    external_id: str | None = strawberry.field(default=None, description="An id of your own.")
    utm: UtmInput | None = strawberry.field(default=None, description="Campaign parameters.")
    expiry: ExpiryInput | None = strawberry.field(default=None, description="When it ends.")
    device_targets: list[DeviceTargetInput] | None = strawberry.field(
        default=None,
        description="Other destinations by platform.",
    )
    variants: list[VariantInput] | None = strawberry.field(
        default=None,
        description="Alternatives to the destination, which gets the rest of the 100 percent.",
    )
    password: str | None = strawberry.field(default=None, description="Visitors are asked for it.")
    team: strawberry.ID | None = strawberry.field(default=None, description="The team that it belongs to, by id.")
    campaign: strawberry.ID | None = strawberry.field(default=None, description="The campaign, by id.")
    if_exists: IfExists | None = strawberry.field(
        default=IfExists.CREATE,
        description="What to do when the account already has a link to this destination.",
    )
    fetch_title: bool | None = strawberry.field(
        default=True,
        description="False saves the provider the look-up of the page's title, where its plan allows.",
    )
    public_stats: bool | None = strawberry.field(default=None, description="Show the clicks to everybody.")
    sms_header: str | None = strawberry.field(
        default=None,
        description="Header of Indian commercial SMS (TRAI); with the domain `2s.ms`, or with one of the team's.",
    )
    email_reports: bool | None = strawberry.field(default=None, description="Have reports sent by e-mail.")
    unique_window_minutes: int | None = strawberry.field(
        default=None,
        description="Minutes in which repeated clicks of one visitor count once; 0: every click counts.",
    )
    preview: PreviewInput | None = strawberry.field(default=None, description="What social networks show.")
    pixel: str | None = strawberry.field(default=None, description="The id of a Meta pixel.")
    tag_manager: str | None = strawberry.field(default=None, description="The id of a Google tag manager.")
    idempotency_key: str | None = strawberry.field(
        default=None,
        description="The same key within 24 hours gives the first link again instead of a second one.",
    )


@strawberry.input(
    description="Changes to a link. What is left out stays as it is; null clears it where the provider can."
)
class UpdateLinkInput:
    id: strawberry.ID = strawberry.field(description="The link's id.")
    destination: URL | None = strawberry.field(default=UNSET, description="Where it leads.")
    slug: str | None = strawberry.field(default=UNSET, description="What follows the domain; the link's id may change.")
    title: str | None = strawberry.field(default=UNSET, description="The title.")
    note: str | None = strawberry.field(default=UNSET, description="A note for the team.")
    add_tags: list[str] | None = strawberry.field(default=UNSET, description="Tags to put on it.")
    remove_tags: list[str] | None = strawberry.field(default=UNSET, description="Tags to take off it.")
    external_id: str | None = strawberry.field(default=UNSET, description="An id of your own.")
    utm: UtmInput | None = strawberry.field(default=UNSET, description="Campaign parameters.")
    expiry: ExpiryInput | None = strawberry.field(default=UNSET, description="When it ends.")
    device_targets: list[DeviceTargetInput] | None = strawberry.field(
        default=UNSET,
        description="Other destinations by platform.",
    )
    variants: list[VariantInput] | None = strawberry.field(
        default=UNSET,
        description="Alternatives to the destination, which gets the rest of the 100 percent.",
    )
    password: str | None = strawberry.field(default=UNSET, description="Visitors are asked for it.")
    archived: bool | None = strawberry.field(default=UNSET, description="Out of sight in the provider's dashboard.")
    starred: bool | None = strawberry.field(default=UNSET, description="Starred at the provider.")
    protected: bool | None = strawberry.field(default=UNSET, description="Cannot be deleted until this is lifted.")
    email_reports: bool | None = strawberry.field(default=UNSET, description="Have reports sent by e-mail.")
    unique_window_minutes: int | None = strawberry.field(
        default=UNSET,
        description="Minutes in which repeated clicks of one visitor count once; 0: every click counts.",
    )
    preview: PreviewInput | None = strawberry.field(default=UNSET, description="What social networks show.")
    pixel: str | None = strawberry.field(default=UNSET, description="The id of a Meta pixel.")
    tag_manager: str | None = strawberry.field(default=UNSET, description="The id of a Google tag manager.")

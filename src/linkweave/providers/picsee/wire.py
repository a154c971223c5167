"""PicSee's JSON as far as it is read. `meta` is not declared: it echoes the query with any token in it (FOUND)."""

from typing import Annotated, Literal, TypeVar
from urllib.parse import urlsplit

from pydantic import AfterValidator, AliasChoices, BeforeValidator, Field, StrictBool

from linkweave.providers.picsee import inferred
from linkweave.providers.picsee.times import VendorDay, VendorTime
from linkweave.providers.wire import Wire

Row = TypeVar("Row", bound=Wire)


def _first_list(data: object) -> object:
    """The first list in `data`, because the name of the list is not documented."""
    if isinstance(data, dict):
        for value in data.values():
            if isinstance(value, list):
                return value
    raise ValueError("holds no list")


def _digits_as_number(value: object) -> object:
    """A mapId in digits as a number: the document has a number, public clients a string."""
    return int(value) if isinstance(value, str) and value.isascii() and value.isdigit() else value


def _with_host(url: str) -> str:
    if not urlsplit(url).hostname:
        raise ValueError("names no host")
    return url


Rows = Annotated[tuple[Row, ...], BeforeValidator(_first_list)]
Count = Annotated[int, Field(strict=True, ge=0)]
MapId = Annotated[int, Field(strict=True, ge=0), BeforeValidator(_digits_as_number)]
ShortUrl = Annotated[str, AfterValidator(_with_host)]
HostName = Annotated[str, Field(pattern=r"^[^\s/?#@]+$")]
Text = Annotated[str, Field(min_length=1)]


class Tag(Wire):
    """A tag, on a link or in the account's list."""

    value: str


class ListItem(Wire):
    """A link in the list."""

    map_id: MapId = Field(validation_alias="mapId")
    domain: HostName
    slug: Text = Field(validation_alias="encodeId")
    destination: Text = Field(validation_alias="url")
    created_at: VendorTime = Field(validation_alias="createTime")
    title: str | None = None
    tags: tuple[Tag, ...] = ()
    total_clicks: Count | None = Field(default=None, validation_alias="totalClicks")
    unique_clicks: Count | None = Field(default=None, validation_alias="uniqueClicks")
    external_id: str | None = Field(default=None, validation_alias=inferred.ITEM_EXTERNAL_ID)
    short_url: ShortUrl | None = Field(default=None, validation_alias=inferred.ITEM_SHORT_URL)


class ListAnswer(Wire):
    """POST /v2/links/overview."""

    data: tuple[ListItem, ...]


class Overview(Wire):
    """A link by itself."""

    destination: Text = Field(validation_alias="url")
    short_url: ShortUrl = Field(validation_alias="picseeUrl")
    created_at: VendorTime = Field(validation_alias="createTime")
    external_id: str | None = Field(default=None, validation_alias="externalId")
    total_clicks: Count | None = Field(default=None, validation_alias="totalClicks")
    unique_clicks: Count | None = Field(default=None, validation_alias="uniqueClicks")


class OverviewAnswer(Wire):
    """GET /v1/links/{encodeId}/overview."""

    data: Overview


class DayRow(Wire):
    """Clicks of one day in Taipei."""

    day: VendorDay = Field(validation_alias="date")
    clicks: Count = Field(validation_alias="totalClicks")
    unique_clicks: Count = Field(validation_alias="uniqueClicks")


class DailyClicksAnswer(Wire):
    """GET /v4/links/{encodeId}/details/dailyClicks."""

    data: Rows[DayRow]


class BreakdownRow(Wire):
    """Unique clicks of one device, referrer (`referer` has one r less, DOC) or country."""

    name: str = Field(validation_alias=AliasChoices("platform", "referer", "name"))
    code: str | None = None
    count: Count


class BreakdownAnswer(Wire):
    """GET /v4/links/{encodeId}/details/platform, referrers and regions."""

    data: Rows[BreakdownRow]


class LabelRow(Wire):
    """How many of a link's visitors bear one label."""

    label: str = Field(validation_alias=inferred.AUDIENCE_LABEL)
    count: Count = Field(validation_alias=inferred.AUDIENCE_COUNT)


class AudienceLabels(Wire):
    """Both groups of labels; empty unless a link has more than 100 unique clicks (DOC)."""

    interest: tuple[LabelRow, ...]
    brand: tuple[LabelRow, ...]


class AudienceAnswer(Wire):
    """GET /v4/links/{encodeId}/details/audienceLabels."""

    data: AudienceLabels


class Status(Wire):
    """Plan and requests."""

    plan_name: str = Field(validation_alias="planName")
    quota: Count | None = None
    usage: Count
    end_time: VendorTime | None = Field(default=None, validation_alias="endTime")
    query_time: VendorTime | None = Field(default=None, validation_alias="queryTime")


class StatusAnswer(Wire):
    """GET /v2/my/api/status."""

    data: Status


class UsageRow(Wire):
    """Links made for one external id; None collects those without."""

    external_id: str | None = Field(validation_alias="externalId")
    count: Count = Field(validation_alias=inferred.USAGE_COUNT)


class UsageAnswer(Wire):
    """GET /v4/my/api/usage."""

    data: Rows[UsageRow]


class DomainRow(Wire):
    """A short domain of the account."""

    name: HostName = Field(validation_alias=inferred.DOMAIN_NAME)
    kind: str | None = Field(default=None, validation_alias=inferred.DOMAIN_KIND)
    https: StrictBool | None = Field(default=None, validation_alias=inferred.DOMAIN_HTTPS)
    is_default: StrictBool | None = Field(default=None, validation_alias="isDefault")


class DomainsAnswer(Wire):
    """GET /v4/my/api/domains."""

    data: Rows[DomainRow]


class TagsAnswer(Wire):
    """GET /v4/my/api/tags."""

    data: Rows[Tag]


class PresetRow(Wire):
    """A saved pixel or tag manager."""

    id: str = Field(validation_alias=inferred.PRESET_ID)
    name: str | None = Field(default=None, validation_alias=inferred.PRESET_NAME)


class TrackingTools(Wire):
    """What the account remembers of earlier links."""

    utm_sources: tuple[str, ...] = Field(validation_alias=inferred.UTM_SOURCES)
    utm_mediums: tuple[str, ...] = Field(validation_alias=inferred.UTM_MEDIUMS)
    pixels: tuple[PresetRow, ...] = Field(validation_alias=inferred.PIXELS)
    tag_managers: tuple[PresetRow, ...] = Field(validation_alias=inferred.TAG_MANAGERS)


class TrackingToolsAnswer(Wire):
    """GET /v4/my/api/trackingTools."""

    data: TrackingTools


class Created(Wire):
    """A new link; not every answer tells its slug (FOUND)."""

    short_url: ShortUrl = Field(validation_alias="picseeUrl")
    slug: Text | None = Field(default=None, validation_alias="encodeId")


class CreatedAnswer(Wire):
    """POST /v1/links."""

    data: Created


class Done(Wire):
    """A change that was made."""

    result: Literal["success"]


class DoneAnswer(Wire):
    """PUT /v2/links/{encodeId} and POST /v2/links/{encodeId}/delete."""

    data: Done


class Reported(Wire):
    """What an abuse report is answered with is not documented, except that it is an object."""


class ReportedAnswer(Wire):
    """Report Short Link Abuse."""

    data: Reported

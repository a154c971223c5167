"""PicSee's JSON as far as it is read. `meta` is not declared: it echoes the query with any token in it (FOUND)."""

from collections.abc import Mapping
from typing import Annotated, Literal, TypeAlias, TypeVar
from urllib.parse import urlsplit

from pydantic import AfterValidator, AliasChoices, BeforeValidator, Field

from linkweave.providers.picsee import inferred
from linkweave.providers.picsee.times import VendorTime
from linkweave.providers.wire import Count, Day, Flag, Limit, Text, TolerantWire, Wire

Row = TypeVar("Row", bound=Wire)


def _with_host(url: str) -> str:
    if not urlsplit(url).hostname:
        raise ValueError("names no host")
    return url


def _as_tag(value: object) -> object:
    """A tag that comes as its bare name."""
    return {"value": value} if isinstance(value, str) else value


ShortUrl: TypeAlias = Annotated[str, AfterValidator(_with_host)]
HostName: TypeAlias = Annotated[str, Field(pattern=r"^[^\s/?#@]+$")]


class RowsAnswer(TolerantWire):
    """An answer whose `data` holds one list. The name of the list is not documented, so the first list is read."""

    @classmethod
    def prepare(cls, data: object) -> object:
        """`data` with the list in place of the object that holds it."""
        inner = data.get("data") if isinstance(data, Mapping) else None
        if isinstance(inner, Mapping):
            return {"data": next((value for value in inner.values() if isinstance(value, list)), None)}
        return {"data": None}


class Tag(Wire):
    """A tag, on a link or in the account's list."""

    value: Text


class ListItem(Wire):
    """A link in the list."""

    domain: HostName
    slug: Text = Field(validation_alias="encodeId")
    destination: Text = Field(validation_alias="url")
    # The document has a number, public clients a string of digits.
    map_id: Count | None = Field(default=None, validation_alias="mapId")
    created_at: VendorTime | None = Field(default=None, validation_alias="createTime")
    title: str | None = None
    tags: tuple[Annotated[Tag, BeforeValidator(_as_tag)], ...] = ()
    total_clicks: Count | None = Field(default=None, validation_alias="totalClicks")
    unique_clicks: Count | None = Field(default=None, validation_alias="uniqueClicks")
    external_id: str | None = Field(default=None, validation_alias=inferred.ITEM_EXTERNAL_ID)
    short_url: ShortUrl | None = Field(default=None, validation_alias=inferred.ITEM_SHORT_URL)


class LinkListAnswer(TolerantWire):
    """POST /v2/links/overview."""

    data: tuple[ListItem, ...]


class Overview(Wire):
    """A link that was read by its slug."""

    destination: Text = Field(validation_alias="url")
    short_url: ShortUrl = Field(validation_alias="picseeUrl")
    created_at: VendorTime | None = Field(default=None, validation_alias="createTime")
    external_id: str | None = Field(default=None, validation_alias="externalId")
    total_clicks: Count | None = Field(default=None, validation_alias="totalClicks")
    unique_clicks: Count | None = Field(default=None, validation_alias="uniqueClicks")


class OverviewAnswer(TolerantWire):
    """GET /v1/links/{encodeId}/overview."""

    data: Overview


class DayRow(Wire):
    """Clicks of one day in Taipei."""

    day: Day = Field(validation_alias="date")
    clicks: Count | None = Field(default=None, validation_alias="totalClicks")
    unique_clicks: Count | None = Field(default=None, validation_alias="uniqueClicks")


class DailyClicksAnswer(RowsAnswer):
    """GET /v4/links/{encodeId}/details/dailyClicks."""

    data: tuple[DayRow, ...]


class BreakdownRow(Wire):
    """Unique clicks of one device, referrer (`referer` has one r less, DOC) or country."""

    name: Text = Field(validation_alias=AliasChoices("platform", "referer", "name"))
    code: str | None = None
    count: Count | None = None


class BreakdownAnswer(RowsAnswer):
    """GET /v4/links/{encodeId}/details/platform, referrers and regions."""

    data: tuple[BreakdownRow, ...]


class LabelRow(Wire):
    """How many of a link's visitors have one label."""

    label: Text = Field(validation_alias=inferred.AUDIENCE_LABEL)
    count: Count | None = Field(default=None, validation_alias=inferred.AUDIENCE_COUNT)


class AudienceLabels(Wire):
    """Both groups of labels; empty unless a link has more than 100 unique clicks (DOC)."""

    interest: tuple[LabelRow, ...]
    brand: tuple[LabelRow, ...]


class AudienceAnswer(TolerantWire):
    """GET /v4/links/{encodeId}/details/audienceLabels."""

    data: AudienceLabels


class Status(Wire):
    """Plan and API requests."""

    user_id: Text | None = Field(default=None, validation_alias="picseeId")
    email: Text | None = None
    plan_name: Text | None = Field(default=None, validation_alias="planName")
    quota: Limit = None
    usage: Count | None = None
    end_time: VendorTime | None = Field(default=None, validation_alias="endTime")
    query_time: VendorTime | None = Field(default=None, validation_alias="queryTime")


class StatusAnswer(TolerantWire):
    """GET /v2/my/api/status."""

    data: Status


class UsageRow(Wire):
    """Links that were made for one external id; None collects those without."""

    external_id: str | None = Field(validation_alias="externalId")
    count: Count = Field(validation_alias=inferred.USAGE_COUNT)


class UsageAnswer(RowsAnswer):
    """GET /v4/my/api/usage."""

    data: tuple[UsageRow, ...]


class DomainRow(Wire):
    """A short domain of the account."""

    name: HostName = Field(validation_alias=inferred.DOMAIN_NAME)
    kind: str | None = Field(default=None, validation_alias=inferred.DOMAIN_KIND)
    https: Flag | None = Field(default=None, validation_alias=inferred.DOMAIN_HTTPS)
    is_default: Flag | None = Field(default=None, validation_alias="isDefault")


class DomainsAnswer(RowsAnswer):
    """GET /v4/my/api/domains."""

    data: tuple[DomainRow, ...]


class TagsAnswer(RowsAnswer):
    """GET /v4/my/api/tags."""

    data: tuple[Tag, ...]


class PresetRow(Wire):
    """A saved pixel or tag manager."""

    id: Text = Field(validation_alias=inferred.PRESET_ID)
    name: str | None = Field(default=None, validation_alias=inferred.PRESET_NAME)


class TrackingTools(Wire):
    """Values of earlier links, and saved pixels and tag managers."""

    utm_sources: tuple[str, ...] = Field(default=(), validation_alias=inferred.UTM_SOURCES)
    utm_mediums: tuple[str, ...] = Field(default=(), validation_alias=inferred.UTM_MEDIUMS)
    pixels: tuple[PresetRow, ...] = Field(default=(), validation_alias=inferred.PIXELS)
    tag_managers: tuple[PresetRow, ...] = Field(default=(), validation_alias=inferred.TAG_MANAGERS)


class TrackingToolsAnswer(TolerantWire):
    """GET /v4/my/api/trackingTools."""

    data: TrackingTools


class Created(Wire):
    """A new link. Not every answer has its slug (FOUND)."""

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
    """The answer to an abuse report is not documented, except that it is an object."""


class ReportedAnswer(Wire):
    """Report Short Link Abuse."""

    data: Reported

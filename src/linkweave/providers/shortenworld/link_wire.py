"""ShortenWorld's JSON of links. Nearly all keys are guesses, by name and by shape."""

from datetime import date
from typing import Annotated, TypeAlias, TypeVar
from urllib.parse import urlsplit

from pydantic import AfterValidator, BeforeValidator, Field, ValidatorFunctionWrapHandler, WrapValidator

from linkweave.models import Platform
from linkweave.providers.short_urls import escaped_blanks
from linkweave.providers.shortenworld import inferred
from linkweave.providers.shortenworld.wire import Moment, Reply, Rows, parse_day_text
from linkweave.providers.wire import Count, Flag, SmallCount, Text, WebUrl, Wire


def _day_or_none(value: object) -> date | None:
    return None if value is None or value == "" else parse_day_text(str(value))


def _with_slug(value: str) -> str:
    if not urlsplit(value).path.strip("/"):
        raise ValueError("has no slug")
    return value


def _or_none(value: object, read: ValidatorFunctionWrapHandler) -> object:
    try:
        return read(value)
    except ValueError:
        return None


T = TypeVar("T")
# A setting of several values. Where one of them cannot be read, the remaining ones would look complete.
Setting: TypeAlias = Annotated[T | None, WrapValidator(_or_none)]
Day: TypeAlias = Annotated[date | None, BeforeValidator(_day_or_none)]
ShortUrl: TypeAlias = Annotated[WebUrl, BeforeValidator(escaped_blanks), AfterValidator(_with_slug)]


class MobileRow(Wire):
    """Destinations on mobiles; an empty text is no destination."""

    ios: str | None = Field(default=None, alias=inferred.MOBILES[Platform.IOS])
    android: str | None = Field(default=None, alias=inferred.MOBILES[Platform.ANDROID])
    windows: str | None = Field(default=None, alias=inferred.MOBILES[Platform.WINDOWS_MOBILE])
    other: str | None = Field(default=None, alias=inferred.MOBILES[Platform.OTHER_MOBILE])


class ExpirationRow(Wire):
    """The end of a link; no clicks and an empty text are no end."""

    day: Day = Field(default=None, alias=inferred.EXPIRY_DAY)
    day_redirect: str | None = Field(default=None, alias=inferred.EXPIRY_DAY_REDIRECT)
    clicks: Count | None = Field(default=None, alias=inferred.EXPIRY_CLICKS)
    click_type: Count | None = Field(default=None, alias=inferred.CLICK_TYPE)
    clicks_redirect: str | None = Field(default=None, alias=inferred.EXPIRY_CLICKS_REDIRECT)


class VariantRow(Wire):
    """One of the variants of a link's destination."""

    destination: Text = Field(alias=inferred.VARIANT_DESTINATION)
    share: Annotated[Count, Field(le=100)] = Field(alias=inferred.VARIANT_SHARE)


class LinkRow(Wire):
    """A link in the list."""

    id: Text = Field(alias=inferred.ID)
    short_url: ShortUrl = Field(alias=inferred.SHORT_URL)
    destination: str = Field(alias=inferred.DESTINATION)
    slug: Text | None = Field(default=None, alias=inferred.SLUG)
    title: str | None = Field(default=None, alias=inferred.TITLE)
    tags: tuple[str, ...] = Field(default=(), alias=inferred.LINK_TAGS)
    hidden: Flag | None = Field(default=None, alias=inferred.HIDDEN)
    team_id: str | None = Field(default=None, alias=inferred.TEAM_ID)
    campaign_id: str | None = Field(default=None, alias=inferred.CAMPAIGN_ID)
    clicks: Count | None = Field(default=None, alias=inferred.CLICKS)
    created_at: Moment | None = Field(default=None, alias=inferred.CREATED)
    mobile: Setting[MobileRow] = Field(default=None, alias=inferred.MOBILE)
    expiration: Setting[ExpirationRow] = Field(default=None, alias=inferred.EXPIRATION)
    testing: Setting[tuple[VariantRow, ...]] = Field(default=None, alias=inferred.TESTING)
    has_password: Flag | None = Field(default=None, alias=inferred.PROTECTED)
    click_type: Count | None = Field(default=None, alias=inferred.CLICK_TYPE)
    unique_time: SmallCount | None = Field(default=None, alias=inferred.UNIQUE_TIME)
    utm_source: str | None = Field(default=None, alias=inferred.UTM["source"])
    utm_medium: str | None = Field(default=None, alias=inferred.UTM["medium"])
    utm_campaign: str | None = Field(default=None, alias=inferred.UTM["campaign"])
    utm_term: str | None = Field(default=None, alias=inferred.UTM["term"])
    utm_content: str | None = Field(default=None, alias=inferred.UTM["content"])


class LinkRows(Rows[LinkRow]):
    """A page of links."""

    rows: tuple[LinkRow, ...] = Field(alias=inferred.LINKS)


class CreatedReply(Reply):
    """The answer to Create link. `linkShort` is FOUND. The id is a guess, without which the link is searched for."""

    short_url: ShortUrl = Field(alias=inferred.SHORT_URL)
    link_id: Text | None = Field(default=None, alias=inferred.LINK_ID)

"""ShortenWorld's links as JSON, checked.

What a list tells of the settings that other calls make is guessed twice, by key and by shape: whatever has another
shape there counts as not told, so that a wrong guess costs a field, not the list.
"""

from datetime import date
from typing import Annotated, TypeVar
from urllib.parse import urlsplit

from pydantic import AfterValidator, BeforeValidator, Field, ValidatorFunctionWrapHandler, WrapValidator

from linkweave.models import Platform
from linkweave.providers.shortenworld import inferred
from linkweave.providers.shortenworld.days import day_from
from linkweave.providers.shortenworld.wire import Count, Id, Moment, Reply, Rows, WebAddress
from linkweave.providers.wire import Wire

T = TypeVar("T")


def _or_untold(value: object, read: ValidatorFunctionWrapHandler) -> object:
    try:
        return read(value)
    except ValueError:
        return None


def _day(value: object) -> date | None:
    return None if value is None or value == "" else day_from(str(value))


def _with_slug(value: str) -> str:
    if not urlsplit(value).path.strip("/"):
        raise ValueError("has no slug")
    return value


Guess = Annotated[T | None, WrapValidator(_or_untold)]
Day = Annotated[date | None, BeforeValidator(_day)]
ShortUrl = Annotated[WebAddress, AfterValidator(_with_slug)]


class MobileRow(Wire):
    """Where a link leads on mobiles; an empty text is no destination."""

    ios: str | None = Field(default=None, alias=inferred.MOBILES[Platform.IOS])
    android: str | None = Field(default=None, alias=inferred.MOBILES[Platform.ANDROID])
    windows: str | None = Field(default=None, alias=inferred.MOBILES[Platform.WINDOWS_MOBILE])
    other: str | None = Field(default=None, alias=inferred.MOBILES[Platform.OTHER_MOBILE])


class ExpirationRow(Wire):
    """When a link ends; no clicks and an empty text are no end."""

    day: Day = Field(default=None, alias=inferred.EXPIRY_DAY)
    day_redirect: str | None = Field(default=None, alias=inferred.EXPIRY_DAY_REDIRECT)
    clicks: Count | None = Field(default=None, alias=inferred.EXPIRY_CLICKS)
    click_type: Count | None = Field(default=None, alias=inferred.CLICK_TYPE)
    clicks_redirect: str | None = Field(default=None, alias=inferred.EXPIRY_CLICKS_REDIRECT)


class VariantRow(Wire):
    """One of the destinations that a link tries."""

    destination: Id = Field(alias=inferred.VARIANT_DESTINATION)
    share: Count = Field(alias=inferred.VARIANT_SHARE)


class LinkRow(Wire):
    """A link as the list has it."""

    id: Id = Field(alias=inferred.ID)
    short_url: WebAddress = Field(alias=inferred.SHORT_URL)
    destination: str = Field(alias=inferred.DESTINATION)
    slug: Id | None = Field(default=None, alias=inferred.SLUG)
    title: str | None = Field(default=None, alias=inferred.TITLE)
    tags: tuple[str, ...] = Field(default=(), alias=inferred.LINK_TAGS)
    hidden: bool | None = Field(default=None, alias=inferred.HIDDEN)
    team_id: str | None = Field(default=None, alias=inferred.TEAM_ID)
    campaign_id: str | None = Field(default=None, alias=inferred.CAMPAIGN_ID)
    clicks: Count | None = Field(default=None, alias=inferred.CLICKS)
    created_at: Moment | None = Field(default=None, alias=inferred.CREATED)
    mobile: Guess[MobileRow] = Field(default=None, alias=inferred.MOBILE)
    expiration: Guess[ExpirationRow] = Field(default=None, alias=inferred.EXPIRATION)
    testing: Guess[tuple[VariantRow, ...]] = Field(default=None, alias=inferred.TESTING)
    has_password: Guess[bool] = Field(default=None, alias=inferred.PROTECTED)
    click_type: Guess[Count] = Field(default=None, alias=inferred.CLICK_TYPE)
    unique_time: Guess[Count] = Field(default=None, alias=inferred.UNIQUE_TIME)
    utm_source: Guess[str] = Field(default=None, alias=inferred.UTM["source"])
    utm_medium: Guess[str] = Field(default=None, alias=inferred.UTM["medium"])
    utm_campaign: Guess[str] = Field(default=None, alias=inferred.UTM["campaign"])
    utm_term: Guess[str] = Field(default=None, alias=inferred.UTM["term"])
    utm_content: Guess[str] = Field(default=None, alias=inferred.UTM["content"])


class LinkRows(Rows[LinkRow]):
    """A page of links."""

    rows: tuple[LinkRow, ...] = Field(alias=inferred.LINKS)


class CreatedReply(Reply):
    """The answer to Create link. FOUND: `linkShort`; the id is a guess, without which the link is searched for."""

    short_url: ShortUrl = Field(alias=inferred.SHORT_URL)
    link_id: Guess[Id] = Field(default=None, alias=inferred.LINK_ID)

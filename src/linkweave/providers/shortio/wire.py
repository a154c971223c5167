"""Short.io's JSON, and what it is in the gateway's models. All shapes are DOC unless marked."""

from datetime import UTC, datetime
from typing import Annotated, Any, Final, Literal, TypeAlias
from urllib.parse import urlsplit

from pydantic import BeforeValidator, ConfigDict, Field

from linkweave.models import (
    DeviceTarget,
    Domain,
    DomainKind,
    Expiry,
    Link,
    Platform,
    Utm,
    Variant,
)
from linkweave.models.host_names import host_key
from linkweave.providers.short_urls import escaped_short_url
from linkweave.providers.shortio.inferred import FREE_SUFFIX, MILLISECONDS
from linkweave.providers.wire import Count, OptionalUrl, Text, TolerantWire, WebUrl, Wire, parse_moment
from linkweave.transport.refusal import NotJson

_PERSONAL: Final = frozenset({"User", "password", "passwordContact"})
_ROWS: Final = "links"


def drop_personal(data: object) -> object:
    """`data` without passwords and without the people who made the links."""
    if isinstance(data, list):
        return [drop_personal(each) for each in data]
    if not isinstance(data, dict):
        return data
    kept = {name: value for name, value in data.items() if name not in _PERSONAL}
    return {**kept, _ROWS: drop_personal(kept[_ROWS])} if _ROWS in kept else kept


def _parse_time(value: object) -> datetime:
    """A moment, as ISO text or as a number of milliseconds."""
    if isinstance(value, bool) or not isinstance(value, int | float):
        return parse_moment(value)
    try:
        return datetime.fromtimestamp(value / MILLISECONDS, UTC)
    except (OverflowError, OSError):
        raise ValueError("is out of range") from None


Time: TypeAlias = Annotated[datetime, BeforeValidator(_parse_time)]


def _alias(name: str) -> str:
    """A field's key: camel case, with URL in capitals."""
    first, *others = name.split("_")
    return first + "".join("URL" if other == "url" else other.capitalize() for other in others)


class ShortioWire(Wire):
    """An object whose keys are in camel case."""

    model_config = ConfigDict(alias_generator=_alias)


class LinkRow(ShortioWire):
    """A link. It has no clicks."""

    id_string: Text
    path: str
    original_url: Text
    short_url: WebUrl
    secure_short_url: OptionalUrl = None
    title: str | None = None
    tags: tuple[str, ...] | None = None
    archived: bool | None = None
    created_at: Time | None = None
    has_password: bool | None = None
    expires_at: Time | None = None
    expired_url: OptionalUrl = None
    clicks_limit: Count | None = None
    iphone_url: OptionalUrl = None
    android_url: OptionalUrl = None
    split_url: OptionalUrl = None
    split_percent: Count | None = None
    utm_source: str | None = None
    utm_medium: str | None = None
    utm_campaign: str | None = None
    utm_term: str | None = None
    utm_content: str | None = None

    def to_link(self, at: datetime) -> Link:
        """The link as Short.io sent it at `at`."""
        short_url = escaped_short_url(self.secure_short_url or self.short_url, self.path)
        return Link(
            handle=self.id_string,
            short_url=short_url,
            slug=self.path,
            destination=self.original_url,
            fetched_at=at,
            domain=host_key(urlsplit(short_url).hostname or ""),
            title=self.title,
            tags=self.tags or (),
            created_at=self.created_at,
            expiry=self._expiry(),
            device_targets=self._targets(),
            variants=self._variants(),
            utm=self._utm(),
            password_protected=self.has_password,
            archived=self.archived,
        )

    def _expiry(self) -> Expiry | None:
        if self.expires_at is None and not self.clicks_limit:
            return None
        day = None if self.expires_at is None else self.expires_at.date()
        return Expiry(day, self.clicks_limit or None, redirect_to=self.expired_url)

    def _targets(self) -> tuple[DeviceTarget, ...] | None:
        urls = ((Platform.IOS, self.iphone_url), (Platform.ANDROID, self.android_url))
        return tuple(DeviceTarget(platform, url) for platform, url in urls if url is not None) or None

    def _variants(self) -> tuple[Variant, ...] | None:
        if self.split_url is None or self.split_percent is None:
            return None
        return (Variant(self.split_url, self.split_percent),)

    def _utm(self) -> Utm | None:
        utm = Utm(self.utm_source, self.utm_medium, self.utm_campaign, self.utm_term, self.utm_content)
        return None if utm == Utm() else utm


class LinkAnswer(LinkRow, TolerantWire):
    """GET /links/{id} and /links/expand, and POST /links/{id}."""


class CreatedAnswer(LinkAnswer):
    """POST /links, and an item of POST /links/bulk. A duplicate is an existing link."""

    duplicate: bool = False


class LinksAnswer(TolerantWire):
    """GET /api/links."""

    links: tuple[LinkRow, ...]
    next_page_token: str | None = Field(default=None, alias="nextPageToken")


class BulkAnswer(TolerantWire):
    """POST /links/bulk: a plain array, or one below `links` (FOUND)."""

    links: tuple[dict[str, Any], ...]

    @classmethod
    def prepare(cls, data: object) -> object:
        """The array, under a name."""
        return {_ROWS: data} if isinstance(data, list) else data


class DoneAnswer(TolerantWire):
    """DELETE /links/{id} and /links/delete_bulk, POST /links/archive_bulk and /links/unarchive_bulk."""

    success: Literal[True]


class AnyAnswer(TolerantWire):
    """POST /tags/bulk, whose answer is not documented: any JSON."""

    is_json: Literal[True]

    @classmethod
    def prepare(cls, data: object) -> object:
        """Whether it is JSON, or nothing."""
        return {"is_json": not isinstance(data, NotJson)}


class DomainRow(ShortioWire):
    """A domain."""

    id: Count
    hostname: Text
    state: str | None = None
    https_links: bool | None = None
    link_type: str | None = None
    webhook_url: str | None = Field(default=None, alias="webhookURL")

    @property
    def name(self) -> str:
        """The host name as the gateway compares it."""
        return host_key(self.hostname)

    def to_domain(self, *, is_default: bool) -> Domain:
        """The domain as the gateway has it."""
        return Domain(
            self.name,
            DomainKind.SUBDOMAIN if self.name.endswith(FREE_SUFFIX) else DomainKind.BRANDED,
            is_default,
            https=self.https_links,
            active=None if self.state is None else self.state == "configured",
            slug_generation=self.link_type,
        )


class DomainAnswer(TolerantWire):
    """GET /domains/{id}."""

    user_plan: str | None = Field(default=None, alias="userPlan")


class DomainsAnswer(TolerantWire):
    """GET /api/domains, which is a plain array."""

    rows: tuple[DomainRow, ...]

    @classmethod
    def prepare(cls, data: object) -> object:
        """The array, under a name."""
        return {"rows": data}

    @property
    def row_count(self) -> int:
        """How many rows Short.io sent, readable or not."""
        return len(self.rows) + self.left_out.row_count

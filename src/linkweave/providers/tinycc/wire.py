"""The vendor's JSON. All shapes are DOC unless marked; `error` is read by refusals.py before these see an answer."""

import re
from collections.abc import Mapping
from datetime import UTC, date, datetime
from typing import Annotated, Any, Final, Literal

from pydantic import BeforeValidator, Field, StringConstraints, model_validator

from linkweave.providers.wire import Wire

_HTTP_URL: Final = re.compile(r"https?://[^\s/?#]\S*", re.IGNORECASE)


def _no_flag(value: object) -> object:
    if isinstance(value, bool):
        raise ValueError("a number was expected")  # noqa: TRY004 - pydantic reports ValueError only
    return value


def _moment(value: object) -> datetime:
    parsed = datetime.fromisoformat(value if isinstance(value, str) else "")
    if parsed.tzinfo is None:
        return parsed.replace(tzinfo=UTC)
    try:
        return parsed.astimezone(UTC)
    except OverflowError:
        raise ValueError("out of range") from None


def _day(value: object) -> date:
    return date.fromisoformat(value if isinstance(value, str) else "")


Count = Annotated[int, BeforeValidator(_no_flag), Field(ge=0)]
Moment = Annotated[datetime, BeforeValidator(_moment)]
Day = Annotated[date, BeforeValidator(_day)]
ShortUrl = Annotated[str, StringConstraints(pattern=r"^(?:https?://)?[^\s/?#@]+/")]


def url_or_none(value: str | None) -> str | None:
    """`value` if it is an absolute http(s) URL: the vendor also gives "" and paths where it means none."""
    return value if value is not None and _HTTP_URL.fullmatch(value) else None


class PictureLinks(Wire):
    """The QR codes of a link."""

    qr_small: str | None = None
    qr_big: str | None = None


class ShortLink(Wire):
    """One entry of `urls`. Answers to writes may lack `last_visit`, `protected` and `archived`."""

    slug: str = Field(alias="hash", min_length=1)
    long_url: str
    short_url: ShortUrl
    short_url_with_protocol: str | None = None
    total_clicks: Count
    unique_clicks: Count
    last_visit: Moment | None = None
    email_stats: bool | None = None
    protected: bool | None = None
    archived: bool | None = None
    note: str | None = None
    expiration_date: Day | None = None
    max_clicks: Count | None = None
    tags: tuple[str, ...]
    links: PictureLinks | None = None

    @property
    def domain(self) -> str:
        """The host of the short URL."""
        return self.short_url.rpartition("://")[2].partition("/")[0]


class Paging(Wire):
    """Where a list stands."""

    total_count: Count


class UrlsAnswer(Wire):
    """GET /urls."""

    urls: tuple[ShortLink, ...]
    page: Paging | None = None


class WrittenUrls(Wire):
    """POST and PATCH /urls. Each entry is a ShortLink, or the input again with an error of its own."""

    urls: tuple[Mapping[str, Any], ...]


class WrittenWebhooks(Wire):
    """POST and PATCH /webhooks. INFERRED to be as with links."""

    webhooks: tuple[Mapping[str, Any], ...]


class Done(Wire):
    """An answer that says no more than that it is done."""

    error: Mapping[str, Any]


class DayCounts(Wire):
    """Clicks of one day. FOUND[T6]."""

    total: Count
    unique: Count


class LinkCounts(Wire):
    """One entry of `stats`. `daily_clicks` is told by some instances only. FOUND[T6]."""

    slug: str = Field(alias="hash")
    total_clicks: Count
    unique_clicks: Count
    daily_clicks: Mapping[Day, DayCounts] | None = None


class StatsAnswer(Wire):
    """GET /stats/{hash}."""

    stats: tuple[LinkCounts, ...]


class TagEntry(Wire):
    """One entry of `tags`."""

    label: str


class TagsAnswer(Wire):
    """GET /tags."""

    tags: tuple[TagEntry, ...]


class DomainEntry(Wire):
    """One entry of `domains`. Pages that are not set are empty strings."""

    domain: str = Field(min_length=1)
    status: str
    custom_root_page: str | None = None
    custom_404_page: str | None = None
    redirect_code: Count | None = None
    use_https: bool | None = None


class DomainsAnswer(Wire):
    """GET /domains."""

    domains: tuple[DomainEntry, ...]


class WebhookEntry(Wire):
    """One entry of `webhooks`. Of the target's fields only those of its `type` are set."""

    id: str
    event: str
    type: Literal["url", "domain", "tag"]
    url_hash: str | None = None
    url_domain: str | None = None
    domain: str | None = None
    tag: str | None = None
    url: str
    method: str
    headers: tuple[str, ...]
    encoding: str
    ignore_errors: bool

    @model_validator(mode="after")
    def _has_target(self) -> "WebhookEntry":
        targets = {"url": self.url_hash and self.url_domain, "domain": self.domain, "tag": self.tag}
        if not targets[self.type]:
            raise ValueError("the target is missing")
        return self


class WebhooksAnswer(Wire):
    """GET /webhooks."""

    webhooks: tuple[WebhookEntry, ...]
    page: Paging | None = None


class Counter(Wire):
    """A counter of the account."""

    count: Count
    limit: int | None = None


class AccountEntry(Wire):
    """The account. Which counters there are depends on the server."""

    account_expiration_date: Moment | None = None
    subscription_plan: str | None = None
    counters: Mapping[str, Counter] = Field(default_factory=dict)


class AccountAnswer(Wire):
    """GET /account."""

    account: AccountEntry

"""Dub's JSON, and what it is in the gateway's models. Answers are plain objects and plain arrays (DOC)."""

from datetime import datetime
from typing import Any, Final

from pydantic import ConfigDict, Field

from linkweave.models import (
    AccountUsage,
    DeviceTarget,
    Domain,
    DomainKind,
    Expiry,
    Link,
    Measure,
    Plan,
    Platform,
    Quota,
    StatsReport,
    Utm,
    Variant,
)
from linkweave.providers.dub.billing_cycle import next_cycle_end
from linkweave.providers.wire import Count, Moment, OptionalUrl, Text, TolerantWire, WebUrl, Wire

MEASURES: Final = frozenset({Measure.CLICKS})
ROOT_KEY: Final = "_root"
"""The key of the link at a domain's root (DOC)."""


def drop_passwords(data: object) -> object:
    """`data` with yes or no in place of every password, which Dub tells in clear (DOC)."""
    if isinstance(data, list):
        return [_without_password(each) for each in data]
    return _without_password(data)


def _without_password(row: object) -> object:
    """A row; an entry of a batch that failed has the link inside."""
    if not isinstance(row, dict):
        return row
    link = row.get("link")
    inner = {"link": _hidden(link)} if isinstance(link, dict) else {}
    return {**_hidden(row), **inner}


def _hidden(link: dict[str, Any]) -> dict[str, Any]:
    return {**link, "password": link["password"] is not None} if "password" in link else link


def _alias(name: str) -> str:
    """A field's key: camel case, but for the campaign values (DOC)."""
    first, *others = name.split("_")
    return name if first == "utm" else first + "".join(other.capitalize() for other in others)


class TagRow(Wire):
    """A tag."""

    id: Text
    name: Text


class TagAnswer(TagRow, TolerantWire):
    """POST /tags and PATCH /tags/{id}."""


class VariantRow(Wire):
    """One of several destinations."""

    url: WebUrl
    percentage: Count


class LinkRow(Wire):
    """A link. Times are in UTC."""

    id: Text
    domain: Text
    key: Text
    short_link: WebUrl
    url: Text
    created_at: Moment | None = None
    title: str | None = None
    comments: str | None = None
    external_id: str | None = None
    archived: bool | None = None
    expires_at: Moment | None = None
    expired_url: OptionalUrl = None
    password: bool | None = None
    ios: OptionalUrl = None
    android: OptionalUrl = None
    tags: tuple[TagRow, ...] = ()
    test_variants: tuple[VariantRow, ...] | None = None
    utm_source: str | None = None
    utm_medium: str | None = None
    utm_campaign: str | None = None
    utm_term: str | None = None
    utm_content: str | None = None
    clicks: Count | None = None
    last_clicked: Moment | None = None

    model_config = ConfigDict(alias_generator=_alias)

    def to_link(self, at: datetime) -> Link:
        """The link as Dub sent it at `at`."""
        return Link(
            handle=self.id,
            short_url=self.short_link,
            slug="" if self.key == ROOT_KEY else self.key,
            destination=self.url,
            fetched_at=at,
            domain=self.domain.lower(),
            title=self.title,
            note=self.comments,
            tags=tuple(tag.name for tag in self.tags),
            created_at=self.created_at,
            last_click_at=self.last_clicked,
            external_id=self.external_id,
            expiry=self._expiry(),
            device_targets=self._targets(),
            variants=self._variants(),
            utm=self._utm(),
            password_protected=self.password,
            archived=self.archived,
            included=None if self.clicks is None else StatsReport(MEASURES, at, clicks=self.clicks),
        )

    def _expiry(self) -> Expiry | None:
        """Dub looks at `expiredUrl` only where `expiresAt` is set (DOC)."""
        return None if self.expires_at is None else Expiry(self.expires_at.date(), redirect_to=self.expired_url)

    def _targets(self) -> tuple[DeviceTarget, ...] | None:
        urls = ((Platform.IOS, self.ios), (Platform.ANDROID, self.android))
        return tuple(DeviceTarget(platform, url) for platform, url in urls if url is not None) or None

    def _variants(self) -> tuple[Variant, ...] | None:
        return tuple(Variant(each.url, each.percentage) for each in self.test_variants or ()) or None

    def _utm(self) -> Utm | None:
        utm = Utm(self.utm_source, self.utm_medium, self.utm_campaign, self.utm_term, self.utm_content)
        return None if utm == Utm() else utm


class LinkAnswer(LinkRow, TolerantWire):
    """GET /links/info, POST /links and PATCH /links/{id}."""


class ListWire(TolerantWire):
    """An answer that is a plain array."""

    rows: tuple[object, ...]

    @property
    def row_count(self) -> int:
        """How many rows Dub sent, readable or not."""
        return len(self.rows) + self.left_out.row_count

    @classmethod
    def prepare(cls, data: object) -> object:
        """The array, under a name."""
        return {"rows": data}


class LinksAnswer(ListWire):
    """GET /links."""

    rows: tuple[LinkRow, ...]


class TagsAnswer(ListWire):
    """GET /tags."""

    rows: tuple[TagRow, ...]


class BulkAnswer(ListWire):
    """POST and PATCH /links/bulk: links, and entries with `error`, in any order (FOUND)."""

    rows: tuple[dict[str, Any], ...]


class DeletedAnswer(TolerantWire):
    """DELETE of one thing."""

    id: Text


class BulkDeletedAnswer(TolerantWire):
    """DELETE /links/bulk."""

    deleted: Count = Field(alias="deletedCount")


class FolderRow(Wire):
    """A folder."""

    id: Text


class FoldersAnswer(ListWire):
    """GET /folders."""

    rows: tuple[FolderRow, ...]


class DomainRow(Wire):
    """A domain of the workspace."""

    slug: Text
    verified: bool | None = None
    primary: bool | None = None
    archived: bool | None = None
    not_found: OptionalUrl = Field(default=None, alias="notFoundUrl")

    def to_domain(self) -> Domain:
        """The domain as the gateway has it."""
        return Domain(
            self.slug.lower(),
            DomainKind.BRANDED,
            is_default=self.primary,
            active=None if self.verified is None else self.verified and not self.archived,
            not_found_redirect=self.not_found,
        )


class DomainsAnswer(ListWire):
    """GET /domains."""

    rows: tuple[DomainRow, ...]


class WorkspaceAnswer(TolerantWire):
    """GET /workspaces/{id}. FOUND; no document has it."""

    plan: Text
    usage: Count | None = None
    usage_limit: Count | None = None
    links_usage: Count | None = None
    links_limit: Count | None = None
    folders_usage: Count | None = None
    folders_limit: Count | None = None
    ai_usage: Count | None = None
    ai_limit: Count | None = None
    total_links: Count | None = None
    billing_cycle_ends_at: Moment | None = None

    model_config = ConfigDict(alias_generator=_alias)

    def to_usage(self, at: datetime) -> AccountUsage:
        """Plan and counters at the time of the answer."""
        told = self.billing_cycle_ends_at
        end = None if told is None else next_cycle_end(told, at)
        counters = (
            ("linksThisMonth", self.links_usage, self.links_limit, end, "linksUsage"),
            ("clicksThisMonth", self.usage, self.usage_limit, end, "usage"),
            ("folders", self.folders_usage, self.folders_limit, None, "foldersUsage"),
            ("aiThisMonth", self.ai_usage, self.ai_limit, end, "aiUsage"),
            ("links", self.total_links, None, None, "totalLinks"),
        )
        quotas = tuple(
            Quota(name, used, limit, resets, own) for name, used, limit, resets, own in counters if used is not None
        )
        return AccountUsage(Plan(self.plan), quotas)


class CountAnswer(TolerantWire):
    """GET /analytics with groupBy=count."""

    clicks: Count


class BucketsAnswer(ListWire):
    """GET /analytics by a dimension or by time: each row has `clicks` and what it is about."""

    rows: tuple[dict[str, Any], ...]

"""Links, filters of links, and pages of lists."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Generic, TypeVar

from linkweave.models.left_out import NOTHING_LEFT_OUT, LeftOut
from linkweave.models.statistics import StatsReport
from linkweave.models.vocabulary import LinkOrigin, Platform

Item = TypeVar("Item")


@dataclass(frozen=True, slots=True)
class Expiry:
    """When a link expires, and where it redirects afterwards."""

    at: date | None = None
    after_clicks: int | None = None
    count_unique_only: bool | None = None
    redirect_to: str | None = None
    redirect_to_after_clicks: str | None = None


@dataclass(frozen=True, slots=True)
class DeviceTarget:
    """The destination of a link on one platform."""

    platform: Platform
    destination: str


@dataclass(frozen=True, slots=True)
class Variant:
    """One of several destinations of a link, and its share of the clicks in percent."""

    destination: str
    percentage: int


@dataclass(frozen=True, slots=True)
class Utm:
    """The campaign parameters that the provider appends to the destination."""

    source: str | None = None
    medium: str | None = None
    campaign: str | None = None
    term: str | None = None
    content: str | None = None


@dataclass(frozen=True, slots=True)
class Link:
    """A short link of one account.

    `handle` is the vendor's own identifier. It is unique in the account, and the vendor needs nothing else to find the
    link. `included` are statistics that came with the link, without a call of their own.
    """

    handle: str
    short_url: str
    slug: str
    destination: str
    fetched_at: datetime
    domain: str | None = None
    title: str | None = None
    note: str | None = None
    tags: tuple[str, ...] = ()
    created_at: datetime | None = None
    last_click_at: datetime | None = None
    external_id: str | None = None
    expiry: Expiry | None = None
    device_targets: tuple[DeviceTarget, ...] | None = None
    variants: tuple[Variant, ...] | None = None
    utm: Utm | None = None
    password_protected: bool | None = None
    archived: bool | None = None
    starred: bool | None = None
    protected: bool | None = None
    email_reports: bool | None = None
    unique_window_minutes: int | None = None
    team_id: str | None = None
    campaign_id: str | None = None
    qr_small: str | None = None
    qr_large: str | None = None
    included: StatsReport | None = None


@dataclass(frozen=True, slots=True)
class LinkFilter:
    """A filter of one account's links.

    None does not restrict, and neither do empty tags. Empty domains, teams or campaigns match no link.
    `destination` is compared as in catalog/addresses.py.
    `author_id`, `team_ids` and `campaign_ids` are the vendor's own ids. Tags are compared without case.
    """

    search: str | None = None
    destination: str | None = None
    tags_any: tuple[str, ...] = ()
    tags_all: tuple[str, ...] = ()
    tags_none: tuple[str, ...] = ()
    domains: tuple[str, ...] | None = None
    created_after: datetime | None = None
    created_before: datetime | None = None
    external_id: str | None = None
    author_id: str | None = None
    team_ids: tuple[str, ...] | None = None
    campaign_ids: tuple[str, ...] | None = None
    archived: bool | None = None
    starred: bool | None = None
    origin: LinkOrigin = LinkOrigin.ANY


@dataclass(frozen=True, slots=True)
class Page(Generic[Item]):
    """One page of a vendor's list. `next` is the token of the page after it; None at the end.

    Attributes:
        items: each may be made when it is first read, as most requests read a part of a page.
        stale_because: why there is no newer page, where there should be.
        left_out: what could not be read of the page.
        back: the token of an earlier page; read it where this page does not follow the page before, because rows were
            deleted. None where nothing can have been skipped.
        is_unverified: whether it cannot be known if rows were skipped between the page before and this one.
    """

    items: Sequence[Item]
    fetched_at: datetime
    next: str | None = None
    stale_because: Exception | None = None
    left_out: LeftOut = NOTHING_LEFT_OUT
    back: str | None = None
    is_unverified: bool = False

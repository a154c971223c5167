"""The JSON of links and their clicks, and what it is in the gateway's models. All shapes are DOC unless marked.

refusals.py reads `error` before these see an answer.
"""

from collections.abc import Mapping
from datetime import datetime
from typing import Annotated, Any, Final

from pydantic import BeforeValidator, Field, StringConstraints

from linkweave.models import Expiry, Link, Measure, StatsReport
from linkweave.models.changes import ALL_LINK_FIELDS
from linkweave.providers.short_urls import escaped_short_url
from linkweave.providers.tinycc.handles import LinkName, ascii_domain
from linkweave.providers.tinycc.inferred import SHORT_URL_SCHEME
from linkweave.providers.wire import Count, Day, Moment, OptionalUrl, Text, TolerantWire, Wire, web_url_or_none

MEASURES: Final = frozenset({Measure.CLICKS, Measure.UNIQUE_CLICKS})

# The keys that answers to writes may lack, and the field of a link that is unknown without each.
_OPTIONAL_KEYS: Final = (
    ("last_visit", "last_click_at"),
    ("email_stats", "email_reports"),
    ("protected", "protected"),
    ("archived", "archived"),
    ("note", "note"),
    ("expiration_date", "expiry"),
    ("max_clicks", "expiry"),
    ("links", "qr_small"),
    ("links", "qr_large"),
)


ShortUrl = Annotated[str, StringConstraints(pattern=r"^(?:https?://)?[^\s/?#@]+/", max_length=2_000)]


class QrCodes(Wire):
    """The QR codes of a link. Paths and "" mean none."""

    qr_small: OptionalUrl = None
    qr_big: OptionalUrl = None


class ShortLink(Wire):
    """One entry of `urls`. Answers to writes may lack `last_visit`, `protected` and `archived`."""

    slug: Text = Field(alias="hash")
    long_url: Text
    short_url: ShortUrl
    short_url_with_protocol: OptionalUrl = None
    total_clicks: Count | None = None
    unique_clicks: Count | None = None
    last_visit: Moment | None = None
    email_stats: bool | None = None
    protected: bool | None = None
    archived: bool | None = None
    note: str | None = None
    expiration_date: Day | None = None
    max_clicks: Count | None = None
    tags: tuple[str, ...] = ()
    links: QrCodes | None = None

    def to_link(self, at: datetime) -> Link:
        """The link as the vendor sent it at `at`. The vendor has no creation times."""
        host = self.short_url.removesuffix(self.slug).rpartition("://")[2].partition("/")[0]
        name = LinkName(ascii_domain(host), self.slug)
        return Link(
            handle=str(name),
            short_url=self._url(),
            slug=self.slug,
            destination=self.long_url,
            fetched_at=at,
            domain=name.domain,
            note=self.note,
            tags=self.tags,
            last_click_at=self.last_visit,
            expiry=self._expiry(),
            archived=self.archived,
            protected=self.protected,
            email_reports=self.email_stats,
            qr_small=self.links.qr_small if self.links else None,
            qr_large=self.links.qr_big if self.links else None,
            included=totals(self.total_clicks, self.unique_clicks, at),
        )

    @property
    def known_fields(self) -> frozenset[str]:
        """The fields of the link that this answer settles.

        A field that the vendor never sends counts as settled: a second read would not bring it either.
        """
        return ALL_LINK_FIELDS - {field for key, field in _OPTIONAL_KEYS if key not in self.model_fields_set}

    def _url(self) -> str:
        """The short URL, which comes without a scheme in lists, and with the hash as it is."""
        url = escaped_short_url(self.short_url_with_protocol or self.short_url, self.slug)
        return web_url_or_none(url) or f"{SHORT_URL_SCHEME}://{url}"

    def _expiry(self) -> Expiry | None:
        """The end of the link; `max_clicks` 0 is no limit (DOC sample)."""
        if self.expiration_date is None and not self.max_clicks:
            return None
        return Expiry(at=self.expiration_date, after_clicks=self.max_clicks or None)


def totals(clicks: int | None, unique_clicks: int | None, at: datetime) -> StatsReport:
    """The totals of a link. They are always about its whole life."""
    return StatsReport(measures=MEASURES, fetched_at=at, clicks=clicks, unique_clicks=unique_clicks)


class Paging(Wire):
    """The position in a list."""

    total_count: Count | None = None


class PagedAnswer(TolerantWire):
    """A page of a list."""

    page: Paging | None = None

    @property
    def total(self) -> int | None:
        """The length of the whole list, where the vendor says it."""
        return self.page.total_count if self.page else None


class UrlsAnswer(PagedAnswer):
    """GET /urls."""

    urls: tuple[ShortLink, ...]


class WrittenUrls(Wire):
    """POST and PATCH /urls. Each entry is a WrittenUrl, or the input again with an error of its own."""

    urls: tuple[Mapping[str, Any], ...]


class WrittenUrl(ShortLink, TolerantWire):
    """One entry of WrittenUrls that is no error."""


class Done(Wire):
    """An answer that says nothing but success."""

    error: Mapping[str, Any]


def _as_map(days: object) -> object:
    return {} if days == [] else days


class DayCounts(Wire):
    """Clicks of one day. FOUND[T6]."""

    total: Count
    unique: Count


class LinkCounts(Wire):
    """One entry of `stats`. Only some instances send `daily_clicks`. FOUND[T6]."""

    slug: str = Field(alias="hash")
    total_clicks: Count | None = None
    unique_clicks: Count | None = None
    # An empty map of PHP is [].
    daily_clicks: Annotated[Mapping[Day, DayCounts] | None, BeforeValidator(_as_map)] = None


class StatsAnswer(TolerantWire):
    """GET /stats/{hash}."""

    stats: tuple[LinkCounts, ...]

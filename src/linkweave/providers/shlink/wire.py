"""The JSON of a Shlink server, and what it is in the gateway's models. All shapes are DOC.

Times have an offset, that of the server's zone.
"""

from datetime import datetime
from typing import Final
from urllib.parse import urlsplit

from pydantic import Field

from linkweave.models import Domain, Expiry, Link, Measure, StatsReport
from linkweave.providers.shlink.handles import LinkName
from linkweave.providers.wire import Count, Moment, Text, TolerantWire, WebUrl, Wire

MEASURES: Final = frozenset({Measure.CLICKS, Measure.BOT_CLICKS})


class VisitsSummary(Wire):
    """The visits of a whole life, those of bots apart."""

    people: Count | None = Field(default=None, alias="nonBots")
    bots: Count | None = None


class Meta(Wire):
    """The limits of a short URL."""

    valid_until: Moment | None = Field(default=None, alias="validUntil")
    max_visits: Count | None = Field(default=None, alias="maxVisits")


class Pagination(Wire):
    """What is told of a whole list."""

    total: Count = Field(alias="totalItems")
    pages: Count | None = Field(default=None, alias="pagesCount")


class ShortUrlRow(Wire):
    """A short URL. `domain` is null on the default one; without it the short URL cannot be named."""

    code: Text = Field(alias="shortCode")
    short_url: WebUrl = Field(alias="shortUrl")
    long_url: Text = Field(alias="longUrl")
    domain: str | None
    created_at: Moment | None = Field(default=None, alias="dateCreated")
    title: str | None = None
    tags: tuple[str, ...] = ()
    meta: Meta = Field(default_factory=Meta)
    visits: VisitsSummary = Field(default_factory=VisitsSummary, alias="visitsSummary")

    def to_link(self, at: datetime) -> Link:
        """The link as the server sent it at `at`."""
        until, limit = self.meta.valid_until, self.meta.max_visits
        limited = until is not None or limit is not None
        return Link(
            handle=str(LinkName(self.code, self.domain)),
            short_url=self.short_url,
            slug=self.code,
            destination=self.long_url,
            fetched_at=at,
            domain=urlsplit(self.short_url).netloc.lower(),
            title=self.title,
            tags=self.tags,
            created_at=self.created_at,
            expiry=Expiry(None if until is None else until.date(), limit) if limited else None,
            included=self._included(at),
        )

    def _included(self, at: datetime) -> StatsReport | None:
        people = self.visits.people
        return None if people is None else StatsReport(MEASURES, at, clicks=people, bot_clicks=self.visits.bots)


class ShortUrlAnswer(ShortUrlRow, TolerantWire):
    """One short URL: read, created or changed."""


class ShortUrlPage(Wire):
    """A page of short URLs."""

    data: tuple[ShortUrlRow, ...]
    pagination: Pagination | None = None


class ListAnswer(TolerantWire):
    """GET /short-urls."""

    page: ShortUrlPage = Field(alias="shortUrls")


class Location(Wire):
    """The place of a visitor."""

    code: str = Field(default="", alias="countryCode")
    name: str = Field(default="", alias="countryName")


class VisitRow(Wire):
    """A visit. `referer` may be null, and `visitLocation` is until it was looked up."""

    date: Moment
    referer: str | None = None
    user_agent: str = Field(default="", alias="userAgent")
    location: Location | None = Field(default=None, alias="visitLocation")
    is_bot: bool = Field(default=False, alias="potentialBot")


class VisitPage(Wire):
    """A page of visits."""

    data: tuple[VisitRow, ...]
    pagination: Pagination


class VisitsAnswer(TolerantWire):
    """GET /short-urls/{shortCode}/visits."""

    page: VisitPage = Field(alias="visits")


class TagPage(Wire):
    """A page of tags."""

    data: tuple[Text, ...]
    pagination: Pagination | None = None


class TagsAnswer(TolerantWire):
    """GET /tags."""

    page: TagPage = Field(alias="tags")


class DomainRow(Wire):
    """A domain of the server."""

    domain: Text
    is_default: bool = Field(alias="isDefault")

    def to_domain(self) -> Domain:
        """The domain as the gateway has it."""
        return Domain(self.domain.lower(), is_default=self.is_default)


class DomainPage(Wire):
    """All domains."""

    data: tuple[DomainRow, ...]


class DomainsAnswer(TolerantWire):
    """GET /domains."""

    page: DomainPage = Field(alias="domains")

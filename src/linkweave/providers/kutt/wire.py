"""The JSON of a Kutt site, and what it is in the gateway's models. All shapes are FOUND in recorded answers."""

from datetime import datetime
from typing import Final
from urllib.parse import urlsplit

from pydantic import Field

from linkweave.models import Domain, DomainKind, Expiry, Link, Measure, StatsReport
from linkweave.providers.wire import Count, Moment, OptionalUrl, Text, TolerantWire, WebUrl, Wire

MEASURES: Final = frozenset({Measure.CLICKS})


def drop_secrets(data: object) -> object:
    """`data` without the user's key and address, which GET /users has in clear."""
    if not isinstance(data, dict):
        return data
    return {name: value for name, value in data.items() if name not in {"apikey", "email"}}


class LinkRow(Wire):
    """A link. `expire_in` is a moment, of SQLite without a zone. `domain` is null or absent on the default domain."""

    id: Text
    address: Text
    target: Text
    link: WebUrl
    created_at: Moment | None = None
    description: str | None = None
    password: bool | None = None
    visit_count: Count | None = None
    expire_in: Moment | None = None

    def to_link(self, at: datetime) -> Link:
        """The link as the site sent it at `at`."""
        clicks = self.visit_count
        return Link(
            handle=self.id,
            short_url=self.link,
            slug=self.address,
            destination=self.target,
            fetched_at=at,
            domain=urlsplit(self.link).netloc.lower(),
            note=self.description,
            created_at=self.created_at,
            expiry=None if self.expire_in is None else Expiry(at=self.expire_in.date()),
            password_protected=self.password,
            included=None if clicks is None else StatsReport(MEASURES, at, clicks=clicks),
        )


class LinkAnswer(LinkRow, TolerantWire):
    """POST /links and PATCH /links/{id}."""


class ListAnswer(TolerantWire):
    """GET /links."""

    data: tuple[LinkRow, ...]
    total: Count | None = None


class DeletedAnswer(TolerantWire):
    """DELETE /links/{id}."""

    message: Text


class DomainRow(Wire):
    """A domain that the user added."""

    address: Text
    homepage: OptionalUrl = None
    banned: bool | None = None

    def to_domain(self) -> Domain:
        """The domain as the gateway has it."""
        return Domain(
            self.address.lower(),
            DomainKind.BRANDED,
            is_default=False,
            active=None if self.banned is None else not self.banned,
            root_redirect=self.homepage,
        )


class UserAnswer(TolerantWire):
    """GET /users."""

    domains: tuple[DomainRow, ...]


class NamedCount(Wire):
    """A row of a breakdown."""

    name: Text
    value: Count


class SpanBreakdowns(Wire):
    """The breakdowns of a span: each has all visits."""

    browser: tuple[NamedCount, ...] | None = None
    os: tuple[NamedCount, ...] | None = None
    country: tuple[NamedCount, ...] | None = None
    referrer: tuple[NamedCount, ...] | None = None


class Span(Wire):
    """The visits of the last day or year, until now. `views` ends with the hour or month that runs now."""

    total: Count
    views: tuple[Count, ...] = ()
    stats: SpanBreakdowns = Field(default_factory=SpanBreakdowns)


class StatsAnswer(LinkAnswer):
    """GET /links/{id}/stats: the link, and its visits in spans that are counted back from `updated`."""

    last_day: Span | None = Field(default=None, alias="lastDay")
    last_year: Span | None = Field(default=None, alias="lastYear")
    updated: Moment | None = Field(default=None, alias="updatedAt")

    def is_whole(self, span: str, part: str) -> bool:
        """Whether nothing of a part of a span was left out, because a sum of the rest would be too small."""
        lost = (*self.left_out.rows, *self.left_out.fields)
        return not any(name == span or name.startswith(f"{span}.{part}") for name in lost)

"""The JSON of a YOURLS site, and what it is in the gateway's models. All shapes are FOUND in recorded answers."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any, Final
from urllib.parse import urlsplit

from pydantic import Field

from linkweave.models import Link, Measure, StatsReport
from linkweave.providers.wire import Count, Moment, Text, TolerantWire, WebUrl, Wire
from linkweave.providers.yourls.inferred import shown_title

MEASURES: Final = frozenset({Measure.CLICKS})


def drop_addresses(data: object) -> object:
    """`data` without the IP addresses of the people who made the links."""
    return _without_ip(data, 2)


def _without_ip(data: object, levels: int) -> object:
    if not isinstance(data, dict):
        return data
    kept = {key: value for key, value in data.items() if key != "ip"}
    return {key: _without_ip(value, levels - 1) for key, value in kept.items()} if levels else kept


class LinkEntry(Wire):
    """A link of `stats` and `url-stats`. Times are in UTC without a zone."""

    short_url: WebUrl = Field(alias="shorturl")
    destination: Text = Field(alias="url")
    title: str | None = None
    timestamp: Moment | None = None
    clicks: Count | None = None

    def to_link(self, at: datetime) -> Link:
        """The link as the site sent it at `at`."""
        return link_of(self.short_url, self.destination, self.title, self.timestamp, self.clicks, at)


class VersionAnswer(TolerantWire):
    """`version`."""

    version: Text


class LinkAnswer(TolerantWire):
    """`url-stats`."""

    link: LinkEntry


class ListAnswer(TolerantWire):
    """`stats`. Without a link in it, there is no `links`."""

    links: tuple[LinkEntry, ...]
    stats: Mapping[str, object]

    @classmethod
    def prepare(cls, data: object) -> object:
        """`link_1`, `link_2` and so on as a list, in the order of their numbers."""
        if not isinstance(data, dict):
            return data
        links = data.get("links", [])
        if isinstance(links, dict):
            links = [links[name] for name in sorted(links, key=_place)]
        return {**data, "links": links}


class MadeRow(Wire):
    """The row of the site's database in an answer of `shorturl`. An existing one has its clicks."""

    keyword: Text
    destination: Text = Field(alias="url")
    title: str | None = None
    date: Moment | None = None
    clicks: Count | None = None


class CreatedAnswer(TolerantWire):
    """`shorturl`, for a new link and for one that exists."""

    short_url: WebUrl = Field(alias="shorturl")
    row: MadeRow = Field(alias="url")
    code: str | None = None

    def to_link(self, at: datetime) -> Link:
        """The link as the site sent it at `at`."""
        row = self.row
        return link_of(self.short_url, row.destination, row.title, row.date, row.clicks, at)


def link_of(
    short_url: str, destination: str, title: str | None, made: datetime | None, clicks: int | None, at: datetime
) -> Link:
    """A link as the site sent it at `at`. Its slug is what follows the site's address."""
    path = urlsplit(short_url).path.strip("/")
    return Link(
        handle=path.rpartition("/")[2],
        short_url=short_url,
        slug=path.rpartition("/")[2],
        destination=destination,
        fetched_at=at,
        domain=urlsplit(short_url).netloc.lower(),
        title=shown_title(title, destination),
        created_at=made,
        included=None if clicks is None else StatsReport(MEASURES, at, clicks=clicks),
    )


def _place(name: Any) -> tuple[int, str]:
    number = str(name).rpartition("_")[2]
    return (int(number) if number.isascii() and number.isdecimal() and len(number) < 10 else 10**9, str(name))  # noqa: PLR2004

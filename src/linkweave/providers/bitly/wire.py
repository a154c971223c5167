"""Bitly's JSON of links and clicks, and what it is in the gateway's models. All shapes are DOC unless marked."""

from datetime import datetime
from typing import Annotated, Any, Final
from urllib.parse import parse_qs, unquote, urlsplit

from pydantic import BeforeValidator, Field

from linkweave.models import Expiry, Link
from linkweave.providers.bitly.inferred import DELETED_LINKS, LINK_NAME
from linkweave.providers.wire import Count, Flag, Moment, Text, TolerantWire, WebUrl, Wire
from linkweave.transport.refusal import NoContent

_MAX_TOKEN: Final = 1_000
_CURSORS: Final = ("search_after", "page")


def name_of(url: str) -> str:
    """The name of a link at Bitly: its short URL without the scheme and without escapes."""
    return unquote(url.partition("://")[2] or url)


def _parse_name(value: object) -> str:
    if not isinstance(value, str) or not LINK_NAME.fullmatch(name_of(value)):
        raise ValueError("is not the name of a link")
    return name_of(value)


LinkName = Annotated[str, BeforeValidator(_parse_name)]


class References(Wire):
    """Addresses of what a link belongs to."""

    group: str | None = None


class BitlinkRow(Wire):
    """A link. `id` stays for ever; each custom back-half is one more name of it."""

    id: LinkName
    link: WebUrl
    long_url: Text
    created_at: Moment | None = None
    title: str | None = None
    custom_bitlinks: tuple[WebUrl, ...] = ()
    archived: Flag | None = None
    tags: tuple[Text, ...] = ()
    is_deleted: Flag = False
    expiration_at: Moment | None = None
    references: References = Field(default_factory=References)

    @property
    def names(self) -> tuple[str, ...]:
        """Every name of the link; its id is the first."""
        return tuple(dict.fromkeys((self.id, *map(name_of, self.custom_bitlinks))))

    @property
    def short_url(self) -> str:
        """The short URL to show: with the custom back-half, where there is one."""
        return self.custom_bitlinks[0] if self.custom_bitlinks else self.link

    def is_in(self, group: str) -> bool:
        """Whether the link is one of `group`, or does not tell its group."""
        own = self.references.group
        return not self.is_deleted and (own is None or own.rstrip("/").rpartition("/")[2] == group)

    def to_link(self, at: datetime) -> Link:
        """The link as Bitly sent it at `at`."""
        parts = urlsplit(self.short_url)
        return Link(
            handle=self.id,
            short_url=self.short_url,
            slug=parts.path.strip("/"),
            destination=self.long_url,
            fetched_at=at,
            domain=parts.hostname,
            title=self.title or None,
            tags=self.tags,
            created_at=self.created_at,
            archived=self.archived,
            expiry=None if self.expiration_at is None else Expiry(at=self.expiration_at.date()),
        )


class BitlinkAnswer(BitlinkRow, TolerantWire):
    """GET and PATCH /bitlinks/{bitlink}, and POST /bitlinks."""


class Pagination(Wire):
    """Where the next page is: an address, or an empty text at the end."""

    next: str | None


class LinksAnswer(TolerantWire):
    """GET /groups/{group_guid}/bitlinks."""

    links: tuple[BitlinkRow, ...]
    pagination: Pagination

    def following(self) -> tuple[str, str] | None:
        """The parameter that leads to the next page; None at the end.

        Raises:
            ValueError: the address of the next page has none.
        """
        if not self.pagination.next:
            return None
        query = parse_qs(urlsplit(self.pagination.next).query)
        for name in _CURSORS:
            value = query.get(name, [""])[0]
            if value and len(value) <= _MAX_TOKEN and value.isprintable():
                return name, value
        raise ValueError("has no cursor")


class RankedRow(Wire):
    """The clicks of one of the links with the most clicks."""

    id: LinkName
    clicks: Count


class RankingAnswer(TolerantWire):
    """GET /groups/{group_guid}/bitlinks/clicks. The links besides are not needed."""

    sorted_links: tuple[RankedRow, ...]


class SummaryAnswer(TolerantWire):
    """GET /bitlinks/{bitlink}/clicks/summary."""

    total_clicks: Count


class SeriesAnswer(TolerantWire):
    """GET /bitlinks/{bitlink}/clicks and /custom_bitlinks/{custom_bitlink}/clicks."""

    link_clicks: tuple[dict[str, Any], ...]


class MetricsAnswer(TolerantWire):
    """A breakdown of the clicks of one link."""

    metrics: tuple[dict[str, Any], ...]


class DayRow(Wire):
    """The clicks of a group on one day."""

    ts: Text
    count: Count


class GroupClicksAnswer(TolerantWire):
    """GET /groups/{group_guid}/clicks."""

    data: tuple[DayRow, ...]


class UpdatedIdsAnswer(TolerantWire):
    """PATCH /groups/{group_guid}/bitlinks: the links that were changed."""

    links: tuple[LinkName, ...]


class BackHalfAnswer(TolerantWire):
    """POST /custom_bitlinks."""

    custom_bitlink: LinkName


class DeletedRow(Wire):
    """A link that was deleted."""

    id: LinkName


class DeletedAnswer(TolerantWire):
    """DELETE /bitlinks/{bitlink}: HTTP 204, or an object that names the link."""

    links_deleted: tuple[DeletedRow, ...] = Field(alias=DELETED_LINKS)

    @classmethod
    def prepare(cls, data: object) -> object:
        """An object for an answer without content."""
        return {DELETED_LINKS: []} if isinstance(data, NoContent) else data

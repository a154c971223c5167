"""PicSee's links as models of the gateway."""

import re
from dataclasses import replace
from datetime import datetime
from typing import Final
from urllib.parse import quote, urlsplit

from linkweave.models import Link, Measure, StatsReport
from linkweave.providers.picsee.wire import ListItem, Overview
from linkweave.providers.short_urls import escaped_short_url

MEASURES: Final = frozenset({Measure.CLICKS, Measure.UNIQUE_CLICKS})

LISTED_FIELDS: Final = frozenset({"title", "tags", "starred"})
"""The fields that PicSee's list has and its overview of one link does not."""

# PicSee takes letters, digits, _, - and Chinese (FOUND). Text that would make another path of the URL, or no URL at
# all, cannot be a slug, whatever PicSee allows one day.
_SLUG: Final = re.compile(r"[^\\\x00\ud800-\udfff]{1,500}", re.DOTALL)
_DOT_SEGMENTS: Final = frozenset({".", ".."})


def path_segment(slug: str) -> str | None:
    """The slug as one segment of a path; None for text that no link can have."""
    usable = _SLUG.fullmatch(slug) is not None and _DOT_SEGMENTS.isdisjoint(slug.split("/"))
    return quote(slug, safe="") if usable else None


def link_from_item(item: ListItem, *, starred: bool, external_id: str | None, at: datetime) -> Link:
    """A listed link. Its list was narrowed to `starred` and `external_id`."""
    return Link(
        handle=item.slug,
        short_url=escaped_short_url(item.short_url or _short_url(item), item.slug),
        slug=item.slug,
        destination=item.destination,
        fetched_at=at,
        domain=item.domain.lower(),
        title=item.title,
        tags=tuple(tag.value for tag in item.tags),
        created_at=item.created_at,
        external_id=item.external_id or external_id,
        starred=starred,
        included=_totals(item, at),
    )


def _short_url(item: ListItem) -> str:
    return f"https://{item.domain.lower()}/{quote(item.slug, safe='')}"


def link_from_overview(slug: str, overview: Overview, at: datetime) -> Link:
    """A link that was read by its slug. Its domain is that of its short URL, which is PicSee's own."""
    return Link(
        handle=slug,
        short_url=escaped_short_url(overview.short_url, slug),
        slug=slug,
        destination=overview.destination,
        fetched_at=at,
        domain=urlsplit(overview.short_url).hostname,
        created_at=overview.created_at,
        external_id=overview.external_id or None,
        included=_totals(overview, at),
    )


def with_listed_fields(link: Link, listed: Link | None) -> Link:
    """`link` with the fields that only the list has."""
    if listed is None:
        return link
    return replace(link, title=listed.title, tags=listed.tags, starred=listed.starred)


def _totals(row: ListItem | Overview, at: datetime) -> StatsReport:
    return StatsReport(MEASURES, at, clicks=row.total_clicks, unique_clicks=row.unique_clicks)

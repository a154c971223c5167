"""From ShortenWorld's rows to the gateway's models."""

from datetime import datetime
from urllib.parse import urlsplit

from linkweave.models import Link, Measure, StatsReport, Tracker, TrackerScope
from linkweave.providers.shortenworld.wire import LinkRow, TrackerRow


def link_from(row: LinkRow, hidden: bool, fetched_at: datetime) -> Link:
    """`row` of the list of links that are `hidden` or not."""
    address = urlsplit(row.short_url)
    return Link(
        handle=row.id,
        short_url=row.short_url,
        slug=row.slug or address.path.strip("/"),
        destination=row.destination,
        fetched_at=fetched_at,
        domain=address.hostname,
        title=row.title,
        tags=row.tags,
        created_at=row.created_at,
        archived=hidden,
        team_id=row.team_id or None,
        campaign_id=row.campaign_id or None,
        included=_lifetime(row.clicks, fetched_at),
    )


def tracker_from(row: TrackerRow, scope: TrackerScope) -> Tracker:
    """`row` of the list of `scope`."""
    return Tracker(row.id, row.name, scope, row.kind, row.code)


def _lifetime(clicks: int | None, fetched_at: datetime) -> StatsReport | None:
    return None if clicks is None else StatsReport(frozenset({Measure.CLICKS}), fetched_at, clicks=clicks)

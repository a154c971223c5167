"""ShortenWorld's rows as models of the gateway."""

from datetime import datetime
from urllib.parse import unquote, urlsplit

from linkweave.models import (
    DeviceTarget,
    Expiry,
    Link,
    Measure,
    Platform,
    StatsReport,
    Tracker,
    TrackerScope,
    Utm,
    Variant,
)
from linkweave.providers.short_urls import escaped_short_url
from linkweave.providers.shortenworld.inferred import ALL_CLICKS, UNIQUE_CLICKS
from linkweave.providers.shortenworld.link_wire import ExpirationRow, LinkRow, MobileRow, VariantRow
from linkweave.providers.shortenworld.wire import TrackerRow

_UTM_KEYS = frozenset({"utm_source", "utm_medium", "utm_campaign", "utm_term", "utm_content"})
_WHOLE_SHARE = 100


def link_from(row: LinkRow, hidden: bool, fetched_at: datetime) -> Link:
    """A link in the list of links that are `hidden` or not."""
    return Link(
        handle=row.id,
        short_url=escaped_short_url(row.short_url, row.slug or ""),
        slug=row.slug or slug_of(row.short_url),
        destination=row.destination,
        fetched_at=fetched_at,
        domain=urlsplit(row.short_url).hostname,
        title=row.title,
        tags=row.tags,
        created_at=row.created_at,
        expiry=None if row.expiration is None else _expiry(row.expiration),
        device_targets=None if row.mobile is None else _targets(row.mobile),
        variants=None if row.testing is None else _variants(row.testing, row.destination),
        utm=_utm(row),
        password_protected=row.has_password,
        archived=hidden,
        unique_window_minutes=_window(row),
        team_id=row.team_id or None,
        campaign_id=row.campaign_id or None,
        included=_lifetime_clicks(row.clicks, fetched_at),
    )


def slug_of(short_url: str) -> str:
    """The path of a short URL without its slashes and escapes."""
    return unquote(urlsplit(short_url).path.strip("/"))


def tracker_from(row: TrackerRow, scope: TrackerScope) -> Tracker:
    """A tracker in the list of `scope`."""
    return Tracker(row.id, row.name, scope, row.kind, row.code)


def _lifetime_clicks(clicks: int | None, fetched_at: datetime) -> StatsReport | None:
    return None if clicks is None else StatsReport(frozenset({Measure.CLICKS}), fetched_at, clicks=clicks)


def _expiry(row: ExpirationRow) -> Expiry | None:
    clicks = row.clicks or None
    expiry = Expiry(
        at=row.day,
        after_clicks=clicks,
        count_unique_only=None if clicks is None or row.click_type is None else row.click_type == UNIQUE_CLICKS,
        redirect_to=row.day_redirect or None,
        redirect_to_after_clicks=row.clicks_redirect or None,
    )
    return None if expiry == Expiry() else expiry


def _targets(row: MobileRow) -> tuple[DeviceTarget, ...]:
    destinations = {
        Platform.IOS: row.ios,
        Platform.ANDROID: row.android,
        Platform.WINDOWS_MOBILE: row.windows,
        Platform.OTHER_MOBILE: row.other,
    }
    return tuple(DeviceTarget(platform, destination) for platform, destination in destinations.items() if destination)


def _variants(rows: tuple[VariantRow, ...], destination: str) -> tuple[Variant, ...]:
    """The destination first, with its own share or with the rest of 100 percent."""
    others = tuple(Variant(row.destination, row.share) for row in rows if row.destination != destination)
    own = sum(row.share for row in rows if row.destination == destination)
    rest = own or _WHOLE_SHARE - sum(other.percentage for other in others)
    return (Variant(destination, rest), *others) if rows and rest > 0 else others


def _utm(row: LinkRow) -> Utm | None:
    if _UTM_KEYS.isdisjoint(row.model_fields_set):
        return None
    return Utm(
        source=row.utm_source or None,
        medium=row.utm_medium or None,
        campaign=row.utm_campaign or None,
        term=row.utm_term or None,
        content=row.utm_content or None,
    )


def _window(row: LinkRow) -> int | None:
    """0 where every click counts; None where the row does not say."""
    return {ALL_CLICKS: 0, UNIQUE_CLICKS: row.unique_time}.get(row.click_type) if row.click_type is not None else None

"""From the vendor's JSON to links, domains, webhooks and usage."""

from datetime import datetime
from typing import Final

from linkweave.models import AccountUsage, Domain, Expiry, Link, Measure, Plan, Quota, StatsReport, Webhook
from linkweave.models.changes import ALL_LINK_FIELDS
from linkweave.providers.tinycc.handles import LinkName, ascii_domain
from linkweave.providers.tinycc.inferred import SHORT_URL_SCHEME
from linkweave.providers.tinycc.wire import AccountEntry, DomainEntry, ShortLink, WebhookEntry, url_or_none

# The keys that answers to writes may lack, and what of a link is unknown without them.
_LEFT_OUT_WITH: Final = (
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

MEASURES: Final = frozenset({Measure.CLICKS, Measure.UNIQUE_CLICKS})


def to_link(entry: ShortLink, at: datetime) -> Link:
    """A link as told at `at`. The vendor tells no creation time."""
    name = LinkName(ascii_domain(entry.domain), entry.slug)
    pictures = entry.links
    return Link(
        handle=str(name),
        short_url=_short_url(entry),
        slug=entry.slug,
        destination=entry.long_url,
        fetched_at=at,
        domain=name.domain,
        note=entry.note,
        tags=entry.tags,
        last_click_at=entry.last_visit,
        expiry=_expiry(entry),
        archived=entry.archived,
        protected=entry.protected,
        email_reports=entry.email_stats,
        qr_small=url_or_none(pictures.qr_small) if pictures else None,
        qr_large=url_or_none(pictures.qr_big) if pictures else None,
        included=lifetime(entry.total_clicks, entry.unique_clicks, at),
    )


def told(entry: ShortLink) -> frozenset[str]:
    """The fields of the link that hold what the vendor has: all but those that this answer leaves out.

    What the vendor never tells counts as told: reading again would not tell it either.
    """
    return ALL_LINK_FIELDS - {field for key, field in _LEFT_OUT_WITH if key not in entry.model_fields_set}


def lifetime(clicks: int, unique_clicks: int, at: datetime) -> StatsReport:
    """The totals of a link: they are always about its whole life."""
    return StatsReport(measures=MEASURES, fetched_at=at, clicks=clicks, unique_clicks=unique_clicks)


def to_domain(entry: DomainEntry, default: str | None) -> Domain:
    """A domain. `default` is the one that the account's settings call so, whatever the vendor says.

    Whether a domain is the customer's own or shared is not told.
    """
    name = ascii_domain(entry.domain)
    return Domain(
        name=name,
        is_default=entry.status == "default" if default is None else name == ascii_domain(default),
        https=entry.use_https,
        active=entry.status in {"default", "active"},
        redirect_status=entry.redirect_code,
        root_redirect=url_or_none(entry.custom_root_page),
        not_found_redirect=url_or_none(entry.custom_404_page),
    )


def to_webhook(entry: WebhookEntry) -> Webhook:
    """A webhook on exactly one link, domain or tag."""
    kind = entry.type
    return Webhook(
        id=entry.id,
        event=entry.event,
        url=entry.url,
        method=entry.method.lower(),
        headers=tuple(_header(line) for line in entry.headers),
        encoding=entry.encoding,
        ignore_errors=entry.ignore_errors,
        link_handle=f"{ascii_domain(entry.url_domain or '')}/{entry.url_hash}" if kind == "url" else None,
        domain=ascii_domain(entry.domain or "") if kind == "domain" else None,
        tag=entry.tag if kind == "tag" else None,
    )


def to_usage(entry: AccountEntry) -> AccountUsage:
    """Plan and all counters, under the names that the server gives them."""
    plan = None
    if entry.subscription_plan is not None:
        # Accounts that are not active are refused with 1217 (DOC), so one that answers is.
        plan = Plan(entry.subscription_plan, entry.account_expiration_date, active=True)
    quotas = (Quota(name, counter.count, counter.limit) for name, counter in entry.counters.items())
    return AccountUsage(plan, tuple(quotas))


def _short_url(entry: ShortLink) -> str:
    for candidate in (entry.short_url_with_protocol, entry.short_url):
        if url := url_or_none(candidate):
            return url
    return f"{SHORT_URL_SCHEME}://{entry.short_url}"


def _expiry(entry: ShortLink) -> Expiry | None:
    """When the link ends; `max_clicks` 0 is no limit (DOC sample)."""
    if entry.expiration_date is None and not entry.max_clicks:
        return None
    return Expiry(at=entry.expiration_date, after_clicks=entry.max_clicks or None)


def _header(line: str) -> tuple[str, str]:
    name, _, value = line.partition(":")
    return name.strip(), value.strip()

"""tiny.cc's counters under the gateway's common names.

DOC has `urls`, `month_urls` and `today_api_calls`, and says that names vary from server to server.
"""

from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from types import MappingProxyType
from typing import Final

from linkweave.models import Quota

_NOUNS: Final[Mapping[str, str]] = MappingProxyType({"urls": "links", "api_calls": "apiCalls"})
_SPANS: Final[Mapping[str, str]] = MappingProxyType({"today": "Today", "month": "ThisMonth", "year": "ThisYear"})


def to_quota(counter: str, used: int, limit: int | None, at: datetime) -> Quota:
    """The counter as it was at `at`; one of an unknown name keeps that name."""
    span, _, noun = counter.partition("_")
    if counter in _NOUNS:
        return Quota(_NOUNS[counter], used, limit, provider_name=counter)
    if span in _SPANS and noun in _NOUNS:
        return Quota(_NOUNS[noun] + _SPANS[span], used, limit, _next_start(span, at), counter)
    return Quota(counter, used, limit)


def _next_start(span: str, at: datetime) -> datetime:
    """The start of the next day, month or year, in UTC."""
    day = at.astimezone(UTC).replace(hour=0, minute=0, second=0, microsecond=0)
    if span == "today":
        return day + timedelta(days=1)
    first = day.replace(day=1) if span == "month" else day.replace(month=1, day=1)
    days_beyond = 32 if span == "month" else 366
    following = first + timedelta(days=days_beyond)
    return following.replace(day=1) if span == "month" else following.replace(month=1, day=1)

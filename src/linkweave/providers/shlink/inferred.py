"""All assumptions about Shlink beyond its OpenAPI document; README.md has the same table. No server was run."""

from collections.abc import Mapping
from datetime import timedelta
from types import MappingProxyType
from typing import Final

START_DATE: Final = "startDate"
"""FOUND in clients, for visits; DOC for short URLs."""

END_DATE: Final = "endDate"
"""FOUND in clients, for visits; DOC for short URLs."""

NEW_WITHIN: Final = timedelta(minutes=1)
"""INFERRED. With `findIfExists`, no answer says whether the short URL is new. It is if it was made so recently."""

TABLET_WORDS: Final = ("ipad", "tablet")
"""INFERRED. Words in the name of a browser on a tablet."""

MOBILE_WORDS: Final = ("mobi", "iphone", "android")
"""INFERRED. Words in the name of a browser on a phone."""

END_OF_DAY: Final = "T23:59:59+00:00"
"""INFERRED. A link expires at the end of the day in UTC: the server does not tell its zone."""

INPUT_FIELDS: Final[Mapping[str, str]] = MappingProxyType(
    {
        "longUrl": "destination",
        "customSlug": "slug",
        "domain": "domain",
        "title": "title",
        "tags": "tags",
        "validUntil": "expiry",
        "maxVisits": "expiry",
    }
)
"""INFERRED. `invalidElements` has the names of the request's keys."""


def device_of(user_agent: str) -> str:
    """INFERRED. The kind of device of a browser; no words of a phone or tablet means a desktop."""
    words = user_agent.casefold()
    if any(word in words for word in TABLET_WORDS):
        return "Tablet"
    if any(word in words for word in MOBILE_WORDS):
        return "Mobile"
    return "Desktop" if words else "unknown"

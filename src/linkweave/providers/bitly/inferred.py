"""All assumptions about Bitly beyond its documents; README.md has the same table.

Some have no value here. The clicks of a custom back-half have the shape of those of a link, and its breakdowns its
name in the place of the link's. The newest of a link's custom back-halves is the first. A ranking has no archived
links, and counts the hash alone. The counts of a group are those of the links that it lists.
A list of webhooks is in `webhooks`.
"""

import re
from collections.abc import Iterable, Mapping
from types import MappingProxyType
from typing import Final

CALLS_AN_HOUR: Final = 1_000
"""INFERRED for all endpoints but `POST /shorten`, of which the document has this figure."""

PAGE_SIZE: Final = 100
"""FOUND to work in lists of links; INFERRED for rankings and breakdowns. The default is 50 (DOC)."""

LINK_NAME: Final = re.compile(r"[A-Za-z0-9.-]{1,253}/(?!\.{1,2}\Z)[^\s/?#%\\\x00-\x1f\x7f]{1,200}")
"""INFERRED. The form of a domain and a back-half."""

END_OF_DAY: Final = "T23:59:59+0000"
"""INFERRED. A link expires at the end of the day in UTC; statistics of a past day end there."""

MAX_EXPIRY_DAYS: Final = 365
"""DOC: at most a year. INFERRED: these days."""

DEFAULT_SIZE: Final = 50
"""DOC: rows of a ranking by default. INFERRED: a limit of rows is a multiple of it."""

MARGIN_DAYS: Final = 1
"""INFERRED. Days more than wanted of a series, in case Bitly counts the units from the time of day."""

LOOKBACK_DAYS: Final[Mapping[str, int]] = MappingProxyType(
    {"free": 30, "core": 30, "growth": 120, "premium": 365, "enterprise": 730}
)
"""Days back to which statistics reach, today included. FOUND for core and growth, INFERRED for the others.

Bitly cuts longer ranges in silence (INFERRED), so that they are not asked for.
"""

API_CALLS: Final = "api"
"""INFERRED. A limit of the plan with this in its name counts calls."""

QUOTA_NAMES: Final[Mapping[str, str]] = MappingProxyType({"encodes": "linksThisMonth"})
"""INFERRED. Limits of the plan that other vendors count, too, under the gateway's name."""

MONTHLY: Final = "MONTHLY"
LIMIT_EXCEEDED: Final = "LIMIT_EXCEEDED"
"""INFERRED. A code with both words is a used-up quota, under any HTTP status; DOC has one of them under 429."""

BOTS_EXCLUDED: Final = True
"""INFERRED. Bitly leaves known bots out."""

DELETED_LINKS: Final = "links_deleted"
"""INFERRED. The key of a delete's answer that names the link; the answer may also be HTTP 204."""


def tier_may_be(plan: str, names: Iterable[str]) -> bool:
    """INFERRED. Whether a tier with these names may be `plan`: one of them has the name of the plan in it."""
    told = [name.casefold() for name in names if name]
    return not told or any(plan in name for name in told)

"""All that the adapter says to and reads from ShortenWorld by name: one line each, so that a wrong guess is one line.

Marks: DOC is the vendor's document; FOUND was read in a public client that works; INFERRED is a guess by analogy.
The document names parameters and the token's keys, but no path and almost no key of an answer.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Final

from linkweave.models import Dimension, DomainKind


@dataclass(frozen=True, slots=True)
class Endpoint:
    """What is asked, in words, and where."""

    operation: str
    method: str
    path: str


# Paths and methods.
LOG_IN: Final = Endpoint("log in", "POST", "/authen/token")  # FOUND
REFRESH: Final = Endpoint("refresh the token", "POST", "/authen/refresh")  # INFERRED
REVOKE: Final = Endpoint("revoke the token", "POST", "/authen/revoke")  # INFERRED
LIST_LINKS: Final = Endpoint("list links", "GET", "/entity/link/list")  # INFERRED
LIST_TEAMS: Final = Endpoint("list teams", "GET", "/entity/team/list")  # INFERRED
LIST_CAMPAIGNS: Final = Endpoint("list campaigns", "GET", "/entity/campaign/list")  # INFERRED
LIST_DOMAINS: Final = Endpoint("list domains", "GET", "/entity/domain/list")  # INFERRED
LIST_TRACKERS: Final = Endpoint("list trackers", "GET", "/entity/tracker/list")  # INFERRED
LIST_TEAM_TRACKERS: Final = Endpoint("list team trackers", "GET", "/entity/team-tracker/list")  # INFERRED
LIST_LINK_TRACKERS: Final = Endpoint("list link trackers", "GET", "/entity/link-tracker/list")  # INFERRED
READ_STATISTICS: Final = Endpoint("read statistics", "GET", "/entity/link/analytics")  # INFERRED

# Keys under which lists come.
LINKS: Final = "links"  # INFERRED
TEAMS: Final = "teams"  # INFERRED
CAMPAIGNS: Final = "campaigns"  # INFERRED
DOMAINS: Final = "domains"  # INFERRED
TRACKERS: Final = "trackers"  # DOC
TEAM_TRACKERS: Final = "teamTrackers"  # DOC
LINK_TRACKERS: Final = "linkTrackers"  # INFERRED
METRICS: Final = "metricsMap"  # DOC

# Keys of a list as a whole; an answer without them is fine.
PAGE_SIZE_ECHO: Final = "size"  # INFERRED
TOTAL: Final = "total"  # INFERRED: counts the rows of all pages

# Keys of things.
ID: Final = "id"  # DOC for both tracker lists, INFERRED for the others
NAME: Final = "name"  # INFERRED, also of a row of statistics
VALUE: Final = "value"  # INFERRED, of a row of statistics
TEAM_ID: Final = "teamId"  # INFERRED
CAMPAIGN_ID: Final = "campaignId"  # INFERRED
SLUG: Final = "code"  # INFERRED from the parameter of Update link (DOC)
SHORT_URL: Final = "linkShort"  # FOUND in the answer of Create link, INFERRED in the list
DESTINATION: Final = "destination"  # INFERRED from the parameter of Create link (DOC)
TITLE: Final = "title"  # INFERRED from the parameter of Update link (DOC)
LINK_TAGS: Final = "tags"  # INFERRED: a list of strings
HIDDEN: Final = "hidden"  # INFERRED from the parameter of the link list (DOC)
CLICKS: Final = "clicks"  # INFERRED: since the link exists, same measure as the statistics
CREATED: Final = "createdTime"  # INFERRED: milliseconds since 1970; smaller numbers are read as seconds
DOMAIN_NAME: Final = "domain"  # INFERRED
DOMAIN_KIND: Final = "type"  # INFERRED
TRACKER_KIND: Final = "trackerName"  # INFERRED
TRACKER_CODE: Final = "code"  # INFERRED from the parameter of Create link tracker (DOC)

# Values.
DOMAIN_KINDS: Final[Mapping[str, DomainKind]] = MappingProxyType(  # INFERRED; DOC: "rent domains and your own domains"
    {"rent": DomainKind.RENTED, "own": DomainKind.BRANDED},
)
MILLISECONDS_FROM: Final = 100_000_000_000  # INFERRED: in milliseconds this is 1973, in seconds the year 5138
DAY_FORMAT: Final = "%d/%m/%Y"  # DOC for parameters, INFERRED for the names of rows per day
NOT_FOUND_WORDS: Final = "not found"  # INFERRED: the numbers in status.code are not documented, so its message is read

# Numbers.
PAGE_SIZE: Final = 100  # INFERRED: what is asked for; the document has a default (20) and no maximum
TOKEN_SECONDS: Final = 3600.0  # DOC: "valid in 01 hour"
REFRESH_TOKEN_SECONDS: Final = 7 * 24 * 3600.0  # DOC: "valid in 07 days"

# The numbers of metricsMap, all DOC. "1" is "Source of clicks by date", in what form nobody says.
SOURCES_METRIC: Final = "1"
DAYS_METRIC: Final = "9"
DIMENSION_METRICS: Final[Mapping[Dimension, str]] = MappingProxyType(
    {
        Dimension.DEVICE: "2",
        Dimension.OS: "3",
        Dimension.BROWSER: "4",
        Dimension.BRAND: "5",
        Dimension.LANGUAGE: "6",
        Dimension.COUNTRY: "7",
        Dimension.BOT: "8",
    },
)

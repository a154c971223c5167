"""All names that ShortenWorld's API uses in paths, parameters and answers: a wrong guess is one line to mend.

DOC is the vendor's document. FOUND is a public client that works. INFERRED is a guess by analogy. The document names
parameters and the token's keys, but no path and almost no key of an answer.

Some guesses have no name here. A setting whose optional parameter is not sent stays as it is. The shares of an A/B test
are 100 percent in all; if the vendor wants the others only, the rest changes nothing. `hidden=false` leaves out hidden
links; if it does not, they would come twice.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Final

from linkweave.errors import (
    ConflictError,
    ForbiddenError,
    NotFoundError,
    PlanRequiredError,
    QuotaExhaustedError,
    RateLimitedError,
    UnauthenticatedError,
    VendorError,
)
from linkweave.models import Dimension, DomainKind, Platform
from linkweave.transport.lifetimes import Resource


@dataclass(frozen=True, slots=True)
class Endpoint:
    """An endpoint. A write has its parameters in a JSON body, or `in_query`.

    `operation` is its name in errors. `reads` decides how long its answer stays fresh.
    """

    operation: str
    method: str
    path: str
    reads: Resource | None = None
    in_query: bool = False


# Paths and methods.
LOG_IN: Final = Endpoint("log in", "POST", "/authen/token")  # FOUND
REFRESH: Final = Endpoint("refresh the token", "POST", "/authen/refresh")  # INFERRED
REVOKE: Final = Endpoint("revoke the token", "POST", "/authen/revoke")  # INFERRED
LIST_LINKS: Final = Endpoint("list links", "GET", "/entity/link/list", Resource.LINK_LIST)  # INFERRED
LIST_TEAMS: Final = Endpoint("list teams", "GET", "/entity/team/list", Resource.TEAMS)  # INFERRED
LIST_CAMPAIGNS: Final = Endpoint("list campaigns", "GET", "/entity/campaign/list", Resource.CAMPAIGNS)  # INFERRED
LIST_DOMAINS: Final = Endpoint("list domains", "GET", "/entity/domain/list", Resource.DOMAINS)  # INFERRED
LIST_TRACKERS: Final = Endpoint("list trackers", "GET", "/entity/tracker/list", Resource.TRACKERS)  # INFERRED
LIST_TEAM_TRACKERS: Final = Endpoint(
    "list team trackers", "GET", "/entity/team-tracker/list", Resource.TRACKERS
)  # INFERRED
LIST_LINK_TRACKERS: Final = Endpoint(
    "list link trackers", "GET", "/entity/link-tracker/list", Resource.TRACKERS
)  # INFERRED
READ_STATISTICS: Final = Endpoint("read statistics", "GET", "/entity/link/analytics", Resource.STATISTICS)  # INFERRED
CREATE_LINK: Final = Endpoint("create a link", "POST", "/entity/link/create")  # FOUND
UPDATE_LINK: Final = Endpoint("update a link", "PUT", "/entity/link/update")  # INFERRED
REDIRECT_LINK: Final = Endpoint("redirect a link", "PUT", "/entity/link/redirect")  # INFERRED
REDIRECT_MOBILE: Final = Endpoint("redirect a link on mobiles", "PUT", "/entity/link/redirect-mobile")  # INFERRED
SET_EXPIRATION: Final = Endpoint("let a link expire", "PUT", "/entity/link/expiration")  # INFERRED
SET_PASSWORD: Final = Endpoint("set a link's password", "PUT", "/entity/link/password")  # INFERRED
SET_TESTING: Final = Endpoint("set a link's variants", "PUT", "/entity/link/testing")  # INFERRED
DELETE_LINK: Final = Endpoint("delete a link", "DELETE", "/entity/link/delete", in_query=True)  # INFERRED
ADD_TRACKERS: Final = Endpoint("add trackers", "POST", "/entity/link-tracker/create")  # INFERRED
REMOVE_TRACKER: Final = Endpoint("remove a tracker", "DELETE", "/entity/link-tracker/delete", in_query=True)  # INFERRED

# Keys of lists.
LINKS: Final = "links"  # INFERRED
TEAMS: Final = "teams"  # INFERRED
CAMPAIGNS: Final = "campaigns"  # INFERRED
DOMAINS: Final = "domains"  # INFERRED
TRACKERS: Final = "trackers"  # DOC
TEAM_TRACKERS: Final = "teamTrackers"  # DOC
LINK_TRACKERS: Final = "linkTrackers"  # INFERRED
METRICS: Final = "metricsMap"  # DOC

# Keys beside a list. An answer may lack them.
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
CREATED: Final = "createdTime"  # INFERRED: milliseconds since 1970; small numbers are seconds
DOMAIN_NAME: Final = "domain"  # INFERRED
DOMAIN_KIND: Final = "type"  # INFERRED
TRACKER_KIND: Final = "trackerName"  # INFERRED
TRACKER_CODE: Final = "code"  # INFERRED from the parameter of Create link tracker (DOC)
LINK_ID: Final = "linkId"  # DOC as a parameter, INFERRED in the answer of Create link

# Parameters that have the same name in several calls, all DOC. INFERRED: they are keys of a link in the list, too.
UTM: Final[Mapping[str, str]] = MappingProxyType(
    {
        "source": "utmSource",
        "medium": "utmMedium",
        "campaign": "utmCampaign",
        "term": "utmTerm",
        "content": "utmContent",
    },
)
MOBILES: Final[Mapping[Platform, str]] = MappingProxyType(
    {
        Platform.IOS: "ios",
        Platform.ANDROID: "android",
        Platform.WINDOWS_MOBILE: "windows",
        Platform.OTHER_MOBILE: "mobile",
    },
)
CLICK_TYPE: Final = "clickType"  # ALL_CLICKS or UNIQUE_CLICKS
UNIQUE_TIME: Final = "uniqueTime"
EXPIRY_DAY: Final = "date"
EXPIRY_DAY_REDIRECT: Final = "destinationByDate"
EXPIRY_CLICKS: Final = "click"
EXPIRY_CLICKS_REDIRECT: Final = "destinationByClick"
VARIANT_DESTINATION: Final = "link"
VARIANT_SHARE: Final = "percentage"

# Keys of a link in the list for settings that other calls make. All INFERRED.
MOBILE: Final = "redirectMobile"  # an object with the keys of MOBILES
EXPIRATION: Final = "expiration"  # an object with the parameters of Expiration link
TESTING: Final = "testing"  # a list of objects, as the parameter of A/B testing (DOC)
PROTECTED: Final = "hasPassword"  # true or false

# Values.
DOMAIN_KINDS: Final[Mapping[str, DomainKind]] = MappingProxyType(  # INFERRED; DOC: "rent domains and your own domains"
    {"rent": DomainKind.RENTED, "own": DomainKind.BRANDED},
)
MILLISECONDS_FROM: Final = 100_000_000_000  # INFERRED: in milliseconds this is 1973, in seconds the year 5138
DAY_FORMAT: Final = "%d/%m/%Y"  # DOC for parameters, INFERRED for the names of rows per day
ALL_CLICKS: Final = 0  # DOC
UNIQUE_CLICKS: Final = 1  # DOC
COPY_OF_TEAM_TRACKERS: Final = "1"  # DOC
OWN_TRACKER: Final = "0"  # DOC
ALL_TRACKERS: Final = "all-trackers"  # DOC; INFERRED: it is sent in place of the list, not in it
TAG_SEPARATOR: Final = ","  # INFERRED: DOC types `tags` as Boolean and describes it as "Add tag for link": it is text
HIDE: Final[Mapping[bool, str]] = MappingProxyType({True: "on", False: "off"})  # DOC


@dataclass(frozen=True, slots=True)
class Meaning:
    """The meaning of a message that has all `words`: the kind of error, and the input field at fault."""

    words: tuple[re.Pattern[str], ...]
    kind: type[VendorError]
    field: str | None = None

    def fits(self, message: str) -> bool:
        """Whether `message` has all words, in any order: one expression for all would take quadratic time."""
        return all(word.search(message) for word in self.words)


_NOT_FOUND: Final = re.compile(r"not found", re.IGNORECASE)
_DOMAIN: Final = re.compile(r"\bdomain\b", re.IGNORECASE)
_CAMPAIGN: Final = re.compile(r"\bcampaign\b", re.IGNORECASE)
_TEAM: Final = re.compile(r"\bteam\b", re.IGNORECASE)
_CODE: Final = re.compile(r"\bcode\b", re.IGNORECASE)
_TAKEN: Final = re.compile(r"\b(?:exist|already|taken|used)", re.IGNORECASE)
_EXCEEDED: Final = re.compile(r"\b(?:reached|exceed)", re.IGNORECASE)
_LIMIT: Final = re.compile(r"\blimit", re.IGNORECASE)
_PLAN: Final = re.compile(r"\b(?:plan|subscription|upgrade)\b", re.IGNORECASE)

# The numbers in status.code are not documented, so messages are read. The first meaning that fits counts. All INFERRED.
MEANINGS: Final = (
    Meaning((_DOMAIN, _NOT_FOUND), NotFoundError, "domain"),
    Meaning((_CAMPAIGN, _NOT_FOUND), NotFoundError, "campaign"),
    Meaning((_TEAM, _NOT_FOUND), NotFoundError, "team"),
    Meaning((_NOT_FOUND,), NotFoundError),
    Meaning((_CODE, _TAKEN), ConflictError, "slug"),
    Meaning((_EXCEEDED, _LIMIT), QuotaExhaustedError),
    Meaning((_PLAN,), PlanRequiredError),
)

# INFERRED as numbers in status.code, which the document does not list. DOC as HTTP statuses.
KINDS: Final[Mapping[int, type[VendorError]]] = MappingProxyType(
    {401: UnauthenticatedError, 403: ForbiddenError, 429: RateLimitedError},
)

# Numbers.
PAGE_SIZE: Final = 100  # INFERRED: the document has a default (20) and no maximum
TOKEN_SECONDS: Final = 3600.0  # DOC: "valid in 01 hour"
REFRESH_TOKEN_SECONDS: Final = 7 * 24 * 3600.0  # DOC: "valid in 07 days"

# The numbers of metricsMap, all DOC. "1" is "Source of clicks by date"; its form is not documented.
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

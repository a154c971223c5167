"""Clicks by group."""

from dataclasses import dataclass
from enum import Enum

from linkweave.catalog.reads.questions.clicks import CountedDays
from linkweave.catalog.reads.questions.links import LinkQuestion
from linkweave.catalog.reads.questions.orders import OrderDirection, OrderValue


class StatsGroup(Enum):
    """What clicks are grouped by."""

    TAG = "TAG"
    ACCOUNT = "ACCOUNT"
    PROVIDER = "PROVIDER"
    DOMAIN = "DOMAIN"
    TEAM = "TEAM"
    CAMPAIGN = "CAMPAIGN"
    DESTINATION = "DESTINATION"
    DESTINATION_HOST = "DESTINATION_HOST"
    UTM_SOURCE = "UTM_SOURCE"
    UTM_MEDIUM = "UTM_MEDIUM"
    UTM_CAMPAIGN = "UTM_CAMPAIGN"
    CREATED_MONTH = "CREATED_MONTH"


class StatsGroupOrderField(Enum):
    """What groups are ordered by."""

    CLICKS = "CLICKS"
    UNIQUE_CLICKS = "UNIQUE_CLICKS"
    LINKS = "LINKS"
    KEY = "KEY"


@dataclass(frozen=True, slots=True)
class GroupOrder:
    """An order of groups. Groups without the value are last; equal groups are in the order of their keys."""

    field: StatsGroupOrderField = StatsGroupOrderField.CLICKS
    direction: OrderDirection = OrderDirection.DESC


@dataclass(frozen=True, slots=True)
class GroupQuestion:
    """The groups of the links of a question, and the days that are counted.

    `providers` has each account with its provider.
    """

    group: StatsGroup
    links: LinkQuestion
    days: CountedDays
    providers: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class GroupNumbers:
    """The numbers of the links of one group, or of one account in it.

    `clicks` is the sum of the links of which it is known; None where it is of none. `complete` tells that it is known
    of all, also the unique clicks. `is_observed` tells that the gateway itself measured days of one of them.
    """

    links: int
    clicks: int | None
    unique_clicks: int | None
    complete: bool
    is_observed: bool = False


@dataclass(frozen=True, slots=True)
class KnownGroup:
    """One group: the value that its links share, its numbers, and those of each account."""

    key: str
    label: str
    numbers: GroupNumbers
    by_account: tuple[tuple[str, GroupNumbers], ...]
    position: tuple[OrderValue, str]


@dataclass(frozen=True, slots=True)
class GroupPage:
    """A page of groups."""

    groups: tuple[KnownGroup, ...]
    has_next: bool

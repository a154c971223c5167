"""Destinations and the sums of their links."""

from dataclasses import dataclass
from enum import Enum

from linkweave.catalog.reads.questions.links import DestinationKey, LinkQuestion
from linkweave.catalog.reads.questions.orders import OrderDirection, OrderValue


class DestinationOrderField(Enum):
    """What destinations are ordered by."""

    LINKS = "LINKS"
    CLICKS = "CLICKS"
    UNIQUE_CLICKS = "UNIQUE_CLICKS"
    URL = "URL"


@dataclass(frozen=True, slots=True)
class DestinationOrder:
    """An order of destinations. Destinations without the value are last; equal ones are in the order of their URLs."""

    field: DestinationOrderField = DestinationOrderField.LINKS
    direction: OrderDirection = OrderDirection.DESC


@dataclass(frozen=True, slots=True)
class DestinationQuestion:
    """The destinations of the links of a question that have at least so many links, in at least so many accounts.

    `search` is a part of the URL, and `host` its host. The sums need to know which accounts count each measure.
    """

    links: LinkQuestion
    min_links: int = 1
    min_accounts: int = 1
    search: str | None = None
    host: str | None = None
    ignores_utm: bool = False
    counting_clicks: tuple[str, ...] = ()
    counting_unique_clicks: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class KnownDestination:
    """A destination and the sums of its links, as far as their clicks are known; None where those of no link are.

    `complete` says whether the clicks of all links are known, of each measure that their accounts count.
    """

    key: DestinationKey
    url: str
    links: int
    accounts: tuple[str, ...]
    clicks: int | None
    unique_clicks: int | None
    complete: bool
    position: tuple[OrderValue, str]


@dataclass(frozen=True, slots=True)
class DestinationPage:
    """A page of destinations."""

    destinations: tuple[KnownDestination, ...]
    has_next: bool

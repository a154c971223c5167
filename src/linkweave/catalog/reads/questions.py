"""What is asked of the catalog. Nothing here imports the database, so that a gateway without one starts as fast."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from enum import Enum
from itertools import groupby
from operator import attrgetter
from typing import Any, Final, TypeAlias, cast

from linkweave.models import Link, LinkFilter, Period, Upload
from linkweave.models.link_changes import ChangeKind, SeenBy

# A value by which rows are ordered, as JSON holds it. Null comes last in both directions.
OrderValue: TypeAlias = int | str | None

_EVERYTHING: Final = LinkFilter()

AccountsByFilter: TypeAlias = tuple[tuple[LinkFilter, tuple[str, ...]], ...]


class LinkOrderField(Enum):
    """What links are ordered by."""

    CREATED_AT = "CREATED_AT"
    CLICKS = "CLICKS"
    UNIQUE_CLICKS = "UNIQUE_CLICKS"
    CLICKS_IN_RANGE = "CLICKS_IN_RANGE"
    LAST_CLICK_AT = "LAST_CLICK_AT"
    TITLE = "TITLE"
    SLUG = "SLUG"
    DESTINATION = "DESTINATION"


class OrderDirection(Enum):
    """The direction of an order."""

    ASC = "ASC"
    DESC = "DESC"


@dataclass(frozen=True, slots=True)
class CountedDays:
    """The days that a question counts, and the accounts that count each measure.

    The days of a link are complete where they were last read at `read_since` or later. `offsets` has the accounts whose
    days do not begin with those of UTC, and by how many seconds they begin before.
    """

    period: Period
    read_since: datetime
    counting_clicks: tuple[str, ...] = ()
    counting_unique_clicks: tuple[str, ...] = ()
    offsets: tuple[tuple[str, int], ...] = ()


@dataclass(frozen=True, slots=True)
class LinkOrder:
    """An order of links. Links without the value are last; equal links are in the order of account and row.

    CLICKS_IN_RANGE needs `days`, and no other order has them.
    """

    field: LinkOrderField = LinkOrderField.CREATED_AT
    direction: OrderDirection = OrderDirection.DESC
    days: CountedDays | None = None


NEWEST_FIRST = LinkOrder()


@dataclass(frozen=True, slots=True)
class AccountScope:
    """The links of one account that a question is about."""

    account: str
    filter: LinkFilter = field(default_factory=LinkFilter)


@dataclass(frozen=True, slots=True)
class DestinationKey:
    """The links to one destination. `ignores_utm` leaves campaign parameters out of the comparison."""

    key: str
    ignores_utm: bool = False


@dataclass(frozen=True, slots=True)
class LinkQuestion:
    """The links of `scopes`, where `destination` is given only those to it. An account without a scope has none."""

    scopes: tuple[AccountScope, ...]
    destination: DestinationKey | None = None

    @property
    def accounts_by_filter(self) -> AccountsByFilter:
        """The scopes, those together that follow each other with the same filter. It is hashed faster than they are."""
        grouped = groupby(self.scopes, key=attrgetter("filter"))
        return tuple((wanted, tuple(scope.account for scope in scopes)) for wanted, scopes in grouped)

    @property
    def is_filtered(self) -> bool:
        """Whether it is about a part of the links of an account."""
        return self.destination is not None or any(each != _EVERYTHING for each, _ in self.accounts_by_filter)


@dataclass(frozen=True, slots=True)
class Position:
    """The place of a row in an order: its value, its account, and its number."""

    value: OrderValue
    account: str
    row: int

    def as_json(self) -> list[Any]:
        """Returns the position as a cursor holds it."""
        return [self.value, self.account, self.row]

    @classmethod
    def of(cls, sealed: object) -> "Position":
        """Returns the position that `as_json` returned."""
        value, account, row = cast("Sequence[Any]", sealed)
        return cls(value, account, row)


@dataclass(frozen=True, slots=True)
class KnownLink:
    """A link as the catalog knows it, and its position. `seen_at` is when a vendor last showed it.

    `value` of the position is its clicks, where the order is CLICKS_IN_RANGE.
    """

    account: str
    link: Link
    position: Position
    seen_at: datetime


@dataclass(frozen=True, slots=True)
class KnownPage:
    """A page of known links."""

    links: tuple[KnownLink, ...]
    has_next: bool


@dataclass(frozen=True, slots=True)
class AccountState:
    """How far the catalog is in step with an account. `walked_at` is None until all of its links were read once."""

    walked_at: datetime | None = None
    newest_at: datetime | None = None
    statistics_at: datetime | None = None
    error: str | None = None


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


@dataclass(frozen=True, slots=True)
class UploadQuestion:
    """The uploads of these accounts. `search` is a part of the name."""

    accounts: tuple[str, ...]
    search: str | None = None
    mime_type: str | None = None
    uploaded_after: datetime | None = None
    uploaded_before: datetime | None = None


@dataclass(frozen=True, slots=True)
class KnownUpload:
    """A file that was uploaded through the gateway, and its position among the others."""

    account: str
    upload: Upload
    position: tuple[int, int]


@dataclass(frozen=True, slots=True)
class UploadPage:
    """A page of uploads, newest first."""

    uploads: tuple[KnownUpload, ...]
    has_next: bool


@dataclass(frozen=True, slots=True)
class ChangedField:
    """A field of a link that changed, with its values as JSON."""

    name: str
    before: Any
    after: Any


@dataclass(frozen=True, slots=True)
class LinkChange:
    """A change of a link as the gateway saw it."""

    kind: ChangeKind
    at: datetime
    seen_by: SeenBy
    fields: tuple[ChangedField, ...]


@dataclass(frozen=True, slots=True)
class LinkReadings:
    """What is known of the clicks of one link: those of its whole life, and those of its days.

    `days` are the days and spans that the period touches. A day from `days_from` to `days_at` that is not in them had
    no clicks.
    """

    clicks: int | None
    unique_clicks: int | None
    clicks_at: datetime | None
    days: tuple["DaySpan", ...]
    days_from: date | None
    days_at: datetime | None
    created_at: datetime | None
    is_observed: bool
    is_deleted: bool = False


@dataclass(frozen=True, slots=True)
class DaySpan:
    """The clicks of one day, or of a span of several."""

    first_day: date
    last_day: date
    clicks: int | None
    unique_clicks: int | None

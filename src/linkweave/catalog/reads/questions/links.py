"""Links: what is asked, and what is known."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from enum import Enum
from itertools import groupby
from operator import attrgetter
from typing import Any, Final, TypeAlias, cast

from linkweave.catalog.reads.questions.clicks import CountedDays
from linkweave.catalog.reads.questions.orders import OrderDirection, OrderValue
from linkweave.models import Link, LinkFilter

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

"""What a list of links is asked for, and the position in it that a cursor holds."""

from collections.abc import Container, Mapping
from dataclasses import dataclass, field, replace
from typing import Any, Final, TypeAlias, cast

from linkweave.errors import InvalidInputError
from linkweave.gather.account_loaders import AccountLoaders
from linkweave.gather.known.known_account import KnownAccount
from linkweave.gather.listing.account_reader import AccountPosition
from linkweave.gather.listing.cursor import CursorCodec
from linkweave.gather.listing.lane_reader import ScanBudget
from linkweave.models import LinkFilter
from linkweave.providers.read_capabilities import CanListLinks

MAX_FIRST: Final = 100
_NO_FILTER: Final = LinkFilter()
_NO_FILTER_TEXT: Final = str(_NO_FILTER)

_SealedPosition: TypeAlias = tuple[int, dict[str, dict[str, list[Any] | None] | None]]


@dataclass(frozen=True, slots=True)
class AccountQuery:
    """The links of one account that match a filter. `budget` is shared by all pages that are read for the query."""

    loaders: AccountLoaders
    filter: LinkFilter
    budget: ScanBudget = field(default_factory=ScanBudget, repr=False, compare=False)


@dataclass(frozen=True, slots=True)
class LinkQuery:
    """The links of several accounts, each with a filter of its own.

    `live_only` leaves out the accounts that cannot list, also where the catalog knows links of them.
    """

    accounts: tuple[AccountQuery, ...]
    live_only: bool = False

    @property
    def cursor_key(self) -> str:
        """Text that differs for different queries. A cursor opens only for the query that it came from."""
        kind = "live links" if self.live_only else "links"
        return f"{kind} " + "; ".join(f"{each.loaders.key}: {_filter_text(each.filter)}" for each in self.accounts)

    def known(self, account: AccountQuery) -> KnownAccount | None:
        """Returns what the catalog knows of `account`, where that takes the place of a list that its vendor lacks."""
        return None if self.live_only else account.loaders.in_place_of(CanListLinks)

    @property
    def whole_accounts(self) -> frozenset[str]:
        """The keys of the accounts whose links all match."""
        return frozenset(each.loaders.key for each in self.accounts if each.filter == _NO_FILTER)

    def without(self, keys: Container[str]) -> "LinkQuery":
        """Returns the same query without the accounts that have these keys."""
        return replace(self, accounts=tuple(each for each in self.accounts if each.loaders.key not in keys))


@dataclass(frozen=True, slots=True)
class ListPosition:
    """The position of every account in a merged list, and the merge's next turn.

    An account that is missing in `accounts` is at its start.
    """

    turn: int = 0
    accounts: Mapping[str, AccountPosition] = field(default_factory=dict)

    def seal(self, cursors: CursorCodec, cursor_key: str) -> str:
        """Returns the position as a cursor."""
        return cursors.seal(cursor_key, [self.turn, self.accounts])

    @classmethod
    def open(cls, cursors: CursorCodec, cursor_key: str, cursor: str | None) -> "ListPosition":
        """Returns the position in a cursor; the start for None.

        Raises:
            InvalidInputError: it is not a cursor of this query.
        """
        if cursor is None:
            return cls()
        # The codec checks the signature, so that the content is what seal() wrote.
        turn, accounts = cast("_SealedPosition", cursors.open(cursor_key, cursor))
        return cls(turn, {key: _account_position(lanes) for key, lanes in accounts.items()})


def check_first(first: int, field_name: str = "first") -> int:
    """Returns `first` where it is a page size.

    Raises:
        InvalidInputError: it is not from 1 to 100.
    """
    if not 1 <= first <= MAX_FIRST:
        raise InvalidInputError(field_name, f"{first} is not allowed; it must be from 1 to {MAX_FIRST}")
    return first


def _filter_text(wanted: LinkFilter) -> str:
    # Most filters are empty, and to write one takes as long as to read a page that is known.
    return _NO_FILTER_TEXT if wanted == _NO_FILTER else str(wanted)


def _account_position(sealed: dict[str, list[Any] | None] | None) -> AccountPosition:
    if sealed is None:
        return None
    return {lane: None if at is None else (at[0], at[1], at[2]) for lane, at in sealed.items()}

"""How far the catalog is in step with an account, in words for callers and operators. Loads no database driver."""

from dataclasses import dataclass
from datetime import datetime
from enum import Enum


class SyncState(Enum):
    """How far the catalog is in step with an account."""

    WAITING = "WAITING"
    WALKING = "WALKING"
    IN_STEP = "IN_STEP"
    FAILING = "FAILING"
    NOT_LISTED = "NOT_LISTED"


@dataclass(frozen=True, slots=True)
class AccountProgress:
    """How far the catalog is in step with one account.

    Attributes:
        links: number of links in the catalog that the account has.
        last_full_sync: when the latest full walk ended.
        last_sync: when anything of the account was read last.
        statistics_as_of: the oldest moment at which the clicks of a link were read; None where none were.
        progress: the part of the running walk that is done, as far as it is known; 1 between two walks.
        error: why the latest step failed.
        calls_today: vendor calls that the syncer has made today, in UTC.
        calls_limit: the number of calls that it may make today; None without a limit.
    """

    account: str
    state: SyncState
    links: int = 0
    last_full_sync: datetime | None = None
    last_sync: datetime | None = None
    statistics_as_of: datetime | None = None
    progress: float | None = None
    error: str | None = None
    calls_today: int = 0
    calls_limit: int | None = None

"""One part of the statistics of one account: what its vendor told, and why anything is missing."""

import asyncio
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from types import MappingProxyType
from typing import Final

from linkweave.accounts import Account
from linkweave.errors import (
    BadResponseError,
    CatalogUnavailableError,
    LinkNotCountedError,
    LinksNotCountedError,
    UnavailableError,
    UnsupportedError,
    VendorError,
)
from linkweave.gather.dataloader import wait_shielded
from linkweave.gather.sources import SourceStatus, is_unsupported, record_partial_sources
from linkweave.gather.statistics.counted_links import CountedLinks, IncompleteAccount, WholeSum
from linkweave.models import BOT_TOTALS, SERIES, TOTALS, Measure, Period, StatsPart, StatsReport
from linkweave.providers.read_capabilities import CanReadStats

_OPERATION: Final = "read statistics"
KNOWN_PARTS: Final = frozenset({TOTALS, SERIES})
"""The parts that the catalog knows."""
_FIELDS: Final[Mapping[Measure, str]] = MappingProxyType(
    {Measure.CLICKS: "clicks", Measure.UNIQUE_CLICKS: "unique_clicks", Measure.BOT_CLICKS: "bot_clicks"}
)


@dataclass(frozen=True, slots=True)
class Total:
    """The sum of one measure over an account's links; None where it is not known.

    `failure` says that the account counts this measure and some of it is missing. `absence` says that it does not tell
    this measure, over these days.
    """

    value: int | None
    failure: VendorError | None = None
    absence: VendorError | None = None


@dataclass(frozen=True, slots=True)
class AccountPart:
    """The reports of an account's links that have one part.

    `failure` is why the part of some of its links is missing, although the account counts it. `missing` is why some of
    its links are not counted. `absence` is why the account does not tell the part at all, or why its vendor does not
    count some links: they are in no sum, as those of an account that counts nothing.
    """

    account: Account
    part: StatsPart
    reports: tuple[StatsReport, ...] = ()
    failure: VendorError | None = None
    missing: VendorError | None = None
    absence: VendorError | None = None
    truncated: bool = False

    @property
    def lack(self) -> VendorError | None:
        """Why a sum of the reports would lack something."""
        return self.failure or self.missing

    @property
    def measures(self) -> frozenset[Measure]:
        """What the account counts."""
        adapter = self.account.adapter
        return adapter.measures if isinstance(adapter, CanReadStats) else frozenset()

    @property
    def first_covered(self) -> date | None:
        """The first day that all reports cover, where some begin later than the caller asked for."""
        starts = [each.covered.start for each in self.reports if each.truncated and each.covered is not None]
        return max(starts, default=None)

    def total(self, measure: Measure, *, allow_incomplete: bool = False) -> Total:
        """Returns the account's sum of `measure`. With `allow_incomplete`, the sum of what is known."""
        if measure not in self.measures:
            return Total(None, absence=_unsupported(self.account, f"does not count {_words(measure)}"))
        numbers: list[int | None] = [getattr(report, _FIELDS[measure]) for report in self.reports]
        known = [number for number in numbers if number is not None]
        failure = self.lack
        if failure is None and 0 < len(known) < len(numbers):
            failure = _unreadable(self.account, self.part)
        if failure is not None:
            return Total(sum(known) if known and allow_incomplete else None, failure)
        if known and (self.absence is None or isinstance(self.absence, LinkNotCountedError)):
            return Total(sum(known), absence=self.absence)
        return Total(None, absence=self.absence or _unsupported(self.account, f"did not tell {_words(measure)}"))


@dataclass(slots=True)
class _Outcomes:
    """What became of the question for one part of each link."""

    told: list[StatsReport] = field(default_factory=list)
    untold: int = 0
    failed: list[VendorError] = field(default_factory=list)
    unsupported: list[VendorError] = field(default_factory=list)
    uncounted: list[VendorError] = field(default_factory=list)
    truncated: bool = False

    def add(self, account: Account, loaded: object, part: StatsPart) -> SourceStatus:
        """Adds one report or error, and returns what it says of the account."""
        error = loaded if isinstance(loaded, VendorError) else None
        if isinstance(loaded, StatsReport):
            self.truncated |= loaded.truncated
            failure = loaded.failures.get(part)
            error = failure if isinstance(failure, VendorError) else None
            if error is None and loaded.truncated and (part != SERIES or loaded.series is None):
                error = _unsupported(account, f"does not tell {name_of(part)} of all days of the range")
            if error is None and _has_unreadable_rows(loaded, part):
                error = _unreadable(account, part)
            if error is None:
                return self._add_report(loaded, part)
        if error is None:
            raise loaded if isinstance(loaded, BaseException) else TypeError(type(loaded))
        if isinstance(error, LinkNotCountedError):
            self.uncounted.append(error)
            return SourceStatus.UNSUPPORTED
        if is_unsupported(error) and not (isinstance(loaded, StatsReport) and loaded.truncated):
            self.unsupported.append(error)
            return SourceStatus.UNSUPPORTED
        self.failed.append(error)
        return SourceStatus.FAILED

    def _add_report(self, report: StatsReport, part: StatsPart) -> SourceStatus:
        if _tells(report, part):
            self.told.append(report)
        else:
            self.untold += 1
        return SourceStatus.OK if report.stale_because is None else SourceStatus.STALE

    def result(self, account: Account, part: StatsPart) -> AccountPart:
        """Returns the account's part. A sum over some of its links only has a failure."""
        if self.failed:
            return AccountPart(account, part, tuple(self.told), self.failed[0], truncated=self.truncated)
        if self.unsupported:
            return AccountPart(account, part, absence=self.unsupported[0], truncated=self.truncated)
        if self.untold and self.told:
            return AccountPart(account, part, tuple(self.told), _unreadable(account, part))
        if self.untold:
            return AccountPart(account, part, absence=_unsupported(account, f"does not tell {name_of(part)}"))
        uncounted = next(iter(self.uncounted), None)
        return AccountPart(account, part, tuple(self.told), absence=uncounted, truncated=self.truncated)


async def load_account_part(
    account: Account,
    links: CountedLinks,
    part: StatsPart,
    period: Period,
    incomplete: IncompleteAccount | None = None,
) -> AccountPart:
    """Reads `part` of the statistics of `links`, all of `account`. `incomplete` says that others are missing."""
    missing = None if incomplete is None or incomplete.may_have_others else _missing_links(incomplete)
    if not isinstance(account.adapter, CanReadStats) or not account.adapter.tells(part):
        absence = _unsupported(account, f"does not count {name_of(part)}")
        return AccountPart(account, part, absence=absence)
    # No task for each link: there may be a thousand.
    loaded = await wait_shielded(asyncio.gather(*links.request(part, period), return_exceptions=True))
    outcomes = _Outcomes()
    record_partial_sources([(account, outcomes.add(account, each, part)) for each in _flattened(loaded)])
    result = outcomes.result(account, part)
    if is_unsupported(missing) and not isinstance(missing, LinksNotCountedError):
        return replace(result, absence=missing)
    return result if missing is None else replace(result, missing=missing)


async def load_known_part(account: Account, known: WholeSum, part: StatsPart) -> AccountPart:
    """Returns `part`, one of KNOWN_PARTS, of all links of an account together, as the catalog knows it."""
    outcomes = _Outcomes()
    try:
        loaded: object = await known.report(part)
    except CatalogUnavailableError as error:
        loaded = UnavailableError(f"{account.key}: {error.message}", account=account.key, operation=_OPERATION)
    record_partial_sources([(account, outcomes.add(account, loaded, part))])
    return outcomes.result(account, part)


def _flattened(loaded: Iterable[object]) -> Iterable[object]:
    """What was loaded for one link or for several together."""
    for each in loaded:
        if isinstance(each, tuple):
            yield from each
        else:
            yield each


def name_of(part: StatsPart) -> str:
    """Returns the words for a part, as in "does not count clicks by country"."""
    if part.dimension is not None:
        return f"clicks by {part.dimension.value.lower().replace('_', ' ')}"
    return {SERIES: "clicks per day", BOT_TOTALS: "clicks by bots"}.get(part, "clicks")


def _missing_links(incomplete: IncompleteAccount) -> VendorError:
    if incomplete.error is not None:
        return incomplete.error
    account = incomplete.account.key
    return LinksNotCountedError(f"{account}: {incomplete.reason}", account=account, operation="list links")


def _tells(report: StatsReport, part: StatsPart) -> bool:
    if part == SERIES:
        return report.series is not None
    # A vendor may leave out the breakdown of a link that was never clicked.
    return part.dimension is None or part.dimension in report.breakdowns or report.clicks == 0


def _has_unreadable_rows(report: StatsReport, part: StatsPart) -> bool:
    rows = () if part.dimension is None else report.breakdowns.get(part.dimension, ())
    return any(row.clicks is None and row.unique_clicks is None for row in rows)


def _unreadable(account: Account, part: StatsPart) -> VendorError:
    problem = f"{account.key}: did not tell {name_of(part)} of every link ({_OPERATION})"
    return BadResponseError(problem, account=account.key, operation=_OPERATION)


def _unsupported(account: Account, problem: str) -> UnsupportedError:
    return UnsupportedError(f"{account.key}: {problem}", account=account.key, operation=_OPERATION)


def _words(measure: Measure) -> str:
    return _FIELDS[measure].replace("_", " ")

"""Clicks of one link or of many, per measure and per account."""

from collections.abc import Awaitable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType
from typing import Final, Generic, Protocol, TypeVar

from linkweave.accounts import Account
from linkweave.concurrency.eager_tasks import gather_eagerly
from linkweave.errors import InvalidInputError, UnsupportedError, VendorError
from linkweave.gather.statistics.account_part import AccountPart
from linkweave.gather.statistics.breakdowns import Breakdown, break_down
from linkweave.gather.statistics.counted_links import CountedLink, IncompleteAccount, WholeSum
from linkweave.gather.statistics.date_range import DateRange
from linkweave.gather.statistics.readings import Readings
from linkweave.gather.statistics.sources import StatsSource, source_of
from linkweave.gather.statistics.totals import by_day
from linkweave.models import SERIES, TOTALS_OF, DayClicks, Dimension, Measure, StatsPart

T = TypeVar("T")

MAX_BUCKETS: Final = 1_000
_REMEDY: Final = "`allowIncomplete: true` gives the numbers without it."


@dataclass(frozen=True, slots=True)
class Told(Generic[T]):
    """A number, series or breakdown; None where it is not known. `errors` are the failures that made it so."""

    value: T | None
    errors: tuple[VendorError, ...] = ()


class Numbered(Protocol):
    """The numbers of one link or of several, from vendors or from the catalog."""

    def total(self, measure: Measure) -> Awaitable[Told[int]]:
        """Returns the sum of `measure`."""
        ...

    def series(self) -> Awaitable[Told[tuple[DayClicks, ...]]]:
        """Returns the clicks per day, oldest first."""
        ...

    def breakdown(self, dimension: Dimension, first: int) -> Awaitable[Told[Breakdown]]:
        """Returns the `first` largest buckets."""
        ...


@dataclass(frozen=True, slots=True)
class Statistics:
    """The numbers of the `accounts` in `readings`.

    A sum that would lack a part is None, unless `allow_incomplete`. Each method notes at once what will be read, and
    reads it when its result is awaited.
    """

    readings: Readings
    accounts: tuple[str, ...]
    allow_incomplete: bool = False
    merged: bool = True

    @classmethod
    def of_link(cls, link: CountedLink, date_range: DateRange) -> "Statistics":
        """Returns the statistics of one link."""
        readings = Readings([link], date_range, {})
        return cls(readings, tuple(readings.accounts), merged=False)

    @classmethod
    def of_links(
        cls,
        links: Sequence[CountedLink],
        date_range: DateRange,
        incomplete: Mapping[str, IncompleteAccount] | None = None,
        *,
        allow_incomplete: bool = False,
        whole_accounts: Collection[str] = (),
        sums: Mapping[str, WholeSum] = MappingProxyType({}),
    ) -> "Statistics":
        """Returns the merged statistics of `links`. `incomplete` are the accounts of which links are missing.

        `whole_accounts` are the keys of the accounts that have no other links. `sums` are those of accounts in
        `incomplete` whose totals and days are known all the same.
        """
        readings = Readings(links, date_range, incomplete or {}, whole_accounts, sums)
        return cls(readings, tuple(readings.accounts), allow_incomplete)

    @property
    def links(self) -> int:
        """The number of links that are counted."""
        return sum(map(self.readings.links_of, self.accounts))

    def total(self, measure: Measure) -> Awaitable[Told[int]]:
        """Returns the sum of `measure`; None where no account counts it."""
        self.readings.parts.add(TOTALS_OF[measure])
        self.readings.measures.add(measure)
        return self._total(measure)

    def series(self) -> Awaitable[Told[tuple[DayClicks, ...]]]:
        """Returns the clicks per day, oldest first; None where no account tells days."""
        self.readings.parts.add(SERIES)
        return self._series()

    def breakdown(self, dimension: Dimension, first: int) -> Awaitable[Told[Breakdown]]:
        """Returns the `first` largest buckets; None where no account tells this dimension.

        Raises:
            InvalidInputError: `first` is out of range.
        """
        if not 1 <= first <= MAX_BUCKETS:
            raise InvalidInputError("first", f"{first} is not allowed; it must be from 1 to {MAX_BUCKETS}")
        self.readings.parts.add(StatsPart.of(dimension))
        return self._breakdown(dimension, first)

    def by_account(self) -> tuple[tuple[Account, "Statistics"], ...]:
        """Returns the statistics of each account that has links here."""
        keys = (key for key in self.accounts if self.readings.links_of(key))
        return tuple(
            (self.readings.accounts[key], Statistics(self.readings, (key,), self.allow_incomplete)) for key in keys
        )

    async def complete(self) -> bool:
        """Returns whether every account that may hold matching links is in all numbers that the query selects."""
        keys = [key for key in self.accounts if self.readings.may_hold_links(key)]
        if any(self.readings.lacking(key) for key in keys):
            return False
        parts = [await self._parts(part, keys) for part in self._selected()]
        return all(_is_complete(part, self.readings.measures) for row in parts for part in row)

    async def sources(self) -> tuple[StatsSource, ...]:
        """Returns what each account contributed to the parts that the query selects."""
        rows = [await self._parts(part, self.accounts) for part in self._selected()]
        return tuple(
            source_of(
                self.readings.accounts[key],
                [row[place] for row in rows],
                self.readings.measures,
                self.readings.lacking(key),
            )
            for place, key in enumerate(self.accounts)
        )

    async def _total(self, measure: Measure) -> Told[int]:
        parts = await self._parts(TOTALS_OF[measure], self.accounts)
        totals = [part.total(measure, allow_incomplete=self.allow_incomplete) for part in parts]
        errors = self._errors(each.failure for each in totals)
        known = [each.value for each in totals if each.value is not None]
        return Told(sum(known) if known and not errors else None, errors)

    async def _series(self) -> Told[tuple[DayClicks, ...]]:
        parts = await self._parts(SERIES, self.accounts)
        errors = self._errors(part.lack for part in parts)
        told = [part for part in parts if part.reports]
        if errors or not told:
            return Told(None, errors)
        return Told(await by_day(told, allow_incomplete=self.allow_incomplete))

    async def _breakdown(self, dimension: Dimension, first: int) -> Told[Breakdown]:
        parts = await self._parts(StatsPart.of(dimension), self.accounts)
        errors = self._errors(part.lack for part in parts)
        told = [part for part in parts if part.reports]
        if errors or not told:
            return Told(None, errors)
        rows = (
            (part.account.key, row)
            for part in told
            for report in part.reports
            for row in report.breakdowns.get(dimension, ())
        )
        return Told(await break_down(dimension, rows, first, (part.account.key for part in told)))

    async def _parts(self, part: StatsPart, keys: Sequence[str]) -> list[AccountPart]:
        return await gather_eagerly([self.readings.load(key, part) for key in keys])

    def _selected(self) -> list[StatsPart]:
        return sorted(self.readings.parts, key=lambda part: part.name)

    def _errors(self, failures: Iterable[VendorError | None]) -> tuple[VendorError, ...]:
        """The errors of a number that lacks something; none where the caller allows that."""
        if self.allow_incomplete:
            return ()
        found = [each for each in failures if each is not None]
        if self.merged:
            return tuple(map(_missing_part, found))
        # The source of a single link says what its vendor cannot tell.
        return tuple(each for each in found if not isinstance(each, UnsupportedError))


def _missing_part(cause: VendorError) -> VendorError:
    """`cause` as the reason why a sum is not known."""
    error = cause.copy()
    error.message = f"The sum would lack a part: {cause.message.removesuffix('.')}. {_REMEDY}"
    error.args = (error.message,)
    return error


def _is_complete(part: AccountPart, measures: Collection[Measure]) -> bool:
    if part.lack is not None or part.absence is not None or part.truncated:
        return False
    own = (each for each in measures if TOTALS_OF[each] == part.part)
    return all(part.total(each).value is not None for each in own)

"""Merges breakdowns of several accounts: each bucket says how much of it is of which account."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Final

from linkweave.concurrency.in_turns import in_turns
from linkweave.gather.statistics.buckets import OTHER, Bucket, add, normalise
from linkweave.models import Dimension, Measure, RawBucket

# Number of rows that are added before other tasks run: some milliseconds of work.
_ROWS_PER_TURN: Final = 200


@dataclass(frozen=True, slots=True)
class Counts:
    """The clicks of one account in a bucket."""

    clicks: int | None = None
    unique_clicks: int | None = None


@dataclass(frozen=True, slots=True)
class MergedBucket:
    """The sum of all rows with one key. `counts` has the part of each account, by its key."""

    key: str
    label: str
    clicks: int | None
    unique_clicks: int | None
    counts: Mapping[str, Counts]


@dataclass(frozen=True, slots=True)
class Breakdown:
    """The largest buckets of a dimension, and the sum of all others.

    `measures` are what the buckets count, and `accounts` are the keys of the accounts whose clicks are in them.
    """

    dimension: Dimension
    buckets: tuple[MergedBucket, ...]
    remainder: MergedBucket | None
    measures: frozenset[Measure]
    accounts: tuple[str, ...]


async def break_down(
    dimension: Dimension, rows: Iterable[tuple[str, RawBucket]], first: int, accounts: Iterable[str] = ()
) -> Breakdown:
    """Returns the breakdown of the rows of several accounts: normalised, added up per key, with `first` buckets.

    Each row comes with the key of its account. `accounts` are those that were asked, also where they have no rows.
    """
    merged: dict[str, _Sum] = {}
    asked = dict.fromkeys(accounts)
    async for account, row in in_turns(rows, _ROWS_PER_TURN):
        bucket = normalise(dimension, row)
        asked[account] = None
        merged.setdefault(bucket.key, _Sum(bucket.key, bucket.label, {})).add(account, bucket)
    ranked = sorted((each.bucket() for each in merged.values()), key=_rank)
    rest = _Sum(OTHER, "All others", {})
    for each in ranked[first:]:
        for account, counts in each.counts.items():
            rest.add(account, Bucket(OTHER, "", counts.clicks, counts.unique_clicks))
    return Breakdown(
        dimension,
        tuple(ranked[:first]),
        rest.bucket() if ranked[first:] else None,
        frozenset(_measures(dimension, ranked)),
        tuple(asked),
    )


@dataclass(slots=True)
class _Sum:
    """A bucket that grows."""

    key: str
    label: str
    counts: dict[str, Counts]

    def add(self, account: str, bucket: Bucket) -> None:
        """Adds a row of `account`."""
        known = self.counts.get(account, Counts())
        clicks, unique = add(known.clicks, bucket.clicks), add(known.unique_clicks, bucket.unique_clicks)
        self.counts[account] = Counts(clicks, unique)

    def bucket(self) -> MergedBucket:
        """The sum of all accounts."""
        clicks = unique = None
        for counts in self.counts.values():
            clicks, unique = add(clicks, counts.clicks), add(unique, counts.unique_clicks)
        return MergedBucket(self.key, self.label, clicks, unique, self.counts)


def _measures(dimension: Dimension, buckets: Iterable[MergedBucket]) -> Iterable[Measure]:
    # Vendors that leave out bots from clicks have them in this dimension alone.
    clicks = Measure.BOT_CLICKS if dimension is Dimension.BOT else Measure.CLICKS
    for bucket in buckets:
        if bucket.clicks is not None:
            yield clicks
        if bucket.unique_clicks is not None:
            yield Measure.UNIQUE_CLICKS


def _rank(bucket: MergedBucket) -> tuple[int, int, str]:
    return -(bucket.clicks or 0), -(bucket.unique_clicks or 0), bucket.key

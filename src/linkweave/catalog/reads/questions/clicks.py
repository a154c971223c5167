"""Days to count, and what is known of the clicks of a link."""

from dataclasses import dataclass
from datetime import date, datetime

from linkweave.models import Period


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

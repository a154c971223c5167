"""The range of days that a caller asks statistics for."""

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Final

from linkweave.errors import InvalidInputError
from linkweave.models import Period

DEFAULT_DAYS: Final = 30
# Maximum number of days: three years.
MAX_DAYS: Final = 1_096


@dataclass(frozen=True, slots=True)
class DateRange:
    """The days that a caller asks for. A missing end is today; a missing start is 29 days before the end."""

    start: date | None = None
    end: date | None = None

    def check(self, today: date, field_name: str = "range") -> "DateRange":
        """Returns the range itself.

        Raises:
            InvalidInputError: it starts after its end, lies in the future, or covers more than MAX_DAYS days.
        """
        if self.start is not None and self.end is not None and self.start > self.end:
            raise InvalidInputError(f"{field_name}.from", f"{self.start} is after to ({self.end}); it must not be")
        period = self.resolve(today)
        # Where an account's time zone is ahead, tomorrow has begun.
        if (period.start - today).days > 1:
            field = field_name if self.start is None else f"{field_name}.from"
            raise InvalidInputError(field, f"begins on {period.start}, which is after today ({today}); it must not")
        if (period.end - period.start).days >= MAX_DAYS:
            raise InvalidInputError(field_name, f"covers more than {MAX_DAYS} days; at most that many are allowed")
        return self

    def resolve(self, today: date) -> Period:
        """Returns the days of the range on the day `today`."""
        end = self.end or max(today, self.start or today)
        try:
            start = self.start or end - timedelta(days=DEFAULT_DAYS - 1)
        except OverflowError:
            start = date.min
        return Period(start, end)

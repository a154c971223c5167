"""Column types that SQLite and PostgreSQL store, compare and sort alike."""

from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from functools import lru_cache
from typing import Any, Final

from sqlalchemy import BigInteger, Integer
from sqlalchemy.engine import Dialect
from sqlalchemy.types import TypeDecorator

_EPOCH: Final = datetime(1970, 1, 1, tzinfo=UTC)
_MICROSECOND: Final = timedelta(microseconds=1)
# Maximum number of moments that are remembered. Most links of a page were read at one moment.
_MAX_MOMENTS: Final = 4_096


class Instant(TypeDecorator[datetime]):
    """A moment, stored as the whole number of microseconds since 1970 in UTC."""

    impl = BigInteger
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> int | None:  # noqa: ARG002 # SQLAlchemy passes it
        """Returns what is stored for an aware datetime."""
        return None if value is None else (value - _EPOCH) // _MICROSECOND

    def result_processor(self, dialect: Dialect, coltype: object) -> Callable[[Any], datetime | None]:  # noqa: ARG002 # SQLAlchemy passes them
        """Returns the function that returns a stored moment in UTC. SQLAlchemy would call another one around it."""
        return moment_or_none


@lru_cache(_MAX_MOMENTS)
def moment_of(value: int) -> datetime:
    """Returns a stored moment in UTC."""
    return _EPOCH + timedelta(microseconds=value)


def moment_or_none(value: int | None) -> datetime | None:
    """Returns a stored moment in UTC; None where none is stored."""
    return None if value is None else moment_of(value)


class Day(TypeDecorator[date]):
    """A day, stored as the whole number of days since the first day of year 1."""

    impl = Integer
    cache_ok = True

    def process_bind_param(self, value: date | None, dialect: Dialect) -> int | None:  # noqa: ARG002 # SQLAlchemy passes it
        """Returns what is stored for a date."""
        return None if value is None else value.toordinal()

    def process_result_value(self, value: Any, dialect: Dialect) -> date | None:  # noqa: ARG002 # SQLAlchemy passes it
        """Returns the stored day."""
        return None if value is None else date.fromordinal(value)

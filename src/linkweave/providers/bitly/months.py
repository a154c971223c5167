"""The calendar month, after which Bitly counts anew (DOC)."""

from datetime import UTC, datetime, timedelta


def next_month(at: datetime) -> datetime:
    """The start of the month after that of `at`, in UTC."""
    first = at.astimezone(UTC).replace(day=1, hour=0, minute=0, second=0, microsecond=0)
    return (first + timedelta(days=32)).replace(day=1)


def next_hour(at: datetime) -> datetime:
    """The start of the hour after that of `at`, in UTC."""
    return at.astimezone(UTC).replace(minute=0, second=0, microsecond=0) + timedelta(hours=1)

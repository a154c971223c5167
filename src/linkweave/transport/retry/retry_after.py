"""Reads from an answer when the vendor wants to be called again."""

from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from typing import Final

from linkweave.transport.call import Answer

MAX_RETRY_AFTER_SECONDS: Final = 3600.0

# FOUND at one vendor: the header holds the moment of the reset, in milliseconds since 1970. A number from here is one.
_MOMENTS: Final = 10**9
_MILLISECONDS: Final = 10**12
_MAX_DIGITS: Final = 15
_TOO_MANY_REQUESTS: Final = 429


def read_retry_after(answer: Answer, now: datetime) -> float | None:
    """The Retry-After header in seconds from `now`, at most one hour; of a 429 without it, X-RateLimit-Reset.

    Either may hold seconds, a date, or a moment in seconds or milliseconds since 1970. Such a moment in Retry-After is
    that of the rate limit (FOUND), so that it counts with a 429 alone.
    """
    given = answer.headers.get("retry-after", "").strip()
    is_moment = given.isascii() and given.isdigit() and int(given[:_MAX_DIGITS]) >= _MOMENTS
    seconds = None if is_moment and answer.status != _TOO_MANY_REQUESTS else _seconds(given, now)
    if seconds is None and answer.status == _TOO_MANY_REQUESTS:
        seconds = _seconds(answer.headers.get("x-ratelimit-reset", ""), now)
    return None if seconds is None else min(max(0.0, seconds), MAX_RETRY_AFTER_SECONDS)


def _seconds(value: str, now: datetime) -> float | None:
    value = value.strip()
    if value.isascii() and value.isdigit():
        return _from_number(int(value[:_MAX_DIGITS]), now)
    try:
        at = parsedate_to_datetime(value)
    except (ValueError, OverflowError):
        return None
    return ((at if at.tzinfo else at.replace(tzinfo=UTC)) - now).total_seconds()


def _from_number(number: int, now: datetime) -> float:
    if number < _MOMENTS:
        return float(number)
    return number / (1000 if number >= _MILLISECONDS else 1) - now.timestamp()

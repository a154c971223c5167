"""When a vendor says that asking again makes sense."""

from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from typing import Final

from linkweave.transport.call import Answer

MAX_RETRY_AFTER_SECONDS: Final = 3600.0


def retry_after(answer: Answer, now: datetime) -> float | None:
    """The Retry-After header in seconds, whether it came as seconds or as a date; at most one hour."""
    value = answer.headers.get("retry-after", "").strip()
    if value.isascii() and value.isdigit():
        return min(float(value), MAX_RETRY_AFTER_SECONDS)
    try:
        at = parsedate_to_datetime(value)
    except (ValueError, OverflowError):
        return None
    aware = at if at.tzinfo else at.replace(tzinfo=UTC)
    return min(max(0.0, (aware - now).total_seconds()), MAX_RETRY_AFTER_SECONDS)

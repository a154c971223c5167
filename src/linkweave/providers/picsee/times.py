"""PicSee's times: Taipei's wall clock without an offset in questions, four spellings in answers."""

import re
from datetime import UTC, date, datetime, time, timedelta, timezone
from typing import Annotated, Final

from pydantic import BeforeValidator

from linkweave.models import Period
from linkweave.transport.call import Pairs

TAIPEI: Final = timezone(timedelta(hours=8))

_TIME = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}[T ][0-9]{2}:[0-9]{2}:[0-9]{2}(\.[0-9]+)?(Z|[+-][0-9]{2}:[0-9]{2})?")
# Far enough from both ends of the calendar to be said in any zone.
_YEARS = range(1970, 3000)
_DAY = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")


def parse_time(value: object) -> datetime:
    """The moment in UTC that `value` names; without an offset it is Taipei's time (DOC and FOUND vary).

    Raises:
        ValueError: it is no time, or none at which PicSee can have done anything.
    """
    if not isinstance(value, str) or not _TIME.fullmatch(value):
        raise ValueError("is not a time")
    moment = datetime.fromisoformat(value)
    if moment.year not in _YEARS:
        raise ValueError("is out of range")
    return (moment if moment.tzinfo else moment.replace(tzinfo=TAIPEI)).astimezone(UTC)


def parse_day(value: object) -> date:
    """The day that `value` names as YYYY-MM-DD.

    Raises:
        ValueError: it is no such text.
    """
    if not isinstance(value, str) or not _DAY.fullmatch(value):
        raise ValueError("is not a day")
    return date.fromisoformat(value)


VendorTime = Annotated[datetime, BeforeValidator(parse_time)]
VendorDay = Annotated[date, BeforeValidator(parse_day)]


def wall_time(moment: datetime) -> str:
    """`moment` as PicSee wants it in questions: Taipei, whole seconds, no offset (DOC)."""
    return moment.astimezone(TAIPEI).replace(tzinfo=None).isoformat(timespec="seconds")


def day_of(moment: datetime) -> date:
    """The day of `moment` in Taipei."""
    return moment.astimezone(TAIPEI).date()


def last_second(day: date) -> str:
    """The end of `day` in Taipei, as PicSee wants it."""
    return datetime.combine(day, time(23, 59, 59)).isoformat(timespec="seconds")


def range_query(period: Period, now: datetime) -> Pairs:
    """`startTime` and `endTime` for the whole of `period`, but never later than `now`."""
    start = datetime.combine(period.start, time.min)
    end = min(datetime.combine(period.end, time(23, 59, 59)), now.astimezone(TAIPEI).replace(tzinfo=None))
    return (
        ("startTime", start.isoformat(timespec="seconds")),
        ("endTime", end.isoformat(timespec="seconds")),
    )

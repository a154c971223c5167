"""PicSee's times: Taipei's wall clock without an offset in requests, four spellings in answers."""

from datetime import date, datetime, time, timedelta, timezone
from typing import Annotated, Final, TypeAlias

from pydantic import BeforeValidator

from linkweave.models import Period
from linkweave.providers.wire import parse_moment
from linkweave.transport.call import Pairs

TAIPEI: Final = timezone(timedelta(hours=8))
_LAST_SECOND: Final = time(23, 59, 59)


def parse_time(value: object) -> datetime:
    """A moment in UTC; without an offset it is Taipei's (DOC and FOUND vary).

    Raises:
        ValueError: `value` is no time.
    """
    return parse_moment(value, TAIPEI)


VendorTime: TypeAlias = Annotated[datetime, BeforeValidator(parse_time)]


def wall_time(moment: datetime) -> str:
    """`moment` as PicSee takes it: Taipei's, whole seconds, no offset (DOC)."""
    return moment.astimezone(TAIPEI).replace(tzinfo=None).isoformat(timespec="seconds")


def taipei_day(moment: datetime) -> date:
    """The day of `moment` in Taipei."""
    return moment.astimezone(TAIPEI).date()


def end_of_day(day: date) -> str:
    """The last second of `day` in Taipei, as PicSee takes it."""
    return datetime.combine(day, _LAST_SECOND).isoformat(timespec="seconds")


def range_query(period: Period, now: datetime) -> Pairs:
    """`startTime` and `endTime` for the whole of `period`, but never later than `now`."""
    start = datetime.combine(period.start, time.min).isoformat(timespec="seconds")
    # Both are in the same zone and of the same length, so that the earlier one sorts first.
    return (("startTime", start), ("endTime", min(end_of_day(period.end), wall_time(now))))

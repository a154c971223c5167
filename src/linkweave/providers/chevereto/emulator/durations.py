"""Date intervals as PHP writes them: P3D, PT5M."""

import re
from datetime import datetime, timedelta
from typing import Final

_INTERVAL: Final = re.compile(
    r"P(?=.)(?:(\d{1,4})Y)?(?:(\d{1,4})M)?(?:(\d{1,4})W)?(?:(\d{1,4})D)?"
    r"(?:T(?=.)(?:(\d{1,6})H)?(?:(\d{1,6})M)?(?:(\d{1,8})S)?)?"
)
_DAYS_PER_YEAR: Final = 365
_DAYS_PER_MONTH: Final = 30


def after(moment: datetime, interval: str) -> datetime | None:
    """`moment` plus `interval`, years and months roughly; None where that is no interval, or too far away."""
    found = _INTERVAL.fullmatch(interval)
    if found is None:
        return None
    years, months, weeks, days, hours, minutes, seconds = (int(part or 0) for part in found.groups())
    days += years * _DAYS_PER_YEAR + months * _DAYS_PER_MONTH
    try:
        return moment + timedelta(days=days, weeks=weeks, hours=hours, minutes=minutes, seconds=seconds)
    except OverflowError:
        return None

"""The billing cycle, after which Dub counts links and clicks anew."""

from calendar import monthrange
from datetime import datetime

from linkweave.providers.dub.inferred import MONTHS_OF_A_CYCLE

_MONTHS = 12


def next_cycle_end(told: datetime, now: datetime) -> datetime:
    """The end of the cycle that runs at `now`, where Dub told `told`.

    A cycle that is over has begun anew.
    """
    if told > now:
        return told
    later = (now.year - told.year) * _MONTHS + now.month - told.month
    end = _months_later(told, later)
    return end if end > now else _months_later(told, later + MONTHS_OF_A_CYCLE)


def _months_later(at: datetime, count: int) -> datetime:
    years, month = divmod(at.month - 1 + count, _MONTHS)
    year, month = at.year + years, month + 1
    return at.replace(year=year, month=month, day=min(at.day, monthrange(year, month)[1]))

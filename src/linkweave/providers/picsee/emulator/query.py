"""Reads the parameters of a query."""

import re
from dataclasses import dataclass
from datetime import datetime, timedelta

from starlette.requests import Request

from linkweave.providers.picsee.emulator.responses import RefusedError
from linkweave.providers.picsee.emulator.state import TAIPEI

_TIME = re.compile(r"\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}")
DEFAULT_DAYS = 30


@dataclass(frozen=True)
class TimeRange:
    """From `start` to `end`, in Taipei."""

    start: datetime
    end: datetime


def time_parameter(request: Request, name: str) -> datetime | None:
    """Taipei's time as YYYY-MM-DDTHH:mm:ss, without an offset (DOC).

    Raises:
        RefusedError: it has another form.
    """
    text = request.query_params.get(name)
    if text is None:
        return None
    moment = parse_wall_time(text)
    if moment is None:
        raise RefusedError(400, f"{name} must be YYYY-MM-DDTHH:mm:ss")
    return moment


def parse_wall_time(text: str) -> datetime | None:
    """Taipei's time from YYYY-MM-DDTHH:mm:ss; None for other text."""
    if not _TIME.fullmatch(text):
        return None
    try:
        return datetime.fromisoformat(text).replace(tzinfo=TAIPEI)
    except ValueError:
        return None


def time_range(request: Request, now: datetime, floor: timedelta) -> TimeRange:
    """`startTime` and `endTime`; by default the 30 days before now, floored to `floor` (DOC).

    Raises:
        RefusedError: the range is reversed or reaches into the future (INFERRED).
    """
    end = time_parameter(request, "endTime") or _floored(now, floor)
    start = time_parameter(request, "startTime") or end - timedelta(days=DEFAULT_DAYS)
    if start > end:
        raise RefusedError(400, "startTime must be before endTime")
    if end > now:
        raise RefusedError(400, "endTime must not be in the future")
    return TimeRange(start, end)


def flag_parameter(request: Request, name: str, *, default: bool) -> bool:
    """A parameter that is `true` or `false`.

    Raises:
        RefusedError: it is neither.
    """
    text = request.query_params.get(name)
    if text not in {None, "true", "false"}:
        raise RefusedError(400, f"{name} must be true or false")
    return default if text is None else text == "true"


def number_parameter(request: Request, name: str) -> int | None:
    """A parameter that is a whole number.

    Raises:
        RefusedError: it is none.
    """
    text = request.query_params.get(name)
    if text is not None and not re.fullmatch(r"[0-9]{1,15}", text):
        raise RefusedError(400, f"{name} must be a number")
    return None if text is None else int(text)


def _floored(moment: datetime, floor: timedelta) -> datetime:
    midnight = moment.replace(hour=0, minute=0, second=0, microsecond=0)
    return moment - (moment - midnight) % floor

"""The four spans of a link's statistics, counted back from now."""

from collections import Counter
from collections.abc import Callable, Mapping
from datetime import datetime, timedelta
from types import MappingProxyType
from typing import Final

from linkweave.providers.emulator_seed import BROWSERS, COUNTRIES, REFERRERS, SYSTEMS, share

_ALL_BROWSERS: Final = ("chrome", "edge", "firefox", "ie", "opera", "other", "safari")
_ALL_SYSTEMS: Final = ("android", "ios", "linux", "macos", "other", "windows")
_BROWSER_WEIGHTS: Final = {"other" if name == "Instagram" else name.lower(): part for name, part in BROWSERS.items()}
_SYSTEM_WEIGHTS: Final = {name.lower(): part for name, part in SYSTEMS.items()}
_COUNTRY_WEIGHTS: Final = {**{name.lower(): part for name, part in COUNTRIES.items()}, "unknown": 2}
_REFERRER_WEIGHTS: Final = {name.replace(".", "[dot]"): part for name, part in REFERRERS.items()}


def _months(now: datetime, hour: datetime) -> int:
    """Whole months between two moments."""
    months = (now.year - hour.year) * 12 + now.month - hour.month
    later_in_month = (hour.day, hour.time()) > (now.day, now.time())
    return months - 1 if later_in_month else months


# How many parts a span has, and the age of an hour in parts of it.
_SPANS: Final[Mapping[str, tuple[int, Callable[[datetime, datetime], int]]]] = MappingProxyType(
    {
        "lastYear": (12, _months),
        "lastDay": (24, lambda now, hour: (now - hour) // timedelta(hours=1)),
        "lastMonth": (30, lambda now, hour: (now - hour) // timedelta(days=1)),
        "lastWeek": (7, lambda now, hour: (now - hour) // timedelta(days=1)),
    }
)


def spans_of(visits: Counter[datetime], now: datetime) -> dict[str, object]:
    """The visits of the last day, week, month and year, each in parts of which the last one runs now."""
    return {name: _span(visits, now, *span) for name, span in _SPANS.items()}


def _span(
    visits: Counter[datetime], now: datetime, parts: int, age: Callable[[datetime, datetime], int]
) -> dict[str, object]:
    views = [0] * parts
    for hour, count in visits.items():
        at = age(now, hour)
        if 0 <= at < parts:
            views[parts - 1 - at] += count
    total = sum(views)
    stats = {
        "browser": _all_rows(total, _BROWSER_WEIGHTS, _ALL_BROWSERS),
        "os": _all_rows(total, _SYSTEM_WEIGHTS, _ALL_SYSTEMS),
        "country": _rows(share(total, _COUNTRY_WEIGHTS)),
        "referrer": _rows(share(total, _REFERRER_WEIGHTS)),
    }
    return {"stats": stats, "views": views, "total": total}


def _all_rows(total: int, weights: Mapping[str, int], names: tuple[str, ...]) -> list[dict[str, object]]:
    return _rows({**dict.fromkeys(names, 0), **share(total, weights)})


def _rows(counts: Mapping[str, int]) -> list[dict[str, object]]:
    ranked = sorted(counts.items(), key=lambda row: (-row[1], row[0]))
    return [{"name": name, "value": value} for name, value in ranked]

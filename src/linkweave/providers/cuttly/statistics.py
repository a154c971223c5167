"""Cutt.ly's answer about a link as a report. All its numbers count clicks; none counts visitors."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import datetime
from types import MappingProxyType
from typing import Final, TypeAlias

from linkweave.errors import VendorError
from linkweave.models import TOTALS, Dimension, LeftOut, Measure, Period, RawBucket, StatsPart, StatsReport
from linkweave.providers.cuttly.wire import Devices, LinkStats, StatsAnswer, TagRow

MEASURES: Final = frozenset({Measure.CLICKS, Measure.BOT_CLICKS})

# DOC: the names of the lists in `stats.devices`.
_DEVICE_LISTS: Final[Mapping[Dimension, str]] = MappingProxyType(
    {
        Dimension.COUNTRY: "geo",
        Dimension.DEVICE: "dev",
        Dimension.OS: "sys",
        Dimension.BROWSER: "bro",
        Dimension.BRAND: "brand",
        Dimension.LANGUAGE: "lang",
    }
)
# Where the rows of a breakdown are in the answer.
_ROWS: Final[Mapping[Dimension, str]] = MappingProxyType(
    {
        **{dimension: f"stats.devices.{name}" for dimension, name in _DEVICE_LISTS.items()},
        Dimension.REFERRER: "stats.refs.ref",
        Dimension.BOT: "stats.bots.bots",
    }
)
DIMENSIONS: Final = frozenset({*_ROWS, Dimension.SOCIAL})

_Breakdown: TypeAlias = tuple[Dimension, tuple[RawBucket, ...]]


def stats_report(
    answer: StatsAnswer, covered: Period | None, at: datetime, bad_response: Callable[[str], VendorError]
) -> StatsReport:
    """All that one answer has. `covered` is the period of the call; None is the link's whole life.

    A breakdown that lost a row fails, with the error that `bad_response` makes: the remaining rows would look complete.
    """
    stats, left_out = answer.stats, answer.left_out
    incomplete = frozenset(dimension for dimension in _ROWS if _lost_rows(left_out, dimension))
    failures: dict[StatsPart, Exception] = {
        StatsPart.of(dimension): bad_response(f"a row of {_ROWS[dimension]} has an unexpected shape")
        for dimension in incomplete
    }
    if stats.clicks is None:
        failures[TOTALS] = bad_response("stats.clicks has an unexpected shape")
    return StatsReport(
        measures=MEASURES,
        fetched_at=at,
        covered=covered,
        clicks=stats.clicks,
        bot_clicks=None if Dimension.BOT in incomplete else _bot_clicks(stats),
        breakdowns=MappingProxyType(
            {dimension: rows for dimension, rows in _breakdowns(stats) if dimension not in incomplete}
        ),
        failures=MappingProxyType(failures),
    )


def _lost_rows(left_out: LeftOut, dimension: Dimension) -> bool:
    return any(name.startswith(_ROWS[dimension]) for name in left_out.rows)


def _bot_clicks(stats: LinkStats) -> int | None:
    if stats.bots is None or stats.bots.bots is None:
        return stats.bot_count
    counts = [row.clicks for row in stats.bots.bots]
    return None if None in counts else sum(count for count in counts if count is not None)


def _breakdowns(stats: LinkStats) -> Iterator[_Breakdown]:
    if stats.devices is not None:
        yield from _device_breakdowns(stats.devices)
    if stats.refs is not None and stats.refs.ref is not None:
        yield Dimension.REFERRER, tuple(RawBucket(row.link, clicks=row.clicks) for row in stats.refs.ref)
    if stats.bots is not None and stats.bots.bots is not None:
        yield Dimension.BOT, tuple(RawBucket(row.name, clicks=row.clicks) for row in stats.bots.bots)
    if social := _social_buckets(stats):
        yield Dimension.SOCIAL, social


def _device_breakdowns(devices: Devices) -> Iterator[_Breakdown]:
    for dimension, name in _DEVICE_LISTS.items():
        rows: Sequence[TagRow] | None = getattr(devices, name)
        if rows is not None:
            # The tag of a country is its abbreviation (DOC).
            has_code = dimension is Dimension.COUNTRY
            yield dimension, tuple(RawBucket(row.tag, row.tag if has_code else None, row.clicks) for row in rows)


def _social_buckets(stats: LinkStats) -> tuple[RawBucket, ...]:
    counts = {
        "facebook": stats.facebook,
        "twitter": stats.twitter,
        "linkedin": stats.linkedin,
        "rest": stats.rest,
    }
    return tuple(RawBucket(name, clicks=clicks) for name, clicks in counts.items() if clicks is not None)

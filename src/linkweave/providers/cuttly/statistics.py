"""From Cutt.ly's answer to our report. Every number it gives counts clicks; none counts visitors."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from types import MappingProxyType
from typing import Final, TypeAlias

from linkweave.models import Dimension, Measure, Period, RawBucket, StatsReport
from linkweave.providers.cuttly.wire import Bots, Devices, LinkStats, TagRow

MEASURES: Final = frozenset({Measure.CLICKS, Measure.BOT_CLICKS})

# DOC: the names of the lists in `stats.devices`.
DEVICE_LISTS: Final[Mapping[Dimension, str]] = MappingProxyType(
    {
        Dimension.COUNTRY: "geo",
        Dimension.DEVICE: "dev",
        Dimension.OS: "sys",
        Dimension.BROWSER: "bro",
        Dimension.BRAND: "brand",
        Dimension.LANGUAGE: "lang",
    }
)
DIMENSIONS: Final = frozenset({*DEVICE_LISTS, Dimension.REFERRER, Dimension.BOT, Dimension.SOCIAL})

_Told: TypeAlias = tuple[Dimension, tuple[RawBucket, ...]]


def report(stats: LinkStats, covered: Period | None, at: datetime) -> StatsReport:
    """Everything in one answer. `covered` is the period that was asked for, None for the link's whole life."""
    return StatsReport(
        measures=MEASURES,
        fetched_at=at,
        covered=covered,
        clicks=stats.clicks,
        bot_clicks=_bot_clicks(stats.bots),
        breakdowns=MappingProxyType(dict(_breakdowns(stats))),
    )


def _bot_clicks(bots: int | Bots | None) -> int | None:
    if not isinstance(bots, Bots):
        return bots
    return None if bots.bots is None else sum(row.clicks for row in bots.bots)


def _breakdowns(stats: LinkStats) -> Iterator[_Told]:
    if stats.devices is not None:
        yield from _of_devices(stats.devices)
    if stats.refs is not None and stats.refs.ref is not None:
        yield Dimension.REFERRER, tuple(RawBucket(row.link, clicks=row.clicks) for row in stats.refs.ref)
    if isinstance(stats.bots, Bots) and stats.bots.bots is not None:
        yield Dimension.BOT, tuple(RawBucket(row.name, clicks=row.clicks) for row in stats.bots.bots)
    if social := _social(stats):
        yield Dimension.SOCIAL, social


def _of_devices(devices: Devices) -> Iterator[_Told]:
    for dimension, name in DEVICE_LISTS.items():
        rows: Sequence[TagRow] | None = getattr(devices, name)
        if rows is not None:
            # DOC calls the tag of a country its abbreviation.
            coded = dimension is Dimension.COUNTRY
            yield dimension, tuple(RawBucket(row.tag, row.tag if coded else None, row.clicks) for row in rows)


def _social(stats: LinkStats) -> tuple[RawBucket, ...]:
    counts = {
        "facebook": stats.facebook,
        "twitter": stats.twitter,
        "linkedin": stats.linkedin,
        "rest": stats.rest,
    }
    return tuple(RawBucket(name, clicks=clicks) for name, clicks in counts.items() if clicks is not None)

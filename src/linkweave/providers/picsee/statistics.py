"""Statistics of one link: the fewest calls for what is wanted, made together, put into one report."""

import asyncio
from collections.abc import Coroutine, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from typing import Any, Final

from linkweave.errors import VendorError
from linkweave.models import SERIES, TOTALS, Dimension, Link, Period, StatsPart, StatsReport
from linkweave.providers.base import Adapter
from linkweave.providers.picsee.details import BREAKDOWNS, Details, Told
from linkweave.providers.picsee.links import MEASURES
from linkweave.providers.picsee.times import day_of

DIMENSIONS: Final = frozenset({*BREAKDOWNS, Dimension.INTEREST, Dimension.BRAND_AFFINITY})

# Told by one endpoint, and only since the link exists.
AUDIENCE: Final = frozenset({StatsPart.of(Dimension.INTEREST), StatsPart.of(Dimension.BRAND_AFFINITY)})
PARTS: Final = frozenset({TOTALS, SERIES, *map(StatsPart.of, DIMENSIONS)})
_ADVANCED_LOOKBACK_DAYS: Final = 365
_LOOKBACK_DAYS: Final = 30


@dataclass(frozen=True, slots=True)
class Coverage:
    """How much of a period PicSee tells: `days` is None where that is nothing."""

    days: Period | None
    truncated: bool


@dataclass(frozen=True, slots=True)
class Question:
    """One call under way to its answer, and the parts that it answers."""

    parts: frozenset[StatsPart]
    answer: Coroutine[Any, Any, Told]


def coverage(asked: Period, today: date, born: date | None, *, advanced: bool) -> Coverage:
    """What is left of `asked` within the plan's lookback (DOC); days before the link was `born` are no loss."""
    lookback = _ADVANCED_LOOKBACK_DAYS if advanced else _LOOKBACK_DAYS
    # The midnight that begins this day is within the lookback at any time of today.
    earliest = today - timedelta(days=lookback - 1)
    start, end = max(asked.start, earliest), min(asked.end, today)
    if start > end:
        return Coverage(None, truncated=True)
    lost_from = asked.start if born is None else max(asked.start, born)
    return Coverage(Period(start, end), lost_from < earliest)


async def read_stats(
    adapter: Adapter,
    slug: str,
    link: Link | None,
    asked: Period,
    parts: frozenset[StatsPart],
    *,
    advanced: bool,
) -> StatsReport:
    """As `CanReadStats.read_stats`, for a percent-encoded `slug`.

    A period of which PicSee tells nothing is answered without a call: truncated, without numbers, and with that
    period as the one covered. Totals of a link's whole life are those that came with the link, whatever else is
    asked; `covered` and `truncated` are then about everything but them.
    """
    born = day_of(link.created_at) if link and link.created_at else None
    cover = coverage(asked, adapter.today(), born, advanced=advanced)
    if cover.days is None:
        return StatsReport(MEASURES, adapter.clock.now(), covered=asked, truncated=True)
    known = _known(link, asked, adapter.today()) if TOTALS in parts else ()
    to_ask = (parts & PARTS) - ({TOTALS} if known else frozenset())
    details = Details(adapter, slug, cover.days, advanced)
    report = await _ask(tuple(_questions(details, to_ask)), known, adapter.clock.now())
    return report if to_ask <= AUDIENCE else replace(report, covered=cover.days, truncated=cover.truncated)


def totals_of(link: Link, asked: Period, today: date) -> StatsReport | None:
    """The totals that came with `link`, where `asked` is its whole life."""
    if link.created_at is None or not asked.start <= day_of(link.created_at) <= today <= asked.end:
        return None
    return link.included


def _known(link: Link | None, asked: Period, today: date) -> tuple[Told, ...]:
    totals = None if link is None else totals_of(link, asked, today)
    return () if totals is None else (Told(totals.fetched_at, totals.clicks, totals.unique_clicks),)


def _questions(details: Details, parts: frozenset[StatsPart]) -> Iterator[Question]:
    if daily := parts & {TOTALS, SERIES}:
        yield Question(daily, details.daily(daily))
    for dimension in BREAKDOWNS:
        if (part := StatsPart.of(dimension)) in parts:
            yield Question(frozenset({part}), details.breakdown(dimension))
    if audience := parts & AUDIENCE:
        yield Question(audience, details.audience(audience))


async def _ask(questions: Sequence[Question], known: tuple[Told, ...], now: datetime) -> StatsReport:
    outcomes = await asyncio.gather(*(_outcome(question.answer) for question in questions))
    told = [*known, *(outcome for outcome in outcomes if isinstance(outcome, Told))]
    failures = {
        part: outcome
        for question, outcome in zip(questions, outcomes, strict=True)
        for part in question.parts
        if isinstance(outcome, VendorError)
    }
    if failures and not told:
        raise next(iter(failures.values()))
    return _report(told, failures, now)


async def _outcome(answer: Coroutine[Any, Any, Told]) -> Told | VendorError:
    try:
        return await answer
    except VendorError as error:
        return error


def _report(told: Sequence[Told], failures: Mapping[StatsPart, VendorError], now: datetime) -> StatsReport:
    return StatsReport(
        MEASURES,
        min((each.at for each in told), default=now),
        clicks=next((each.clicks for each in told if each.clicks is not None), None),
        unique_clicks=next((each.unique_clicks for each in told if each.unique_clicks is not None), None),
        series=next((each.series for each in told if each.series is not None), None),
        breakdowns={dimension: rows for each in told for dimension, rows in each.breakdowns.items()},
        failures=failures,
    )

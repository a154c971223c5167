"""How many calls a vendor's rate allows before the deadline."""

import pytest

from harness.emulators import bench
from linkweave.context.deadline import use_deadline
from linkweave.gather.stats_budget import calls_within, refuse_together, refuse_too_many
from linkweave.models import SERIES, TOTALS, Dimension, StatsPart
from linkweave.transport.rate_limit.limiter import RateLimit, SlidingWindow

DEVICE, OS, COUNTRY, BOT = (
    StatsPart.of(each) for each in (Dimension.DEVICE, Dimension.OS, Dimension.COUNTRY, Dimension.BOT)
)


@pytest.mark.parametrize(
    ("limit", "window", "seconds", "calls"),
    [
        (10, 1, 0, 10),
        (10, 1, 1.4, 10),
        # A slot is free again one window after its answer, which takes a quarter of a second.
        (10, 1, 1.5, 20),
        (10, 1, 10, 80),
        (1, 1, 10, 8),
        (180, 60, 10, 180),
        (180, 60, 61, 360),
    ],
)
def test_a_window_allows_its_free_slots_and_then_as_many_for_each_turn(
    limit: int, window: float, seconds: float, calls: int
) -> None:
    clock = bench("picsee").clock
    assert calls_within(SlidingWindow(RateLimit("details", limit, window), clock), seconds) == calls


@pytest.mark.parametrize(
    ("provider", "links", "parts", "needed"),
    [
        ("picsee", 80, {TOTALS, SERIES}, None),
        ("picsee", 81, {TOTALS, SERIES}, 81),
        ("picsee", 41, {TOTALS, COUNTRY}, 82),
        ("picsee", 41, {DEVICE, OS}, None),
        ("picsee", 100, {BOT}, None),
        ("cuttly", 180, {TOTALS, COUNTRY}, None),
        ("cuttly", 181, {TOTALS}, 181),
        # Ten a second, or 20,000 an hour: the fewer decide. Clicks of a link that was not read are one call.
        ("rebrandly", 80, {TOTALS}, None),
        ("rebrandly", 81, {TOTALS}, 81),
        # No rate limit, and no statistics.
        ("tinycc", 1_000, {SERIES}, None),
        ("chevereto", 1_000, {TOTALS}, None),
    ],
)
async def test_statistics_are_refused_where_one_call_too_many_is_needed(
    provider: str, links: int, parts: set[StatsPart], needed: int | None
) -> None:
    account = bench(provider).account
    wanted = [(frozenset(parts), False)] * links
    with use_deadline(10, account.adapter.clock):
        refusal = refuse_too_many(account, wanted)
    assert (None if refusal is None else refusal.calls) == needed
    assert refuse_too_many(account, wanted) is None


@pytest.mark.parametrize(("links", "needed"), [(16_000, None), (16_001, 65 * 2)])
async def test_links_that_are_counted_together_are_refused_where_one_call_too_many_is_needed(
    links: int, needed: int | None
) -> None:
    account = bench("dub").account
    with use_deadline(10, account.adapter.clock):
        assert refuse_together(account, links // 2, {TOTALS, SERIES}) is None
        refusal = refuse_together(account, links, {TOTALS, SERIES} if needed else {TOTALS})
    assert (None if refusal is None else refusal.calls) == needed

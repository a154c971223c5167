"""Whether the calls for statistics fit into a vendor's rate before the deadline: else none of them is begun."""

from collections import Counter
from collections.abc import Iterable, Sequence
from math import floor
from typing import Final, TypeAlias

from linkweave.accounts import Account
from linkweave.context.deadline import remaining_seconds
from linkweave.errors import TooManyCallsError
from linkweave.models import StatsPart
from linkweave.providers.read_capabilities import CanReadStats
from linkweave.transport.rate_limit.limiter import SlidingWindow

# The parts that are wanted of a link, and whether the link is known.
Wanted: TypeAlias = tuple[frozenset[StatsPart], bool]

# Seconds that an answer is assumed to take. A slot is free again one window after its answer.
ANSWER_SECONDS: Final = 0.25


def refuse_too_many(account: Account, links: Sequence[Wanted]) -> TooManyCallsError | None:
    """Returns why the statistics of `links` must not be read, or None if they may.

    A vendor without a rate limit has no such bound.
    """
    seconds = remaining_seconds(account.adapter.clock)
    if seconds is None:
        return None
    windows = {window.rate.bucket: window for window in account.windows}
    for bucket, calls in _calls(account, links, windows).items():
        possible = calls_within(windows[bucket], seconds)
        if calls > possible:
            return _too_many(account, calls, possible)
    return None


def calls_within(window: SlidingWindow, seconds: float) -> int:
    """Returns the number of calls that the window certainly allows so that they are answered in `seconds`."""
    rate = window.rate
    now = max(0, window.free() - window.waiting)
    turns = floor(max(0.0, seconds - ANSWER_SECONDS) / (rate.seconds + ANSWER_SECONDS))
    return now + rate.limit * turns


def _calls(account: Account, links: Iterable[Wanted], buckets: Iterable[str]) -> Counter[str]:
    adapter, known = account.adapter, list(buckets)
    counted: Counter[str] = Counter()
    if not isinstance(adapter, CanReadStats) or not known:
        return counted
    for parts, link_known in links:
        offered = filter(adapter.tells, parts)
        for call in {adapter.stats_call(part, link_known) for part in offered} - {None}:
            bucket = adapter.call_costs.stats_buckets.get(call or "", known[0] if len(known) == 1 else "")
            if bucket in known:
                counted[bucket] += 1
    return counted


def _too_many(account: Account, calls: int, possible: int) -> TooManyCallsError:
    error = TooManyCallsError(
        f"{account.key}: needs {calls} calls for statistics, and the provider's rate allows {possible} before the "
        "deadline; none was made. Ask for fewer links (filter, first) or fewer breakdowns at once.",
        account=account.key,
        operation="read statistics",
    )
    error.calls, error.max_calls = calls, possible
    return error

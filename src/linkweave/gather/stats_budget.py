"""Whether the calls for statistics fit into a vendor's rate before the deadline: else none of them is begun."""

from collections import Counter
from collections.abc import Awaitable, Callable, Collection, Iterable, Mapping, Sequence
from math import ceil, floor
from typing import Final, TypeAlias, TypeVar

from linkweave.accounts import Account
from linkweave.context.cache_alone import NotCachedError, use_cache_alone
from linkweave.context.deadline import remaining_seconds
from linkweave.errors import TooManyCallsError
from linkweave.models import TOTALS, StatsPart
from linkweave.providers.read_capabilities import CanReadManyStats, CanReadStats
from linkweave.transport.rate_limit.limiter import SlidingWindow

Key = TypeVar("Key")
Result = TypeVar("Result")

# The parts that are wanted of a link, and whether the link is known.
Wanted: TypeAlias = tuple[frozenset[StatsPart], bool]

# Seconds that an answer is assumed to take. A slot is free again one window after its answer.
ANSWER_SECONDS: Final = 0.25


def refuse_too_many(account: Account, links: Iterable[Wanted]) -> TooManyCallsError | None:
    """Returns why the statistics of `links`, each read by itself, must not be read, or None if they may."""
    adapter = account.adapter
    calls: Counter[str] = Counter()
    if isinstance(adapter, CanReadStats) and account.windows:
        for parts, link_known in links:
            calls.update({adapter.stats_call(part, link_known) or "" for part in parts if adapter.tells(part)} - {""})
    return refuse_calls(account, calls)


def refuse_together(
    account: Account, links: int, parts: Collection[StatsPart] = (TOTALS,), *, whole_account: bool = False
) -> TooManyCallsError | None:
    """Returns why the `parts` of `links` links must not be read together, or None if they may."""
    adapter = account.adapter
    calls: Counter[str] = Counter()
    if isinstance(adapter, CanReadManyStats):
        for part in parts:
            name = adapter.stats_call(part, link_known=True) or ""
            calls[name] = max(calls[name], ceil(links / adapter.links_per_call(part, whole_account=whole_account)))
    return refuse_calls(account, calls)


def refuse_calls(account: Account, calls: Mapping[str, int]) -> TooManyCallsError | None:
    """Returns why `calls`, a number for each name of a call, must not be made, or None if they may.

    A vendor without a rate limit has no such bound.
    """
    seconds = remaining_seconds(account.adapter.clock)
    if seconds is None:
        return None
    # An endpoint group may have several windows, such as one of a second and one of an hour: the fullest decides.
    possible_by_bucket: dict[str, int] = {}
    for window in account.windows:
        bucket, possible = window.rate.bucket, calls_within(window, seconds)
        possible_by_bucket[bucket] = min(possible, possible_by_bucket.get(bucket, possible))
    for bucket, needed in _by_bucket(account, calls, possible_by_bucket).items():
        possible = possible_by_bucket[bucket]
        if needed > possible:
            return _too_many(account, needed, possible)
    return None


async def fetch_within_rate(
    wanted: Sequence[Key],
    fetch: Callable[[Sequence[Key]], Awaitable[Mapping[Key, Result]]],
    refuse: Callable[[Sequence[Key]], TooManyCallsError | None],
) -> dict[Key, Result | TooManyCallsError]:
    """Returns what `fetch` returns for all of `wanted`.

    Where `refuse` says that this needs too many calls, it is what the cache holds, and the rest if that fits.
    """
    if refuse(wanted) is None:
        return dict(await fetch(wanted))
    with use_cache_alone():
        cached = dict(await fetch(wanted))
    rest = [key for key in wanted if isinstance(cached[key], NotCachedError)]
    refusal = refuse(rest)
    if refusal is None:
        return {**cached, **(await fetch(rest))}
    return {**cached, **{key: refusal.copy() for key in rest}}


def calls_within(window: SlidingWindow, seconds: float) -> int:
    """Returns the number of calls that the window certainly allows so that they are answered in `seconds`."""
    rate = window.rate
    now = max(0, window.free() - window.waiting)
    turns = floor(max(0.0, seconds - ANSWER_SECONDS) / (rate.seconds + ANSWER_SECONDS))
    return now + rate.limit * turns


def _by_bucket(account: Account, calls: Mapping[str, int], buckets: Collection[str]) -> Counter[str]:
    counted: Counter[str] = Counter()
    only = next(iter(buckets)) if len(buckets) == 1 else ""
    for name, number in calls.items():
        bucket = account.adapter.call_costs.stats_buckets.get(name, only)
        if bucket in buckets:
            counted[bucket] += number
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

"""How many calls a day the syncer may make to an account, so that most of its plan is left to callers."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from math import floor, inf
from typing import Final

from linkweave.models import Quota
from linkweave.providers.call_quotas import CallQuota

# The counters of calls under the gateway's common names, with the days after which each begins again.
_COUNTERS: Final = {"apiCallsToday": 1, "apiCallsThisMonth": 30, "apiCallsThisYear": 365}


@dataclass(frozen=True, slots=True)
class DailyBudget:
    """The calls that may be made on an average day; infinite where the account has no limit.

    Where that is less than one call, a call is allowed on some days only.
    """

    calls_a_day: float = inf

    @property
    def is_limited(self) -> bool:
        """Whether there is a limit at all."""
        return self.calls_a_day < inf

    def limit(self, day: date) -> int | None:
        """Returns the number of calls that may be made on `day`; None without a limit."""
        if not self.is_limited:
            return None
        number = day.toordinal()
        return floor((number + 1) * self.calls_a_day) - floor(number * self.calls_a_day)

    def left(self, day: date, used: int) -> float:
        """Returns the number of calls that may still be made on `day`, on which `used` were made."""
        limit = self.limit(day)
        return inf if limit is None else max(0, limit - used)


def daily_budget(share: float, plans: Iterable[CallQuota], told: Iterable[Quota], now: datetime) -> DailyBudget:
    """Returns `share` of an even part of what the account's `plans` allow, and of what its counters say is left."""
    of_plans = (quota.calls / quota.days for quota in plans)
    of_counters = (calls for quota in told if (calls := _left_a_day(quota, now)) is not None)
    return DailyBudget(share * min((*of_plans, *of_counters), default=inf))


def next_day(now: datetime) -> datetime:
    """Returns the start of the next day of a budget, in UTC."""
    return datetime.combine(now.astimezone(UTC).date() + timedelta(days=1), time(0), UTC)


def _left_a_day(quota: Quota, now: datetime) -> float | None:
    if quota.remaining is None or quota.name not in _COUNTERS:
        return None
    days: float = _COUNTERS[quota.name]
    if quota.resets_at is not None and quota.resets_at > now:
        days = min(days, (quota.resets_at - now) / timedelta(days=1))
    return quota.remaining / max(1, days)

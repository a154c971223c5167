"""Which step of keeping an account in step comes next. Nothing here reads a database or calls a vendor."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import Enum
from typing import Final

from linkweave.catalog.history.due_times import due_at
from linkweave.catalog.sync.budget import DailyBudget, next_day

_DAY_SECONDS: Final = 86_400.0
# Of a limited budget, the newest pages and the full walks get one part each; statistics get the rest.
_PARTS: Final = 3


class Step(Enum):
    """A step of keeping an account in step. Each makes few calls, and its result is stored at once."""

    NEWEST = "NEWEST"
    """Reads the first pages of the account's lists."""
    WALK = "WALK"
    """Reads the next page of a full walk, or looks up links that it did not show."""
    STATISTICS = "STATISTICS"
    """Reads the clicks of the links that are due first."""


@dataclass(frozen=True, slots=True)
class Intervals:
    """Seconds between two readings of the newest pages, and between the starts of two full walks."""

    newest: float
    walk: float

    def within(self, budget: DailyBudget, newest_calls: int, walk_calls: int) -> "Intervals":
        """Returns intervals for which `budget` suffices, where each reading takes so many calls."""
        if not budget.is_limited or not budget.calls_a_day:
            return self
        seconds_a_call = _DAY_SECONDS * _PARTS / budget.calls_a_day
        return Intervals(max(self.newest, newest_calls * seconds_a_call), max(self.walk, walk_calls * seconds_a_call))


@dataclass(frozen=True, slots=True)
class Standing:
    """How far an account is.

    Attributes:
        can_list: whether the vendor lists links at all.
        can_list_newest: whether the vendor lists the newest links first.
        calls_left: calls that the budget of the day leaves.
        newest_at: when the newest pages were read last.
        walk_started_at: when the latest full walk began.
        is_walking: whether that walk has not ended.
        was_walked: whether any full walk has ended.
        statistics_due_at: when the clicks of a link are to be read next; None where no link's are.
        last_step: the step before.
    """

    can_list: bool
    can_list_newest: bool
    calls_left: float
    newest_at: datetime | None = None
    walk_started_at: datetime | None = None
    is_walking: bool = False
    was_walked: bool = False
    statistics_due_at: datetime | None = None
    last_step: Step | None = None


@dataclass(frozen=True, slots=True)
class NextStep:
    """The step to make at `at`; None where the account is only to be looked at again."""

    step: Step | None
    at: datetime


def next_step(standing: Standing, intervals: Intervals, now: datetime) -> NextStep:
    """Returns the step that is due, or the one that is due first.

    New links come first. The first full walk comes before statistics; later ones take turns with them.
    """
    if standing.calls_left < 1:
        return NextStep(None, next_day(now))
    due = {step: at for step, at in _due_times(standing, intervals, now).items() if at is not None}
    ready = [step for step, at in due.items() if at <= now]
    if len(ready) > 1 and ready[0] is Step.WALK and standing.was_walked and standing.last_step is Step.WALK:
        return NextStep(ready[1], now)
    if ready:
        return NextStep(ready[0], now)
    step = min(due, key=lambda each: due[each], default=None)
    return NextStep(step, now + timedelta(seconds=intervals.walk) if step is None else due[step])


def _due_times(standing: Standing, intervals: Intervals, now: datetime) -> dict[Step, datetime | None]:
    """The moment of each step, the most urgent step first."""
    walk: datetime | None = None
    if standing.can_list:
        walk = now if standing.is_walking else due_at(standing.walk_started_at, intervals.walk, now)
    # Before the first walk, all pages are new.
    lists_newest = standing.can_list_newest and standing.was_walked
    newest = due_at(standing.newest_at, intervals.newest, now) if lists_newest else None
    return {Step.NEWEST: newest, Step.WALK: walk, Step.STATISTICS: standing.statistics_due_at}

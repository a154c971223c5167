"""What travels with an operation: to its tasks, and to all calls that it makes.

A layer that adds something opens a copy of the current context, so that nothing that it adds is seen outside of its
block.
"""

import asyncio
from contextvars import ContextVar
from datetime import timedelta
from typing import Any, Final, NamedTuple, TypeAlias

from linkweave.concurrency.single_flight import SharedTask, SharedTasks
from linkweave.context.account_trial import AccountTrial
from linkweave.context.freshness import Freshness
from linkweave.context.operation_record import OperationRecord
from linkweave.context.scope import ContextScope

# The calls of one operation, under way or answered.
CallMemo: TypeAlias = SharedTasks[SharedTask[Any]]


class OperationContext(NamedTuple):
    """One operation, or a part of it. Outside of operations every field has its default.

    Attributes:
        record: what the operation's log line will report.
        deadline: the moment at which the operation must have ended, by the monotonic clock.
        memo: the calls of the operation, each of which is made once.
        trials: what the operation has seen of each account, by the account's key.
        tasks: the tasks that are cancelled together with the operation.
        bypasses_cache: whether every read must fetch from the vendor.
        min_freshness: for how long a cached answer must still be fresh to be used.
        cache_alone: whether a read that the cache cannot answer is an error in place of a call.
        freshness: how old the answers are that were read in this part.
    """

    record: OperationRecord | None = None
    deadline: float | None = None
    memo: CallMemo | None = None
    trials: dict[str, AccountTrial] | None = None
    tasks: set[asyncio.Future[Any]] | None = None
    bypasses_cache: bool = False
    min_freshness: timedelta = timedelta(0)
    cache_alone: bool = False
    freshness: Freshness | None = None

    def trial(self, account: str) -> AccountTrial:
        """What this operation has seen of `account`; outside of operations, a trial that admits every call."""
        if self.trials is None:
            return AccountTrial(succeeded=True)
        return self.trials.setdefault(account, AccountTrial())


# Its fields are all None or immutable here.
_OPERATION: Final[ContextVar[OperationContext]] = ContextVar("operation", default=OperationContext())  # noqa: B039


def current_operation() -> OperationContext:
    """The context of the operation that runs now."""
    return _OPERATION.get()


def use_operation(context: OperationContext) -> ContextScope[OperationContext, OperationContext]:
    """Makes `context` the current one inside a `with` block, and in tasks that are started there."""
    return ContextScope(_OPERATION, context, context)


def track_freshness() -> ContextScope[OperationContext, Freshness]:
    """Records in one `Freshness` what is read inside a `with` block, and in tasks that are started there."""
    outer = _OPERATION.get()
    freshness = Freshness(outer=outer.freshness)
    # Every source opens a scope, and `_replace` takes twice as long. Freshness is the last field.
    return ContextScope(_OPERATION, OperationContext(*outer[:-1], freshness), freshness)
